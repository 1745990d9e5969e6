"""The data's rows as points on a slice: by class or by number, and of many rows a sample that stays the same."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtGui import QColor

from l1gui.app.number_scale import N_STEPS, NumberScale
from l1gui.app.plotting import Plot
from l1gui.app.theme import Palette
from l1gui.core.record import BoundaryRequest
from l1gui.core.sample import MOST_POINTS, sample_rows
from l1gui.data.dataset import Dataset

MOST_TEST_POINTS = 1_000
TRAIN_PX, TEST_PX = 8, 6


def is_line(dataset: Dataset) -> bool:
    """Whether the slice is a line: one input, and a number to be drawn over it."""
    return dataset.is_numeric and len(dataset.base_names) == 1


def raw_column(dataset: Dataset, rows: npt.NDArray[np.generic], which: int) -> npt.NDArray[np.float64]:
    """A column of some rows, as the data had it before scaling."""
    scaling = dataset.base_scaling
    raw: npt.NDArray[np.float64] = rows[:, which] * scaling.scale[which] + scaling.offset[which]
    return raw


def raw_targets(dataset: Dataset, targets: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Numbers in the target's own units."""
    assert dataset.target_scaling is not None  # noqa: S101 - a number has one
    scaling = dataset.target_scaling
    raw: npt.NDArray[np.float64] = np.asarray(targets, dtype=np.float64) * scaling.scale[0] + scaling.offset[0]
    return raw


def places_of(
    dataset: Dataset, rows: npt.NDArray[np.generic], targets: npt.NDArray[np.generic], request: BoundaryRequest
) -> npt.NDArray[np.float64]:
    """Where rows are on the plot, shape (n_rows, 2)."""
    x = raw_column(dataset, rows, request.x_input)
    if is_line(dataset):
        return np.column_stack([x, raw_targets(dataset, targets)])
    return np.column_stack([x, raw_column(dataset, rows, request.y_input)])


class PointLayer:
    """Points on a plot.

    Attributes
    ----------
    items : list of ScatterPlotItem
        What is drawn: the test rows, if they are wanted, then the training rows, an item for each colour.
    """

    def __init__(self, figure: Plot) -> None:
        self._figure = figure
        self.items: list[pg.ScatterPlotItem] = []

    def clear(self) -> None:
        """Take all points off."""
        for item in self.items:
            self._figure.remove(item)
        self.items = []

    def draw(self, dataset: Dataset, request: BoundaryRequest, palette: Palette, *, with_test: bool) -> None:
        """Draw a dataset's rows, projected onto the slice; hollow those of the test."""
        self.clear()
        if with_test:
            some = sample_rows(len(dataset.test_targets), MOST_TEST_POINTS)
            self._add(dataset, dataset.base_test[some], dataset.test_targets[some], request, palette, is_test=True)
        some = sample_rows(len(dataset.train_targets))
        self._add(dataset, dataset.base_train[some], dataset.train_targets[some], request, palette, is_test=False)

    def _add(
        self,
        dataset: Dataset,
        rows: npt.NDArray[np.generic],
        targets: npt.NDArray[np.generic],
        request: BoundaryRequest,
        palette: Palette,
        *,
        is_test: bool,
    ) -> None:
        places = places_of(dataset, rows, targets, request)
        if dataset.is_numeric:
            scale = NumberScale.of(dataset, palette)
            group, colours = scale.steps(targets), scale.colours(np.linspace(0.0, 1.0, N_STEPS))
            names = [QColor(*map(round, colour)).name() for colour in colours]
        else:
            group = np.asarray(targets, dtype=np.int64)
            names = [palette.class_colour(k) for k in range(dataset.n_classes)]
        for k, name in enumerate(names):
            self._add_item(places[group == k], name, palette, is_numeric=dataset.is_numeric, is_test=is_test)
        if (group < 0).any():
            # Rows of a class that no training row has.
            self._add_item(places[group < 0], palette.muted, palette, is_numeric=False, is_test=is_test)

    def _add_item(
        self, places: npt.NDArray[np.float64], name: str, palette: Palette, *, is_numeric: bool, is_test: bool
    ) -> None:
        ground = palette.outline if is_numeric else palette.card
        item = pg.ScatterPlotItem(
            places[:, 0],
            places[:, 1],
            size=TEST_PX if is_test else TRAIN_PX,
            pen=pg.mkPen(name if is_test else ground, width=1),
            brush=pg.mkBrush(None) if is_test else pg.mkBrush(name),
            symbol="o",
        )
        self._figure.add(item)
        self.items.append(item)


def sample_words(dataset: Dataset, *, with_test: bool) -> str:
    """How many of the rows are shown, where not all are."""
    shown = [("training", len(dataset.train_targets), MOST_POINTS)]
    if with_test:
        shown.append(("test", len(dataset.test_targets), MOST_TEST_POINTS))
    parts = [f"{most:,} of {n_rows:,} {name} points" for name, n_rows, most in shown if n_rows > most]
    return f"Shown: {' and '.join(parts)}, always the same." if parts else ""
