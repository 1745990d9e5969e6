"""A table as it was read, before anybody learns from it; and what the readers of all formats share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from l1gui.data.tables.columns import Column, Mode

HEAD_ROWS = 50
"""Rows that are kept as text, to be shown."""

Plan = Callable[[tuple[str, ...]], Sequence[Mode]]
"""From the columns' names to what is wanted of each."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table was read, in the settings' names; empty where a format leaves no choice."""

    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    has_header: bool = True
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RawTable:
    """A table as it was read.

    Attributes
    ----------
    columns : tuple of Column
        All of them, those skipped without values.
    n_rows : int
        Number of rows.
    lines : int64 array of shape (n_rows,) or None
        Line of the file, or row of the sheet, in which each row begins.
    head : tuple of rows
        The first rows as text.
    reading : Reading
        How it was read.
    notes : tuple of str
        What was guessed, made or left out.
    digest : str
        SHA-256 of the file; empty where only its first part was read.
    estimated_rows : float
        Number of rows in the whole file, where only its first part was read.
    """

    columns: tuple[Column, ...]
    n_rows: int
    lines: npt.NDArray[np.int64] | None
    head: tuple[tuple[str, ...], ...]
    reading: Reading
    notes: tuple[str, ...]
    digest: str
    estimated_rows: float

    def place(self, row: int) -> str:
        """Words for a row, counted from 0 here and from 1 there: "row 5 (line 6)"."""
        words = f"row {row + 1:,}"
        return words if self.lines is None else f"{words} (line {int(self.lines[row]):,})"
