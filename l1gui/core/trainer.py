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
        measured = self._measure()
        self.train, self.test = self._evaluations(measured[-1])
        self._record(measured)
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
                epochs = min((n_rows - done) // self.n_rows, self.settings.training.epochs - self.epoch)
                if self.row_in_epoch == 0:
                    self._last_good = self.checkpoint()
                    if epochs:
                        done += self._advance_epochs(epochs)
                        continue
                done += self._advance_within_epoch(n_rows - done)
        return done

    def _state(self) -> tuple[Any, ...]:
        """What the kernel works with, in its order."""
        training = self.settings.training
        return (
            training.batch, self._loss, self._activation, self._methods, self._paid, self._owed,
            float(training.learn_rate), float(self.settings.penalty.lam), self._values, self._signals, self._gradients,
        )  # fmt: skip

    def _advance_epochs(self, n_epochs: int) -> int:
        measured = np.empty((n_epochs, kernel.N_MEASURED))
        finite = self._train_epochs(measured)
        if finite < n_epochs:
            # Back to the start of this call, and up to the last epoch that was good: the same rows, the same numbers.
            self.restore(self._last_good)
            if finite:
                measured = measured[:finite]
                self._train_epochs(measured)
        if finite:
            self._end_epochs(measured[:finite])
        if finite < n_epochs:
            self._last_good = self.checkpoint()
            self._diverge()
        return finite * self.n_rows

    def _train_epochs(self, measured: npt.NDArray[np.float64]) -> int:
        finite = kernel.train_epochs(
            self.params, self.layout.table, self._inputs, self._classes, self._targets, self._test_inputs,
            self._test_classes, self._order, self._random_state, metrics.NEAR_ZERO, measured, *self._state(),
        )  # fmt: skip
        return int(finite)

    def _advance_within_epoch(self, n_rows: int) -> int:
        if self.row_in_epoch == 0:
            mersenne.shuffle(self._random_state, self._order)
        batch = self.settings.training.batch
        start = self.row_in_epoch
        stop = min(self.n_rows, -(-(start + n_rows) // batch) * batch)
        kernel.train_rows(
            self.params, self.layout.table, self._inputs, self._targets, self._order, start, stop, *self._state()
        )
        measured = self._measure() if stop == self.n_rows else None
        is_finite = kernel.all_finite(self.params) and (measured is None or np.isfinite(measured).all())
        if not is_finite:
            self._diverge()
            return stop - start
        self.rows_seen += stop - start
        self.row_in_epoch = stop
        if measured is not None:
            self.rows_seen -= self.n_rows
            self._end_epochs(measured)
        return stop - start

    def _measure(self) -> npt.NDArray[np.float64]:
        """What the history keeps of the state now, shape (1, 7)."""
        measured = np.empty((1, kernel.N_MEASURED))
        with np.errstate(all="ignore"):
            kernel.measure(
                self.params, self.layout.table, self._inputs, self._classes, self._test_inputs, self._test_classes,
                self._loss, self._activation, metrics.NEAR_ZERO, self._values, measured[0],
            )  # fmt: skip
        return measured

    def _evaluations(self, measured: npt.NDArray[np.float64]) -> tuple[Evaluation, Evaluation]:
        train_correct, test_correct = int(measured[kernel.TRAIN_CORRECT]), int(measured[kernel.TEST_CORRECT])
        return (
            Evaluation(self.n_rows, train_correct, float(measured[kernel.TRAIN_LOSS])),
            Evaluation(len(self._test_classes), test_correct, float(measured[kernel.TEST_LOSS])),
        )

    def _end_epochs(self, measured: npt.NDArray[np.float64]) -> None:
        """Count and record epochs that have ended, a row of `measured` each."""
        n_epochs = len(measured)
        self.train, self.test = self._evaluations(measured[-1])
        self.rows_seen += n_epochs * self.n_rows
        self.epoch += n_epochs
        self.row_in_epoch = 0
        self._record(measured)

    def _record(self, measured: npt.NDArray[np.float64]) -> None:
        lam, n_epochs = self.settings.penalty.lam, len(measured)
        self.history.append(
            n_epochs,
            rows_seen=self.rows_seen - self.n_rows * np.arange(n_epochs - 1, -1, -1),
            train_loss=measured[:, kernel.TRAIN_LOSS],
            test_loss=measured[:, kernel.TEST_LOSS],
            train_correct=measured[:, kernel.TRAIN_CORRECT],
            test_correct=measured[:, kernel.TEST_CORRECT],
            penalty=lam * measured[:, kernel.ABS_SUM],
            abs_sum=measured[:, kernel.ABS_SUM],
            zero=measured[:, kernel.ZERO],
            below_threshold=measured[:, kernel.BELOW],
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
