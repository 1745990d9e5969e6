"""The trainer: one run's state, advanced by rows. No Qt, no threads, no clock."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core import kernel, mersenne, metrics, warm
from l1gui.core.boundary import boundary_grid
from l1gui.core.history import History
from l1gui.core.losses import activation, loss
from l1gui.core.network import Floats, Layout, initial_parameters, pad_rows
from l1gui.core.penalties import penalty_method
from l1gui.core.record import BoundaryGrid, BoundaryRequest, Checkpoint, Evaluation, LiveChange, Snapshot, frozen_copy
from l1gui.settings import SPECS, RunSettings, SettingError

Rows = tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]
"""Inputs, shape (n_rows, n_inputs), and classes, shape (n_rows,)."""


class Trainer:
    """Trains one network on some rows, with live changes, the same way every time.

    Parameters
    ----------
    settings : RunSettings
        Network, training and penalty; where the data came from does not matter here.
    train, test : Rows
        Inputs and classes. Test rows are only measured.
    n_classes : int
        Number of outputs.
    start : float32 array of shape (n_stored,), optional
        Parameters to start from, instead of drawing them; the seed then makes the visiting order alone.

    Raises
    ------
    SettingError
        When a name in the settings is unknown, or the start does not fit the network.
    """

    def __init__(
        self, settings: RunSettings, train: Rows, test: Rows, n_classes: int, start: Floats | None = None
    ) -> None:
        warm.prepare()
        self.settings = settings
        self.layout = Layout((train[0].shape[1], *settings.network.hidden, n_classes))
        self._loss = loss(settings.training.loss).code
        self._activation = activation(settings.network.activation).code
        self._rows = np.ascontiguousarray(train[0], dtype=np.float32)
        self._inputs, self._classes = pad_rows(train[0]), train[1].astype(np.int64)
        self._targets = pad_rows(np.eye(n_classes, dtype=np.float32)[self._classes])
        self._test_inputs, self._test_classes = pad_rows(test[0]), test[1].astype(np.int64)
        source = random.Random(settings.training.seed)
        if start is not None and not self.layout.fits(start):
            raise SettingError("hidden", f"the given weights are not those of a {self.sizes_text} network")
        drawn = initial_parameters(self.layout, settings.network, source)
        self.params = drawn if start is None else start.astype(np.float32)
        self._random_state = mersenne.mersenne_state(source)
        self._order = np.arange(len(self._classes), dtype=np.int64)
        self._methods = np.full(self.layout.n_layers, penalty_method(settings.penalty.method).code, dtype=np.int64)
        self._paid = np.zeros(self.layout.n_stored)
        self._owed = np.zeros(self.layout.n_layers)
        self._values = np.zeros(self.layout.n_values, dtype=np.float32)
        self._signals = np.zeros(self.layout.n_values, dtype=np.float32)
        self._gradients = np.zeros(self.layout.n_stored, dtype=np.float32)
        self.epoch = 0
        self.row_in_epoch = 0
        self.rows_seen = 0
        self.message = ""
        self._events: list[LiveChange] = []
        self.history = History()
        self.train, self.test = self._evaluate()
        self._record_epoch()
        self._last_good = self.checkpoint()

    @property
    def sizes_text(self) -> str:
        """Layer sizes as people write them, as in 10-8-4."""
        return "-".join(str(size) for size in self.layout.sizes)

    @property
    def n_rows(self) -> int:
        """Number of training rows."""
        return len(self._classes)

    @property
    def stopped(self) -> str:
        """Why the run cannot go on: "epochs" (all are done), "diverged", or empty while it can."""
        if self.message:
            return "diverged"
        return "epochs" if self.row_in_epoch == 0 and self.epoch >= self.settings.training.epochs else ""

    @property
    def rows_left(self) -> int:
        """Rows to train until all epochs are done."""
        return max(0, self.settings.training.epochs * self.n_rows - self.epoch * self.n_rows - self.row_in_epoch)

    def advance(self, n_rows: int) -> int:
        """Train on the next `n_rows` rows, up to the end of a batch; less where the run ends. Returns the rows done."""
        done = 0
        with np.errstate(all="ignore"):  # uncompiled, overflow would warn; it is looked for below
            while done < n_rows and not self.stopped:
                done += self._advance_within_epoch(n_rows - done)
        return done

    def _advance_within_epoch(self, n_rows: int) -> int:
        if self.row_in_epoch == 0:
            mersenne.shuffle(self._random_state, self._order)
        batch, training = self.settings.training.batch, self.settings.training
        start = self.row_in_epoch
        stop = min(self.n_rows, -(-(start + n_rows) // batch) * batch)
        kernel.train_rows(
            self.params, self.layout.table, self._inputs, self._targets, self._order, start, stop, batch,
            self._loss, self._activation, self._methods, self._paid, self._owed,
            float(training.learn_rate), float(self.settings.penalty.lam),
            self._values, self._signals, self._gradients,
        )  # fmt: skip
        self.rows_seen += stop - start
        self.row_in_epoch = stop
        if not np.isfinite(self.params).all():
            self._diverge()
        elif stop == self.n_rows:
            self._end_epoch()
        return stop - start

    def _end_epoch(self) -> None:
        train, test = self._evaluate()
        if not (np.isfinite(train.loss) and np.isfinite(test.loss)):
            self._diverge()
            return
        self.train, self.test = train, test
        self.epoch += 1
        self.row_in_epoch = 0
        self._record_epoch()
        self._last_good = self.checkpoint()

    def _evaluate(self) -> tuple[Evaluation, Evaluation]:
        both = []
        with np.errstate(all="ignore"):
            for inputs, classes in ((self._inputs, self._classes), (self._test_inputs, self._test_classes)):
                total, correct = kernel.evaluate_rows(
                    self.params, self.layout.table, self._loss, self._activation, inputs, classes, self._values
                )
                both.append(Evaluation(len(classes), int(correct), float(total) / max(1, len(classes))))
        return both[0], both[1]

    def _record_epoch(self) -> None:
        abs_sum, _, zero, below = metrics.weight_sums(self.params, self.layout.table, metrics.NEAR_ZERO)
        lam = self.settings.penalty.lam
        self.history.append(
            rows_seen=self.rows_seen,
            train_loss=self.train.loss,
            test_loss=self.test.loss,
            train_correct=self.train.correct,
            test_correct=self.test.correct,
            penalty=lam * abs_sum,
            abs_sum=abs_sum,
            zero=zero,
            below_threshold=below,
            learn_rate=self.settings.training.learn_rate,
            lam=lam,
        )

    def _diverge(self) -> None:
        """End the run with the last good weights, and say which setting to change."""
        epoch = self.epoch + 1
        self.restore(self._last_good)
        rate, lam = self.settings.training.learn_rate, self.settings.penalty.lam
        method = self.settings.penalty.method
        pull = 0.0 if method == "none" else lam if method == "tack-on" else rate * lam
        name, value = ("lambda", lam) if pull > min(1.0, rate) else ("learning rate", rate)
        self.message = (
            f"The run diverged in epoch {epoch:,}: its weights or losses are no longer finite. Kept: the weights after "
            f"epoch {self.epoch:,}. The {name}, {value:g}, is too large; try {value / 10:g} and press Reset."
        )

    def apply(self, name: str, value: Any) -> LiveChange | None:
        """Change a live setting from here on; returns the event, or None where the value is as it was.

        Raises
        ------
        SettingError
            When the setting is not live, or the value cannot be; nothing is changed then.
        """
        if name not in SPECS or not SPECS[name].is_live:
            raise SettingError(name, f"{name} cannot change while a run goes on")
        settings = self.settings.with_values(**{name: value})
        if settings == self.settings:
            return None
        if name == "method":
            self._methods[:] = penalty_method(value).code
            # The new method starts from the weights as they are: nothing owed, nothing paid.
            self._paid[:] = 0.0
            self._owed[:] = 0.0
        self.settings = settings
        event = LiveChange(self.rows_seen, name, value)
        self._events.append(event)
        return event

    def checkpoint(self) -> Checkpoint:
        """The whole state, as read-only copies."""
        arrays = (self.params, self._paid, self._owed, self._order, self._random_state)
        return Checkpoint(self.epoch, self.row_in_epoch, self.rows_seen, *(frozen_copy(array) for array in arrays))

    def restore(self, checkpoint: Checkpoint) -> None:
        """Take up a checkpoint's state; history, events and settings stay as they are."""
        self.epoch, self.row_in_epoch = checkpoint.epoch, checkpoint.row_in_epoch
        self.rows_seen = checkpoint.rows_seen
        self.params[:] = checkpoint.params
        self._paid[:], self._owed[:] = checkpoint.paid, checkpoint.owed
        self._order[:], self._random_state[:] = checkpoint.order, checkpoint.random_state

    def boundary(self, request: BoundaryRequest) -> BoundaryGrid:
        """Network outputs on a slice through two inputs."""
        return boundary_grid(request, self.layout, self._activation, self.params, self._rows)

    def snapshot(self, run_id: int = 0) -> Snapshot:
        """Everything a view may draw, as it is now."""
        params = frozen_copy(self.params)
        layers = range(self.layout.n_layers)
        weights = tuple(self.layout.weights(params, layer) for layer in layers)
        return Snapshot(
            run_id=run_id,
            settings=self.settings,
            sizes=self.layout.sizes,
            weights=weights,
            biases=tuple(self.layout.biases(params, layer) for layer in layers),
            epoch=self.epoch,
            rows_seen=self.rows_seen,
            train=self.train,
            test=self.test,
            counts=metrics.weight_counts(weights),
            histograms=metrics.layer_histograms(weights),
            history=self.history.view(),
            events=tuple(self._events),
            stopped=self.stopped,
            message=self.message,
        )
