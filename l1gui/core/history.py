"""The run's history: append-only columns with an entry per epoch, the start (epoch 0) included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from l1gui.core import measures

FIT_COLUMNS = tuple(f"{part}_{what}" for what in ("r2", "rmse") for part in ("train", "validation", "test"))
"""Of a numeric target: `record.Evaluation`; NaN of classes."""
COLUMNS = (*measures.COLUMNS, *FIT_COLUMNS)

MOST_RESERVED = 1_000_001
"""Entries that room is made for at once. NumPy would have pages of 2 MB for columns of more than 4 MB."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class HistoryView:
    """The first `length` entries of a history, as read-only views; entry i is the state after epoch i.

    Attributes
    ----------
    columns : dict of str to float32 array of shape (length,)
        To be drawn, for which single precision is enough. `penalty` is the penalty's term in the objective; `kkt`, the
        optimality residual, is that of the last epoch at which it was measured: `epochs.is_kkt_due`.
    """

    length: int
    columns: dict[str, npt.NDArray[np.float32]]

    def __getitem__(self, name: str) -> npt.NDArray[np.float32]:
        return self.columns[name]


class _Column:
    """A growing column, which takes memory only from the first entry on that differs from the one before."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._is_written = False
        self._cells: Floats = np.zeros(0, dtype=np.float32)

    def put(self, start: int, stop: int, values: npt.ArrayLike) -> None:
        """Write the entries from `start` to `stop`; all before `start` have been written."""
        if not self._is_written:
            given = np.asarray(values, dtype=np.float32)
            first = self._cells[0] if start else given.flat[0]
            # NaN is the same as NaN here.
            if ((given == first) | ((given != given) & (first != first))).all():  # noqa: PLR0124
                if stop > len(self._cells):
                    self._cells = np.broadcast_to(first, max(self._capacity, 2 * stop))
                return
        if not self._is_written or stop > len(self._cells):
            # A new buffer: views of the old one go on showing what they showed.
            grown = np.empty(max(self._capacity, stop, 2 * start), dtype=np.float32)
            grown[:start] = self._cells[:start]
            self._cells, self._is_written = grown, True
        self._cells[start:stop] = values

    def view(self, length: int) -> Floats:
        """Read-only view of the first entries."""
        prefix = self._cells[:length]
        prefix.setflags(write=False)
        return prefix


class History:
    """Growing columns; views handed out stay valid and unchanged while it grows.

    Parameters
    ----------
    capacity : int
        Entries to make room for at once. The system gives memory only to what is written, and a column that must grow
        is copied, which would hold up a fast run.
    """

    def __init__(self, capacity: int = 64) -> None:
        self._columns = {name: _Column(min(capacity, MOST_RESERVED)) for name in COLUMNS}
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, n_entries: int = 1, **values: npt.ArrayLike) -> None:
        """Add entries; every column must be given, as one value or as an array of shape (n_entries,)."""
        start, self._length = self._length, self._length + n_entries
        with np.errstate(over="ignore"):  # what is too large for single precision is infinite on a plot
            for name, column in self._columns.items():
                column.put(start, self._length, values[name])

    def view(self) -> HistoryView:
        """Read-only views of all entries so far."""
        return HistoryView(self._length, {name: each.view(self._length) for name, each in self._columns.items()})


def fill_forward(column: npt.NDArray[np.float64], last: float) -> float:
    """Put the last finite number before it, `last` at the start, where there is none; returns the column's last."""
    at = np.where(~np.isfinite(column), -1, np.arange(len(column)))
    known = np.maximum.accumulate(at)
    column[:] = np.where(known < 0, last, column[known])
    return float(column[-1]) if len(column) else last
