"""Keeps the marks on the lambda dial right: looks for the collapse in the background when the run's start changes."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from l1gui.app.background import Background
from l1gui.app.dial_marks import Mark
from l1gui.app.mailbox import Frame
from l1gui.app.run import Run
from l1gui.app.states import RunState
from l1gui.data.dataset import Dataset
from l1gui.settings import RunSettings

if TYPE_CHECKING:
    from l1gui.core.bounds import Bound

WAIT_MS = 600
"""After the last change of a setting, before the search begins."""
LONGEST_S = 60.0
"""Of the processor's time; rests, and waits for others, are not counted."""
NICENESS = 15
RESTS, LONGEST_REST_S = 3.0, 0.5
"""While training goes on, the search rests so many times as long as it has worked: a quarter of a core is enough."""
LARGE = 10.0
"""How many standard deviations of a number no lambda has to pass, where nothing is proved."""


def bound_of(settings: RunSettings, dataset: Dataset) -> Bound | None:
    """The provable bound of a run; None where none is known. For the background: it goes through all rows."""
    from l1gui.core.bounds import provable_bound  # noqa: PLC0415 - not before the first paint
    from l1gui.core.split import split_rows  # noqa: PLC0415

    rows = dataset.train_inputs, dataset.train_targets
    train, _ = split_rows(rows, settings, (dataset.validation_inputs, dataset.validation_targets))
    return provable_bound(settings, train, dataset.n_classes)


def mark_of(bound: Bound) -> Mark:
    """A bound as a mark."""
    name = "Lambda_max" if bound.is_exact else "Bound"
    best = "all weights are 0 at the optimum" if bound.is_exact else "the all-zero network is provably the best"
    tip = f"{name} {bound.lam:.3g}: from there on {best} ({bound.formula}). "
    tip += bound.reason[0].upper() + bound.reason[1:]
    tip += "." if bound.is_proved else "; this run has another loss or activation."
    return Mark(bound.lam, tip, is_filled=False)


def start_of(settings: RunSettings) -> RunSettings:
    """What of the settings the collapse hangs on."""
    return settings.with_values(lam=0.0, patience=0, threshold=1e-3)


class CollapseWatch(QObject):
    """Finds the collapse for the current start and says what the dial should show.

    Signals
    -------
    marksChanged(tuple of Mark, str, bool)
        The marks, the line under the dial, and whether lambda has the scale of a number, so that the dial must fit it.
    """

    marksChanged = Signal(object, str, bool)  # noqa: N815 - Qt's way of naming signals

    def __init__(self, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._looked_for: tuple[object, ...] = ()
        self._cancel = threading.Event()
        self._search: Background | None = None
        self._frame: Frame | None = None
        self._bound: Bound | None = None
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._look)
        run.settingsChanged.connect(self._on_settings_changed)

    def shut_down(self) -> None:
        """End the search."""
        self._timer.stop()
        self._cancel.set()
        if self._search is not None:
            self._search.join(1.0)

    @Slot(object)
    def _on_settings_changed(self, _settings: object) -> None:
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        frame, settings = self._run.current_frame, self._run.settings
        if frame is None or self._run.state in (RunState.PREPARING, RunState.FAILED):
            self._timer.start()
            return
        held_out = settings.stopping.validation if settings.stopping.patience else 0.0
        key = (start_of(settings), held_out, id(frame.dataset), id(self._run.start))
        if key == self._looked_for:
            return
        self._looked_for = key
        self._cancel.set()
        self._cancel = threading.Event()
        self._frame, self._bound, dataset = frame, None, frame.dataset
        if settings.penalty.method == "none":
            self.marksChanged.emit((), "", False)
            return
        self._begin(lambda: bound_of(settings, dataset))

    def _begin(self, work: Callable[[], object]) -> None:
        self._search = Background(work, self)
        self._search.finished.connect(self._on_found)
        self._search.start()

    def _show(self, collapse: Mark | None, words: str) -> None:
        texts, marks = [words], [] if collapse is None else [collapse]
        if (bound := self._bound) is not None:
            texts.append(f"△ {'lambda_max' if bound.is_exact else 'bound'} {bound.lam:.3g}")
            marks.append(mark_of(bound))
        is_scaled = self._frame is not None and self._frame.dataset.is_numeric
        self.marksChanged.emit(tuple(marks), "  ·  ".join(filter(None, texts)), is_scaled)

    @Slot(object)
    def _on_found(self, found: object) -> None:
        from l1gui.core.collapse import Collapse  # noqa: PLC0415 - not before the first paint

        if self.sender() is not self._search:
            return
        if not isinstance(found, Collapse):
            self._on_bound(found)
        elif found.lam is None:
            self._show(None, f"no collapse mark: {found.reason}")
        else:
            tip = (
                f"Collapse {found.lam:.3g}: from there on training from this start dies, and every row gets the same "
                f"answer (bisected by short runs of {found.epochs:,} epochs)."
            )
            self._show(Mark(found.lam, tip, is_filled=True), f"▲ collapse {found.lam:.3g}")

    def _on_bound(self, found: object) -> None:
        """The bound is known: look for the collapse, which lies below it; where the bound is exact they are one."""
        from l1gui.core.bounds import Bound  # noqa: PLC0415 - not before the first paint
        from l1gui.core.collapse import MOST  # noqa: PLC0415

        frame, settings = self._frame, self._run.settings
        if frame is None or self._cancel.is_set():
            return
        self._bound = found if isinstance(found, Bound) else None
        if self._bound is not None and self._bound.is_exact:
            self._show(None, "")
            return
        most = self._most(frame.dataset) if frame.dataset.is_numeric else MOST
        self._show(None, "looking for the collapse…")
        search = Search(settings, frame.dataset, self._run.start, self._cancel, most)
        search.is_training = lambda: self._run.state is RunState.RUNNING
        self._begin(search)

    def _most(self, dataset: Dataset) -> float:
        """Lambda up to which the collapse of a number is looked for: the bound, or what is large for such numbers."""
        if self._bound is not None and self._bound.is_proved:
            return self._bound.lam
        return LARGE * float(np.std(dataset.train_targets)) or 1.0


class Search:
    """The search, for the background.

    Attributes
    ----------
    is_training : callable
        Whether a run goes on, for which the search leaves room.
    """

    def __init__(
        self,
        settings: RunSettings,
        dataset: Dataset,
        start: npt.NDArray[np.float32] | None,
        cancel: threading.Event,
        most: float,
    ) -> None:
        self._settings, self._dataset, self._start, self._cancel, self._most = settings, dataset, start, cancel, most
        self.is_training: Callable[[], bool] = lambda: False
        self._worked_s, self._resumed_at = 0.0, 0.0

    def __call__(self) -> object:
        """The collapse; None when nobody wants it any more."""
        from l1gui.core.collapse import CancelledError, Collapse, find_collapse  # noqa: PLC0415 - not before the first paint
        from l1gui.core.warm import prepare  # noqa: PLC0415
        from l1gui.runs import build_trainer  # noqa: PLC0415

        if prepare():
            return Collapse(None, 0, "the loops run uncompiled, which would take too long")
        if sys.platform == "linux":
            # The search can wait, the window and the training cannot; on Linux a thread has a priority of its own.
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        self._resumed_at = time.thread_time()
        try:
            return find_collapse(
                self._settings,
                lambda settings: build_trainer(settings, self._dataset, self._start),
                self._is_over,
                self._most,
            )
        except CancelledError:
            return None if self._cancel.is_set() else Collapse(None, 0, "the short runs take too long here")

    def _is_over(self) -> bool:
        """Between two slices of work: rest, if need be, and say whether to end."""
        worked = time.thread_time() - self._resumed_at
        self._worked_s += worked
        if self.is_training():
            self._cancel.wait(min(LONGEST_REST_S, RESTS * worked))
        self._resumed_at = time.thread_time()
        return self._cancel.is_set() or self._worked_s > LONGEST_S
