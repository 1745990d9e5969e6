"""What the compiled loops work with and training does not change: rows, codes, numbers, scratch; and calls to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core import epochs, kernel, measures
from l1gui.core.losses import activation, loss
from l1gui.core.network import Layout, pad_rows
from l1gui.core.penalties import penalty_method
from l1gui.core.record import Evaluation
from l1gui.core.split import Rows
from l1gui.core.state import TrainingState
from l1gui.settings import RunSettings

N_MEASURED = len(measures.COLUMNS)


class Engine:
    """The loops, set up for one network, its rows and its settings.

    Parameters
    ----------
    layout : Layout
        The network's shape.
    settings : RunSettings
        Checked to go together.
    parts : (Rows, Rows, Rows)
        To train on, to validate with (may be empty), to test with.
    dtype : numpy dtype
        Type of the parameters.
    """

    def __init__(
        self, layout: Layout, settings: RunSettings, parts: tuple[Rows, Rows, Rows], dtype: npt.DTypeLike
    ) -> None:
        self._table = layout.table
        self.activation = activation(settings.network.activation).code
        loss_code = loss(settings.training.loss).code
        self._codes = np.array([settings.training.batch, loss_code, self.activation], dtype=np.int64)
        train, validation, test = parts
        classes = train[1].astype(np.int64)
        n_outputs = layout.sizes[-1]
        wanted = classes[:, None] if n_outputs == 1 else np.eye(n_outputs)[classes]
        self._rows = (
            pad_rows(train[0], dtype), classes, pad_rows(wanted, dtype),
            pad_rows(validation[0], dtype), validation[1].astype(np.int64),
            pad_rows(test[0], dtype), test[1].astype(np.int64),
        )  # fmt: skip
        self.n_rows = (len(train[1]), len(validation[1]), len(test[1]))
        self._methods = np.zeros(layout.n_layers, dtype=np.int64)
        self._terms = np.zeros(layout.n_layers, dtype=np.int64)
        self._numbers = np.zeros(kernel.N_NUMBERS)
        self._scratch: npt.NDArray[Any] = np.zeros((kernel.N_SCRATCH, layout.n_values), dtype=dtype)
        self._gradients: npt.NDArray[Any] = np.zeros(layout.n_stored, dtype=dtype)
        self.take_settings(settings, 0)

    def take_settings(self, settings: RunSettings, epoch: int) -> None:
        """Put the live settings where the loops find them, after `epoch` whole epochs."""
        method = penalty_method(settings.penalty.method)
        self._methods[:], self._terms[:] = method.code, method.term
        numbers = self._numbers
        numbers[kernel.RATE], numbers[kernel.DECAY] = settings.training.learn_rate, settings.training.decay
        numbers[kernel.LAM], numbers[kernel.ALPHA] = settings.penalty.lam, settings.penalty.alpha
        numbers[kernel.DROPOUT] = settings.regularization.dropout
        numbers[kernel.JITTER] = settings.regularization.jitter
        numbers[kernel.MAX_NORM] = settings.regularization.max_norm
        numbers[kernel.IS_UNSCALED] = method.is_unscaled
        numbers[kernel.THRESHOLD] = settings.sparsity.threshold
        kernel.set_rate(numbers, epoch)

    def train_epochs(self, state: TrainingState, n_epochs: int) -> tuple[npt.NDArray[np.float64], bool]:
        """Train whole epochs: what was measured of those that are done, and whether all were finite."""
        measured = np.empty((n_epochs, N_MEASURED))
        n_done, is_finite = epochs.train_epochs(
            state.params, self._table, self._rows, state.order, state.random_state, self._codes, self._numbers,
            self._methods, self._terms, state.memory, state.centre, state.tally, state.stopping, state.kept,
            self._scratch, self._gradients, measured,
        )  # fmt: skip
        return measured[:n_done], bool(is_finite)

    def train_rows(self, state: TrainingState, start: int, stop: int) -> None:
        """Train on the rows from `start` to `stop` of the visiting order."""
        kernel.set_rate(self._numbers, state.stopping[epochs.EPOCH])
        kernel.train_rows(
            state.params, self._table, self._rows[0], self._rows[2], state.order, start, stop, state.random_state,
            self._codes, self._numbers, self._methods, state.memory, state.centre, state.tally, self._scratch,
            self._gradients,
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

    def residual(self, params: npt.NDArray[Any]) -> float:
        """Optimality residual of a network: `measures.kkt_residual`."""
        numbers = self._numbers
        with np.errstate(all="ignore"):
            measures.add_all_gradients(
                params, self._table, self._rows[0], self._rows[2], self._codes, self._scratch, self._gradients
            )
            found = measures.kkt_residual(
                params, self._table, self._gradients, self._terms, numbers[kernel.STRENGTH], numbers[kernel.ALPHA]
            )
        return float(found)

    def evaluations(self, measured: npt.NDArray[np.float64]) -> tuple[Evaluation, Evaluation | None, Evaluation]:
        """Training, validation (None where no rows are held out) and test results of a row of `measure`."""
        train, validation, test = (
            Evaluation(rows, int(measured[correct]), float(measured[mean]))
            for rows, correct, mean in zip(
                self.n_rows,
                (measures.TRAIN_CORRECT, measures.VALIDATION_CORRECT, measures.TEST_CORRECT),
                (measures.TRAIN_LOSS, measures.VALIDATION_LOSS, measures.TEST_LOSS),
                strict=True,
            )
        )
        return train, validation if validation.rows else None, test
