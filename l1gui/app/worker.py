"""The worker object that lives on the training thread: it gets the loops ready, then runs the training loop."""

from __future__ import annotations

import sys
import traceback

from PySide6.QtCore import QObject, Signal, Slot

from l1gui.app.loop import TrainingLoop
from l1gui.app.mailbox import Desk, Frame, Mailbox


class Worker(QObject):
    """Runs the training loop on its thread; its signals carry rare facts only."""

    prepared = Signal(str)
    failed = Signal(str, str)
    ended = Signal()

    def __init__(self, desk: Desk, frames: Mailbox[Frame]) -> None:
        super().__init__()
        self._loop = TrainingLoop(desk, frames, self.failed.emit)

    @Slot()
    def work(self) -> None:
        """Prepare, then train as ordered, until told to quit."""
        try:
            from l1gui.core import warm  # noqa: PLC0415 - slow to import, so not on the window's thread

            self.prepared.emit(warm.prepare())
            self._loop.run()
        except Exception as error:  # noqa: BLE001 - an exception here would end the thread without a word
            self.failed.emit(f"The training thread ended: {error}", traceback.format_exc())
        finally:
            self.ended.emit()

    @staticmethod
    def give_up_preparing() -> None:
        """Let `work` go on though the compiler is not ready; called on the window's thread, which ends."""
        # Not imported here: where the training thread has not, or not wholly, there is nothing to give up.
        if abandon := getattr(sys.modules.get("l1gui.core.warm"), "abandon", None):
            abandon()
