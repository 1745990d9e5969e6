"""Predicted numbers over the true ones: on the diagonal where the network is right."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from l1gui.app.card import Card
from l1gui.app.legend import LegendItem
from l1gui.app.plotting import Plot, Range, Throttle, faded
from l1gui.app.point_layer import raw_targets
from l1gui.app.square import SquareHolder
from l1gui.app.theme import Palette
from l1gui.app.words import plain
from l1gui.core.record import Predictions, RunRecord, Snapshot
from l1gui.data.dataset import Dataset

INTERVAL_MS = 80
PARTS = ("train", "validation", "test")
POINT_PX = {"train": 5, "validation": 5, "test": 6}
OPACITY = 0.8
MARGIN, FAR = 0.06, 0.5
"""Room around the true numbers, and how far beyond them predictions are shown, as shares of their range."""


class PredictedView(Card):
    """A point for each row of a sample that stays the same.

    Attributes
    ----------
    points : dict of ScatterPlotItem
        By part of the rows.
    """

    is_legend_still = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Predicted and true", parent)
        self.title.setToolTip(
            "Each point is a row: its true number to the right, what the network predicts upwards. On the diagonal "
            "they are the same."
        )
        self.figure = Plot(56)
        self.plot = self.figure.widget
        self.diagonal = pg.PlotCurveItem(antialias=True)
        self.figure.add(self.diagonal)
        self.points = {name: pg.ScatterPlotItem(size=POINT_PX[name], symbol="o") for name in PARTS}
        for item in self.points.values():
            self.figure.add(item)
        self.set_content(SquareHolder(self.figure))
        self.words = self.add_words()
        self._dataset: Dataset | None = None
        self._newest: Predictions | None = None
        self._n_rows: dict[str, int] = {}
        self._run_id = -1
        self._throttle = Throttle(INTERVAL_MS, self)
        self._throttle.due.connect(self._on_due)

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        super().set_palette(palette)
        self.figure.set_palette(palette)
        self.diagonal.setPen(pg.mkPen(palette.muted, style=Qt.PenStyle.DashLine))
        for name, colour in self._colours().items():
            self.points[name].setPen(pg.mkPen(faded(palette.card, OPACITY)))
            self.points[name].setBrush(pg.mkBrush(faded(colour, OPACITY)))
        self._on_due()

    def _colours(self) -> dict[str, str]:
        palette = self.palette_now
        return dict(zip(PARTS, (palette.first, palette.third, palette.second), strict=True))

    def set_dataset(self, dataset: Dataset) -> None:
        """Take other data's target; of classes nothing is shown."""
        self.clear()
        self._dataset = dataset if dataset.is_numeric else None
        if dataset.is_numeric:
            name = plain(dataset.target_name)
            self.figure.set_names(f"true {name}", f"predicted {name}")

    def clear(self) -> None:
        """Show nothing."""
        self._throttle.cancel()
        self._newest = None
        for item in self.points.values():
            item.setData([], [])
        self.legend.show_items([])
        self.words.say("")
        self.show_hint()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the predictions as they are now."""
        if snapshot.run_id != self._run_id:
            self._run_id = snapshot.run_id
            self.figure.set_range((0.0, 1.0), (0.0, 1.0))
        if snapshot.predictions is not None and snapshot.predictions is not self._newest:
            self._newest = snapshot.predictions
            evaluations = (snapshot.train, snapshot.validation, snapshot.test)
            self._n_rows = {name: each.rows for name, each in zip(PARTS, evaluations, strict=True) if each is not None}
            self._throttle.ask(is_last=bool(snapshot.stopped))

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Kept runs are not drawn here: points upon points could not be told apart."""

    @Slot()
    def _on_due(self) -> None:
        dataset, newest = self._dataset, self._newest
        if dataset is None or newest is None:
            return
        self.show_content()
        raw = {name: raw_targets(dataset, getattr(newest, name)) for name in PARTS}
        ends = self._ends(np.concatenate(list(raw.values())))
        self.figure.set_range(ends, ends)
        self.diagonal.setData(list(ends), list(ends))
        items = []
        for name, pairs in raw.items():
            self.points[name].setData(pairs[:, 0], pairs[:, 1])
            if len(pairs):
                items.append(self._item(name, len(pairs)))
        items.append(LegendItem("predicted = true", self.palette_now.muted, "dash", short="equal"))
        self.legend.show_items(items)
        self._say_what_is_outside(raw, ends)

    def _item(self, name: str, n_shown: int) -> LegendItem:
        n_rows = self._n_rows[name]
        text = f"{name} ({n_shown:,} of {n_rows:,})" if n_shown < n_rows else name
        return LegendItem(text, self._colours()[name], short=name)

    def _ends(self, pairs: npt.NDArray[np.float64]) -> Range:
        """Ends of both axes: all true numbers, and predictions that are not far beyond them."""
        low, high = float(pairs[:, 0].min()), float(pairs[:, 0].max())
        room = (high - low) or 1.0
        near = np.clip(pairs[:, 1], low - FAR * room, high + FAR * room)
        low, high = min(low, float(near.min())), max(high, float(near.max()))
        wanted = (low - MARGIN * room, high + MARGIN * room)
        left, right = self.figure.x_range
        is_fit = left <= low and high <= right and right - left < 1.0 + 2 * (wanted[1] - wanted[0])
        # Moved only where it must be: axes that jump with each frame cannot be read.
        return self.figure.x_range if is_fit and (left, right) != (0.0, 1.0) else wanted

    def _say_what_is_outside(self, raw: dict[str, npt.NDArray[np.float64]], ends: Range) -> None:
        n_far = sum(int(((pairs[:, 1] < ends[0]) | (pairs[:, 1] > ends[1])).sum()) for pairs in raw.values())
        self.words.say(f"{n_far:,} predictions are beyond the axis." if n_far else "")
