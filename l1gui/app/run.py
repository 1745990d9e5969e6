"""The run as the window knows it: owns the training thread, the mailboxes and the frame timer. Lives on the GUI thread.

Widgets call its methods and connect to its signals; they never meet the thread. Frames are fetched by a timer, at
the display's rate, so nothing is pushed at the window faster than it draws.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from l1gui.app.mailbox import Desk, Frame, Mailbox, RunRequest
from l1gui.app.states import RunState, Speed
from l1gui.app.worker import Worker
from l1gui.core.combinations import check_combination
from l1gui.core.record import BoundaryRequest, RunRecord
from l1gui.core.size import check_network
from l1gui.data.dataset import Dataset
from l1gui.data.presets import Part
from l1gui.settings import LIVE, TABLE, RunSettings, part_of

FRAME_MS = 16
RING_MS = 4
"""From a frame to the bell that asks for the next: the window has painted by then, and needs the interpreter less."""
QUIT_WAIT_MS = 900

ROWS_PARTS = ("data", "table")
"""Groups of settings that make other rows."""

BUSY = (RunState.RUNNING,)
ENDED = (RunState.FINISHED, RunState.DIVERGED)


class Run(QObject):
    """The one run of a window, and the plan of a comparison that it may be part of.

    Signals
    -------
    prepared(str)
        The loops are ready; the text is the notice to show, if any.
    frameArrived(Frame)
        There is something new to draw.
    stateChanged(RunState)
        The run's state is another one.
    settingsChanged(RunSettings)
        What the controls should show is another: a run was set up, or a setting changed.
    recordsChanged(tuple of RunRecord)
        The finished runs that stay on the plots.
    finished(RunRecord)
        A run has ended by itself.
    failed(str, str)
        A run ended by a fault: message, details.
    """

    prepared = Signal(str)
    frameArrived = Signal(object)  # noqa: N815 - Qt's way of naming signals, here and below
    stateChanged = Signal(object)  # noqa: N815
    settingsChanged = Signal(object)  # noqa: N815
    recordsChanged = Signal(object)  # noqa: N815
    finished = Signal(object)
    failed = Signal(str, str)

    def __init__(self, settings: RunSettings, plan: tuple[Part, ...] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._base = settings
        self._plan = plan
        self._part = 0
        self._dataset: Dataset | None = None
        self._start: npt.NDArray[np.float32] | None = None
        self._run_id = 0
        self._is_prepared = False
        self.state = RunState.PREPARING
        self.frame: Frame | None = None
        self.records: tuple[RunRecord, ...] = ()
        self._desk, self._frames = Desk(), Mailbox[Frame]()
        self._thread = QThread()
        self._thread.setObjectName("training")
        self._worker = Worker(self._desk, self._frames)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.work)
        self._worker.prepared.connect(self._on_prepared)
        self._worker.failed.connect(self._on_failed)
        self._worker.ended.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer)
        self._ringer = QTimer(self, interval=RING_MS, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._ringer.timeout.connect(self._frames.ring)

    def launch(self) -> None:
        """Start the training thread and the frame timer, and set the first run up."""
        self._thread.start()
        self._timer.start()
        self._order(is_playing=False)

    @property
    def settings(self) -> RunSettings:
        """Settings of the run that is on: the chosen ones, with a comparison's changes for this part."""
        return self._base.with_values(**self._plan[self._part].changes) if self._plan else self._base

    @property
    def chosen_settings(self) -> RunSettings:
        """Settings as the user chose them, a comparison's changes aside."""
        return self._base

    @property
    def start(self) -> npt.NDArray[np.float32] | None:
        """Weights that the run started from; None when it drew its own."""
        return self._start

    @property
    def current_frame(self) -> Frame | None:
        """The newest frame of the run that is on; None when there is none yet."""
        is_current = self.frame is not None and self.frame.snapshot.run_id == self._run_id
        return self.frame if is_current else None

    @property
    def label(self) -> str:
        """Label of the run in a comparison; empty outside one."""
        return self._plan[self._part].label if self._plan else ""

    @property
    def is_last_part(self) -> bool:
        """Whether no further run of a comparison follows this one."""
        return self._part + 1 >= len(self._plan)

    def choose(
        self,
        settings: RunSettings,
        plan: tuple[Part, ...] = (),
        dataset: Dataset | None = None,
        start: npt.NDArray[np.float32] | None = None,
        records: tuple[RunRecord, ...] = (),
    ) -> None:
        """Set up another run, at rest.

        `plan` makes it a comparison, `start` gives weights to start from, `records` stay on the plots until a reset.
        """
        self._base, self._plan, self._dataset, self._start = settings, plan, dataset, start
        self.reset()
        if records:
            self.records = records
            self.recordsChanged.emit(records)

    @Slot(object)
    def take_rows(self, dataset: Dataset) -> None:
        """Start anew on edited data, training if it was."""
        is_playing = self.state in BUSY
        self._dataset, self._start = dataset, None
        self._begin(is_playing=is_playing)

    def check(self, name: str, value: Any) -> None:
        """Raise SettingError, with the reason, for a value that cannot go with the settings as they are."""
        for settings in {self._base, self.settings}:
            changed = settings.with_values(**{name: value})
            check_combination(changed)
            if part_of(name) not in ROWS_PARTS and (frame := self.current_frame) is not None:
                data = frame.dataset
                n_rows = [len(each) for each in (data.train_targets, data.validation_targets, data.test_targets)]
                check_network(changed, data.n_inputs, data.n_classes, n_rows)

    def change(self, name: str, value: Any) -> None:
        """Change a setting: at once where it is live, else by setting the run up anew."""
        before = self._base.value(name)
        if before == value:
            return
        self._base = self._base.with_values(**{name: value})
        if name not in LIVE:
            # Other weights or other rows: given weights no longer fit what was asked for.
            self._start = None
            if self._makes_other_rows(name, before, value):
                self._dataset = None
            self.reset()
            return
        if not (self._plan and name in self._plan[self._part].changes):
            self._desk.order_change(name, value)
        self.settingsChanged.emit(self._base)

    def _makes_other_rows(self, name: str, before: Any, value: Any) -> bool:
        """Whether a change of a setting asks for rows made or read anew."""
        if self._base.data.source == TABLE:
            # With hidden layers a table's number is scaled, without not.
            return part_of(name) in ("data", "table") or (name == "hidden" and bool(before) != bool(value))
        return part_of(name) == "data" or name == "seed"

    def toggle(self) -> None:
        """Train, pause, go on, or train again, whichever comes next."""
        if self.state in BUSY:
            self._desk.order_play(is_playing=False)
        elif self.state in (*ENDED, RunState.FAILED):
            self._begin(is_playing=True)
        else:
            self._desk.order_play(is_playing=True)

    def step(self, what: str) -> None:
        """One epoch ("epoch") or one update ("row") more; pauses a run that goes on."""
        if self.state in BUSY:
            self._desk.order_play(is_playing=False)
        self._desk.order_step(what)

    @Slot()
    def step_epoch(self) -> None:
        """One epoch more."""
        self.step("epoch")

    @Slot()
    def step_update(self) -> None:
        """One update more."""
        self.step("row")

    def reset(self) -> None:
        """Back to the start, at rest; a comparison forgets its runs."""
        self._begin(is_playing=False)

    def set_speed(self, speed: Speed) -> None:
        """Set how fast the run may go."""
        self._desk.order_speed(speed)

    def set_boundary(self, request: BoundaryRequest | None) -> None:
        """Say which slice of the decision boundary is drawn; None when none is."""
        self._desk.order_boundary(request)

    @Slot(bool)
    def set_predictions(self, are_wanted: bool) -> None:
        """Say whether predicted and true numbers are drawn."""
        self._desk.order_predictions(are_wanted=are_wanted)

    def shut_down(self) -> bool:
        """End the thread; whether it ended in time."""
        self._timer.stop()
        self._desk.order_quit()
        self._worker.give_up_preparing()
        return not self._thread.isRunning() or self._thread.wait(QUIT_WAIT_MS)

    def _begin(self, *, is_playing: bool) -> None:
        self._part = 0
        if self.records:
            self.records = ()
            self.recordsChanged.emit(self.records)
        self._order(is_playing=is_playing)

    def _order(self, *, is_playing: bool) -> None:
        self._run_id += 1
        request = RunRequest(self._run_id, self.settings, self._dataset, self._start)
        self._desk.order_run(request, is_playing=is_playing)
        self.settingsChanged.emit(self._base)
        self._set_state(RunState.READY if self._is_prepared else RunState.PREPARING)

    def _set_state(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.stateChanged.emit(state)

    @Slot(str)
    def _on_prepared(self, notice: str) -> None:
        self._is_prepared = True
        if self.state is RunState.PREPARING:
            self._set_state(RunState.READY)
        self.prepared.emit(notice)

    @Slot(str, str)
    def _on_failed(self, message: str, details: str) -> None:
        self._set_state(RunState.FAILED)
        self.failed.emit(message, details)

    @Slot()
    def _on_timer(self) -> None:
        frame = self._frames.take()
        self._ringer.start()
        if frame is None or frame.snapshot.run_id != self._run_id:
            return
        self.frame = frame
        self.frameArrived.emit(frame)
        if self.state is RunState.FAILED:
            return  # a frame from before the fault: worth drawing, but the run does not go on
        was = self.state
        self._set_state(frame.state)
        if frame.state in ENDED and was is not frame.state:
            self._on_run_ended(frame)

    def _on_run_ended(self, frame: Frame) -> None:
        record = RunRecord(self.label or "run", self.settings, frame.snapshot)
        if self._plan and frame.state is RunState.FINISHED and self._part + 1 < len(self._plan):
            self.records = (*self.records, record)
            self.recordsChanged.emit(self.records)
            self._part += 1
            self._order(is_playing=True)
            return
        self.finished.emit(record)
