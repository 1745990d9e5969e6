"""Missing cells: told with row and column, and then refused, dropped with their rows, or to be filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from l1gui.data.tables.columns import Column
from l1gui.data.tables.errors import TableError, counted, quoted
from l1gui.data.tables.kinds import Feature
from l1gui.data.tables.numbers import Kind
from l1gui.data.tables.raw import RawTable
from l1gui.data.tables.targets import Target

TOLD = 5


@dataclass(frozen=True, slots=True)
class _Gaps:
    """Missing cells of one column."""

    column: Column
    n_cells: int
    first_row: int

    @classmethod
    def of(cls, column: Column, found: npt.NDArray[np.bool_]) -> _Gaps:
        return cls(column, int(found.sum()), int(found.argmax()))


def usable_rows(
    raw: RawTable, features: Sequence[Feature], target: Target, target_column: Column, missing: str
) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Rows that can be used, and notes on what becomes of the missing cells.

    Parameters
    ----------
    raw : RawTable
        The table.
    features : sequence of Feature
        Its columns that inputs are made of.
    target, target_column : Target, Column
        What is learned. A row without it cannot be filled, only dropped.
    missing : str
        ``refuse``, ``drop``, ``mean`` or ``mode``.

    Raises
    ------
    TableError
        When cells are missing and that is to be refused: how many, where the first ones are, and the choices.
    """
    gaps = [_Gaps.of(feature.column, feature.missing) for feature in features]
    gaps = [each for each in (*gaps, _Gaps.of(target_column, target.missing)) if each.n_cells]
    if not gaps:
        return np.arange(raw.n_rows, dtype=np.int64), []
    words = _where(raw, gaps)
    if missing == "refuse":
        n_cells = sum(each.n_cells for each in gaps)
        raise TableError(
            f"{counted(n_cells, 'missing cell')}: {words}: choose what is done about them: drop those "
            "rows, or fill in the training rows' mean or most frequent value (--missing drop, mean or mode)",
            "missing",
        )
    dropped = target.missing.copy()
    if missing == "drop":
        for feature in features:
            dropped |= feature.missing
    n_filled = sum(each.n_cells for each in gaps if each.column is not target_column) if missing != "drop" else 0
    return np.flatnonzero(~dropped).astype(np.int64), _notes(dropped, n_filled, missing, words)


def _notes(dropped: npt.NDArray[np.bool_], n_filled: int, missing: str, words: str) -> list[str]:
    notes = []
    if dropped.any():
        share = 100 * dropped.mean()
        notes.append(f"{counted(int(dropped.sum()), 'row')} ({share:.2g} %) dropped for missing cells: {words}.")
    if n_filled:
        also = "" if missing == "mode" else ", of categories the most frequent"
        notes.append(f"{counted(n_filled, 'missing cell')} filled with the training rows' {missing}{also}: {words}.")
    return notes


def _where(raw: RawTable, gaps: Sequence[_Gaps]) -> str:
    told = [
        f"{quoted(each.column.name)} {each.n_cells:,} (first: {raw.place(each.first_row)})"
        for each in sorted(gaps, key=lambda each: -each.n_cells)[:TOLD]
    ]
    more = f", and {counted(len(gaps) - TOLD, 'more column')}" if len(gaps) > TOLD else ""
    infinite = [each.column for each in gaps if each.column.odds.by_kind[Kind.NOT_FINITE].count]
    n_infinite = sum(column.odds.by_kind[Kind.NOT_FINITE].count for column in infinite)
    also = ""
    if infinite:
        odd = infinite[0].odds.by_kind[Kind.NOT_FINITE]
        also = (
            f"; {n_infinite:,} of them not finite, such as {quoted(odd.text)} in {raw.place(odd.row)}, column "
            f"{quoted(infinite[0].name)}"
        )
    return f"{', '.join(told)}{more}{also}"
