"""A trainer's arrays: everything that training changes, so that a checkpoint can be taken and taken up again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core.entries import aligned
from l1gui.core.epochs import BEST_LOSS, PATIENCE
from l1gui.core.network import Layout
from l1gui.core.record import frozen_copy


def new_bell() -> npt.NDArray[np.int64]:
    """A bell that is silent; it rings once its entry is not 0, and `epochs.train_epochs` then ends with its epoch."""
    return np.zeros(1, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class TrainingState:
    """What training changes, in place.

    Attributes
    ----------
    params : array of shape (n_stored,)
        The network.
    memory, centre, tally : arrays
        The penalty method's: `penalties.penalised_step`.
    pending, carried : arrays of shapes (n_stored,) and (1,)
        Sum of the gradients of the rows since the last update, and their number.
    order : int64 array of shape (n_rows,)
        Visiting order of the rows, shuffled on every epoch from where it was, or never.
    random_state : int64 array of shape (625,)
        `mersenne.mersenne_state`.
    stopping : float64 array of shape (5,)
        Early stopping's, and the number of whole epochs done: `epochs.PATIENCE` and the names after it.
    kept : array of shape (n_stored,)
        The weights with the best validation loss.
    """

    params: npt.NDArray[Any]
    memory: npt.NDArray[np.float64]
    centre: npt.NDArray[Any]
    tally: npt.NDArray[np.float64]
    pending: npt.NDArray[Any]
    carried: npt.NDArray[np.int64]
    order: npt.NDArray[np.int64]
    random_state: npt.NDArray[np.int64]
    stopping: npt.NDArray[np.float64]
    kept: npt.NDArray[Any]

    @classmethod
    def start(
        cls, layout: Layout, params: npt.NDArray[Any], n_rows: int, random_state: npt.NDArray[np.int64], patience: int
    ) -> TrainingState:
        """The state before the first row; `params` are copied."""
        stopping = np.zeros(5)
        stopping[PATIENCE], stopping[BEST_LOSS] = patience, np.inf
        return cls(
            params=aligned(params),
            memory=aligned(np.zeros(layout.n_stored)),
            centre=aligned(params),
            tally=np.zeros((layout.n_layers, 2)),
            pending=aligned(np.zeros_like(params)),
            carried=np.zeros(1, dtype=np.int64),
            order=np.arange(n_rows, dtype=np.int64),
            random_state=random_state,
            stopping=stopping,
            kept=params.copy(),
        )

    def begin_method(self) -> None:
        """Let the penalty method start from the weights as they are: nothing owed, nothing remembered."""
        self.memory[:] = 0.0
        self.tally[:] = 0.0
        self.centre[:] = self.params

    def copies(self) -> tuple[npt.NDArray[Any], ...]:
        """Read-only copies of all arrays, in the order of the fields."""
        return tuple(frozen_copy(getattr(self, field.name)) for field in fields(self))

    def take_up(self, copies: tuple[npt.NDArray[Any], ...]) -> None:
        """Go back to what `copies` gave."""
        for field, copy in zip(fields(self), copies, strict=True):
            getattr(self, field.name)[:] = copy
