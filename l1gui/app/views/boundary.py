"""The decision boundary on a slice through two inputs, with the data on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QTransform
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from l1gui.app.card import Card, LegendItem
from l1gui.app.plotting import TICK_PX, Throttle, make_plot, style_plot
from l1gui.app.slice_bar import SliceBar
from l1gui.app.theme import FONT_FAMILY, Palette
from l1gui.core.record import BoundaryGrid, BoundaryRequest, RunRecord, Snapshot
from l1gui.data.dataset import Dataset

INTERVAL_MS = 50
BLEND = 0.45
MAX_TEST_POINTS = 1_000
TRAIN_PX, TEST_PX = 8, 6


def rgb(name: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour, 0 to 255."""
    colour = QColor(name)
    return colour.red(), colour.green(), colour.blue()


class SmoothImage(pg.ImageItem):
    """An image whose pixels are blended when it is drawn larger."""

    def paint(self, painter: QPainter, *options: Any) -> None:
        """Draw with bilinear scaling."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *options)


class BoundaryView(Card):
    """Which class the network gives to each point of a slice through the input space.

    Signals
    -------
    requestChanged(BoundaryRequest)
        Another slice is wanted.
    """

    requestChanged = Signal(object)  # noqa: N815 - Qt's way of naming signals

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Decision boundary", parent)
        self._dataset: Dataset | None = None
        self._grid: BoundaryGrid | None = None
        self.show_test = QCheckBox("test points")
        self.show_test.toggled.connect(self._on_test_toggled)
        self.header.addWidget(self.show_test)
        self.slice_bar = SliceBar()
        self.slice_bar.hide()
        self.slice_bar.requestChanged.connect(self._on_request_changed)
        self.body.addWidget(self.slice_bar)
        self.plot = make_plot(36)
        self.plot.getPlotItem().getViewBox().setAspectLocked(lock=False)
        self.image = SmoothImage()
        self.image.setZValue(-10)
        self.plot.addItem(self.image)
        self.body.addWidget(self.plot, 1)
        self.words = QLabel()
        self.words.setObjectName("hint")
        self.words.setWordWrap(True)
        self.words.hide()
        self.body.addWidget(self.words)
        self.points: list[pg.ScatterPlotItem] = []
        self._extras: list[pg.GraphicsObject] = []
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
        style_plot(self.plot, palette)
        self._draw_points()
        self._on_due()

    def set_dataset(self, dataset: Dataset) -> None:
        """Take other data: its names, its points, and the slices that it allows."""
        self._dataset = dataset
        self._grid = None
        self.image.clear()
        self.slice_bar.set_inputs(dataset.input_names, len(dataset.train_classes))
        self.slice_bar.setVisible(dataset.n_inputs > 2)  # noqa: PLR2004 - a plane has two
        items = [LegendItem(name, self._class_colour(k)) for k, name in enumerate(dataset.class_names)]
        if dataset.true_boundary is not None:
            items.append(LegendItem("true boundary", self.palette_now.good, "dash"))
        self.legend.show_items(items)
        self._draw_points()

    def clear(self) -> None:
        """Show no boundary; the points stay."""
        self._grid = None
        self.image.clear()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the boundary as it is now."""
        if snapshot.grid is not None:
            self._grid = snapshot.grid
            self._throttle.ask()

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Kept runs have no boundary here: two on one plane could not be told apart."""

    # -- drawing --------------------------------------------------------------------------------------------------

    def _class_colour(self, k: int) -> str:
        return self.palette_now.classes[k % len(self.palette_now.classes)]

    @Slot()
    def _on_due(self) -> None:
        grid, dataset = self._grid, self._dataset
        if grid is None or dataset is None or grid.request != self.request:
            return
        self.image.setImage(self._mixed(grid.outputs), autoLevels=False, levels=(0, 255))
        x_input, y_input = grid.request.x_input, grid.request.y_input
        left, right = (dataset.scaling.to_raw(end, x_input) for end in grid.x_range)
        bottom, top = (dataset.scaling.to_raw(end, y_input) for end in grid.y_range)
        n = len(grid.outputs)
        # Grid points are the pixels' centres.
        step_x, step_y = (right - left) / (n - 1), (top - bottom) / (n - 1)
        place = QTransform().translate(left - step_x / 2, bottom - step_y / 2).scale(step_x, step_y)
        self.image.setTransform(place)
        self.plot.setRange(QRectF(left, bottom, right - left, top - bottom), padding=0, disableAutoRange=True)
        self._show_verdict(grid, dataset)

    def _mixed(self, outputs: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
        """Colours of the classes, by their probabilities, mixed into the card's."""
        n_classes = outputs.shape[2]
        colours = np.array([rgb(self._class_colour(k)) for k in range(n_classes)], dtype=np.float32)
        card = np.array(rgb(self.palette_now.card), dtype=np.float32)
        # What is certain gets the full tint, a tie none: the boundary shows as a pale seam.
        top_two = np.partition(outputs, n_classes - 2, axis=2)[:, :, -2:] if n_classes > 1 else outputs
        lead = top_two[:, :, 1] - top_two[:, :, 0] if n_classes > 1 else outputs[:, :, 0]
        tint = (BLEND * (0.35 + 0.65 * lead))[:, :, None]
        mixed = (1 - tint) * card + tint * colours[outputs.argmax(axis=2)]
        return mixed.astype(np.uint8)  # type: ignore[no-any-return]

    def _raw(self, inputs: npt.NDArray[np.float32], which: int) -> npt.NDArray[np.float64]:
        assert self._dataset is not None  # noqa: S101 - the callers looked
        scaling = self._dataset.scaling
        raw: npt.NDArray[np.float64] = (
            inputs[:, which].astype(np.float64) * scaling.scale[which] + scaling.offset[which]
        )
        return raw

    def _draw_points(self) -> None:
        for item in (*self.points, *self._extras):
            self.plot.removeItem(item)
        self.points, self._extras, self._verdict = [], [], None
        dataset = self._dataset
        if dataset is None:
            return
        request = self.request
        self.plot.setLabel("bottom", dataset.input_names[request.x_input])
        self.plot.setLabel("left", dataset.input_names[request.y_input])
        if self.show_test.isChecked():
            self._add_points(
                dataset.test_inputs[:MAX_TEST_POINTS], dataset.test_classes[:MAX_TEST_POINTS], is_test=True
            )
        self._add_points(dataset.train_inputs, dataset.train_classes, is_test=False)
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
            self.plot.addItem(item)
            self.points.append(item)

    def _add_extras(self, dataset: Dataset) -> None:
        if dataset.n_inputs != 2:  # noqa: PLR2004 - a plane has two
            return
        to_raw = dataset.scaling.to_raw
        if dataset.true_boundary is not None:
            line = dataset.true_boundary * dataset.scaling.scale + dataset.scaling.offset
            pen = pg.mkPen(self.palette_now.good, width=2, style=Qt.PenStyle.DashLine)
            self._extras.append(pg.PlotDataItem(line[:, 0], line[:, 1], pen=pen))
        if dataset.new_point is not None:
            x, y, true_class = dataset.new_point
            place = (to_raw(x, 0), to_raw(y, 1))
            brush = pg.mkBrush(self._class_colour(true_class))
            pen = pg.mkPen(self.palette_now.text, width=1.5)
            star = pg.ScatterPlotItem([place[0]], [place[1]], size=19, symbol="star", brush=brush, pen=pen)
            # Towards the middle, where there is room.
            is_right = x > float(dataset.train_inputs[:, 0].mean())
            self._verdict = pg.TextItem(color=self.palette_now.text, anchor=(1.0 if is_right else 0.0, -0.45))
            font = QFont(FONT_FAMILY)
            font.setPixelSize(TICK_PX + 1)
            self._verdict.setFont(font)
            self._verdict.setPos(*place)
            self._verdict.setPlainText(f"new point ({place[0]:g}, {place[1]:g})")
            self._extras += [star, self._verdict]
        for item in self._extras:
            self.plot.addItem(item)

    def _show_verdict(self, grid: BoundaryGrid, dataset: Dataset) -> None:
        if self._verdict is None or dataset.new_point is None:
            return
        x, y, true_class = dataset.new_point
        n = len(grid.outputs)
        column = round((x - grid.x_range[0]) / (grid.x_range[1] - grid.x_range[0]) * (n - 1))
        row = round((y - grid.y_range[0]) / (grid.y_range[1] - grid.y_range[0]) * (n - 1))
        if not (0 <= column < n and 0 <= row < n):
            return
        said = int(grid.outputs[row, column].argmax())
        place = f"({dataset.scaling.to_raw(x, 0):g}, {dataset.scaling.to_raw(y, 1):g})"
        verdict = "right" if said == true_class else "wrong"
        self._verdict.setPlainText(f"new point {place}: {verdict}")

    def _slice_words(self, dataset: Dataset, request: BoundaryRequest) -> str:
        words = []
        if dataset.n_inputs > 2:  # noqa: PLR2004 - a plane has two
            held = "their mean" if request.held_row is None else f"the values of training row {request.held_row + 1}"
            words.append(
                f"A slice through {dataset.input_names[request.x_input]} and {dataset.input_names[request.y_input]}: "
                f"the other {dataset.n_inputs - 2} inputs are held at {held}. Points are projected onto it."
            )
        n_test = len(dataset.test_classes)
        if self.show_test.isChecked() and n_test > MAX_TEST_POINTS:
            words.append(f"The first {MAX_TEST_POINTS:,} of {n_test:,} test points are shown.")
        return " ".join(words)

    @Slot(bool)
    def _on_test_toggled(self, _is_on: bool) -> None:
        self._draw_points()
        self._on_due()

    @Slot(object)
    def _on_request_changed(self, request: BoundaryRequest) -> None:
        # The image of the old slice goes with its labels.
        self.image.clear()
        self._grid = None
        self._draw_points()
        self.requestChanged.emit(request)
