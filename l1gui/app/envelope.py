"""A growing column, thinned as it grows: what a curve of a million epochs needs to be drawn on a thousand pixels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.float32] | Column
Starts = npt.NDArray[np.int64]

MOST = 4096
LOG_STARTS: Starts = np.unique((10.0 ** (np.arange(9 * 200) / 200)).astype(np.int64))
"""Where stretches start on a logarithmic axis: 200 a decade, from epoch 1, as far as whole epochs allow."""


class Envelope:
    """Least and largest value of each stretch of a column; extending it looks at new values only.

    Parameters
    ----------
    is_log : bool
        Stretches of equal length on a logarithmic axis, which has no index 0, instead of a linear one.
    """

    def __init__(self, *, is_log: bool = False) -> None:
        self._is_log = is_log
        self._restart()

    def _restart(self) -> None:
        self._size = 1
        self._seen = 0
        self._last = 0.0
        self._starts: Starts = np.empty(0, dtype=np.int64)
        self._low: Column = np.empty(0)
        self._high: Column = np.empty(0)

    @property
    def low(self) -> float:
        """Least value."""
        return float(self._low.min()) if len(self._low) else self._last

    @property
    def high(self) -> float:
        """Largest value."""
        return float(self._high.max()) if len(self._high) else self._last

    @property
    def least_positive(self) -> float:
        """Least value above 0 (of those that are the least of their stretch); 0 when there is none."""
        positive = self._low[self._low > 0]
        return float(positive.min()) if len(positive) else 0.0

    def extend(self, column: Numbers) -> None:
        """Take in a column: the one before with values appended, or another one."""
        n = len(column)
        if n < self._seen or (self._seen and column[self._seen - 1] != self._last):
            self._restart()
        if n == self._seen:
            return
        while not self._is_log and n > MOST * self._size:
            self._halve()
        self._take(column, n)
        self._seen, self._last = n, float(column[-1])

    def _take(self, column: Numbers, n: int) -> None:
        """Look at the stretch that was incomplete, and at all that follow."""
        if self._is_log:
            kept = max(0, int(np.searchsorted(LOG_STARTS, self._seen, side="right")) - 1)
            starts = LOG_STARTS[kept : np.searchsorted(LOG_STARTS, n)]
        else:
            kept = self._seen // self._size
            starts = np.arange(kept * self._size, n, self._size)
        if not len(starts):
            return
        new = column[starts[0] : n]
        self._starts = np.append(self._starts[:kept], starts)
        self._low = np.append(self._low[:kept], np.minimum.reduceat(new, starts - starts[0]))
        self._high = np.append(self._high[:kept], np.maximum.reduceat(new, starts - starts[0]))

    def _halve(self) -> None:
        self._starts, self._low, self._high = _merged(self._starts, self._low, self._high, 2)
        self._size *= 2

    def points(self, width: int) -> tuple[Column, Column]:
        """Points (index, value) that draw like the whole column on `width` pixels, its last value included."""
        starts, low, high = self._starts, self._low, self._high
        group = -(-len(starts) // max(1, width))
        if group > 1:
            starts, low, high = _merged(starts, low, high, group)
        if self._size == 1 and group <= 1 and not self._is_log:
            return starts.astype(np.float64), low
        x = np.append(np.repeat(starts, 2), self._seen - 1).astype(np.float64)
        y = np.append(np.column_stack([low, high]).ravel(), self._last)
        return x, y


class Track:
    """What is drawn of one run: its columns by name, thinned for both kinds of axis."""

    def __init__(self, names: Iterable[str]) -> None:
        self.linear = {name: Envelope() for name in names}
        self.log = {name: Envelope(is_log=True) for name in names}

    def extend(self, columns: Mapping[str, Numbers]) -> None:
        """Take in the columns as they are now."""
        for name, column in columns.items():
            self.linear[name].extend(column)
            self.log[name].extend(column)


def _merged(starts: Starts, low: Column, high: Column, group: int) -> tuple[Starts, Column, Column]:
    """Neighbours put together, `group` at a time."""
    if not len(starts):
        return starts, low, high
    heads = np.arange(0, len(starts), group)
    return starts[heads], np.minimum.reduceat(low, heads), np.maximum.reduceat(high, heads)
