"""The window's benchmark from within: ``python -m benchmarks.window.probe PLAN``, started by `benchmarks.window`.

Opens the program's own window, with `watched` in the place of window and trainer, and does what PLAN says, a JSON
object: see `Plan`. Results are lines of JSON on standard output.
"""

from __future__ import annotations

import json
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Slot

from benchmarks.window import watched
from benchmarks.window.histories import Histories
from benchmarks.window.runs import LAMBDAS, dataset_of, settings_of
from l1gui.app import application
from l1gui.app.mailbox import Frame
from l1gui.app.states import FULL_SPEED, RunState
from l1gui.options import WindowOptions

PAUSE_MS = 400
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
    settle_ms : int
        Rest after a beginning, before anything is counted.
    """

    work: str
    started: float
    is_start_only: bool = False
    rounds: int = 3
    seconds: float = 5.0
    n_moves: int = 150
    log: str = ""
    settle_ms: int = 1000


class Probe(QObject):
    """Goes through the plan, step by step, by timers."""

    def __init__(self, window: watched.WatchedWindow, plan: Plan) -> None:
        super().__init__(window)
        self._window, self._plan = window, plan
        self._ticker = watched.Ticker(self)
        self._is_begun = self._is_watching = False
        self._search, self._resident_mb = (0.0, 0.0), 0.0
        self._first: watched.Moment | None = None
        self._spans: list[tuple[watched.Moment, watched.Moment]] = []
        self._rates: dict[str, list[float]] = {"window": [], "alone": []}
        self._moves: list[tuple[float, float]] = []
        self._painted: list[float] = []
        self._alone = QProcess(self)
        self._histories, self._history_ms = Histories(window, self._on_histories), dict[int, list[float]]()
        self._paints = watched.PaintWatch(window, self._note_paint)
        window.run.prepared.connect(self._on_prepared)
        window.run.stateChanged.connect(self._on_state)
        window.drawn.connect(self._on_drawn)
        window.collapse.marksChanged.connect(self._on_marks)

    def _note_paint(self, ended: float) -> None:
        """A painting has ended; was it of a lambda that is waited for?"""
        frame = self._window.newest
        if frame is None or len(self._painted) == len(self._moves):
            return
        if frame.snapshot.settings.penalty.lam == self._moves[-1][1]:
            self._painted.append(ended)

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
        if state is RunState.READY and not self._is_watching:
            # Before the program's own slot, which starts the training.
            self._is_watching = True
            watched.watch_training()
        if state in (RunState.FAILED, RunState.DIVERGED, RunState.FINISHED):
            self._say({"failed": f"the run is {state.value}"})
            self._window.close()

    @Slot(object)
    def _on_drawn(self, frame: Frame) -> None:
        if frame.state is RunState.RUNNING and not self._is_begun:
            self._is_begun = True
            QTimer.singleShot(self._plan.settle_ms, self, self._end_start if self._plan.is_start_only else self._begin)

    @Slot()
    def _end_start(self) -> None:
        record, started = watched.RECORD, self._plan.started
        self._say({
            "first_paint_ms": 1e3 * (record.first_paint - started),
            "plots_ms": 1e3 * (record.first_plots - started),
            "training_ms": 1e3 * (record.first_training - started),
        })  # fmt: skip
        self._close()

    # -- with the window and without it, in turns -------------------------------------------------------------------

    @Slot()
    def _begin(self) -> None:
        """Start the other process, once the search for the collapse is over."""
        if not self._search[1]:
            QTimer.singleShot(self._plan.settle_ms, self, self._begin)
            return
        self._alone.setProcessEnvironment(QProcessEnvironment.systemEnvironment())
        self._alone.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._alone.readyReadStandardOutput.connect(self._on_alone)
        self._alone.start(sys.executable, ["-m", "benchmarks.window.alone", self._plan.work])
        # It says when it is ready; the window rests meanwhile.
        self._window.run.toggle()

    @Slot()
    def _on_alone(self) -> None:
        if not self._alone.canReadLine():
            return
        word = bytes(self._alone.readLine().data()).decode().strip()
        if word != "ready":
            self._rates["alone"].append(float(word))
        if len(self._spans) < self._plan.rounds:
            self._start_anew()
            QTimer.singleShot(self._plan.settle_ms, self, self._begin_span)
        else:
            self._alone.closeWriteChannel()
            self._alone.waitForFinished()
            # Before there are histories beside the run's own.
            self._resident_mb = watched.resident_mb()
            self._histories.start()

    def _start_anew(self) -> None:
        """From the start each time: a small network's epochs are over in half a minute."""
        self._window.run.reset()
        self._window.run.toggle()

    def _on_histories(self, found: dict[int, list[float]]) -> None:
        self._history_ms = found
        self._start_anew()
        QTimer.singleShot(self._plan.settle_ms, self, self._move)

    @Slot()
    def _begin_span(self) -> None:
        self._ticker.start()
        self._first = watched.Moment.take(self._window)
        QTimer.singleShot(int(1e3 * self._plan.seconds), self, self._end_span)

    @Slot()
    def _end_span(self) -> None:
        self._ticker.stop()
        assert self._first is not None
        first, last = self._first, watched.Moment.take(self._window)
        self._spans.append((first, last))
        self._rates["window"].append((last.rows - first.rows) / (last.now - first.now))
        self._window.run.toggle()
        QTimer.singleShot(PAUSE_MS, self, self._train_alone)

    @Slot()
    def _train_alone(self) -> None:
        self._alone.write(f"{self._plan.seconds}\n".encode())

    # -- lambda, and the end ----------------------------------------------------------------------------------------

    @Slot()
    def _move(self) -> None:
        """Move lambda as the dial does; the next time once this one has been painted."""
        if len(self._painted) == len(self._moves) == self._plan.n_moves:
            self._end()
            return
        if len(self._painted) == len(self._moves):
            value = LAMBDAS[len(self._moves) % 2] * (1 + 1e-4 * random.random())
            self._moves.append((time.monotonic(), value))
            self._window.column.settingEdited.emit("lam", value)
        QTimer.singleShot(random.randrange(*LAMBDA_GAP_MS), self, self._move)

    @Slot()
    def _end(self) -> None:
        moved = np.array([moment for moment, _ in self._moves])
        self._say({
            **watched.figures(self._spans),
            "rows_per_second": self._rates,
            "kernel_ms": (1e3 * (np.array(watched.RECORD.used) - moved)).tolist(),
            "history_ms": self._history_ms,
            "painted_ms": (1e3 * (np.array(self._painted) - moved)).tolist(),
            "search_s": self._search[1] - self._search[0],
            "resident_mb": self._resident_mb,
            "epochs": self._window.newest.snapshot.epoch if self._window.newest else 0,
        })  # fmt: skip
        if self._plan.log:
            lines = watched.log_lines(self._plan.work, self._spans)
            Path(self._plan.log).write_text("\n".join(lines) + "\n", encoding="ascii")
        self._close()

    def _close(self) -> None:
        """Close while training goes on; whoever started this knows when the process is gone."""
        started = time.monotonic()
        self._window.close()
        self._say({"close_at": started, "closed_ms": 1e3 * (time.monotonic() - started)})

    @staticmethod
    def _say(facts: dict[str, Any]) -> None:
        print(json.dumps(facts), flush=True)


def main() -> int:
    """Open the window and go through the plan."""
    plan = Plan(**json.loads(sys.argv[1]))
    probes: list[Probe] = []
    watched.WatchedWindow.on_made.append(lambda window: probes.append(Probe(window, plan)))
    application.MainWindow = watched.WatchedWindow  # type: ignore[attr-defined,misc,assignment]
    options = WindowOptions(
        preset="circle" if plan.work == "B" else "article", settings=settings_of(plan.work),
        start_training=dataset_of(plan.work) is None, theme="dark", size=(1440, 900), speed=FULL_SPEED.label,
    )  # fmt: skip
    return application.open_window(options)


if __name__ == "__main__":
    sys.exit(main())
