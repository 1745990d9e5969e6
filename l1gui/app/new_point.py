"""The new point on the boundary: a star in the colour of its true class, and what the network says of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg

from l1gui.app.plotting import TICK_PX, Plot, faded
from l1gui.app.theme import Palette, text_font
from l1gui.app.words import plain
from l1gui.core.record import BoundaryGrid
from l1gui.data.dataset import Dataset

STAR_PX = 19
AWAY_PX, POINT_PX = 14, 4
ACROSS = (0.5, 0.7, 0.9, 0.3, 0.1)
ANCHORS = ((1.0, 0.5), (0.0, 0.5), *((x, y) for x in ACROSS for y in (0.0, 1.0)))
"""Where of the words the star is: they stand at its left, at its right, below it or above it."""


def verdict_text(dataset: Dataset, grid: BoundaryGrid | None) -> str:
    """The new point in raw units, and the class that the grid's nearest point has, where there is a grid."""
    assert dataset.new_point is not None  # noqa: S101 - the caller looked
    x, y, true_class = dataset.new_point
    text = f"new point ({dataset.scaling.to_raw(x, 0):g}, {dataset.scaling.to_raw(y, 1):g})"
    if grid is None:
        return text
    ends = np.array([grid.x_range, grid.y_range])
    cell = (np.array([x, y]) - ends[:, 0]) / (ends[:, 1] - ends[:, 0]) * (len(grid.outputs) - 1)
    column, row = np.rint(cell).astype(int)
    if min(column, row) < 0 or max(column, row) >= len(grid.outputs):
        return text
    said = int(grid.outputs[row, column].argmax())
    return f"{text}\nnetwork says {plain(dataset.class_names[said])}: {'right' if said == true_class else 'wrong'}"


class NewPointMark:
    """Star and words on a plot.

    Parameters
    ----------
    plot : Plot
        Where they go.
    place : (float, float)
        Where the point is, in the plot's units.
    others : float64 array of shape (n_points, 2)
        Points that the words should not cover.
    """

    def __init__(
        self, plot: Plot, place: tuple[float, float], others: npt.NDArray[np.float64], colour: str, palette: Palette
    ) -> None:
        self._plot, self._place, self._others = plot, np.array(place), others
        pen = pg.mkPen(palette.text, width=1.5)
        self.star = pg.ScatterPlotItem(
            [place[0]], [place[1]], size=STAR_PX, symbol="star", brush=pg.mkBrush(colour), pen=pen, antialias=True
        )
        self.words = pg.TextItem(color=palette.text)
        self.words.fill = pg.mkBrush(faded(palette.card, 0.65))
        self.words.setFont(text_font(TICK_PX))

    def say(self, text: str) -> None:
        """Show words, where they cover least."""
        if text != self.words.toPlainText():
            self.words.setPlainText(text)
            self.fit()

    def fit(self) -> None:
        """Find the words' place anew."""
        low = np.array([self._plot.x_range[0], self._plot.y_range[0]])
        high = np.array([self._plot.x_range[1], self._plot.y_range[1]])
        unit = (high - low) / np.maximum(1.0, self._plot.size_px)
        box = self.words.boundingRect()
        size = np.array([box.width(), box.height()]) * unit

        def cost(anchor: tuple[float, float]) -> float:
            at = self._place + self._shift(anchor) * unit
            start = at - size * (anchor[0], 1 - anchor[1])
            outside = np.maximum(0, low - start).sum() + np.maximum(0, start + size - high).sum()
            near = POINT_PX * unit
            covered = ((self._others > start - near) & (self._others < start + size + near)).all(axis=1).sum()
            return float(1e6 * (outside > 0) + covered)

        best = min(ANCHORS, key=cost)
        self.words.setAnchor(best)
        self.words.setPos(*(self._place + self._shift(best) * unit))

    @staticmethod
    def _shift(anchor: tuple[float, float]) -> npt.NDArray[np.float64]:
        """From the star to the words' anchor, in pixels, up and to the right."""
        return AWAY_PX * np.array([1 - 2 * anchor[0], 2 * anchor[1] - 1])
