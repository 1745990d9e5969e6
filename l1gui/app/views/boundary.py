"""The decision boundary on a slice through two inputs, with the data on it; of a number, its fitted surface."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QTransform
from PySide6.QtWidgets import QCheckBox, QWidget

from l1gui.app.card import Card
from l1gui.app.legend import LegendItem, cut, short_names
from l1gui.app.new_point import NewPointMark, verdict_text
from l1gui.app.number_scale import NumberScale
from l1gui.app.plotting import Plot, Range, Throttle
from l1gui.app.point_editor import PointEditor
from l1gui.app.point_layer import PointLayer, is_line, places_of, raw_targets, sample_words
from l1gui.app.slice_bar import SliceBar
from l1gui.app.square import SquareHolder
from l1gui.app.surface import SmoothImage, tinted
from l1gui.app.theme import Palette
from l1gui.app.words import plain, plain_names
from l1gui.core.boundary import axis_range
from l1gui.core.record import BoundaryGrid, BoundaryRequest, RunRecord, Snapshot
from l1gui.core.sample import sample_rows
from l1gui.core.telling import telling_pair
from l1gui.data.dataset import Dataset

INTERVAL_MS = 50
PLANE = 2
LONGEST_INPUT = 16
TITLES = ("Decision boundary", "Prediction")
TIPS = (
    "Which class the network gives to each point of the slice; the paler, the less sure.",
    "The number that the network predicts at each point of the slice; points have their true number's colour.",
)


def first_slice(dataset: Dataset) -> tuple[int, int]:
    """The inputs along the axes at first: of a table those that tell most, else the first two."""
    if not dataset.columns:
        return 0, 1
    some = sample_rows(len(dataset.train_targets))
    return telling_pair(dataset.base_train[some], dataset.train_targets[some], is_numeric=dataset.is_numeric)


class BoundaryView(Card):
    """Which class the network gives to each point of a slice through the input space.

    Signals
    -------
    requestChanged(BoundaryRequest)
        Another slice is wanted.
    """

    requestChanged = Signal(object)  # noqa: N815 - Qt's way of naming signals
    is_legend_still = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TITLES[0], parent)
        self._dataset: Dataset | None = None
        self._grid: BoundaryGrid | None = None
        self._scale: NumberScale | None = None
        self.show_test = QCheckBox("test points")
        self.show_test.setToolTip("Show the test rows too, hollow.")
        self.show_test.toggled.connect(self._on_test_toggled)
        self.add_tool(self.show_test)
        self.slice_bar = SliceBar()
        self.slice_bar.hide()
        self.slice_bar.requestChanged.connect(self._on_request_changed)
        self.body.addWidget(self.slice_bar)
        self.figure = Plot(48)
        self.plot = self.figure.widget
        self.editor = PointEditor(self.figure, self)
        for tool in self.editor.tools:
            self.add_tool(tool)
        self.image = SmoothImage()
        self.image.setZValue(-10)
        self.figure.add(self.image)
        self.line = pg.PlotCurveItem(antialias=True)
        self.figure.add(self.line)
        self.set_content(SquareHolder(self.figure))
        self.words = self.add_words()
        self.layer = PointLayer(self.figure)
        self._extras: list[pg.GraphicsObject] = []
        self.new_point: NewPointMark | None = None
        self._verdict: pg.TextItem | None = None
        self._throttle = Throttle(INTERVAL_MS, self)
        self._throttle.due.connect(self._on_due)

    @property
    def request(self) -> BoundaryRequest:
        """The slice that is wanted."""
        return self.slice_bar.request

    @property
    def points(self) -> list[pg.ScatterPlotItem]:
        """The rows that are drawn, an item for each colour."""
        return self.layer.items

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        super().set_palette(palette)
        self.figure.set_palette(palette)
        self.line.setPen(pg.mkPen(palette.text, width=2))
        self._take_scale()
        self._show_legend()
        self._draw_points()
        self._on_due()

    def set_dataset(self, dataset: Dataset) -> None:
        """Take other data: its names, its points, and the slices that it allows."""
        self.new_point = self._verdict = None
        self.clear()
        self._dataset = dataset
        self.set_title(TITLES[dataset.is_numeric], TIPS[dataset.is_numeric])
        self.show_test.setVisible(len(dataset.test_targets) > 0)
        self.editor.set_dataset(dataset)
        self.slice_bar.set_inputs(dataset.base_names, len(dataset.train_targets), first_slice(dataset))
        self.slice_bar.setVisible(len(dataset.base_names) > PLANE)
        self._take_scale()
        self._show_legend()
        self._draw_points()
        self.show_content()

    def clear(self) -> None:
        """Show no boundary; the points stay."""
        self._throttle.cancel()
        self._grid = None
        self.image.clear()
        self.line.setData([], [])
        self._show_verdict()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the boundary as it is now."""
        if snapshot.grid is not None and snapshot.grid is not self._grid:
            self._grid = snapshot.grid
            self._throttle.ask(is_last=bool(snapshot.stopped))

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Kept runs have no boundary here: two on one plane could not be told apart."""

    # -- the boundary ---------------------------------------------------------------------------------------------

    def _take_scale(self) -> None:
        dataset = self._dataset
        is_numeric = dataset is not None and dataset.is_numeric
        self._scale = NumberScale.of(dataset, self.palette_now) if dataset is not None and is_numeric else None

    @Slot()
    def _on_due(self) -> None:
        grid, dataset = self._grid, self._dataset
        # A grid for another slice than the one that the axes name is late: the right one follows.
        if grid is None or dataset is None or grid.request != self.request:
            return
        if is_line(dataset):
            # On a line the grid has the same numbers along each of its rows.
            x = np.linspace(*self._raw_ranges(grid.x_range, grid.y_range)[0], len(grid.outputs))
            self.line.setData(x, raw_targets(dataset, grid.outputs[:, 0, 0]))
            return
        self.image.setImage(self._picture(grid), autoLevels=False, levels=(0, 255))
        (left, right), (bottom, top) = self._raw_ranges(grid.x_range, grid.y_range)
        n = len(grid.outputs)
        # Grid points are the pixels' centres.
        step_x, step_y = (right - left) / (n - 1), (top - bottom) / (n - 1)
        place = QTransform().translate(left - step_x / 2, bottom - step_y / 2).scale(step_x, step_y)
        if place != self.image.transform():
            self.image.setTransform(place)
        self.figure.set_range((left, right), (bottom, top))
        self._show_verdict()

    def _picture(self, grid: BoundaryGrid) -> npt.NDArray[np.uint8]:
        if self._scale is not None:
            return self._scale.tinted(grid.outputs[:, :, 0])
        colours = [self.palette_now.class_colour(k) for k in range(grid.outputs.shape[2])]
        return tinted(grid.outputs, colours, self.palette_now.card)

    def _raw_ranges(self, x_range: Range, y_range: Range) -> tuple[Range, Range]:
        assert self._dataset is not None  # noqa: S101 - the callers looked
        to_raw, request = self._dataset.base_scaling.to_raw, self.request
        x_low, x_high = (to_raw(end, request.x_input) for end in x_range)
        y_low, y_high = (to_raw(end, request.y_input) for end in y_range)
        return (x_low, x_high), (y_low, y_high)

    def _show_verdict(self) -> None:
        if self.new_point is not None and self._dataset is not None:
            self.new_point.say(verdict_text(self._dataset, self._grid))

    # -- the data -------------------------------------------------------------------------------------------------

    def _show_legend(self) -> None:
        dataset, palette = self._dataset, self.palette_now
        if dataset is None:
            return
        if self._scale is not None:
            items = self._scale.legend_items(dataset)
            if is_line(dataset):
                items.append(LegendItem("prediction", palette.text, "line"))
        else:
            names = plain_names(dataset.class_names)
            pairs = zip(names, short_names(names), strict=True)
            items = [LegendItem(name, palette.class_colour(k), short=short) for k, (name, short) in enumerate(pairs)]
        if dataset.true_boundary is not None:
            items.append(LegendItem("true boundary", palette.good, "dash"))
        self.legend.show_items(items)

    def _draw_points(self) -> None:
        for item in self._extras:
            self.figure.remove(item)
        self._extras, self.new_point, self._verdict = [], None, None
        dataset, request = self._dataset, self.request
        if dataset is None:
            return
        names = plain_names(dataset.base_names)
        y_name = plain(dataset.target_name) if is_line(dataset) else names[request.y_input]
        self.figure.set_names(names[request.x_input], y_name)
        self._set_ranges(dataset, request)
        with_test = self.show_test.isChecked()
        self.layer.draw(dataset, request, self.palette_now, with_test=with_test)
        if len(dataset.base_names) == PLANE:
            self._add_extras(dataset)
        words = [self._slice_words(dataset, request), sample_words(dataset, with_test=with_test)]
        self.words.say(" ".join(filter(None, words)))

    def _set_ranges(self, dataset: Dataset, request: BoundaryRequest) -> None:
        train = dataset.base_train
        x_range, y_range = self._raw_ranges(
            axis_range(train[:, request.x_input]), axis_range(train[:, request.y_input])
        )
        if is_line(dataset):
            y_range = axis_range(raw_targets(dataset, dataset.train_targets))
        self.figure.set_range(x_range, y_range)

    def _add_extras(self, dataset: Dataset) -> None:
        if dataset.true_boundary is not None:
            line = dataset.true_boundary * dataset.scaling.scale + dataset.scaling.offset
            pen = pg.mkPen(self.palette_now.good, width=2, style=Qt.PenStyle.DashLine)
            self._extras.append(pg.PlotCurveItem(line[:, 0], line[:, 1], pen=pen, antialias=True))
        if dataset.new_point is not None and not dataset.is_numeric:
            x, y = (dataset.scaling.to_raw(dataset.new_point[k], k) for k in (0, 1))
            some = sample_rows(len(dataset.train_targets))
            others = places_of(dataset, dataset.base_train[some], dataset.train_targets[some], self.request)
            colour = self.palette_now.class_colour(dataset.new_point[2])
            self.new_point = NewPointMark(self.figure, (x, y), others, colour, self.palette_now)
            self._verdict = self.new_point.words
            self._extras += [self.new_point.star, self.new_point.words]
        for item in self._extras:
            self.figure.add(item)
        self._show_verdict()

    @staticmethod
    def _slice_words(dataset: Dataset, request: BoundaryRequest) -> str:
        names = plain_names(dataset.base_names)
        if len(names) <= PLANE:
            return ""
        n_others = len(names) - PLANE
        others = "the other input is held at" if n_others == 1 else f"the other {n_others} inputs are held at"
        held = "its mean" if n_others == 1 else "their mean"
        if request.held_row is not None:
            held = f"the values of training row {request.held_row + 1:,}"
        x_name, y_name = (cut(names[k], LONGEST_INPUT) for k in (request.x_input, request.y_input))
        return f"A slice through {x_name} and {y_name}: {others} {held}. Points are projected onto it."

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Find room for the words anew."""
        super().resizeEvent(event)
        if self.new_point is not None:
            self.new_point.fit()

    @Slot(bool)
    def _on_test_toggled(self, _is_on: bool) -> None:
        self._draw_points()
        self._on_due()

    @Slot(object)
    def _on_request_changed(self, request: BoundaryRequest) -> None:
        # The image of the old slice goes with its labels.
        self.clear()
        self._draw_points()
        self.requestChanged.emit(request)
