"""The run's history: append-only columns with an entry per epoch, the start (epoch 0) included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from l1gui.core import measures

FIT_COLUMNS = tuple(f"{part}_{what}" for what in ("r2", "rmse") for part in ("train", "validation", "test"))
"""Of a numeric target: `record.Evaluation`; NaN of classes."""
COLUMNS = ("rows_seen", *measures.COLUMNS, *FIT_COLUMNS)


@dataclass(frozen=True, slots=True, eq=False)
class HistoryView:
    """The first `length` entries of a history, as read-only views; entry i is the state after epoch i.

    Attributes
    ----------
    columns : dict of str to float64 array of shape (length,)
        `penalty` is the penalty's term in the objective; `kkt`, the optimality residual,
        is that of the last epoch at which it was measured: `epochs.is_kkt_due`.
    """

    length: int
    columns: dict[str, npt.NDArray[np.float64]]

    def __getitem__(self, name: str) -> npt.NDArray[np.float64]:
        return self.columns[name]


class History:
    """Growing columns; views handed out stay valid and unchanged while it grows.

    Parameters
    ----------
    capacity : int
        Entries to make room for at once. The system gives memory only to what is written, and a table that must grow
        is copied, which would hold up a fast run.
    """

    def __init__(self, capacity: int = 64) -> None:
        self._table = np.empty((len(COLUMNS), capacity))
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, n_entries: int = 1, **values: npt.ArrayLike) -> None:
        """Add entries; every column must be given, as one value or as an array of shape (n_entries,)."""
        length = self._length + n_entries
        if length > self._table.shape[1]:
            # A new buffer: views of the old one go on showing what they showed.
            grown = np.empty((len(COLUMNS), max(length, 2 * self._length)))
            grown[:, : self._length] = self._table[:, : self._length]
            self._table = grown
        for row, name in enumerate(COLUMNS):
            self._table[row, self._length : length] = values[name]
        self._length = length

    def view(self) -> HistoryView:
        """Read-only views of all entries so far."""
        columns = {}
        for name, column in zip(COLUMNS, self._table, strict=True):
            prefix = column[: self._length]
            prefix.setflags(write=False)
            columns[name] = prefix
        return HistoryView(self._length, columns)


def fill_forward(column: npt.NDArray[np.float64], last: float) -> float:
    """Put the last finite number before it, `last` at the start, where there is none; returns the column's last."""
    at = np.where(~np.isfinite(column), -1, np.arange(len(column)))
    known = np.maximum.accumulate(at)
    column[:] = np.where(known < 0, last, column[known])
    return float(column[-1]) if len(column) else last
