"""What the compiled loops work with and training does not change: rows, codes, numbers, scratch; and calls to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core import counts, entries, epochs, kernel, measures
from l1gui.core.history import N_MEASURED
from l1gui.core.losses import LINEAR_OUTPUT, Output, activation, loss
from l1gui.core.network import Layout, pad_rows
from l1gui.core.penalties import penalty_method
from l1gui.core.record import Evaluation, WeightCounts
from l1gui.core.state import TrainingState
from l1gui.core.task import Rows
from l1gui.settings import RunSettings

LOSSES = [measures.TRAIN_LOSS, measures.VALIDATION_LOSS, measures.TEST_LOSS]
CORRECT = [measures.TRAIN_CORRECT, measures.VALIDATION_CORRECT, measures.TEST_CORRECT]
SHUFFLED, AS_GIVEN = "shuffled", "as-given"
UPDATE, CARRY = "update", "carry"


def padded_parts(
    parts: tuple[Rows, Rows, Rows], n_outputs: int, output: Output, dtype: npt.DTypeLike
) -> tuple[npt.NDArray[Any], ...]:
    """Inputs, classes and targets of each part, as the loops take them; of numbers all classes are 0."""
    found: list[npt.NDArray[Any]] = []
    for inputs, given in parts:
        classes = np.zeros(len(given), dtype=np.int64)
        if output.code == LINEAR_OUTPUT:
            targets = np.asarray(given, dtype=np.float64)[:, None]
        else:
            classes = given.astype(np.int64)
            is_class = classes[:, None] == np.arange(n_outputs)
            targets = np.where(classes == 1, 1.0, output.lowest)[:, None] if n_outputs == 1 else is_class
        wide = inputs if len(given) else np.zeros((0, parts[0][0].shape[1]))
        found += [pad_rows(wide, dtype), classes, pad_rows(targets, dtype)]
    return tuple(found)


class Engine:
    """The loops, set up for one network, its rows and its settings.

    Parameters
    ----------
    layout : Layout
        The network's shape.
    settings : RunSettings
        Checked to go together.
    output : Output
        What the last layer's sums go through.
    parts : (Rows, Rows, Rows)
        To train on, to validate with (may be empty), to test with.
    dtype : numpy dtype
        Type of the parameters.
    unit : float
        What one of a numeric target is in its own units.
    """

    def __init__(
        self,
        layout: Layout,
        settings: RunSettings,
        output: Output,
        parts: tuple[Rows, Rows, Rows],
        dtype: npt.DTypeLike,
        unit: float,
    ) -> None:
        self._table, self._n_weights = layout.table, layout.n_weights
        self.activation, self.output = activation(settings.network.activation).code, output.code
        training = settings.training
        self._codes = np.zeros(entries.N_CODES, dtype=np.int64)
        self._codes[entries.BATCH], self._codes[entries.LOSS] = training.batch, loss(training.loss).code
        self._codes[entries.ACTIVATION], self._codes[entries.OUTPUT] = self.activation, self.output
        self._codes[entries.CARRIES], self._codes[entries.SHUFFLES] = (
            training.leftovers == CARRY,
            training.order == SHUFFLED,
        )
        self._rows = padded_parts(parts, layout.sizes[-1], output, dtype)
        self.n_rows = tuple(len(given) for _, given in parts)
        self._unit = unit
        self._variances = [float(np.var(given)) if len(given) else 0.0 for _, given in parts]
        self._methods = np.zeros(layout.n_layers, dtype=np.int64)
        self._terms = np.zeros(layout.n_layers, dtype=np.int64)
        self._numbers = np.zeros(entries.N_NUMBERS)
        self._scratch = layout.scratch(dtype)
        self._gradients: npt.NDArray[Any] = np.zeros(layout.n_stored, dtype=dtype)
        self.take_settings(settings, 0)

    def take_settings(self, settings: RunSettings, epoch: int) -> None:
        """Put the live settings where the loops find them, after `epoch` whole epochs."""
        method = penalty_method(settings.penalty.method)
        self._methods[:], self._terms[:] = method.code, method.term
        numbers = self._numbers
        numbers[entries.RATE], numbers[entries.DECAY] = settings.training.learn_rate, settings.training.decay
        numbers[entries.LAM], numbers[entries.ALPHA] = settings.penalty.lam, settings.penalty.alpha
        numbers[entries.DROPOUT] = settings.regularization.dropout
        numbers[entries.JITTER] = settings.regularization.jitter
        numbers[entries.MAX_NORM] = settings.regularization.max_norm
        numbers[entries.IS_UNSCALED] = method.is_unscaled
        numbers[entries.THRESHOLD] = settings.sparsity.threshold
        kernel.set_rate(numbers, epoch)

    def train_epochs(
        self, state: TrainingState, n_epochs: int, bell: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.float64], bool]:
        """Train whole epochs: what was measured of those that are done, and whether all were finite."""
        measured = np.empty((n_epochs, N_MEASURED))
        n_done, is_finite = epochs.train_epochs(
            state.params, self._table, self._rows, state.order, state.random_state, self._codes, self._numbers,
            self._methods, self._terms, state.memory, state.centre, state.tally, state.pending, state.carried,
            state.stopping, state.kept, self._scratch, self._gradients, measured, bell,
        )  # fmt: skip
        return measured[:n_done], bool(is_finite)

    def train_rows(self, state: TrainingState, start: int, stop: int) -> None:
        """Train on the rows from `start` to `stop` of the visiting order."""
        kernel.set_rate(self._numbers, state.stopping[epochs.EPOCH])
        kernel.train_rows(
            state.params, self._table, self._rows[0], self._rows[2], state.order, start, stop, state.random_state,
            self._codes, self._numbers, self._methods, state.memory, state.centre, state.tally, state.pending,
            state.carried, self._scratch,
        )  # fmt: skip

    def measure(self, params: npt.NDArray[Any], *, is_kkt_wanted: bool) -> npt.NDArray[np.float64]:
        """What the history keeps of a network, shape (1, N_MEASURED)."""
        measured = np.empty((1, N_MEASURED))
        with np.errstate(all="ignore"):
            measures.measure(
                params, self._table, self._rows, self._codes, self._numbers, self._terms, self._scratch,
                self._gradients, measured[0], is_kkt_wanted,
            )  # fmt: skip
        return measured

    def counts(self, params: npt.NDArray[Any], threshold: float) -> WeightCounts:
        """Size and sparsity of a network's weights."""
        table = self._table
        abs_sum, _, zero, below = counts.weight_sums(params, table, threshold)
        return WeightCounts(
            self._n_weights, zero, below, threshold, abs_sum, counts.largest_weight(params, table),
            *counts.structure(params, table, self._scratch),
        )  # fmt: skip

    def residual(self, params: npt.NDArray[Any]) -> float:
        """Optimality residual of a network: `measures.kkt_residual`."""
        numbers = self._numbers
        with np.errstate(all="ignore"):
            measures.add_all_gradients(
                params, self._table, self._rows[0], self._rows[2], self._codes, self._scratch, self._gradients
            )
            found = measures.kkt_residual(
                params, self._table, self._gradients, self._terms, numbers[entries.STRENGTH], numbers[entries.ALPHA]
            )
        return float(found)

    def fits(self, losses: npt.NDArray[np.float64]) -> npt.NDArray[np.float64] | None:
        """The history's `FIT_COLUMNS`, shape (n_epochs, 6), from the losses of the parts, (n_epochs, 3)."""
        if self.output != LINEAR_OUTPUT:
            return None
        found = np.full((len(losses), 2, 3), np.nan)
        for part, variance in enumerate(self._variances):
            if self.n_rows[part]:
                # The loss is half the squared error.
                found[:, 0, part] = 1.0 - 2.0 * losses[:, part] / variance if variance > 0.0 else np.nan
                found[:, 1, part] = np.sqrt(2.0 * losses[:, part]) * self._unit
        return found.reshape(-1, 6)

    def evaluations(self, measured: npt.NDArray[np.float64]) -> tuple[Evaluation, Evaluation | None, Evaluation]:
        """Training, validation (None where there are no rows for it) and test results of a row of `measure`."""
        fits = self.fits(measured[None, LOSSES])
        train, validation, test = (
            Evaluation(
                rows,
                int(measured[correct]),
                float(measured[mean]),
                None if fits is None else float(fits[0, part]),
                None if fits is None else float(fits[0, 3 + part]),
            )
            for part, (rows, correct, mean) in enumerate(zip(self.n_rows, CORRECT, LOSSES, strict=True))
        )
        return train, validation if validation.rows else None, test
