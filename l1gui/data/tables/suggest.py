"""A sensible network for a table, so that one step leads from a file to a training run."""

from __future__ import annotations

from dataclasses import dataclass

from l1gui.data.dataset import Dataset
from l1gui.data.tables.preview import TablePreview
from l1gui.settings import TABLE, RunSettings, TableSettings

FEWEST_HIDDEN, MOST_HIDDEN = 16, 128
FEW_ROWS = 10_000
EPOCHS, FEWEST_EPOCHS = 100, 5
ROWS_IN_ALL = 1_000_000
"""Rows that are trained on in all, where an epoch has many: some seconds to a minute of training."""
BATCH, LARGE_BATCH = 16, 64
CLASS_RATE, NUMBER_RATE = 0.1, 0.03
CLASS_LAMBDA, NUMBER_LAMBDA = 3e-4, 3e-3
CLASS_JITTER, NUMBER_JITTER = 0.2, 0.1


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a table the suggestion hangs on; no classes are a number."""

    n_train: float
    n_inputs: int
    n_classes: int


def shape_of(found: Dataset | TablePreview, table: TableSettings) -> Shape:
    """Of a table that is read, or, about, of one that has been looked at."""
    if isinstance(found, Dataset):
        return Shape(len(found.train_inputs), found.n_inputs, found.n_classes)
    n_train = found.estimated_rows * (1.0 - table.test_share - table.validation_share)
    return Shape(n_train, max(1, len(found.columns) - 1 - len(found.left_out)), found.n_classes)


def suggested_settings(found: Dataset | TablePreview, base: RunSettings) -> RunSettings:
    """Settings of a run that suits a table.

    One hidden layer of ReLU units, twice as many as inputs and outputs together, from Xavier's start; inputs scaled to
    mean 0 and standard deviation 1, with some noise added while training; cross-entropy or squared error; and L1 by the
    cumulative method, gently. The numbers above were found on iris, wine, breast cancer, digits, diabetes and
    Friedman's function; docs/tables.md says how they do. A number's gradients are larger than those of classes.

    Parameters
    ----------
    found : Dataset or TablePreview
        The table. A preview also suggests its target, and which columns to leave out.
    base : RunSettings
        Those of the table, with its file, stay as they are; so do the seed and what is not named above.
    """
    if isinstance(found, TablePreview):
        left_out = tuple(dict.fromkeys((*base.data.left_out, *found.left_out)))
        base = base.with_values(left_out=left_out, target=found.target or base.table.target)
    shape = shape_of(found, base.table)
    is_number, is_small = not shape.n_classes, shape.n_train <= FEW_ROWS
    hidden = 2 * (shape.n_inputs + max(1, shape.n_classes))
    return base.with_values(
        source=TABLE,
        scaling="standard",
        target_scaling="auto",
        hidden=(min(MOST_HIDDEN, max(FEWEST_HIDDEN, hidden)),),
        activation="relu",
        initialization="xavier",
        output_kind="auto",
        loss="squared" if is_number else "cross-entropy",
        batch=BATCH if is_small else LARGE_BATCH,
        epochs=EPOCHS if is_small else max(FEWEST_EPOCHS, round(ROWS_IN_ALL / shape.n_train)),
        learn_rate=NUMBER_RATE if is_number else CLASS_RATE,
        decay=0.0,
        method="cumulative",
        lam=NUMBER_LAMBDA if is_number else CLASS_LAMBDA,
        jitter=NUMBER_JITTER if is_number else CLASS_JITTER,
    )
