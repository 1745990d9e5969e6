"""A sensible network for a table, so that one step leads from a file to a training run."""

from __future__ import annotations

from l1gui.data.dataset import Dataset
from l1gui.data.tables.preview import TablePreview
from l1gui.settings import RunSettings

FEWEST_HIDDEN, MOST_HIDDEN = 16, 128
FEW_ROWS = 10_000
EPOCHS, FEWEST_EPOCHS = 100, 5
ROWS_IN_ALL = 1_000_000
"""Rows that are trained on in all, where an epoch has many: some seconds to a minute of training."""
BATCH, LARGE_BATCH = 16, 64
CLASS_RATE, NUMBER_RATE = 0.1, 0.03
CLASS_LAMBDA, NUMBER_LAMBDA = 3e-4, 3e-3
CLASS_JITTER, NUMBER_JITTER = 0.2, 0.1


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
    values: dict[str, object] = {"source": "table"}
    if isinstance(found, TablePreview):
        n_train = found.estimated_rows * (1.0 - base.table.test_share - base.table.validation_share)
        is_number, n_classes = found.target_kind == "number", found.n_classes
        values["left_out"] = tuple(dict.fromkeys((*base.data.left_out, *found.left_out)))
        values["target"] = found.target or base.table.target
        n_inputs = max(1, len(found.columns) - 1 - len(found.left_out))
    else:
        n_train, is_number = len(found.train_inputs), found.is_numeric
        n_classes, n_inputs = found.n_classes, found.n_inputs
    is_small = n_train <= FEW_ROWS
    return base.with_values(
        **values,
        scaling="standard",
        target_scaling="auto",
        hidden=(min(MOST_HIDDEN, max(FEWEST_HIDDEN, 2 * (n_inputs + max(1, n_classes)))),),
        activation="relu",
        initialization="xavier",
        output_kind="auto",
        loss="squared" if is_number else "cross-entropy",
        batch=BATCH if is_small else LARGE_BATCH,
        epochs=EPOCHS if is_small else max(FEWEST_EPOCHS, round(ROWS_IN_ALL / n_train)),
        learn_rate=NUMBER_RATE if is_number else CLASS_RATE,
        decay=0.0,
        method="cumulative",
        lam=NUMBER_LAMBDA if is_number else CLASS_LAMBDA,
        jitter=NUMBER_JITTER if is_number else CLASS_JITTER,
    )
