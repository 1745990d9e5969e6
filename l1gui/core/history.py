"""The run's history: an append-only table with a row per epoch, the start (epoch 0) included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from l1gui.core import measures

FIT_COLUMNS = tuple(f"{part}_{what}" for what in ("r2", "rmse") for part in ("train", "validation", "test"))
"""Of a numeric target: `record.Evaluation`; NaN of classes."""
COLUMNS = (*measures.COLUMNS, *FIT_COLUMNS)
N_MEASURED = len(measures.COLUMNS)

MOST_RESERVED = 1_000_001
"""Rows that room is made for at once."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class HistoryView:
    """The first entries of a history; entry i is the state after epoch i.

    Attributes
    ----------
    table : float32 array of shape (length, n_columns)
        Read-only; a column each for `COLUMNS`, or for those before the `FIT_COLUMNS`, which are NaN then. To be drawn,
        for which single precision is enough. `penalty` is the penalty's term in the objective; `kkt`, the optimality
        residual, is that of the last epoch at which it was measured: `epochs.is_kkt_due`.
    """

    table: Floats

    @property
    def length(self) -> int:
        """Number of entries."""
        return len(self.table)

    def __getitem__(self, name: str) -> Floats:
        """A column by its name, of shape (length,)."""
        at = COLUMNS.index(name)
        if at >= self.table.shape[1]:
            return np.broadcast_to(np.float32(np.nan), len(self.table))
        return self.table[:, at]


class History:
    """A growing table; views handed out stay valid and unchanged while it grows.

    Parameters
    ----------
    capacity : int
        Rows to make room for at once. The system gives memory only to what is written, and a table that must grow is
        copied, which would hold up a fast run.
    is_numeric : bool
        Whether it has the `FIT_COLUMNS`.
    """

    def __init__(self, capacity: int = 64, *, is_numeric: bool = False) -> None:
        n_columns = len(COLUMNS) if is_numeric else N_MEASURED
        self._table: Floats = np.empty((min(capacity, MOST_RESERVED), n_columns), dtype=np.float32)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, measured: npt.NDArray[np.float64], fits: npt.NDArray[np.float64] | None = None) -> None:
        """Add rows: what was measured, shape (n_rows, N_MEASURED), and where it is numeric the fits, (n_rows, 6)."""
        start, self._length = self._length, self._length + len(measured)
        if self._length > len(self._table):
            # A new table: views of the old one go on showing what they showed.
            grown = np.empty((max(self._length, 2 * start), self._table.shape[1]), dtype=np.float32)
            grown[:start] = self._table[:start]
            self._table = grown
        rows = self._table[start : self._length]
        with np.errstate(over="ignore"):  # what is too large for single precision is infinite on a plot
            rows[:, :N_MEASURED] = measured
            if fits is not None:
                rows[:, N_MEASURED:] = fits

    def view(self) -> HistoryView:
        """Read-only view of all rows so far."""
        rows = self._table[: self._length]
        rows.setflags(write=False)
        return HistoryView(rows)


def fill_forward(column: npt.NDArray[np.float64], last: float) -> float:
    """Put the last finite number before it, `last` at the start, where there is none; returns the column's last."""
    at = np.where(~np.isfinite(column), -1, np.arange(len(column)))
    known = np.maximum.accumulate(at)
    column[:] = np.where(known < 0, last, column[known])
    return float(column[-1]) if len(column) else last
