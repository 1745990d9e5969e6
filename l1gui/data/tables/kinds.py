"""What each column turned out to be: numbers, categories, or something that no network learns from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from l1gui.data.tables.columns import MAX_CATEGORIES, MAX_CODED, Column
from l1gui.data.tables.errors import MAX_LISTED, TableError, flag, listed, quoted
from l1gui.data.tables.numbers import WORDS, Kind, read_number
from l1gui.data.tables.raw import RawTable
from l1gui.data.tables.roles import Roles

FEW = 20
"""Texts up to this many are categories however few rows there are; whole numbers of a target, classes."""
_DATE = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|\d{1,2}[- ][A-Za-z]{3,9}[-, ]+\d{2,4})"
    r"([T ,]+\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(:\d{2}.*)?"
)
_WITH_SIGN = re.compile(r"[-+(]?[$€£¥%]? ?[-+]?[\d.,' ]*\d[\d.,]* ?[$€£¥%]?\)?")
_ROW_NUMBERS = ("index", "no", "no.", "nr", "nr.", "number", "row", "unnamed: 0", "column 1")


class Is(Enum):
    """What a column is."""

    NUMBER, CATEGORY = "number", "category"
    MIXED = "numbers and texts"
    TEXT, DATE, UNITS = "text", "date", "numbers with signs"
    EMPTY, CONSTANT = "empty", "constant"


NO_NUMBERS = (Kind.TEXT, Kind.HEX, Kind.TOO_LARGE)
"""Cells that a column of numbers is refused for."""
CANNOT_BE_INPUTS = (Is.TEXT, Is.DATE, Is.UNITS)


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """A column that inputs are made of."""

    column: Column
    is_category: bool

    @property
    def missing(self) -> npt.NDArray[np.bool_]:
        """Which of its cells are missing."""
        return missing_cells(self.column, self.is_category)


def missing_cells(column: Column, is_category: bool) -> npt.NDArray[np.bool_]:
    """Which cells of a column are missing."""
    if is_category:
        assert column.codes is not None  # noqa: S101 - what is a category was kept as one
        return column.codes < 0
    assert column.values is not None  # noqa: S101 - and numbers as numbers
    return np.isnan(column.values)


def kind_of(column: Column, *, is_categorical: bool = False) -> Is:
    """What a column is, as an input."""
    if column.values is None:
        return Is.TEXT
    if column.codes is None and column.is_empty:
        return Is.EMPTY
    if column.codes is None or (column.is_numeric and not is_categorical):
        return _kind_of_numbers(column)
    if len(column.texts) <= 1:
        return Is.CONSTANT if column.texts else Is.EMPTY
    return Is.CATEGORY if is_categorical else _kind_of_texts(column)


def _kind_of_numbers(column: Column) -> Is:
    assert column.values is not None  # noqa: S101 - by the caller
    if any(column.odds.by_kind[kind].count for kind in NO_NUMBERS):
        return Is.MIXED
    there = column.values[~np.isnan(column.values)]
    return Is.CONSTANT if there.min() == there.max() else Is.NUMBER


def _kind_of_texts(column: Column) -> Is:
    assert column.codes is not None  # noqa: S101 - by the caller
    n_dates = sum(bool(_DATE.fullmatch(text)) for text in column.texts)
    if len(column.texts) > FEW and 10 * n_dates > 9 * len(column.texts):
        return Is.DATE
    n_with_sign = sum(bool(_WITH_SIGN.fullmatch(text)) for text in column.texts)
    if len(column.texts) > FEW and 10 * n_with_sign > 9 * len(column.texts):
        return Is.UNITS
    n_there = int((column.codes >= 0).sum())
    is_of_many = len(column.texts) > FEW and 2 * len(column.texts) > n_there
    return Is.TEXT if is_of_many or len(column.texts) > MAX_CATEGORIES else Is.CATEGORY


def n_texts(column: Column) -> str:
    """Words for how many different texts there are."""
    return f"more than {MAX_CODED:,}" if column.codes is None else f"{len(column.texts):,}"


def features_of(raw: RawTable, roles: Roles) -> tuple[list[Feature], list[str]]:
    """Columns to make inputs of, and notes on those left out.

    Raises
    ------
    TableError
        For a cell that is no number in a column of numbers; for columns of dates, free text or too many categories.
    """
    kinds = {k: kind_of(raw.columns[k], is_categorical=k in roles.categorical) for k in roles.inputs}
    check_numbers(raw, [raw.columns[k] for k, kind in kinds.items() if kind is Is.MIXED])
    _check_categories([raw.columns[k] for k in roles.categorical if k in kinds])
    bad = [(raw.columns[k], kind) for k, kind in kinds.items() if kind in CANNOT_BE_INPUTS]
    if bad:
        raise TableError(_said_of_texts(raw, bad), "left_out")
    notes = []
    for kind, words in ((Is.EMPTY, "hold no value"), (Is.CONSTANT, "hold one value only")):
        names = [raw.columns[k].name for k in kinds if kinds[k] is kind]
        if names:
            notes.append(_left_out(names, words))
    features = [
        Feature(raw.columns[k], kind is Is.CATEGORY) for k, kind in kinds.items() if kind in (Is.NUMBER, Is.CATEGORY)
    ]
    if not features:
        raise TableError(f"no input is left: {' '.join(notes)} A table needs a column that differs from row to row")
    counters = [each.column.name for each in features if not each.is_category and is_counter(each.column)]
    notes += [f"Column {quoted(name)} counts the rows: leave it out ({flag('left_out', name)})." for name in counters]
    return features, notes


def _left_out(names: Sequence[str], words: str) -> str:
    if len(names) == 1:
        return f"Column {quoted(names[0])} was left out: it {words.replace('hold', 'holds')}."
    return f"Columns {listed(names)} were left out: they {words}."


def is_counter(column: Column) -> bool:
    """Whether a column named like one goes up by one from row to row."""
    name = column.name.lower()
    return (
        column.values is not None
        and (name in _ROW_NUMBERS or name.endswith("id"))
        and column.n_rows > FEW
        and bool((np.diff(column.values) == 1.0).all())
    )


def check_numbers(raw: RawTable, columns: Sequence[Column], setting: str = "categorical") -> None:
    """TableError for the first cell in some columns of numbers that is none, or too large a one."""
    found = [
        (odd.row, kind, column, odd)
        for column in columns
        for kind, odd in column.odds.by_kind.items()
        if odd.count and kind in NO_NUMBERS
    ]
    if not found:
        return
    row, kind, column, odd = min(found, key=lambda each: each[0])
    more = f" ({odd.count:,} such cells in that column)" if odd.count > 1 else ""
    advice = f"leave the column out ({flag('left_out', column.name)})"
    if setting == "target_kind":
        advice = "take each value for a class (--target-kind class)" if kind is Kind.TEXT else "choose another target"
    elif kind is Kind.TEXT:
        advice = f"take the column for categories ({flag('categorical', column.name)})"
    raise TableError(
        f"{raw.place(row)}, column {quoted(column.name)}: {quoted(odd.text)} {WORDS[kind]}{more}: mend the cell, or "
        f"{advice}",
        setting if kind is Kind.TEXT else "left_out",
    )


def _check_categories(columns: Sequence[Column]) -> None:
    for column in columns:
        if len(column.texts) > MAX_CATEGORIES:
            raise TableError(
                f"column {quoted(column.name)} has {len(column.texts):,} categories; up to {MAX_CATEGORIES:,} can be: "
                f"leave it out ({flag('left_out', column.name)})",
                "categorical",
            )


def _said_of_texts(raw: RawTable, bad: Sequence[tuple[Column, Is]]) -> str:
    words = [f"{quoted(column.name)} ({what_it_holds(column, kind)})" for column, kind in bad[:MAX_LISTED]]
    more = f" and {len(bad) - MAX_LISTED:,} more" if len(bad) > MAX_LISTED else ""
    names = [column.name for column, _ in bad]
    return (
        f"of its {raw.n_rows:,} rows, {'column' if len(bad) == 1 else 'columns'} {', '.join(words)}{more} cannot be "
        f"learned from as {'it is' if len(bad) == 1 else 'they are'}: leave {'it' if len(bad) == 1 else 'them'} out "
        f"({flag('left_out', *names)})"
    )


def what_it_holds(column: Column, kind: Is) -> str:
    """Words for what makes a column no input."""
    if kind is Is.UNITS:
        return f"numbers with signs, such as {quoted(column.texts[0])}: take the signs away"
    return "dates" if kind is Is.DATE else f"{n_texts(column)} different texts"


def sort_key(text: str, decimal: str = "point") -> tuple[int, float, list[tuple[str, int, str]], str]:
    """Order of categories and classes: numbers by value, then texts, numbers in them by value too."""
    kind, value = read_number(text, decimal)
    if kind is Kind.NUMBER:
        return 0, value, [], text
    pieces = re.split(r"([0-9]+)", text.casefold())
    digits = [piece.lstrip("0") for piece in pieces[1::2]] + [""]
    return 1, 0.0, [(word, len(number), number) for word, number in zip(pieces[::2], digits, strict=True)], text
