"""Holding rows out: a validation set taken from the training rows, for early stopping."""

from __future__ import annotations

import random

from l1gui.core.task import Rows
from l1gui.settings import RunSettings
from l1gui.spec import SettingError


def split_rows(rows: Rows, settings: RunSettings, validation: Rows | None = None) -> tuple[Rows, Rows]:
    """Training and validation rows; without rows to validate with, early stopping holds out some of the training rows.

    The rows are drawn by the seed, by random numbers of their own: the start and the visiting order's are left alone.
    Both parts keep the order of the rows.

    Raises
    ------
    SettingError
        When there are too few rows to give some to each part.
    """
    inputs, classes = rows
    n_rows = len(classes)
    if validation is not None and len(validation[1]):
        return rows, validation
    if not settings.stopping.patience:
        return rows, (inputs[:0], classes[:0])
    n_held = round(settings.stopping.validation * n_rows)
    if not 0 < n_held < n_rows:
        raise SettingError(
            "validation",
            f"Early stopping needs rows to hold out, and {settings.stopping.validation:g} of {n_rows:,} training rows "
            "are none; raise the validation share, or set patience to 0",
        )
    order = list(range(n_rows))
    random.Random(f"validation {settings.training.seed}").shuffle(order)
    held, kept = sorted(order[:n_held]), sorted(order[n_held:])
    return (inputs[kept], classes[kept]), (inputs[held], classes[held])
