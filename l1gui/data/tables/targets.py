"""What is learned: classes or numbers, found out from the target's cells or as the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.data.tables.columns import MAX_CATEGORIES, Column, Mode, number_text
from l1gui.data.tables.errors import TableError, counted, listed, quoted
from l1gui.data.tables.kinds import (
    CANNOT_BE_INPUTS,
    FEW,
    NO_NUMBERS,
    check_numbers,
    kind_of,
    n_texts,
    sort_key,
    what_it_holds,
)
from l1gui.data.tables.raw import RawTable

MANY_CLASSES = 50
NO_CLASS = -1
"""The target of a row, not trained on, whose class no training row has; no answer to it is right."""


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What is learned, of every row of a table.

    Attributes
    ----------
    name : str
        Of the column.
    values : array of shape (n_rows,)
        Of classes their numbers, int64; else the raw numbers, float64. Whatever of a missing one.
    missing : bool array of shape (n_rows,)
        Where there is none.
    keys : tuple
        Of every class what its cells hold: a number, or a text. Empty for numbers.
    class_names : tuple of str
        Of the classes, for people.
    unknown : tuple of str
        Classes in this table that `keys` lack.
    """

    name: str
    values: npt.NDArray[Any]
    missing: npt.NDArray[np.bool_]
    keys: tuple[float | str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_class(self) -> bool:
        """Whether it is one of classes."""
        return bool(self.keys)

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the classes."""
        return tuple(number_text(key) if isinstance(key, float) else key for key in self.keys)

    @property
    def mode(self) -> Mode:
        """How the same column of another file has to be read."""
        return Mode.TEXT if self.keys and isinstance(self.keys[0], str) else Mode.NUMBER


def target_of(raw: RawTable, place: int, wanted: str) -> Target:
    """The target of a table.

    Left to itself, a column of texts is one of classes. So is one of whole numbers when there are two different ones,
    or up to 20 and on the average two rows of each; other numbers are numbers.

    Parameters
    ----------
    raw : RawTable
        The table.
    place : int
        Of the column.
    wanted : str
        ``auto``, ``class`` or ``number``.

    Raises
    ------
    TableError
        When the column is neither, or the same in every row.
    """
    column = raw.columns[place]
    if column.values is not None and column.is_empty and not column.texts:
        raise _unfit(column, "holds no value: choose another (--target)")
    if wanted == "number" or (wanted == "auto" and column.is_numeric):
        check_numbers(raw, [column], "target_kind")
    if wanted == "number" or (wanted == "auto" and not _is_of_classes(column)):
        return _numbers(column)
    if column.values is None or len(column.texts) > MAX_CATEGORIES:
        raise _too_many(column, n_texts(column))
    kind = kind_of(column)
    if wanted == "auto" and kind in CANNOT_BE_INPUTS:
        raise _unfit(
            column,
            f"has {what_it_holds(column, kind)}, in {raw.n_rows:,} rows, and they are hardly classes: choose another "
            "(--target), or insist (--target-kind class)",
        )
    return with_keys(column, _keys(column))


def _unfit(column: Column, words: str) -> TableError:
    return TableError(f"column {quoted(column.name)}, to be learned, {words}", "target")


def _numbers(column: Column) -> Target:
    target = numbers_of(column)
    there = target.values[~target.missing]
    if there.min() == there.max():
        raise _unfit(column, f"is {number_text(float(there[0]))} in every row: choose another (--target)")
    return target


def numbers_of(column: Column) -> Target:
    """The target of a column of numbers."""
    assert column.values is not None  # noqa: S101 - read as numbers
    return Target(column.name, column.values, np.isnan(column.values))


def _is_of_classes(column: Column) -> bool:
    if not column.is_numeric or column.values is None:
        return True
    values = column.values[~np.isnan(column.values)]
    if not np.array_equal(values, np.floor(values)):
        return False
    n_different = len(np.unique(values))
    return n_different <= 2 or (n_different <= FEW and len(values) >= 2 * n_different)  # noqa: PLR2004 - two classes


def _keys(column: Column) -> tuple[float | str, ...]:
    is_plain = not any(column.odds.by_kind[kind].count for kind in NO_NUMBERS)
    if column.is_numeric and is_plain and column.values is not None:
        keys = np.unique(column.values[~np.isnan(column.values)]).tolist()
        if len(keys) > MAX_CATEGORIES:
            raise _too_many(column, f"{len(keys):,}")
        return tuple(keys)
    if column.codes is None:
        raise _too_many(column, n_texts(column))
    return tuple(sorted(column.texts, key=sort_key))


def _too_many(column: Column, words: str) -> TableError:
    return _unfit(
        column,
        f"has {words} classes; up to {MAX_CATEGORIES:,} can be: choose another (--target), or take it for numbers "
        "(--target-kind number)",
    )


def with_keys(column: Column, keys: tuple[float | str, ...]) -> Target:
    """The target of a column whose classes are known; others are told, and get no class."""
    if isinstance(keys[0], str):
        assert column.codes is not None  # noqa: S101 - read as text
        places = {key: k for k, key in enumerate(keys)}
        of_text = np.array([*(places.get(text, NO_CLASS) for text in column.texts), NO_CLASS], dtype=np.int64)
        used = np.unique(column.codes[column.codes >= 0]).tolist()
        unknown = [column.texts[code] for code in used if of_text[code] < 0]
        return Target(column.name, of_text[column.codes], column.codes < 0, keys, tuple(sorted(unknown, key=sort_key)))
    assert column.values is not None  # noqa: S101 - read as numbers
    known = np.array(keys, dtype=np.float64)
    missing = np.isnan(column.values)
    values = np.minimum(np.searchsorted(known, column.values), len(known) - 1)
    is_known = known[values] == column.values
    others = np.unique(column.values[~is_known & ~missing]).tolist()
    numbers = np.where(is_known, values, NO_CLASS).astype(np.int64)
    return Target(column.name, numbers, missing, keys, tuple(number_text(each) for each in others[:MAX_CATEGORIES]))


def check_classes(target: Target, train: npt.NDArray[np.int64]) -> list[str]:
    """Notes on the classes of the training rows; TableError when there is one class only."""
    counts = np.bincount(target.values[train], minlength=len(target.keys))
    names = target.class_names
    if (counts > 0).sum() < 2:  # noqa: PLR2004 - it takes two to tell apart
        one = quoted(names[int(counts.argmax())])
        raise TableError(
            f"all {len(train):,} training rows are of one class, {one} in column {quoted(target.name)}: two are needed "
            "to tell apart; choose another target (--target)",
            "target",
        )
    notes = []
    single = [names[k] for k in np.flatnonzero(counts == 1).tolist()]
    if single:
        notes.append(f"{counted(len(single), 'class', 'classes')} with one training row only: {listed(single)}.")
    if len(names) > MANY_CLASSES:
        notes.append(
            f"{len(names):,} classes: each is an output of its own. If the target is a number, choose --target-kind "
            "number."
        )
    return notes
