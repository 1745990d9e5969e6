"""What a run learns from: rows, and what is to be told of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from l1gui.core.boundary import Plane

Rows = tuple[npt.NDArray[Any], npt.NDArray[Any]]
"""Inputs, shape (n_rows, n_inputs), and classes (integers) or numbers, shape (n_rows,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """The rows of a run, and what is learned from them.

    Attributes
    ----------
    train, test : Rows
        Inputs and targets: class numbers, or numbers. Test rows are only measured.
    n_classes : int
        Number of classes; 0 for numbers.
    validation : Rows or None
        Rows to validate with; without them early stopping takes some of the training rows.
    unit : float
        What one of a numeric target is in its own units.
    plane : Plane or None
        Where the inputs are made of fewer columns: these, for slices of the input space.
    """

    train: Rows
    test: Rows
    n_classes: int
    validation: Rows | None = None
    unit: float = 1.0
    plane: Plane | None = None
