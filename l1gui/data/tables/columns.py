"""Columns as they grow, chunk by chunk, in little memory: few different texts as codes, many numbers as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.data.tables.errors import TableError, flag, quoted
from l1gui.data.tables.numbers import MISSING, Floats, Kind, Odds, plain_numbers, read_number, read_numbers

MAX_CATEGORIES = 1_000
"""Most categories of a column, and most classes."""
MAX_CODED = 2 * MAX_CATEGORIES
"""Most different texts that are kept; a category may be written in more than one way, with spaces round it."""
BYTES_PER_CELL = 20
"""What a cell costs until it is an input: double precision, then single, a column twice while it is put together."""

Codes = npt.NDArray[np.int32]


class Mode(Enum):
    """What is wanted of a column."""

    AUTO, NUMBER, TEXT, SKIP = "auto", "number", "text", "skip"


@dataclass(eq=False)
class Column:
    """A column that was read.

    Attributes
    ----------
    name : str
        Of the column.
    n_rows : int
        Number of its cells.
    odds : Odds
        What it holds besides numbers.
    values : float64 array of shape (n_rows,) or None
        Its numbers, NaN where there is none; None for a column of many texts, or one that was skipped.
    codes : int32 array of shape (n_rows,) or None
        Of each cell the place in `texts`, -1 for a missing one; None where there are too many different texts.
    texts : tuple of str
        Different cells, without spaces around.
    """

    name: str
    n_rows: int
    odds: Odds
    values: Floats | None = None
    codes: Codes | None = None
    texts: tuple[str, ...] = ()

    @cached_property
    def n_there(self) -> int:
        """Cells that are not missing, as a column of numbers."""
        missing = self.odds.by_kind[Kind.MISSING].count + self.odds.by_kind[Kind.NOT_FINITE].count
        return self.n_rows - missing

    @property
    def is_empty(self) -> bool:
        """Whether there is no value in it."""
        return self.n_there == 0

    @property
    def is_numeric(self) -> bool:
        """Whether it is one of numbers: at least half of the cells that are there look like some."""
        n_texts = self.odds.by_kind[Kind.TEXT].count
        return self.values is not None and 2 * n_texts <= self.n_there and not self.is_empty


class Builder:
    """A column while it is read.

    Parameters
    ----------
    name : str
        Of the column.
    mode : Mode
        NUMBER keeps numbers, TEXT the texts whatever they look like, AUTO what turns out to be best, SKIP nothing.
    decimal : str
        Decimal mark of its numbers.
    """

    def __init__(self, name: str, mode: Mode, decimal: str) -> None:
        self.name, self._mode, self._decimal = name, mode, decimal
        self._table: dict[str, int] = {}
        self._codes: list[Codes] = []
        self._values: list[Floats] = []
        self._odds = Odds()
        self._n_rows = 0
        self._is_coded = mode in (Mode.AUTO, Mode.TEXT)
        self._is_kept = mode is not Mode.SKIP

    def add(self, cells: Sequence[str]) -> None:
        """Take the next cells."""
        first_row, self._n_rows = self._n_rows, self._n_rows + len(cells)
        if not self._is_kept:
            return
        if not self._is_coded:
            self._values.append(read_numbers(cells, self._decimal, self._odds, first_row))
            return
        table = self._table
        for cell in dict.fromkeys(cells):
            if cell not in table:
                table[cell] = len(table)
        self._codes.append(np.fromiter(map(table.__getitem__, cells), np.int32, len(cells)))
        if len(table) > MAX_CODED:
            self._overflow()

    def add_numbers(self, values: npt.NDArray[Any]) -> None:
        """Take the next cells, numbers already; NaN is a missing one."""
        if self._mode is Mode.TEXT:
            self.add([number_text(value) for value in values.tolist()])
            return
        first_row, self._n_rows = self._n_rows, self._n_rows + len(values)
        self._is_coded = False
        if not self._is_kept:
            return
        floats = np.array(values, dtype=np.float64)
        for kind, found in ((Kind.MISSING, np.isnan(floats)), (Kind.NOT_FINITE, np.isinf(floats))):
            rows = np.flatnonzero(found)
            if len(rows):
                self._odds.add(kind, first_row + int(rows[0]), str(floats[rows[0]]), len(rows))
        floats[np.isinf(floats)] = np.nan
        self._values.append(floats)

    def finish(self) -> Column:
        """The column, when all cells were taken."""
        if not self._is_coded:
            values = np.concatenate(self._values) if self._values else np.zeros(0) if self._is_kept else None
            self._values = []
            if not self._is_kept:
                values = None
            return Column(self.name, self._n_rows, self._odds, values)
        codes = np.concatenate(self._codes) if self._codes else np.zeros(0, dtype=np.int32)
        self._codes = []
        numbers = self._numbers_of_table(codes)
        texts, places = _distinct(list(self._table))
        return Column(self.name, self._n_rows, self._odds, numbers[codes], places[codes], texts)

    def _numbers_of_table(self, codes: Codes) -> Floats:
        """Value of each text in the table; what is no number is counted over all the cells."""
        cells = list(self._table)
        numbers = plain_numbers(cells, self._decimal)
        n_cells = np.bincount(codes, minlength=len(cells))
        rows = np.zeros(len(cells), dtype=np.int64)
        rows[codes[::-1]] = np.arange(len(codes))[::-1]
        for code in np.flatnonzero(~np.isfinite(numbers)).tolist():
            kind, numbers[code] = read_number(cells[code], self._decimal)
            if kind is not Kind.NUMBER:
                self._odds.add(kind, int(rows[code]), cells[code], int(n_cells[code]))
        return numbers

    def _overflow(self) -> None:
        """There are too many different texts: go on as numbers, or with nothing but the count."""
        if self._mode is Mode.TEXT:
            raise TableError(
                f"column {quoted(self.name)} has more than {MAX_CATEGORIES:,} categories: leave it out "
                f"({flag('left_out', self.name)}), or take it for numbers",
                "categorical",
            )
        codes = np.concatenate(self._codes)
        numbers = self._numbers_of_table(codes)
        self._codes, self._table, self._is_coded = [], {}, False
        if Column(self.name, self._n_rows, self._odds, numbers).is_numeric:
            self._values.append(numbers[codes])
        else:
            self._is_kept = False


def _distinct(cells: list[str]) -> tuple[tuple[str, ...], Codes]:
    """Different texts without spaces around and missing ones, and of each cell the place among them, or -1."""
    stripped = [cell.strip() for cell in cells]
    # Where there is a plus, a minus is its opposite, not a gap.
    gaps = MISSING - {"-"} if "+" in stripped else MISSING
    places: dict[str, int] = {}
    of_cell = np.full(len(cells), -1, dtype=np.int32)
    for at, text in enumerate(stripped):
        if text.lower() not in gaps:
            of_cell[at] = places.setdefault(text, len(places))
    return tuple(places), of_cell


def number_text(value: float) -> str:
    """A number as text; a whole one without a point, NaN as nothing."""
    if value != value:  # noqa: PLR0124 - only NaN differs from itself
        return ""
    return str(int(value)) if float(value).is_integer() else repr(value)


def estimated_bytes(n_rows: float, n_columns: int) -> float:
    """Memory that so many rows take until they can be learned from."""
    return n_rows * n_columns * BYTES_PER_CELL
