"""The window and the trainer with a stopwatch in them, by what is public: nothing of the program is changed for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Slot

from l1gui.app.mailbox import Frame
from l1gui.app.main_window import MainWindow

TICK_MS = 2


@dataclass(frozen=True)
class Paint:
    """One painting of the window, and whether a frame had come since the one before."""

    start: float
    end: float
    is_new: bool


@dataclass
class Record:
    """What has been seen, all times by the monotonic clock.

    Attributes
    ----------
    paints : list of Paint
    handed : list of (start, end)
        Frames handed to the views.
    ticks : list of float
        Of a precise timer of 2 ms.
    first_paint, first_plots, first_training : float
        First painting at all, first painting with the plots, end of the first slice.
    training_s, training_cpu_s : float
        Spent inside `Trainer.advance`, by the clock and of the training thread's CPU time.
    used : list of float
        When a slice began that was the first with a new lambda.
    """

    paints: list[Paint] = field(default_factory=list)
    handed: list[tuple[float, float]] = field(default_factory=list)
    ticks: list[float] = field(default_factory=list)
    first_paint: float = 0.0
    first_plots: float = 0.0
    first_training: float = 0.0
    training_s: float = 0.0
    training_cpu_s: float = 0.0
    used: list[float] = field(default_factory=list)


RECORD = Record()


class WatchedWindow(MainWindow):
    """The window; notes the frames that it hands to its views."""

    on_made: ClassVar[list[Callable[[WatchedWindow], None]]] = []

    def __init__(self, *args: Any) -> None:
        self.newest: Frame | None = None
        self.is_new = False
        super().__init__(*args)
        for call in WatchedWindow.on_made:
            call(self)

    @Slot(object)
    def _on_frame(self, frame: Frame) -> None:
        started = time.monotonic()
        super()._on_frame(frame)
        RECORD.handed.append((started, time.monotonic()))
        self.newest, self.is_new = frame, True


class PaintWatch(QObject):
    """Notes the window's paintings, from the event that asks for one to an event of its own right behind it.

    A Python method around the painting would hold the interpreter through all of Qt's drawing, which the program does
    not, and training would wait for it.
    """

    def __init__(self, window: WatchedWindow, on_paint: Callable[[float], None]) -> None:
        super().__init__(window)
        self._window, self._on_paint = window, on_paint
        self._started = 0.0
        window.installEventFilter(self)

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See a painting come."""
        if event.type() is QEvent.Type.UpdateRequest:
            self._started = time.monotonic()
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), Qt.EventPriority.HighEventPriority.value)
        return False

    def event(self, event: QEvent) -> bool:
        """See that it is over."""
        if event.type() is not QEvent.Type.User:
            return bool(super().event(event))
        ended, window = time.monotonic(), self._window
        RECORD.first_paint = RECORD.first_paint or ended
        if window.views is not None:
            RECORD.first_plots = RECORD.first_plots or ended
        RECORD.paints.append(Paint(self._started, ended, window.is_new))
        window.is_new = False
        self._on_paint(ended)
        return True


def watch_training() -> None:
    """Note when the trainer trains, and when first with a new lambda.

    To be called once the program has imported the trainer by itself, and before the first row.
    """
    from l1gui.core.trainer import Trainer  # noqa: PLC0415 - as in the program, not before the first paint

    apply, advance = Trainer.apply, Trainer.advance
    waiting = []

    def noted_apply(trainer: Trainer, name: str, value: Any) -> Any:
        waiting.append(name)
        return apply(trainer, name, value)

    def noted_advance(trainer: Trainer, n_rows: int) -> int:
        started, cpu = time.monotonic(), time.thread_time()
        if waiting:
            waiting.clear()
            RECORD.used.append(started)
        done = advance(trainer, n_rows)
        ended = time.monotonic()
        RECORD.first_training = RECORD.first_training or ended
        RECORD.training_s += ended - started
        RECORD.training_cpu_s += time.thread_time() - cpu
        return done

    Trainer.apply, Trainer.advance = noted_apply, noted_advance  # type: ignore[method-assign]


class Ticker(QObject):
    """A precise timer; its gaps are how long the event loop stood still."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self.start, self.stop = self._timer.start, self._timer.stop

    @Slot()
    def _on_tick(self) -> None:
        RECORD.ticks.append(time.monotonic())


@dataclass(frozen=True)
class Moment:
    """The counters at one moment; `now` is the newest frame's."""

    now: float
    rows: int
    gui_cpu_s: float
    training_s: float
    training_cpu_s: float

    @classmethod
    def take(cls, window: WatchedWindow) -> Moment:
        """On the GUI thread, between two frames."""
        rows = window.newest.snapshot.rows_seen if window.newest is not None else 0
        return cls(RECORD.handed[-1][0], rows, time.thread_time(), RECORD.training_s, RECORD.training_cpu_s)


def figures(spans: list[tuple[Moment, Moment]]) -> dict[str, Any]:
    """What the window did in these spans."""
    gaps: list[float] = []
    paints: list[Paint] = []
    handed: list[float] = []
    for first, last in spans:
        ticks = np.array([tick for tick in RECORD.ticks if first.now <= tick <= last.now])
        gaps += (1e3 * np.diff(ticks)).tolist()
        paints += [paint for paint in RECORD.paints if first.now <= paint.start <= last.now]
        handed += [end - start for start, end in RECORD.handed if first.now <= start <= last.now]
    seconds = sum(last.now - first.now for first, last in spans)
    n_painted = max(1, sum(paint.is_new for paint in paints))
    return {
        "frames_per_second": n_painted / seconds,
        "gaps_ms": gaps,
        "hand_ms": 1e3 * sum(handed) / max(1, len(handed)),
        "paint_ms": 1e3 * sum(paint.end - paint.start for paint in paints) / n_painted,
        "gui_cpu_ms": 1e3 * sum(last.gui_cpu_s - first.gui_cpu_s for first, last in spans) / n_painted,
        "training_share": sum(last.training_s - first.training_s for first, last in spans) / seconds,
        "training_cpu_share": sum(last.training_cpu_s - first.training_cpu_s for first, last in spans) / seconds,
    }


def log_lines(work: str, spans: list[tuple[Moment, Moment]]) -> list[str]:
    """A line of CSV for each painting in these spans, the head first."""
    lines = ["work,round,start_s,paint_ms,since_last_ms,is_new"]
    for number, (first, last) in enumerate(spans):
        before = first.now
        for paint in RECORD.paints:
            if first.now <= paint.start <= last.now:
                lines.append(
                    f"{work},{number + 1},{paint.start - first.now:.5f},{1e3 * (paint.end - paint.start):.3f},"
                    f"{1e3 * (paint.start - before):.3f},{int(paint.is_new)}"
                )
                before = paint.start
    return lines


def resident_mb() -> float:
    """The most memory that this process ever had, in megabytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return float("nan")
