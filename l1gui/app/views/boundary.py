"""The decision boundary on a slice through two inputs, with the data on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QResizeEvent, QTransform
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from l1gui.app.card import Card
from l1gui.app.legend import LegendItem, cut, short_names
from l1gui.app.new_point import NewPointMark, verdict_text
from l1gui.app.plotting import Plot, Range, Throttle, rgb
from l1gui.app.point_editor import PointEditor
from l1gui.app.slice_bar import SliceBar
from l1gui.app.square import SquareHolder
from l1gui.app.theme import Palette
from l1gui.core.boundary import axis_range
from l1gui.core.record import BoundaryGrid, BoundaryRequest, RunRecord, Snapshot
from l1gui.data.dataset import Dataset

INTERVAL_MS = 50
BLEND, LEAST_TINT = 0.45, 0.3
MAX_TEST_POINTS = 1_000
TRAIN_PX, TEST_PX = 8, 6
PLANE = 2
LONGEST_INPUT = 16


class SmoothImage(pg.ImageItem):
    """An image whose pixels are blended when it is drawn larger."""

    def paint(self, painter: QPainter, *options: Any) -> None:
        """Draw with bilinear scaling."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *options)


def tinted(outputs: npt.NDArray[np.float32], classes: list[str], card: str) -> npt.NDArray[np.uint8]:
    """Colours of the likeliest classes mixed into the card's: the surer, the stronger, so that a tie is a pale seam.

    `outputs` has shape (n, n, n_classes); the result (n, n, 3).
    """
    best, second = outputs[:, :, 0], np.zeros(outputs.shape[:2], dtype=np.float32)
    for k in range(1, outputs.shape[2]):
        second = np.maximum(second, np.minimum(best, outputs[:, :, k]))
        best = np.maximum(best, outputs[:, :, k])
    tint = BLEND * (LEAST_TINT + (1 - LEAST_TINT) * (best - second))
    ground = np.array(rgb(card), dtype=np.float32)
    shifts = np.array([rgb(name) for name in classes], dtype=np.float32) - ground
    mixed = shifts[outputs.argmax(axis=2)] * tint[:, :, None] + ground
    return mixed.astype(np.uint8)  # type: ignore[no-any-return]


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
        super().__init__("Decision boundary", parent)
        self._dataset: Dataset | None = None
        self._grid: BoundaryGrid | None = None
        self.show_test = QCheckBox("test points")
        self.show_test.setToolTip(f"Show the test rows too, hollow; the first {MAX_TEST_POINTS:,} of more.")
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
        self.set_content(SquareHolder(self.figure))
        self.words = QLabel()
        self.words.setObjectName("hint")
        self.words.setWordWrap(True)
        self.words.hide()
        self.body.addWidget(self.words)
        self.points: list[pg.ScatterPlotItem] = []
        self._extras: list[pg.GraphicsObject] = []
        self.new_point: NewPointMark | None = None
        self._verdict: pg.TextItem | None = None
        self._throttle = Throttle(INTERVAL_MS, self)
        self._throttle.due.connect(self._on_due)

    @property
    def request(self) -> BoundaryRequest:
        """The slice that is wanted."""
        return self.slice_bar.request

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        super().set_palette(palette)
        self.figure.set_palette(palette)
        self._show_legend()
        self._draw_points()
        self._on_due()

    def set_dataset(self, dataset: Dataset) -> None:
        """Take other data: its names, its points, and the slices that it allows."""
        self.new_point = self._verdict = None
        self.clear()
        self._dataset = dataset
        self.editor.set_dataset(dataset)
        self.slice_bar.set_inputs(dataset.base_names, len(dataset.train_targets))
        self.slice_bar.setVisible(len(dataset.base_names) > PLANE)
        self._show_legend()
        self._draw_points()
        self.show_content()

    def clear(self) -> None:
        """Show no boundary; the points stay."""
        self._throttle.cancel()
        self._grid = None
        self.image.clear()
        self._show_verdict()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the boundary as it is now."""
        if snapshot.grid is not None and snapshot.grid is not self._grid:
            self._grid = snapshot.grid
            self._throttle.ask(is_last=bool(snapshot.stopped))

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Kept runs have no boundary here: two on one plane could not be told apart."""

    # -- the boundary ---------------------------------------------------------------------------------------------

    def _class_colour(self, k: int) -> str:
        return self.palette_now.classes[k % len(self.palette_now.classes)]

    @Slot()
    def _on_due(self) -> None:
        grid, dataset = self._grid, self._dataset
        # A grid for another slice than the one that the axes name is late: the right one follows.
        if grid is None or dataset is None or grid.request != self.request:
            return
        colours = [self._class_colour(k) for k in range(grid.outputs.shape[2])]
        self.image.setImage(tinted(grid.outputs, colours, self.palette_now.card), autoLevels=False, levels=(0, 255))
        (left, right), (bottom, top) = self._raw_ranges(grid.x_range, grid.y_range)
        n = len(grid.outputs)
        # Grid points are the pixels' centres.
        step_x, step_y = (right - left) / (n - 1), (top - bottom) / (n - 1)
        place = QTransform().translate(left - step_x / 2, bottom - step_y / 2).scale(step_x, step_y)
        if place != self.image.transform():
            self.image.setTransform(place)
        self.figure.set_range((left, right), (bottom, top))
        self._show_verdict()

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

    def _raw(self, inputs: npt.NDArray[np.float32], which: int) -> npt.NDArray[np.float64]:
        assert self._dataset is not None  # noqa: S101 - the callers looked
        scaling = self._dataset.base_scaling
        raw: npt.NDArray[np.float64] = inputs[:, which] * scaling.scale[which] + scaling.offset[which]
        return raw

    def _show_legend(self) -> None:
        dataset = self._dataset
        if dataset is None:
            return
        names = zip(dataset.class_names, short_names(dataset.class_names), strict=True)
        items = [LegendItem(name, self._class_colour(k), short=short) for k, (name, short) in enumerate(names)]
        if dataset.true_boundary is not None:
            items.append(LegendItem("true boundary", self.palette_now.good, "dash"))
        self.legend.show_items(items)

    def _draw_points(self) -> None:
        for item in (*self.points, *self._extras):
            self.figure.remove(item)
        self.points, self._extras, self.new_point, self._verdict = [], [], None, None
        dataset, request = self._dataset, self.request
        if dataset is None:
            return
        train = dataset.base_train
        self.figure.set_names(dataset.base_names[request.x_input], dataset.base_names[request.y_input])
        self.figure.set_range(
            *self._raw_ranges(axis_range(train[:, request.x_input]), axis_range(train[:, request.y_input]))
        )
        if self.show_test.isChecked():
            some = slice(MAX_TEST_POINTS)
            self._add_points(dataset.base_test[some], dataset.test_targets[some], is_test=True)
        self._add_points(train, dataset.train_targets, is_test=False)
        if len(dataset.base_names) == PLANE:
            self._add_extras(dataset)
        self.words.setText(self._slice_words(dataset, request))
        self.words.setVisible(bool(self.words.text()))

    def _add_points(self, inputs: npt.NDArray[np.float32], classes: npt.NDArray[np.int64], *, is_test: bool) -> None:
        assert self._dataset is not None  # noqa: S101 - the caller looked
        x, y = self._raw(inputs, self.request.x_input), self._raw(inputs, self.request.y_input)
        for k in range(self._dataset.n_classes):
            own = classes == k
            colour = QColor(self._class_colour(k))
            outline = pg.mkPen(colour if is_test else self.palette_now.card, width=1)
            brush = pg.mkBrush(None) if is_test else pg.mkBrush(colour)
            size = TEST_PX if is_test else TRAIN_PX
            item = pg.ScatterPlotItem(x[own], y[own], size=size, pen=outline, brush=brush, symbol="o")
            self.figure.add(item)
            self.points.append(item)

    def _add_extras(self, dataset: Dataset) -> None:
        if dataset.true_boundary is not None:
            line = dataset.true_boundary * dataset.scaling.scale + dataset.scaling.offset
            pen = pg.mkPen(self.palette_now.good, width=2, style=Qt.PenStyle.DashLine)
            self._extras.append(pg.PlotCurveItem(line[:, 0], line[:, 1], pen=pen, antialias=True))
        if dataset.new_point is not None:
            place = tuple(dataset.scaling.to_raw(dataset.new_point[k], k) for k in (0, 1))
            others = np.column_stack([self._raw(dataset.base_train, k) for k in (0, 1)])
            colour = self._class_colour(dataset.new_point[2])
            self.new_point = NewPointMark(self.figure, (place[0], place[1]), others, colour, self.palette_now)
            self._verdict = self.new_point.words
            self._extras += [self.new_point.star, self.new_point.words]
        for item in self._extras:
            self.figure.add(item)
        self._show_verdict()

    def _slice_words(self, dataset: Dataset, request: BoundaryRequest) -> str:
        words = []
        names = dataset.base_names
        if len(names) > PLANE:
            n_others = len(names) - PLANE
            others = "the other input is held at" if n_others == 1 else f"the other {n_others} inputs are held at"
            held = "its mean" if n_others == 1 else "their mean"
            if request.held_row is not None:
                held = f"the values of training row {request.held_row + 1}"
            x_name, y_name = (cut(names[k], LONGEST_INPUT) for k in (request.x_input, request.y_input))
            words.append(f"A slice through {x_name} and {y_name}: {others} {held}. Points are projected onto it.")
        n_test = len(dataset.test_targets)
        if self.show_test.isChecked() and n_test > MAX_TEST_POINTS:
            words.append(f"The first {MAX_TEST_POINTS:,} of {n_test:,} test points are shown.")
        return " ".join(words)

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
