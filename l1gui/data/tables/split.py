"""Which rows are trained on, validated with and tested with: by share and seed, or as a column says."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from l1gui.data.tables.columns import Column
from l1gui.data.tables.errors import TableError, quoted
from l1gui.data.tables.raw import RawTable

Rows = npt.NDArray[np.int64]

TRAIN, VALIDATION, TEST = range(3)
_WORDS = {
    "train": TRAIN, "training": TRAIN, "learn": TRAIN, "fit": TRAIN,
    "validation": VALIDATION, "valid": VALIDATION, "val": VALIDATION, "dev": VALIDATION,
    "test": TEST, "testing": TEST, "holdout": TEST,
}  # fmt: skip


def split_by_share(
    usable: Rows, classes: npt.NDArray[np.int64] | None, shares: tuple[float, float], seed: int
) -> tuple[Rows, Rows, Rows]:
    """Training, validation and test rows, each in the table's order.

    Parameters
    ----------
    usable : int64 array
        Rows to be split.
    classes : int64 array or None
        Class of each row of the table, where each part is to have its share of every one; each class keeps a training
        row.
    shares : (float, float)
        Of the validation and the test rows.
    seed : int
        Makes the split. Rows are drawn by the raw numbers of PCG64, which are the same in every version of NumPy.
    """
    keys = np.random.PCG64(seed).random_raw(len(usable))
    drawn = usable[np.argsort(keys, kind="stable")]
    groups = [drawn] if classes is None else [drawn[classes[drawn] == k] for k in np.unique(classes[drawn])]
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    test = _portions(sizes, shares[1], sizes - 1)
    validation = _portions(sizes, shares[0], sizes - 1 - test)
    parts: tuple[list[Rows], list[Rows], list[Rows]] = ([], [], [])
    for group, n_test, n_validation in zip(groups, test.tolist(), validation.tolist(), strict=True):
        parts[TEST].append(group[:n_test])
        parts[VALIDATION].append(group[n_test : n_test + n_validation])
        parts[TRAIN].append(group[n_test + n_validation :])
    nothing = np.zeros(0, dtype=np.int64)
    train, valid, held_out = (np.sort(np.concatenate([nothing, *part])) for part in parts)
    return train, valid, held_out


def _portions(sizes: Rows, share: float, most: Rows) -> Rows:
    """Rows to take of each group: its share, and where that is no whole number, those furthest from one get it."""
    wanted = int(share * sizes.sum() + 0.5)
    exact = share * sizes
    taken: Rows = np.minimum(np.floor(exact + 1e-9).astype(np.int64), np.maximum(most, 0))
    for k in np.argsort(-(exact - taken), kind="stable").tolist():
        if taken.sum() >= wanted:
            break
        taken[k] += taken[k] < most[k]
    return taken


def split_by_column(raw: RawTable, column: Column, usable: Rows) -> tuple[Rows, Rows, Rows]:
    """Training, validation and test rows as a column says; TableError for a cell that says neither."""
    assert column.codes is not None  # noqa: S101 - read as text
    codes = np.array([_WORDS.get(text.lower(), -1) for text in column.texts] + [-1], dtype=np.int64)
    of_row = codes[column.codes]
    wrong = usable[of_row[usable] < 0]
    if len(wrong):
        row = int(wrong[0])
        cell = quoted(column.texts[column.codes[row]]) if column.codes[row] >= 0 else "a missing cell"
        raise TableError(
            f"{raw.place(row)}, column {quoted(column.name)}: {cell} is none of train, validation and test: mend it, "
            "or choose another split column (--split-column)",
            "split_column",
        )
    train, validation, test = (usable[of_row[usable] == part] for part in (TRAIN, VALIDATION, TEST))
    return train, validation, test
