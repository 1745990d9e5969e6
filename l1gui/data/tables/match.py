"""Further rows for a network that learned from a table: its columns found by name, its encoding repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.data.dataset import Column, Scaling
from l1gui.data.tables.errors import TableError, listed, quoted
from l1gui.data.tables.header import plain_name
from l1gui.data.tables.numbers import MISSING, WORDS, Kind, read_number

Cell = str | float | None


def match_names(wanted: Sequence[str], names: Sequence[str]) -> list[int]:
    """Place of each wanted column among others' names; TableError with the difference when some are not there."""
    plain = [plain_name(name) for name in names]
    lacking = [name for name in wanted if name not in plain]
    if lacking:
        extra = [name for name in plain if name not in wanted]
        raise TableError(
            f"it lacks {listed(lacking)}{f', and has {listed(extra)} instead' if extra else ''}: the columns go by "
            "their names, in any order; rename or add them"
        )
    return [plain.index(name) for name in wanted]


def encode_rows(
    columns: Sequence[Column],
    scaling: Scaling,
    cells: Sequence[Sequence[Cell]],
    *,
    decimal: str = "point",
    dtype: npt.DTypeLike = np.float32,
) -> npt.NDArray[Any]:
    """Network inputs of further rows, as the training rows' were made.

    Parameters
    ----------
    columns, scaling : sequence of Column, Scaling
        The dataset's.
    cells : sequence of rows
        Texts, numbers or None, in the order of `columns`; see `match_names`.
    decimal, dtype : str, numpy dtype
        Decimal mark of numbers that are texts; type of the inputs.

    Returns
    -------
    array of shape (n_rows, n_inputs)
        A category that training did not know is 0 in all inputs of its column; `unseen` tells of them.

    Raises
    ------
    TableError
        For a row of another length, a missing cell that training did not learn to fill, or a text for a number.
    """
    n_inputs = len(scaling.offset)
    raw = np.zeros((len(cells), n_inputs))
    for row, given in enumerate(cells):
        if len(given) != len(columns):
            raise TableError(f"row {row + 1:,} has {len(given):,} cells; there are {len(columns):,} columns")
        raw[row] = [
            number for column, cell in zip(columns, given, strict=True) for number in _raw(column, cell, row, decimal)
        ]
    return ((raw - scaling.offset) / scaling.scale).astype(dtype)


def unseen(columns: Sequence[Column], cells: Sequence[Sequence[Cell]]) -> dict[str, tuple[str, ...]]:
    """Categories in further rows that training did not know, by the columns' names."""
    found = {}
    for k, column in enumerate(columns):
        if column.is_category:
            known = {*column.categories, *column.rest}
            texts = dict.fromkeys(str(row[k]).strip() for row in cells if not _is_missing(column, row[k]))
            strange = tuple(text for text in texts if text not in known)
            if strange:
                found[column.name] = strange
    return found


def _is_missing(column: Column, cell: Cell) -> bool:
    if cell is None:
        return True
    text = str(cell).strip()
    return text.lower() in MISSING and text not in (*column.categories, *column.rest)


def _raw(column: Column, cell: Cell, row: int, decimal: str) -> list[float]:
    """Raw features of a cell."""
    filled = _filled(column, cell, row)
    if not column.is_category:
        return [_number(column, filled, row, decimal)]
    return [float(category == filled) for category in column.categories]


def _filled(column: Column, cell: Cell, row: int) -> Cell:
    """A cell, or what stands for it where it is missing."""
    if not _is_missing(column, cell):
        return str(cell).strip() if column.is_category else cell
    if column.fill is None:
        raise TableError(
            f"row {row + 1:,}, column {quoted(column.name)}: the cell is missing, and training did not learn to fill it"
        )
    return column.fill


def _number(column: Column, cell: Cell, row: int, decimal: str) -> float:
    kind, value = read_number(cell, decimal) if isinstance(cell, str) else read_number(repr(cell), "point")
    if kind is not Kind.NUMBER:
        raise TableError(f"row {row + 1:,}, column {quoted(column.name)}: {quoted(str(cell))} {WORDS[kind]}: mend it")
    return value
