"""Work off the GUI thread that is not training: pruning, the article's runs, searches. Results come as signals.

Nothing that imports Qt: that is for the GUI thread alone (`application.Opening`).
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance


class Background(QObject):
    """Runs one function on a thread of its own and signals what became of it, to the thread that made this object.

    Signals
    -------
    finished(object)
        The function's result.
    failed(str, str)
        One line about its exception, and the traceback.
    """

    finished = Signal(object)
    failed = Signal(str, str)

    def __init__(self, function: Callable[[], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._function = function
        # A daemon: closing the window does not wait for it.
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread; whether it has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        signal, outcome = self._outcome()
        try:
            signal.emit(*outcome)
        except RuntimeError:
            # The window, and this object with it, went away meanwhile: nobody is left to tell.
            return

    def _outcome(self) -> tuple[SignalInstance, tuple[Any, ...]]:
        try:
            return self.finished, (self._function(),)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
            return self.failed, (str(error), traceback.format_exc())
