"""What the training thread does: pick up orders, train a slice, publish a frame. No Qt, no widgets.

Slices are long, for each costs a wait for the interpreter; the desk's bell ends one with its epoch, so that an order is
obeyed at once. Frames are put into a mailbox only when the last one was taken, so that a slow window slows nothing and
a fast run floods nothing.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from l1gui.app.extras import HISTOGRAM_PAUSE_S, Extra, newest_grid, newest_histograms, newest_predictions
from l1gui.app.mailbox import Desk, Frame, Mailbox, Orders
from l1gui.app.states import FULL_SPEED, RunState
from l1gui.core.metrics import Histograms
from l1gui.core.record import BoundaryGrid, BoundaryRequest, Pace, Predictions, Snapshot
from l1gui.faults import FileError
from l1gui.settings import SettingError

if TYPE_CHECKING:
    from l1gui.core.trainer import Trainer
    from l1gui.data.dataset import Dataset

SLICE_S = 0.05
PART_S = 0.004
"""Of an epoch that takes long, a slice is a part that takes about so long: the bell is not looked at within it."""
LONG_EPOCH_S = 0.008
FRAME_S = 0.010
PUBLISH_SHARE = 0.3
"""Largest share of the thread's time that snapshots may take while training goes on."""
PACE_S = 0.25
FIRST_SLICE_ROWS = 400
TOLD_S = 0.001
"""A slice of so long tells how long one of other rows would take."""
LONGEST_NAP_S = 0.05


class TrainingLoop:
    """The training thread's work, runnable on any thread.

    Parameters
    ----------
    desk : Desk
        Where orders come from.
    frames : Mailbox of Frame
        Where frames go.
    on_failure : callable
        Called with a one-line message and details when a run fails; the loop goes on and takes new orders.
    """

    def __init__(self, desk: Desk, frames: Mailbox[Frame], on_failure: Callable[[str, str], None]) -> None:
        self._desk = desk
        self._frames = frames
        self._bell = frames.bell = desk.bell
        self._on_failure = on_failure
        self._trainer: Trainer | None = None
        self._dataset: Dataset | None = None
        self._run_id = 0
        self._is_playing = False
        self._is_changed = False
        self._rows_to_step = 0
        self._speed = FULL_SPEED
        self._due_rows = 0.0
        self._slice_rows = FIRST_SLICE_ROWS
        self._seconds = 0.0
        self._rows_per_second = 0.0
        self._looked_at = self._paced_at = self._published_at = time.monotonic()
        self._paced_rows = 0
        self._boundary: BoundaryRequest | None = None
        self._is_predicting = False
        self._forget_extras()
        self._publish_cost_s = 0.0

    def run(self) -> None:
        """Work until told to quit."""
        while True:
            orders = self._desk.pick_up(self._nap_s())
            if orders.is_quit:
                return
            try:
                self._obey(orders)
                self._work()
            except (SettingError, FileError) as error:
                self._fail(str(error), "")
            except Exception as error:  # noqa: BLE001 - a fault in a run must not end the thread
                self._fail(f"Training stopped by a fault of the program: {error}", traceback.format_exc())

    def _nap_s(self) -> float | None:
        if self._trainer is None or not (self._is_playing or self._rows_to_step):
            return None if not self._is_changed else FRAME_S
        if self._rows_to_step or self._rate() is None:
            return 0.0
        return min(LONGEST_NAP_S, max(0.0, (1.0 - self._due_rows) / (self._rate() or 1.0)))

    def _fail(self, message: str, details: str) -> None:
        self._trainer = None
        self._is_playing = self._is_changed = False
        self._rows_to_step = 0
        self._desk.rest()
        self._on_failure(message, details)

    def _obey(self, orders: Orders) -> None:
        if orders.request is not None:
            self._set_up(orders)
        is_new_play = orders.is_playing and not self._is_playing
        was_busy = self._is_playing or self._rows_to_step > 0
        self._is_playing = orders.is_playing
        self._speed = orders.speed
        if is_new_play:
            self._due_rows = 1.0
            self._looked_at = self._paced_at = time.monotonic()
            self._paced_rows = self._trainer.rows_seen if self._trainer else 0
        trainer = self._trainer
        if trainer is None:
            return
        for name, value in orders.changes.items():
            trainer.apply(name, value)
        if orders.is_halt:
            self._rows_to_step = 0
        if orders.epochs_to_step:
            # To the end of the epoch that is under way, then whole ones.
            self._rows_to_step += orders.epochs_to_step * trainer.n_rows - trainer.row_in_epoch
        self._rows_to_step += orders.rows_to_step * trainer.settings.training.batch
        self._boundary, self._is_predicting = orders.boundary, orders.is_predicting
        if orders.is_redraw or orders.changes or orders.request or (was_busy and not self._is_busy):
            self._is_changed = True
            self._publish(is_last=not self._is_busy, is_urgent=bool(orders.changes))

    def _forget_extras(self) -> None:
        self._grid, self._predictions = Extra[BoundaryGrid](), Extra[Predictions | None]()
        self._histograms = Extra[Histograms](HISTOGRAM_PAUSE_S)

    def _set_up(self, orders: Orders) -> None:
        # Imported here, on the training thread: the window does not wait for it.
        from l1gui.data.presets import load_data  # noqa: PLC0415
        from l1gui.runs import build_trainer  # noqa: PLC0415

        request = orders.request
        assert request is not None  # noqa: S101 - the caller looked
        self._trainer = None
        self._forget_extras()
        self._publish_cost_s = 0.0
        self._run_id = request.run_id
        self._dataset = request.dataset or load_data(request.settings)
        self._trainer = build_trainer(request.settings, self._dataset, request.start)
        self._trainer.bell = self._bell
        self._is_playing = False
        self._rows_to_step = 0
        self._slice_rows = FIRST_SLICE_ROWS
        self._seconds = self._rows_per_second = 0.0
        self._paced_rows = 0

    @property
    def _is_busy(self) -> bool:
        return self._trainer is not None and not self._trainer.stopped and (self._is_playing or self._rows_to_step > 0)

    def _rate(self) -> float | None:
        """Rows a second that the speed allows; None for no limit."""
        if self._speed.rows_per_second is not None:
            return self._speed.rows_per_second
        if self._speed.epochs_per_second is not None and self._trainer is not None:
            return self._speed.epochs_per_second * self._trainer.n_rows
        return None

    def _work(self) -> None:
        trainer = self._trainer
        if trainer is None:
            return
        was_busy = self._is_playing or self._rows_to_step > 0
        rows = self._rows_now() if self._is_busy else 0
        if rows:
            self._train(trainer, rows)
        if was_busy and not self._is_busy:
            self._is_playing = False
            self._rows_to_step = 0
            self._desk.rest()
            self._is_changed = True
            self._publish(is_last=True)
        elif self._is_changed:
            self._publish(is_last=False)

    def _rows_now(self) -> int:
        now = time.monotonic()
        # After a halt (a sleeping computer, a stopped process) the run goes on, it does not catch up.
        elapsed = min(now - self._looked_at, 2 * LONGEST_NAP_S)
        self._looked_at = now
        if self._rows_to_step:
            return min(self._part_rows, self._rows_to_step)
        rate = self._rate()
        if rate is None:
            return self._whole_epochs()
        self._due_rows += elapsed * rate
        return min(self._part_rows, int(self._due_rows))

    @property
    def _part_rows(self) -> int:
        return max(1, round(self._slice_rows * PART_S / SLICE_S))

    def _whole_epochs(self) -> int:
        """Rows of a slice: to the end of an epoch, which is made in one call, unless it takes long."""
        trainer = self._trainer
        if trainer is None or trainer.n_rows * SLICE_S > self._slice_rows * LONG_EPOCH_S:
            return self._part_rows
        share = min(1.0, self._until_due() / SLICE_S) if self._frames.is_empty else 1.0
        return max(1, round(share * self._slice_rows / trainer.n_rows)) * trainer.n_rows - trainer.row_in_epoch

    def _train(self, trainer: Trainer, rows: int) -> None:
        started = time.monotonic()
        done = trainer.advance(rows)
        # Mailbox and desk are looked at from here on: a bell that rings now ends the next slice, none is missed.
        self._bell[0] = 0
        now = time.monotonic()
        elapsed = max(now - started, 1e-6)
        self._seconds += elapsed
        self._due_rows -= done
        self._rows_to_step = max(0, self._rows_to_step - done)
        self._is_changed = True
        if done and (elapsed >= TOLD_S or done >= self._part_rows):
            # Half-way to the size that would have taken a slice's time; never more than fourfold at once.
            aim = min(4.0 * self._slice_rows, done * SLICE_S / elapsed)
            self._slice_rows = max(1, round(0.5 * (self._slice_rows + aim)))
        if now - self._paced_at >= PACE_S:
            self._rows_per_second = (trainer.rows_seen - self._paced_rows) / (now - self._paced_at)
            self._paced_at, self._paced_rows = now, trainer.rows_seen

    def _until_due(self, *, is_urgent: bool = False) -> float:
        """Seconds until another frame may be published."""
        pause = self._publish_cost_s / PUBLISH_SHARE
        return self._published_at + (pause if is_urgent else max(FRAME_S, pause)) - time.monotonic()

    def _publish(self, *, is_last: bool, is_urgent: bool = False) -> None:
        """Put a frame into the mailbox; only if the one before it is taken and old, unless it is the last or urgent."""
        now = time.monotonic()
        is_free = is_urgent or self._frames.is_empty
        if not is_last and not (is_free and self._until_due(is_urgent=is_urgent) <= 0.0):
            return
        trainer, dataset = self._trainer, self._dataset
        if trainer is None or dataset is None:
            return
        histograms = newest_histograms(self._histograms, trainer, is_last=is_last)
        snapshot = trainer.snapshot(self._run_id, is_exact=is_last, histograms=histograms)
        self._publish_cost_s = time.monotonic() - now
        self._frames.put(Frame(self._dressed(trainer, snapshot, is_last=is_last), self._state(trainer), dataset))
        self._published_at = now
        self._is_changed = False

    def _dressed(self, trainer: Trainer, snapshot: Snapshot, *, is_last: bool) -> Snapshot:
        """The snapshot with what the window asks for besides, and the pace."""
        left = None
        if self._is_busy and self._rows_per_second > 0:
            left = trainer.rows_left / self._rows_per_second
        predictions = newest_predictions(self._predictions, trainer, is_last=is_last) if self._is_predicting else None
        return replace(
            snapshot,
            grid=newest_grid(self._grid, trainer, self._boundary, is_last=is_last),
            predictions=predictions,
            pace=Pace(self._seconds, self._rows_per_second, left),
        )

    def _state(self, trainer: Trainer) -> RunState:
        if trainer.stopped:
            return RunState.DIVERGED if trainer.stopped == "diverged" else RunState.FINISHED
        if self._is_busy:
            return RunState.RUNNING
        return RunState.PAUSED if trainer.rows_seen else RunState.READY
