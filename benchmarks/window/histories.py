"""What a frame costs the window's thread with a short history and with a long one, in the real window."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Slot

from benchmarks.window.watched import WatchedWindow
from l1gui.app.mailbox import Frame
from l1gui.core.history import N_MEASURED, History

LENGTHS = (1_000, 990_000)
"""Epochs at first; a run may have a million."""
TURNS = 4
FRAME_MS = 16
N_SETTLING, N_COUNTED = 40, 90
"""Frames of a turn: the first ones take the whole history in."""
N_NEW = 10
"""Epochs that each frame brings."""
NOISE = 0.01


def history_of(length: int, frame: Frame) -> History:
    """A history that falls to the frame's last values, as when a network learns: the same curves for each length."""
    rng, last = np.random.default_rng(0), frame.snapshot.history
    shape = 1 + np.exp(-5 * np.arange(length) / length)
    history = History(length + TURNS * (N_SETTLING + N_COUNTED) * N_NEW)
    columns = [float(value) * (shape + NOISE * rng.standard_normal(length)) for value in last.table[-1, :N_MEASURED]]
    history.append(np.stack(columns, axis=1))
    return history


class Histories(QObject):
    """Shows frames of both histories in turns, as often as a run would, while training rests.

    Parameters
    ----------
    window : WatchedWindow
        Its newest frame gives all that the history does not.
    on_end : callable
        Called with the CPU time of a frame in ms, painting included: a list for each of `LENGTHS`, an entry a turn.
    """

    def __init__(self, window: WatchedWindow, on_end: Callable[[dict[int, list[float]]], None]) -> None:
        super().__init__(window)
        self._window, self._on_end = window, on_end
        self._found: dict[int, list[float]] = {length: [] for length in LENGTHS}
        self._histories: dict[int, History] = {}
        self._frame: Frame | None = None
        self._turn = self._shown = 0
        self._started = 0.0
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer)

    def start(self) -> None:
        """Begin; the run must be at rest."""
        frame = self._window.newest
        assert frame is not None
        self._frame = frame
        self._histories = {length: history_of(length, frame) for length in LENGTHS}
        self._timer.start()

    @Slot()
    def _on_timer(self) -> None:
        length = LENGTHS[self._turn % 2]
        if self._shown == N_SETTLING:
            self._started = time.thread_time()
        elif self._shown == N_SETTLING + N_COUNTED:
            self._found[length].append(1e3 * (time.thread_time() - self._started) / N_COUNTED)
            self._turn, self._shown = self._turn + 1, 0
            if self._turn == 2 * TURNS:
                self._timer.stop()
                self._histories = {}
                self._on_end(self._found)
                return
        self._show(LENGTHS[self._turn % 2])
        self._shown += 1

    def _show(self, length: int) -> None:
        frame, history = self._frame, self._histories[length]
        assert frame is not None
        last = history.view()
        history.append(last.table[-1 - N_NEW : -1].astype(np.float64))
        snapshot = replace(frame.snapshot, run_id=-length, history=history.view(), epoch=len(history) - 1)
        self._window.run.frameArrived.emit(replace(frame, snapshot=snapshot))
