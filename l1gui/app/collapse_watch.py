"""Keeps the marks on the lambda dial right: looks for the collapse in the background when the run's start changes."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from l1gui.app.background import Background
from l1gui.app.dial_marks import Mark
from l1gui.app.run import Run
from l1gui.app.states import RunState
from l1gui.core.penalties import ELASTIC_TERM, L1_TERM, penalty_method
from l1gui.data.dataset import Dataset
from l1gui.settings import RunSettings

WAIT_MS = 600
"""After the last change of a setting, before the search begins."""
LONGEST_S = 60.0
NICENESS = 15


def zero_bound_mark(settings: RunSettings, dataset: Dataset) -> Mark | None:
    """The provable bound as a mark; None where the penalty is not L1's."""
    from l1gui.core.collapse import zero_bound  # noqa: PLC0415 - not before the first paint

    method, rate = penalty_method(settings.penalty.method), settings.training.learn_rate
    is_mix = method.term == ELASTIC_TERM and settings.penalty.alpha > 0
    if not (method.term == L1_TERM or is_mix) or not method.is_real:
        return None
    bound = zero_bound(dataset.train_targets)
    lam = bound / settings.penalty.alpha if is_mix else bound * (rate if method.is_unscaled else 1.0)
    is_proved = settings.training.loss == "cross-entropy" and settings.network.activation == "tanh"
    tip = f"Bound {lam:.3g}: from there on the all-zero network is provably the best (2 p (1 - p), p a class's share). "
    tip += "Proved for cross-entropy and tanh" + ("." if is_proved else "; this run has another loss or activation.")
    return Mark(lam, tip, is_filled=False)


def start_of(settings: RunSettings) -> RunSettings:
    """What of the settings the collapse hangs on."""
    return settings.with_values(lam=0.0, patience=0, threshold=1e-3)


class CollapseWatch(QObject):
    """Finds the collapse for the current start and says what the dial should show.

    Signals
    -------
    marksChanged(tuple of Mark, str)
        The marks, and the line under the dial.
    """

    marksChanged = Signal(object, str)  # noqa: N815 - Qt's way of naming signals

    def __init__(self, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._looked_for: tuple[object, ...] = ()
        self._cancel = threading.Event()
        self._search: Background | None = None
        self._bound: Mark | None = None
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
        key = (start_of(settings), id(frame.dataset), id(self._run.start))
        if key == self._looked_for:
            return
        self._looked_for = key
        self._cancel.set()
        self._cancel = threading.Event()
        self._bound = zero_bound_mark(settings, frame.dataset)
        if settings.penalty.method == "none":
            self.marksChanged.emit((), "")
            return
        self._show(None, "looking for the collapse…")
        self._search = Background(_Searcher(settings, frame.dataset, self._run.start, self._cancel), self)
        self._search.finished.connect(self._on_found)
        self._search.start()

    def _show(self, collapse: Mark | None, words: str) -> None:
        texts = [words]
        if self._bound is not None:
            texts.append(f"△ bound {self._bound.lam:.3g}")
        marks = tuple(mark for mark in (collapse, self._bound) if mark is not None)
        self.marksChanged.emit(marks, "  ·  ".join(filter(None, texts)))

    @Slot(object)
    def _on_found(self, found: object) -> None:
        from l1gui.core.collapse import Collapse  # noqa: PLC0415 - not before the first paint

        if self.sender() is not self._search or not isinstance(found, Collapse):
            return
        if found.lam is None:
            self._show(None, f"no collapse mark: {found.reason}")
            return
        tip = (
            f"Collapse {found.lam:.3g}: from there on training from this start dies, and every row gets the same class "
            f"(bisected by short runs of {found.epochs:,} epochs)."
        )
        self._show(Mark(found.lam, tip, is_filled=True), f"▲ collapse {found.lam:.3g}")


class _Searcher:
    """The search, for the background."""

    def __init__(
        self, settings: RunSettings, dataset: Dataset, start: npt.NDArray[np.float32] | None, cancel: threading.Event
    ) -> None:
        self._settings, self._dataset, self._start, self._cancel = settings, dataset, start, cancel
        self._until = time.monotonic() + LONGEST_S

    def __call__(self) -> object:
        from l1gui.core.collapse import CancelledError, Collapse, find_collapse  # noqa: PLC0415 - not before the first paint
        from l1gui.core.warm import prepare  # noqa: PLC0415
        from l1gui.runs import build_trainer  # noqa: PLC0415

        if prepare():
            return Collapse(None, 0, "the loops run uncompiled, which would take too long")
        if sys.platform == "linux":
            # The search can wait, the window and the training cannot; on Linux a thread has a priority of its own.
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        try:
            return find_collapse(
                self._settings, lambda settings: build_trainer(settings, self._dataset, self._start), self._is_over
            )
        except CancelledError:
            return None if self._cancel.is_set() else Collapse(None, 0, "the short runs take too long here")

    def _is_over(self) -> bool:
        return self._cancel.is_set() or time.monotonic() > self._until
