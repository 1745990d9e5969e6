"""The network: inputs at the left, outputs at the right, links as strong as their weights; exact zeros have none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from l1gui.app.card import Card, LegendItem
from l1gui.app.plotting import Throttle
from l1gui.app.theme import DARK, Palette
from l1gui.core.record import RunRecord, Snapshot
from l1gui.data.dataset import Dataset

INTERVAL_MS = 50
MAX_UNITS = 20
N_STRENGTHS = 16
RADIUS = 10.0
LABEL_PX = 11


class Diagram(QWidget):
    """Paints one snapshot's network."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.snapshot: Snapshot | None = None
        self.input_names: tuple[str, ...] = ()
        self.class_names: tuple[str, ...] = ()
        self.colours: Palette = DARK
        font = self.font()
        font.setPixelSize(LABEL_PX)
        self.setFont(font)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw links, then units, then names."""
        if self.snapshot is None:
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            places = self._places(self.snapshot.sizes)
            self._paint_links(painter, self.snapshot, places)
            self._paint_units(painter, self.snapshot, places)
            self._paint_names(painter, self.snapshot, places)
        finally:
            painter.end()

    def _places(self, sizes: tuple[int, ...]) -> list[npt.NDArray[np.float64]]:
        """Centres of the units that are drawn, per layer, shape (n_drawn, 2)."""
        metrics = QFontMetrics(self.font())
        left = 8 + max((metrics.horizontalAdvance(name) for name in self.input_names[:MAX_UNITS]), default=0)
        right = 8 + max((metrics.horizontalAdvance(name) for name in self.class_names[:MAX_UNITS]), default=0)
        left, right = min(left, self.width() // 4), min(right, self.width() // 4)
        x = np.linspace(left + 2 * RADIUS, self.width() - right - 2 * RADIUS, len(sizes))
        places = []
        for column, size in zip(x, sizes, strict=True):
            n = min(size, MAX_UNITS)
            gap = min(44.0, (self.height() - 30.0) / max(1, n))
            y = self.height() / 2 + gap * (np.arange(n) - (n - 1) / 2)
            places.append(np.column_stack([np.full(n, column), y]))
        return places

    def _radius(self, snapshot: Snapshot) -> float:
        most = min(MAX_UNITS, max(snapshot.sizes))
        return float(min(RADIUS, max(3.0, 0.38 * (self.height() - 30.0) / most)))

    def _paint_links(self, painter: QPainter, snapshot: Snapshot, places: list[npt.NDArray[np.float64]]) -> None:
        strongest = max(float(np.abs(w).max()) for w in snapshot.weights) or 1.0
        for w, start, end in zip(snapshot.weights, places, places[1:], strict=False):
            drawn = w[: len(start), : len(end)]
            # Pens are few: links of about the same strength and sign share one.
            strength = np.ceil(N_STRENGTHS * np.sqrt(np.abs(drawn) / strongest)).astype(int)
            for level in range(1, N_STRENGTHS + 1):
                for is_positive, colour in ((True, self.colours.first), (False, self.colours.second)):
                    links = np.argwhere((strength == level) & ((drawn > 0) if is_positive else (drawn < 0)))
                    if len(links):
                        share = level / N_STRENGTHS
                        ink = QColor(colour)
                        ink.setAlphaF(0.18 + 0.77 * share)
                        painter.setPen(QPen(ink, 0.6 + 3.4 * share * share))
                        painter.drawLines([QLineF(*start[i], *end[j]) for i, j in links])

    def _paint_units(self, painter: QPainter, snapshot: Snapshot, places: list[npt.NDArray[np.float64]]) -> None:
        radius = self._radius(snapshot)
        for layer, centres in enumerate(places):
            has_in = np.ones(len(centres), dtype=bool)
            has_out = np.ones(len(centres), dtype=bool)
            if layer > 0:
                has_in = (snapshot.weights[layer - 1] != 0).any(axis=0)[: len(centres)]
            if layer < len(places) - 1:
                has_out = (snapshot.weights[layer] != 0).any(axis=1)[: len(centres)]
            # Outputs are never dead: without a link they still say what their biases say.
            is_output = layer == len(places) - 1
            for centre, is_live in zip(centres, (has_in & has_out) | is_output, strict=True):
                colour = QColor(self.colours.text if is_live else self.colours.line)
                painter.setPen(QPen(colour, 1.4, Qt.PenStyle.SolidLine if is_live else Qt.PenStyle.DotLine))
                painter.setBrush(QColor(self.colours.field if is_live else self.colours.card))
                painter.drawEllipse(QPointF(*centre), radius, radius)

    def _paint_names(self, painter: QPainter, snapshot: Snapshot, places: list[npt.NDArray[np.float64]]) -> None:
        radius = self._radius(snapshot)
        metrics = QFontMetrics(self.font())
        live = (snapshot.weights[0] != 0).any(axis=1)
        painter.setPen(QColor(self.colours.muted))
        sides = ((0, self.input_names, Qt.AlignmentFlag.AlignRight), (-1, self.class_names, Qt.AlignmentFlag.AlignLeft))
        for layer, names, side in sides:
            for k, ((x, y), name) in enumerate(zip(places[layer], names, strict=False)):
                left = 0.0 if layer == 0 else x + radius + 5
                width = x - radius - 5 if layer == 0 else self.width() - left
                is_live = bool(live[k]) if layer == 0 else True
                painter.setPen(QColor(self.colours.text if is_live else self.colours.muted))
                text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(width))
                painter.drawText(QRectF(left, y - 9, width, 18), side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QColor(self.colours.muted))
        for centres, size in zip(places, snapshot.sizes, strict=True):
            if size > len(centres):
                box = QRectF(centres[-1, 0] - 40, self.height() - 16, 80, 16)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"+{size - len(centres)} more")


class NetworkView(Card):
    """The network's diagram, with what is dead or constant drawn hollow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Network", parent)
        self.title.setToolTip("Width and strength of a link show the size of its weight, its colour the sign.")
        self.diagram = Diagram()
        self.body.addWidget(self.diagram, 1)
        self.words = QLabel()
        self.words.setObjectName("hint")
        self.words.setWordWrap(True)
        self.body.addWidget(self.words)
        self._throttle = Throttle(INTERVAL_MS, self)
        self._throttle.due.connect(self._on_due)
        self._newest: Snapshot | None = None

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        super().set_palette(palette)
        self.diagram.colours = palette
        self.legend.show_items(
            [
                LegendItem("w > 0", palette.first, "line"),
                LegendItem("w < 0", palette.second, "line"),
                LegendItem("exactly 0: no link", mark="none"),
                LegendItem("dead or constant", palette.muted, "ring"),
            ]
        )
        QWidget.update(self.diagram)

    def set_dataset(self, dataset: Dataset) -> None:
        """Take other data's names."""
        self.diagram.input_names = dataset.input_names
        self.diagram.class_names = dataset.class_names

    def clear(self) -> None:
        """Show nothing."""
        self._newest = self.diagram.snapshot = None
        QWidget.update(self.diagram)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the network as it is now."""
        self._newest = snapshot
        self._throttle.ask()

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Kept runs are not drawn here: there is room for one network."""

    @Slot()
    def _on_due(self) -> None:
        snapshot = self._newest
        if snapshot is None:
            return
        self.diagram.snapshot = snapshot
        counts = snapshot.counts
        shape = "-".join(str(size) for size in snapshot.sizes)
        self.readout.setText(shape)
        self.words.setText(
            f"{counts.live_inputs} of {snapshot.sizes[0]} inputs live, {counts.dead_units} dead and "
            f"{counts.constant_units} constant units, {counts.effective_parameters:,} effective parameters"
        )
        QWidget.update(self.diagram)
