"""What is learned from the training rows before training: fills, categories, scaling; and inputs made with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.data.dataset import Column as Recipe
from l1gui.data.dataset import Scaling
from l1gui.data.tables.columns import MAX_CATEGORIES, Column
from l1gui.data.tables.kinds import Feature, sort_key
from l1gui.data.tables.numbers import Floats
from l1gui.data.tables.split import Rows

TWO = 2


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A column with what the training rows say of it.

    Attributes
    ----------
    recipe : dataset.Column
        How its cells become raw features.
    place : int
        Of the column among the features.
    offset, scale : float
        Of its inputs; 0 and 1 for categories.
    """

    recipe: Recipe
    place: int
    offset: float = 0.0
    scale: float = 1.0

    @property
    def n_inputs(self) -> int:
        """How many inputs are made of it."""
        return self.recipe.n_inputs

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of its inputs."""
        name = self.recipe.name
        return tuple(f"{name}={each}" for each in self.recipe.categories) if self.recipe.is_category else (name,)


def fit_column(feature: Feature, place: int, rows: Rows, missing: str, scaling: str) -> Fitted | None:
    """Fit a column to the training rows; None when it is the same in all of them.

    Of two categories the second gets an input, 1 where the cell is it; of more, each gets one. Categories are not
    scaled.
    """
    name = feature.column.name
    if feature.is_category:
        return _fit_category(feature.column, place, rows, missing)
    assert feature.column.values is not None  # noqa: S101 - a feature of numbers has them
    values = feature.column.values[rows]
    there = values[~np.isnan(values)]
    if not len(there) or there.min() == there.max():
        return None
    fill = None
    if missing in ("mean", "mode"):
        fill = _mean(there) if missing == "mean" else _mode(there)
        values = np.where(np.isnan(values), fill, values)
    offset, scale = fit_scaling(values, scaling)
    return Fitted(Recipe(name, (), fill), place, offset, scale)


def _fit_category(column: Column, place: int, rows: Rows, missing: str) -> Fitted | None:
    assert column.codes is not None  # noqa: S101 - a category has them
    codes = column.codes[rows]
    counts = np.bincount(codes[codes >= 0], minlength=len(column.texts))
    texts = sorted((column.texts[k] for k in np.flatnonzero(counts).tolist()), key=sort_key)
    if len(texts) < TWO:
        return None
    fill = None
    if missing in ("mean", "mode"):
        count_of = dict(zip(column.texts, counts.tolist(), strict=True))
        fill = max(texts, key=count_of.__getitem__)
    if len(texts) == TWO:
        return Fitted(Recipe(column.name, (texts[1],), fill, (texts[0],)), place)
    return Fitted(Recipe(column.name, tuple(texts), fill), place)


def _mean(values: Floats) -> float:
    # The sum of the largest doubles would not be one.
    largest = float(np.abs(values).max()) or 1.0
    return float((values / largest).mean()) * largest


def _mode(values: Floats) -> float:
    different, counts = np.unique(values, return_counts=True)
    return float(different[counts.argmax()])


def fit_scaling(values: Floats, scaling: str) -> tuple[float, float]:
    """Offset and scale of numbers; scale 1 where they are all the same."""
    if scaling == "minmax":
        low, high = float(values.min()), float(values.max())
        return low, (high - low) or 1.0
    if scaling == "standard":
        largest = float(np.abs(values).max()) or 1.0
        # In parts of the largest: its square may be no double, nor that of a tiny one.
        return _mean(values), (float((values / largest).std()) * largest) or 1.0
    return 0.0, 1.0


def without_inputs(fitted: Sequence[Fitted], names: Sequence[str]) -> tuple[list[Fitted], list[str]]:
    """The columns without the inputs of some names; and the names that are no input's."""
    left = list(names)
    found = []
    for each in fitted:
        dropped = [
            category
            for category, name in zip(each.recipe.categories, each.input_names, strict=False)
            if each.recipe.is_category and name in left
        ]
        left = [name for name in left if name not in {f"{each.recipe.name}={category}" for category in dropped}]
        recipe = each.recipe.without(dropped)
        if recipe.n_inputs:
            found.append(replace(each, recipe=recipe))
    return found, left


def fill_inputs(
    inputs: npt.NDArray[Any], start: int, fitted: Fitted, column: Column, rows: Rows
) -> tuple[list[str], npt.NDArray[np.bool_]]:
    """Write the inputs that a column makes of some rows, from place `start` on.

    Returns
    -------
    unseen : list of str
        Categories that no training row has; they are 0 in every input.
    lost : bool array of shape (n_rows,)
        Rows whose number is too large for the inputs' type.
    """
    recipe = fitted.recipe
    if not recipe.is_category:
        assert column.values is not None  # noqa: S101 - read as numbers
        values = column.values[rows]
        if recipe.fill is not None:
            values = np.where(np.isnan(values), recipe.fill, values)
        with np.errstate(over="ignore"):
            inputs[:, start] = (values - fitted.offset) / fitted.scale
        return [], ~np.isfinite(inputs[:, start])
    assert column.codes is not None  # noqa: S101 - read as texts
    codes = column.codes[rows]
    filled = column.texts.index(str(recipe.fill)) if recipe.fill in column.texts else -1
    codes = np.where(codes < 0, filled, codes)
    places = {text: k for k, text in enumerate(recipe.categories)}
    of_code = np.array([*(places.get(text, -1) for text in column.texts), places.get(str(recipe.fill), -1)])
    place = of_code[codes]
    with_one = np.flatnonzero(place >= 0)
    inputs[with_one, start + place[with_one]] = 1.0
    known = {*recipe.categories, *recipe.rest}
    unseen = [column.texts[k] for k in np.unique(codes[codes >= 0]).tolist() if column.texts[k] not in known]
    return unseen[:MAX_CATEGORIES], np.zeros(len(rows), dtype=bool)


def scaling_of(fitted: Sequence[Fitted]) -> Scaling:
    """Scaling of all the inputs."""
    repeated = [each.n_inputs for each in fitted]
    offset = np.repeat(np.array([each.offset for each in fitted]), repeated)
    scale = np.repeat(np.array([each.scale for each in fitted]), repeated)
    offset.setflags(write=False)
    scale.setflags(write=False)
    return Scaling(offset, scale)
