"""The real window with a stopwatch in it: ``python -m benchmarks.window.probe PLAN``, for `benchmarks.window`.

It opens the window as the program does and hooks what is public: `MainWindow.event` for what is painted, `drawn` for
frames, `Trainer.advance` and `Trainer.apply` for what reaches the kernel. A precise timer of 2 ms shows how long the
event loop stands still. PLAN is a JSON object: see `Plan`. Results are lines of JSON on standard output.
"""

from __future__ import annotations

import json
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QProcess, QProcessEnvironment, Qt, QTimer, Slot

from benchmarks.window.runs import LAMBDAS, dataset_of, settings_of
from l1gui.app import application
from l1gui.app.mailbox import Frame
from l1gui.app.main_window import MainWindow
from l1gui.app.states import FULL_SPEED, RunState
from l1gui.options import WindowOptions

TICK_MS = 2
SETTLE_S = 1.0
"""After training has begun, before anything is counted."""
PAUSE_S = 0.4
"""After training has been paused, before the work is done without the window."""
LAMBDA_GAP_MS = (60, 110)


@dataclass(frozen=True)
class Plan:
    """What to do.

    Attributes
    ----------
    work : str
        A, B or C.
    started : float
        When the process was started, by the monotonic clock.
    is_start_only : bool
        Whether to close once training is seen.
    rounds : int
        Times to train with the window and without it, in turns.
    seconds : float
        How long each time.
    n_moves : int
        How often lambda is moved.
    log : str
        File for the frame times; empty for none.
    """

    work: str
    started: float
    is_start_only: bool = False
    rounds: int = 3
    seconds: float = 5.0
    n_moves: int = 150
    log: str = ""


@dataclass
class Record:
    """What has been seen, all times by the monotonic clock.

    Attributes
    ----------
    paints : list of (start, end, is_new)
        Paintings of the window, and whether a frame came since the last one.
    ticks : list of float
        Of the timer.
    handed : list of (start, end)
        Frames handed to the views.
    """

    paints: list[tuple[float, float, bool]] = field(default_factory=list)
    ticks: list[float] = field(default_factory=list)
    handed: list[tuple[float, float]] = field(default_factory=list)


class Watched(MainWindow):
    """The window; notes what it paints and draws."""

    made: Watched

    def __init__(self, *args: Any) -> None:
        self.record = Record()
        self.first_paint = self.first_plots = 0.0
        self.newest: Frame | None = None
        self._is_new = False
        super().__init__(*args)
        Watched.made = self
        self.probe = Probe(self, PLAN)

    def event(self, event: QEvent) -> bool:
        """Time the paintings."""
        if event.type() is not QEvent.Type.UpdateRequest:
            return bool(super().event(event))
        started = time.monotonic()
        done = super().event(event)
        ended = time.monotonic()
        self.first_paint = self.first_paint or ended
        if self.views is not None:
            self.first_plots = self.first_plots or ended
        self.record.paints.append((started, ended, self._is_new))
        self._is_new = False
        self.probe.note_paint(ended)
        return bool(done)

    @Slot(object)
    def _on_frame(self, frame: Frame) -> None:
        started = time.monotonic()
        super()._on_frame(frame)
        self.record.handed.append((started, time.monotonic()))
        self.newest, self._is_new = frame, True


class Kernel:
    """Notes when the training thread first trained, and first trained with a lambda that was asked for."""

    def __init__(self) -> None:
        from l1gui.core.trainer import Trainer  # noqa: PLC0415 - where the program imports it, behind the first paint

        self.first = 0.0
        self._waits = False
        self.used: list[float] = []
        apply, advance = Trainer.apply, Trainer.advance

        def noted_apply(trainer: Any, name: str, value: Any) -> Any:
            self._waits = self._waits or name == "lam"
            return apply(trainer, name, value)

        def noted_advance(trainer: Any, n_rows: int) -> int:
            if self._waits:
                self._waits = False
                self.used.append(time.monotonic())
            done = advance(trainer, n_rows)
            self.first = self.first or time.monotonic()
            return done

        Trainer.apply, Trainer.advance = noted_apply, noted_advance  # type: ignore[method-assign,assignment]


class Probe(QObject):
    """Goes through the plan, step by step, by timers."""

    def __init__(self, window: Watched, plan: Plan) -> None:
        super().__init__(window)
        self._window, self._plan = window, plan
        self._kernel: Kernel | None = None
        self._ticker = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._ticker.timeout.connect(self._on_tick)
        self._spans: list[tuple[float, float]] = []
        self._rates: dict[str, list[float]] = {"window": [], "alone": []}
        self._mark = (0.0, 0)
        self._is_begun = False
        self._search = (0.0, 0.0)
        self._moves: list[tuple[float, float]] = []
        self._painted: list[float] = []
        self._alone: QProcess | None = None
        window.run.prepared.connect(self._on_prepared)
        window.run.stateChanged.connect(self._on_state)
        window.drawn.connect(self._on_drawn)
        window.collapse.marksChanged.connect(self._on_marks)
        # The run is not there before the plots are; what the kernel does is noted from its first row on.
        QTimer.singleShot(0, self, self._watch_kernel)

    # -- what is noted ----------------------------------------------------------------------------------------------

    @Slot()
    def _watch_kernel(self) -> None:
        if self._window.views is None:
            QTimer.singleShot(1, self, self._watch_kernel)
            return
        self._kernel = Kernel()

    @Slot()
    def _on_tick(self) -> None:
        self._window.record.ticks.append(time.monotonic())

    def note_paint(self, ended: float) -> None:
        """A painting has ended; was it of a lambda that is waited for?"""
        frame = self._window.newest
        if frame is None or len(self._painted) == len(self._moves):
            return
        if frame.snapshot.settings.penalty.lam == self._moves[-1][1]:
            self._painted.append(ended)

    # -- the plan ---------------------------------------------------------------------------------------------------

    @Slot(str)
    def _on_prepared(self, _notice: str) -> None:
        dataset = dataset_of(self._plan.work)
        if dataset is not None:
            self._window.run.choose(self._window.run.settings, dataset=dataset)
            self._window.run.toggle()

    @Slot(object, str)
    def _on_marks(self, _marks: object, text: str) -> None:
        """The search for the collapse takes time from all; it is over when the text says so no more."""
        now = time.monotonic()
        if text.startswith("looking"):
            self._search = (now, 0.0)
        elif self._search[0] and not self._search[1]:
            self._search = (self._search[0], now)

    @Slot(object)
    def _on_state(self, state: RunState) -> None:
        if state in (RunState.FAILED, RunState.DIVERGED, RunState.FINISHED):
            self._say({"failed": f"the run is {state.value}"})
            self._window.close()

    @Slot(object)
    def _on_drawn(self, frame: Frame) -> None:
        if frame.state is RunState.RUNNING and not self._is_begun and self._kernel is not None:
            self._is_begun = True
            QTimer.singleShot(int(1e3 * SETTLE_S), self, self._end_start if self._plan.is_start_only else self._begin)

    @Slot()
    def _end_start(self) -> None:
        window, started = self._window, self._plan.started
        assert self._kernel is not None
        self._say({
            "first_paint_ms": 1e3 * (window.first_paint - started),
            "plots_ms": 1e3 * (window.first_plots - started),
            "training_ms": 1e3 * (self._kernel.first - started),
        })  # fmt: skip
        self._close()

    @Slot()
    def _begin(self) -> None:
        """Start the other process, once the search for the collapse is over."""
        if not self._search[1]:
            QTimer.singleShot(int(1e3 * SETTLE_S), self, self._begin)
            return
        self._alone = QProcess(self)
        self._alone.setProcessEnvironment(QProcessEnvironment.systemEnvironment())
        self._alone.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._alone.readyReadStandardOutput.connect(self._on_alone)
        self._alone.start(sys.executable, ["-m", "benchmarks.window.alone", self._plan.work])
        # It says when it is ready; the window rests meanwhile.
        self._window.run.toggle()

    @Slot()
    def _on_alone(self) -> None:
        assert self._alone is not None
        if not self._alone.canReadLine():
            return
        word = bytes(self._alone.readLine().data()).decode().strip()
        if word != "ready":
            self._rates["alone"].append(float(word))
        if len(self._rates["window"]) < self._plan.rounds:
            self._window.run.toggle()
            QTimer.singleShot(int(1e3 * SETTLE_S), self, self._begin_span)
        else:
            self._alone.closeWriteChannel()
            self._alone.waitForFinished()
            self._window.run.toggle()
            self._ticker.start()
            QTimer.singleShot(int(1e3 * SETTLE_S), self, self._move)

    @Slot()
    def _begin_span(self) -> None:
        self._ticker.start()
        assert self._window.newest is not None
        self._mark = (self._window.record.handed[-1][0], self._window.newest.snapshot.rows_seen)
        QTimer.singleShot(int(1e3 * self._plan.seconds), self, self._end_span)

    @Slot()
    def _end_span(self) -> None:
        self._ticker.stop()
        assert self._window.newest is not None
        now, rows = self._window.record.handed[-1][0], self._window.newest.snapshot.rows_seen
        self._spans.append((self._mark[0], now))
        self._rates["window"].append((rows - self._mark[1]) / (now - self._mark[0]))
        self._window.run.toggle()
        QTimer.singleShot(int(1e3 * PAUSE_S), self, self._train_alone)

    @Slot()
    def _train_alone(self) -> None:
        assert self._alone is not None
        self._alone.write(f"{self._plan.seconds}\n".encode())

    @Slot()
    def _move(self) -> None:
        """Move lambda as the dial does; the next time once this one has been painted."""
        if len(self._painted) == len(self._moves) < self._plan.n_moves:
            value = LAMBDAS[len(self._moves) % 2] * (1 + 1e-4 * random.random())
            self._moves.append((time.monotonic(), value))
            self._window.column.settingEdited.emit("lam", value)
        elif len(self._painted) == len(self._moves):
            self._end()
            return
        QTimer.singleShot(random.randrange(*LAMBDA_GAP_MS), self, self._move)

    @Slot()
    def _end(self) -> None:
        self._ticker.stop()
        assert self._kernel is not None
        moved = np.array([moment for moment, _ in self._moves])
        self._say({
            **self._frames(),
            "rows_per_second": self._rates,
            "kernel_ms": (1e3 * (np.array(self._kernel.used) - moved)).tolist(),
            "painted_ms": (1e3 * (np.array(self._painted) - moved)).tolist(),
            "search_s": self._search[1] - self._search[0],
            "resident_mb": resident_mb(),
            "epochs": self._window.newest.snapshot.epoch if self._window.newest else 0,
        })  # fmt: skip
        self._write_log()
        self._close()

    def _frames(self) -> dict[str, Any]:
        record = self._window.record
        gaps, n_painted, paint_s, hand_s, n_handed = [], 0, 0.0, 0.0, 0
        for start, end in self._spans:
            ticks = np.array([tick for tick in record.ticks if start <= tick <= end])
            gaps += (1e3 * np.diff(ticks)).tolist()
            own = [paint for paint in record.paints if start <= paint[0] <= end]
            n_painted += sum(is_new for _, _, is_new in own)
            paint_s += sum(last - first for first, last, _ in own)
            handed = [each for each in record.handed if start <= each[0] <= end]
            n_handed += len(handed)
            hand_s += sum(last - first for first, last in handed)
        seconds = sum(end - start for start, end in self._spans)
        return {
            "seconds": seconds, "gaps_ms": gaps, "frames_per_second": n_painted / seconds,
            "paint_ms": 1e3 * paint_s / max(1, n_painted), "hand_ms": 1e3 * hand_s / max(1, n_handed),
        }  # fmt: skip

    def _write_log(self) -> None:
        if not self._plan.log:
            return
        lines = ["work,round,start_s,paint_ms,since_last_ms,is_new"]
        for number, (start, end) in enumerate(self._spans):
            own = [paint for paint in self._window.record.paints if start <= paint[0] <= end]
            last = start
            for first, done, is_new in own:
                lines.append(
                    f"{self._plan.work},{number + 1},{first - start:.5f},{1e3 * (done - first):.3f},"
                    f"{1e3 * (first - last):.3f},{int(is_new)}"
                )
                last = first
        Path(self._plan.log).write_text("\n".join(lines) + "\n", encoding="ascii")

    def _close(self) -> None:
        """Close while training goes on; whoever started this knows when the process is gone."""
        started = time.monotonic()
        self._window.close()
        self._say({"close_at": started, "closed_ms": 1e3 * (time.monotonic() - started)})

    @staticmethod
    def _say(facts: dict[str, Any]) -> None:
        print(json.dumps(facts), flush=True)


def resident_mb() -> float:
    """Memory of this process, in megabytes; the most that it ever was."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return float("nan")


PLAN = Plan("A", 0.0)


def main() -> int:
    """Open the window and go through the plan."""
    global PLAN  # noqa: PLW0603 - the window is made by the program, which knows nothing of plans
    PLAN = Plan(**json.loads(sys.argv[1]))
    application.MainWindow = Watched  # type: ignore[misc]
    source = "circle" if PLAN.work == "B" else "article"
    options = WindowOptions(
        preset=source, settings=settings_of(PLAN.work), start_training=PLAN.work != "C", theme="dark", size=(1440, 900),
        speed=FULL_SPEED.label,
    )  # fmt: skip
    return application.open_window(options)


if __name__ == "__main__":
    sys.exit(main())
