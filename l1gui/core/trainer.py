"""The trainer: one run's state, advanced by rows. No Qt, no threads, no clock."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core import epochs, kernel, measures, mersenne, metrics, warm
from l1gui.core.boundary import Slices
from l1gui.core.combinations import check_combination
from l1gui.core.endings import diverged_text, restored_text
from l1gui.core.engine import LOSSES, SHUFFLED, Engine
from l1gui.core.history import History, fill_forward
from l1gui.core.losses import output_of
from l1gui.core.network import PLAYGROUND_STARTS, class_shares, initial_parameters, outputs, precision_of, sizes_text
from l1gui.core.predictions import PredictedRows
from l1gui.core.record import BoundaryGrid, BoundaryRequest, Checkpoint, LiveChange, Predictions, Snapshot, frozen_copy
from l1gui.core.size import check_size, layout_of
from l1gui.core.split import split_rows
from l1gui.core.state import TrainingState, new_bell
from l1gui.core.task import Task
from l1gui.settings import LIVE, RunSettings
from l1gui.spec import SettingError


class Trainer:
    """Trains one network on some rows, with live changes, the same way every time.

    Parameters
    ----------
    settings : RunSettings
        Network, training and penalty; where the data came from does not matter here.
    task : Task
        The rows.
    start : array of shape (n_stored,), optional
        Parameters to start from, instead of drawing them; the seed then makes the visiting order alone.

    Attributes
    ----------
    bell : int64 array of shape (1,)
        Not 0 once another thread wants `advance` to end; whoever calls that sets it back.

    Raises
    ------
    SettingError
        When a name in the settings is unknown, settings cannot go together or with the task, the start does not fit
        the network, or there are too few rows to hold some out, or too little memory (`size.check_size`).
    """

    def __init__(self, settings: RunSettings, task: Task, start: npt.NDArray[Any] | None = None) -> None:
        warm.prepare()
        check_combination(settings)
        self.settings = settings
        self.origin = settings if start is None else None
        network, n_classes = settings.network, task.n_classes
        self.output = output_of(network.output_kind, n_classes, settings.training.loss)
        self.layout = layout_of(settings, task.train[0].shape[1], n_classes)
        dtype = precision_of(settings, is_numeric=not n_classes)
        train, validation = split_rows(task.train, settings, task.validation)
        parts = (train, validation, task.test)
        check_size(self.layout, [len(targets) for _, targets in parts], np.dtype(dtype).itemsize)
        self._inputs: npt.NDArray[Any] = np.ascontiguousarray(train[0], dtype=dtype)
        self._slices = Slices(*((self._inputs, None) if task.plane is None else task.plane))
        self._engine = Engine(self.layout, settings, self.output, parts, dtype, task.unit)
        self.is_numeric = not n_classes
        self._predicted = PredictedRows(parts) if self.is_numeric else None
        self.target_spread = float(np.std(train[1])) if self.is_numeric else 0.0
        source = random.Random(settings.training.seed)
        if start is not None and not self.layout.fits(start):
            raise SettingError("hidden", f"the given weights are not those of {sizes_text(self.layout.sizes)}")
        if start is None or network.initialization not in PLAYGROUND_STARTS:
            # Drawn even where it is not used, so that the visiting order does not hang on that.
            drawn = initial_parameters(self.layout, network, source, dtype)
            start = drawn if start is None else start.astype(dtype)
        self._state = TrainingState.start(
            self.layout,
            start.astype(dtype),
            self.n_rows,
            mersenne.mersenne_state(source),
            settings.stopping.patience,
        )
        self.epoch = self.row_in_epoch = self.rows_seen = self.best_epoch = 0
        self.message = self._ended = ""
        self._events: list[LiveChange] = []
        self.bell = new_bell()
        self.history = History(settings.training.epochs + 1, is_numeric=self.is_numeric)
        self.kkt = math.nan
        self._record(self._engine.measure(self.params, is_kkt_wanted=True))
        self._last_good = self.checkpoint()

    @property
    def params(self) -> npt.NDArray[Any]:
        """The network's flat vector; changed in place as training goes on."""
        return self._state.params

    @property
    def n_rows(self) -> int:
        """Number of training rows, those held out not counted."""
        return self._engine.n_rows[0]

    @property
    def n_plane_inputs(self) -> int:
        """Number of columns that a slice of the input space can go through."""
        return int(self._slices.rows.shape[1])

    @property
    def stopped(self) -> str:
        """Why the run cannot go on: "epochs" (all are done), "early", "diverged", or empty while it can."""
        is_done = self.row_in_epoch == 0 and self.epoch >= self.settings.training.epochs
        return self._ended or ("epochs" if is_done else "")

    @property
    def rows_left(self) -> int:
        """Rows to train until all epochs are done."""
        return max(0, (self.settings.training.epochs - self.epoch) * self.n_rows - self.row_in_epoch)

    def advance(self, n_rows: int) -> int:
        """Train on the next `n_rows` rows, up to the end of a batch; returns the rows done.

        Less where the run ends, and where the bell rings: then up to the end of the epoch or part of it under way.
        """
        done = 0
        with np.errstate(all="ignore"):  # uncompiled, overflow would warn; it is looked for below
            while done < n_rows and not self.stopped and not (done and self.bell[0]):
                n_epochs = min((n_rows - done) // self.n_rows, self.settings.training.epochs - self.epoch)
                if self.row_in_epoch == 0:
                    self._last_good = self.checkpoint()
                    if n_epochs:
                        done += self._advance_epochs(n_epochs)
                        continue
                done += self._advance_within_epoch(n_rows - done)
        return done

    def _advance_epochs(self, n_epochs: int) -> int:
        measured, is_finite = self._engine.train_epochs(self._state, n_epochs, self.bell)
        if not is_finite:
            # Back to the start of this call, and up to the last epoch that was good: the same rows, the same numbers.
            self.restore(self._last_good)
            if len(measured):
                measured, _ = self._engine.train_epochs(self._state, len(measured), new_bell())
        if len(measured):
            self._end_epochs(measured)
        if not is_finite:
            self._last_good = self.checkpoint()
            self._diverge()
        return len(measured) * self.n_rows

    def _advance_within_epoch(self, n_rows: int) -> int:
        state, batch = self._state, self.settings.training.batch
        if self.row_in_epoch == 0 and self.settings.training.order == SHUFFLED:
            mersenne.shuffle(state.random_state, state.order)
        start = self.row_in_epoch
        stop = min(self.n_rows, -(-(start + n_rows) // batch) * batch)
        self._engine.train_rows(state, start, stop)
        is_end = stop == self.n_rows
        is_due = epochs.is_kkt_due(self.epoch + 1.0)
        measured = self._engine.measure(self.params, is_kkt_wanted=is_due) if is_end else None
        losses = (measures.TRAIN_LOSS, measures.TEST_LOSS)
        if not (kernel.all_finite(state.params) and (measured is None or np.isfinite(measured[0, losses]).all())):
            self._diverge()
            return stop - start
        self.rows_seen += stop - start
        self.row_in_epoch = stop
        if measured is not None:
            self.rows_seen -= self.n_rows
            epochs.watch(state.stopping, measured[0, measures.VALIDATION_LOSS], state.params, state.kept)
            self._end_epochs(measured)
        return stop - start

    def _end_epochs(self, measured: npt.NDArray[np.float64]) -> None:
        """Count and record epochs that have ended, a row of `measured` each; end the run where its time has come."""
        self.rows_seen += len(measured) * self.n_rows
        self.epoch += len(measured)
        self.row_in_epoch = 0
        self._record(measured)
        stopping = self._state.stopping
        if stopping[epochs.IS_STOPPED]:
            self._ended = "early"
        if stopping[epochs.PATIENCE] and self.stopped:
            self._restore_best()

    def _record(self, measured: npt.NDArray[np.float64]) -> None:
        self.train, self.validation, self.test = self._engine.evaluations(measured[-1])
        self.kkt = fill_forward(measured[:, measures.KKT], self.kkt)
        self.history.append(measured, self._engine.fits(measured[:, LOSSES]))

    def _restore_best(self) -> None:
        """Go back to the weights with the best validation loss."""
        state = self._state
        self.best_epoch = int(state.stopping[epochs.BEST_EPOCH])
        state.params[:] = state.kept
        state.begin_method()
        measured = self._engine.measure(self.params, is_kkt_wanted=True)[0]
        self.train, self.validation, self.test = self._engine.evaluations(measured)
        self.kkt = float(measured[measures.KKT])
        patience = self.settings.stopping.patience if self._ended == "early" else 0
        self.message = restored_text(self.epoch, self.best_epoch, patience)

    def _diverge(self) -> None:
        """End the run with the last good weights, and say which setting to change."""
        epoch = self.epoch + 1
        self.restore(self._last_good)
        self._ended = "diverged"
        self.message = diverged_text(self.settings, epoch, self.epoch, is_numeric=self.is_numeric)

    def apply(self, name: str, value: Any) -> LiveChange | None:
        """Change a live setting from here on; returns the event, or None where the value is as it was.

        Raises
        ------
        SettingError
            When the setting is not live, or the value cannot be; nothing is changed then.
        """
        if name not in LIVE:
            raise SettingError(name, f"{name} cannot change while a run goes on")
        settings = self.settings.with_values(**{name: value})
        if settings == self.settings:
            return None
        check_combination(settings)
        self.settings = settings
        if name == "method":
            self._state.begin_method()
        self.message = self.message if self.stopped else ""
        self._engine.take_settings(settings, self.epoch)
        event = LiveChange(self.rows_seen, name, value)
        self._events.append(event)
        return event

    def checkpoint(self) -> Checkpoint:
        """The whole state, as read-only copies."""
        return Checkpoint(self.epoch, self.row_in_epoch, self.rows_seen, self._state.copies())

    def restore(self, checkpoint: Checkpoint) -> None:
        """Take up a checkpoint's state; history, events and settings stay as they are."""
        self.epoch, self.row_in_epoch = checkpoint.epoch, checkpoint.row_in_epoch
        self.rows_seen = checkpoint.rows_seen
        self._state.take_up(checkpoint.arrays)

    def train_shares(self) -> npt.NDArray[Any]:
        """Shares of the classes on the training rows, shape (n_rows, n_classes); of a number, (n_rows, 1)."""
        engine = self._engine
        return class_shares(
            outputs(self.layout, engine.activation, self.params, self._inputs, engine.output), engine.output
        )

    def predictions(self, share: float = 1.0) -> Predictions | None:
        """Predicted and true numbers of some rows, or of a share of these; None of classes."""
        engine, rows = self._engine, self._predicted
        codes = engine.activation, engine.output
        return rows.predicted(self.layout, *codes, self.params, share) if rows is not None else None

    def boundary(self, request: BoundaryRequest) -> BoundaryGrid:
        """Shares of the classes, or the number, on a slice through two inputs."""
        engine = self._engine
        return self._slices.grid(request, self.layout, engine.activation, engine.output, self.params)

    def snapshot(
        self, run_id: int = 0, *, is_exact: bool = True, histograms: metrics.Histograms | None = None
    ) -> Snapshot:
        """Everything a view may draw, as it is now.

        Without `is_exact`, the residual is that of some epochs ago; histograms that are given are taken as they are.
        """
        if is_exact:
            self.kkt = self._engine.residual(self.params)
        params = frozen_copy(self.params)
        layers = range(self.layout.n_layers)
        weights = tuple(self.layout.weights(params, layer) for layer in layers)
        threshold = self.settings.sparsity.threshold
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
            validation=self.validation,
            kkt=self.kkt,
            best_epoch=self.best_epoch,
            origin=self.origin,
            output=self.output.id,
            counts=self._engine.counts(self.params, threshold),
            histograms=histograms or metrics.layer_histograms(weights, threshold),
            history=self.history.view(),
            events=tuple(self._events),
            stopped=self.stopped,
            message=self.message,
        )
