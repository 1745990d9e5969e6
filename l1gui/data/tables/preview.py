"""A table's first part, fast: what it is like, what importing would make of it, and what would stand in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from l1gui.data.tables.columns import Column, Mode
from l1gui.data.tables.errors import TableError, about, flag
from l1gui.data.tables.gaps import usable_rows
from l1gui.data.tables.header import plain_name
from l1gui.data.tables.kinds import CANNOT_BE_INPUTS, Is, features_of, is_counter, kind_of, missing_cells
from l1gui.data.tables.raw import HEAD_ROWS, RawTable, Reading
from l1gui.data.tables.read import read_table, table_path
from l1gui.data.tables.roles import Planner, find_column
from l1gui.data.tables.sniff import SAMPLE_ROWS, sniff
from l1gui.data.tables.stream import head_of
from l1gui.data.tables.targets import Target, target_of
from l1gui.settings import RunSettings, TableSettings

N_EXAMPLES = 5
USELESS = "Dates, free text, numbers with signs and row numbers, of which no network learns, are best left out"


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """A column as its first cells have it.

    Attributes
    ----------
    name : str
        Of the column.
    kind : str
        ``number``, ``category``, ``numbers and texts``, ``text``, ``date``, ``empty`` or ``constant``.
    n_missing : int
        Missing cells among those read.
    n_different : int or None
        Different texts or numbers among those read; None where there are very many.
    examples : tuple of str
        A few cells.
    """

    name: str
    kind: str
    n_missing: int
    n_different: int | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TablePreview:
    """What a table is like, by its first part.

    Attributes
    ----------
    reading : Reading
        Encoding, delimiter, decimal mark and header, as found or as the settings say; the sheets of a workbook.
    columns : tuple of ColumnPreview
        Of all columns; empty where the rows do not fit each other.
    rows : tuple of rows
        The first rows as text.
    n_rows, estimated_rows : int
        Rows read, and about how many there are in all.
    target, target_kind : str
        Column to be learned, and ``class`` or ``number``; empty where none can be.
    n_classes : int
        Classes among the rows read; 0 for a number.
    left_out : tuple of str
        Columns that no network learns from: dates, free text, numbers with signs, row numbers. To be left out.
    notes : tuple of str
        What was guessed or made; a sentence each.
    problem : str
        Why the table would be refused, as far as it was read; empty when it would not.
    """

    reading: Reading
    columns: tuple[ColumnPreview, ...]
    rows: tuple[tuple[str, ...], ...]
    n_rows: int
    estimated_rows: int
    target: str
    target_kind: str
    n_classes: int
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    problem: str

    @property
    def is_whole(self) -> bool:
        """Whether all rows were read."""
        return self.n_rows >= self.estimated_rows


def preview(table: TableSettings, left_out: Sequence[str] = ()) -> TablePreview:
    """Look at the first part of a table.

    Parameters
    ----------
    table : TableSettings
        Its file, and how it is to be read.
    left_out : sequence of str
        Columns that are left out already.

    Raises
    ------
    TableError
        When nothing of it can be shown. What can be shown but not used is told in `TablePreview.problem`.
    """
    named = {plain_name(name) for name in table.categorical}

    def plan(names: tuple[str, ...]) -> list[Mode]:
        return [Mode.TEXT if name in named else Mode.AUTO for name in names]

    try:
        raw = read_table(table.file, table, plan, most_rows=SAMPLE_ROWS)
    except TableError as error:
        return _unread(table, error)
    return _described(raw, table, tuple(left_out), named)


def _described(raw: RawTable, table: TableSettings, left_out: tuple[str, ...], named: set[str]) -> TablePreview:
    kinds = [kind_of(column, is_categorical=column.name in named) for column in raw.columns]
    pairs = list(zip(raw.columns, kinds, strict=True))
    bad = [column.name for column, kind in pairs if kind in CANNOT_BE_INPUTS or is_counter(column)]
    place = _target_place(raw, kinds, table, {*bad, *map(plain_name, left_out), plain_name(table.split_column)})
    target_name = raw.columns[place].name if place is not None else ""
    bad = [name for name in bad if name != target_name and name not in left_out]
    target, problem = _tried(raw, table, (*left_out, *bad), target_name)
    notes = [*raw.notes, *([f"{USELESS} ({flag('left_out', *bad)})."] if bad else [])]
    return TablePreview(
        reading=raw.reading,
        columns=tuple(_column(column, kind, raw, k) for k, (column, kind) in enumerate(pairs)),
        rows=raw.head,
        n_rows=raw.n_rows,
        estimated_rows=int(raw.estimated_rows),
        target=target_name,
        target_kind="" if target is None else "class" if target.is_class else "number",
        n_classes=len(target.keys) if target is not None else 0,
        left_out=tuple(bad),
        notes=tuple(notes),
        problem=problem,
    )


def _target_place(raw: RawTable, kinds: Sequence[Is], table: TableSettings, taken: set[str]) -> int | None:
    """The column that the settings name; else the last that can be learned."""
    names = [column.name for column in raw.columns]
    if table.target.strip():
        place = find_column(table.target, names)
        number = table.target.strip()
        if place is None and number.isdecimal() and number.isascii() and 0 < int(number[:6]) <= len(names):
            place = int(number[:6]) - 1
        return place
    usable = [
        k
        for k, kind in enumerate(kinds)
        if kind in (Is.NUMBER, Is.CATEGORY, Is.MIXED, Is.CONSTANT) and names[k] not in taken
    ]
    return usable[-1] if usable else None


def _tried(raw: RawTable, table: TableSettings, left_out: Sequence[str], target_name: str) -> tuple[Target | None, str]:
    """The target, and what an import of the part that was read would be refused for."""
    wanted = replace(table, target=target_name or table.target)
    settings = RunSettings(table=wanted).with_values(source="table", left_out=tuple(dict.fromkeys(left_out)))
    planner = Planner(settings)
    target = None
    try:
        with about(table_path(table.file)):
            planner(tuple(column.name for column in raw.columns))
            roles = planner.roles
            assert roles is not None  # noqa: S101 - just made
            target = target_of(raw, roles.target, table.target_kind)
            features, _ = features_of(raw, roles)
            usable_rows(raw, features, target, raw.columns[roles.target], table.missing)
    except TableError as error:
        # What is the same in all of the first rows may differ further on.
        is_early = error.field == "target" and raw.n_rows < raw.estimated_rows
        return target, "" if is_early else str(error)
    return target, ""


def _column(column: Column, kind: Is, raw: RawTable, place: int) -> ColumnPreview:
    n_missing = 0
    if column.values is not None:
        is_category = kind is Is.CATEGORY or (column.codes is not None and not column.is_numeric)
        n_missing = int(missing_cells(column, is_category).sum())
    n_different = None
    if column.codes is not None:
        n_different = len(column.texts)
    elif column.values is not None:
        n_different = len(np.unique(column.values[~np.isnan(column.values)]))
    examples = list(dict.fromkeys(row[place] for row in raw.head if row[place].strip()))[:N_EXAMPLES]
    return ColumnPreview(column.name, kind.value, n_missing, n_different, tuple(examples))


def _unread(table: TableSettings, error: TableError) -> TablePreview:
    """The rows of a text that do not make a table, so that another delimiter can be tried on them."""
    path = table_path(table.file)
    try:
        with about(path):
            head, size = head_of(path)
            sniffed = sniff(head, size <= len(head), table)
    except TableError:
        raise error from None
    return TablePreview(
        reading=Reading(sniffed.encoding.name, sniffed.delimiter, sniffed.decimal, sniffed.has_header),
        columns=(),
        rows=tuple(map(tuple, sniffed.sample[:HEAD_ROWS])),
        n_rows=len(sniffed.sample),
        estimated_rows=max(len(sniffed.sample), round(size / sniffed.row_bytes)),
        target="",
        target_kind="",
        n_classes=0,
        left_out=(),
        notes=sniffed.notes,
        problem=str(error),
    )
