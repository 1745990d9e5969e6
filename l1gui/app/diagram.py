"""The network's diagram: inputs at the left, outputs at the right, links as strong as their weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from l1gui.app.legend import short_names
from l1gui.app.link_raster import Links, draw_links, links_between
from l1gui.app.plotting import TICK_PX, rgb
from l1gui.app.theme import DARK, Palette, text_font
from l1gui.core.metrics import reach
from l1gui.core.network import sizes_of
from l1gui.core.record import Snapshot

MAX_UNITS = 20
MEMBER_BONUS = 1.5
RADIUS, LEAST_RADIUS = 10.0, 3.0
PADDING = 7.0
NAME_ROOM = 0.22
NOTE_PX, NAME_PX = 16, 14
LARGEST_GAP = 44.0

Places = npt.NDArray[np.float64]
Units = npt.NDArray[np.int64]


def chosen_units(weights: tuple[npt.NDArray[np.float32], ...], before: list[Units], most: int) -> list[Units]:
    """Which units of each layer are drawn, in order: all of a small one, the `most` strongest of a large one.

    Strength is the sum of the magnitudes of a unit's weights; those drawn before stay while they nearly can.
    """
    sizes = sizes_of(weights)
    chosen = []
    for layer, size in enumerate(sizes):
        if size <= most:
            chosen.append(np.arange(size))
            continue
        strength = np.zeros(size)
        if layer < len(weights):
            strength += np.abs(weights[layer]).sum(axis=1)
        if layer > 0:
            strength += np.abs(weights[layer - 1]).sum(axis=0)
        if len(before) == len(sizes) and len(before[layer]) and before[layer].max() < size:
            strength[before[layer]] *= MEMBER_BONUS
        chosen.append(np.sort(np.argsort(-strength, kind="stable")[:most]))
    return chosen


class Diagram(QWidget):
    """Paints one snapshot's network."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.snapshot: Snapshot | None = None
        self.input_names: tuple[str, ...] = ()
        self.output_names: tuple[str, ...] = ()
        self.colours: Palette = DARK
        self.units: list[Units] = []
        self._fitted: dict[tuple[Sequence[str], int], Sequence[str]] = {}
        self._links: QImage | None = None
        self._links_size = QSize()
        self._font = text_font(TICK_PX)
        self._metrics = QFontMetrics(self._font)

    def show_network(self, snapshot: Snapshot | None) -> None:
        """Draw another snapshot."""
        self.snapshot = snapshot
        self._links = None
        if snapshot is not None and self.isVisible():
            self._draw_links()
        QWidget.update(self)

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        self.colours = palette
        self._links = None
        QWidget.update(self)

    # -- geometry -------------------------------------------------------------------------------------------------

    @property
    def is_cut(self) -> bool:
        """Whether some layer is too large to be drawn whole."""
        return self.snapshot is not None and max(self.snapshot.sizes) > self.most_units

    @property
    def most_units(self) -> int:
        """Units of a layer that there is room for, with a name each."""
        return max(2, min(MAX_UNITS, int((self._height - 2 * PADDING) / NAME_PX)))

    @property
    def radius(self) -> float:
        """Of a unit."""
        most = max((len(units) for units in self.units), default=1)
        return float(min(RADIUS, max(LEAST_RADIUS, 0.38 * self._height / most)))

    @property
    def _height(self) -> float:
        return self.height() - NOTE_PX

    def places(self) -> list[Places]:
        """Centres of the units that are drawn, per layer, shape (n_drawn, 2)."""
        reach_px = self.radius + 5
        ends = []
        for units, names in ((self.units[0], self.input_names), (self.units[-1], self.output_names)):
            ends.append(min(self._widest(self._fitting(names), units) + 2, self._name_room) + reach_px)
        columns = np.linspace(ends[0], self.width() - ends[1], len(self.units))
        places = []
        for column, units in zip(columns, self.units, strict=True):
            n = len(units)
            gap = min(LARGEST_GAP, (self._height - 2 * (self.radius + PADDING)) / max(1, n - 1))
            places.append(np.column_stack([np.full(n, column), self._height / 2 + gap * (np.arange(n) - (n - 1) / 2)]))
        return places

    @property
    def _name_room(self) -> float:
        return NAME_ROOM * self.width()

    def _widest(self, names: Sequence[str], units: Iterable[int]) -> int:
        return max((self._metrics.horizontalAdvance(names[k]) for k in units if k < len(names)), default=0)

    def _fitting(self, names: tuple[str, ...]) -> Sequence[str]:
        """The names, or where there is no room for them what they do not have in common."""
        key = (names, int(self._name_room))
        if key not in self._fitted:
            has_room = self._widest(names, range(len(names))) <= self._name_room
            # Hundreds of names are measured once, not with each frame.
            self._fitted = dict([*self._fitted.items()][-1:])
            self._fitted[key] = names if has_room else short_names(names, max(map(len, names)))
        return self._fitted[key]

    def live_units(self) -> list[npt.NDArray[np.bool_]]:
        """Which of the units drawn lie on a path of nonzero weights from an input to an output; all outputs do.

        Without a link, an output still says what its bias says.
        """
        assert self.snapshot is not None  # noqa: S101 - the callers looked
        from_inputs, to_outputs = reach(self.snapshot.weights)
        from_inputs[-1][:] = True
        return [(a & b)[units] for a, b, units in zip(from_inputs, to_outputs, self.units, strict=True)]

    # -- painting -------------------------------------------------------------------------------------------------

    def _draw_links(self) -> QImage:
        """Make the links' picture for the present size."""
        assert self.snapshot is not None  # noqa: S101 - the callers looked
        self.units = chosen_units(self.snapshot.weights, self.units, self.most_units)
        ratio = self.devicePixelRatioF()
        width, height = max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
        places = [centres * ratio for centres in self.places()]
        strongest = self.snapshot.counts.abs_max or 1.0
        signs: tuple[list[Links], list[Links]] = ([], [])
        for layer, w in enumerate(self.snapshot.weights):
            drawn = w[np.ix_(self.units[layer], self.units[layer + 1])]
            strengths = np.sign(drawn) * np.sqrt(np.abs(drawn) / np.float32(strongest))
            for links, sign in zip(signs, (1, -1), strict=True):
                links.append(links_between(places[layer], places[layer + 1], sign * strengths))
        colours = [rgb(name) for name in (self.colours.card, self.colours.first, self.colours.second)]
        picture = draw_links(*signs, (width, height), ratio, colours)
        # The image must own its pixels: the array is gone when this returns.
        image = QImage(picture.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
        image.setDevicePixelRatio(ratio)
        self._links, self._links_size = image, self.size()
        return image

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw links, then units, then names."""
        if self.snapshot is None:
            return
        links = self._links
        if links is None or self._links_size != self.size():
            links = self._draw_links()
        painter = QPainter(self)
        try:
            painter.drawImage(QPointF(0, 0), links)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self._font)
            places, live = self.places(), self.live_units()
            self._paint_units(painter, places, live)
            for layer, names in ((0, self.input_names), (-1, self.output_names)):
                self._paint_names(painter, layer, self._fitting(names), places[layer], live[layer])
            self._paint_notes(painter, places)
        finally:
            painter.end()

    def _paint_units(self, painter: QPainter, places: list[Places], live: list[npt.NDArray[np.bool_]]) -> None:
        radius = self.radius
        solid = QPen(QColor(self.colours.text), 1.4)
        dotted = QPen(QColor(self.colours.muted), 1.0, Qt.PenStyle.DotLine)
        for is_live, pen, ground in ((False, dotted, self.colours.card), (True, solid, self.colours.field)):
            painter.setPen(pen)
            painter.setBrush(QColor(ground))
            for centres, alive in zip(places, live, strict=True):
                for x, y in centres[alive == is_live].tolist():
                    painter.drawEllipse(QPointF(x, y), radius, radius)

    def _paint_names(
        self, painter: QPainter, layer: int, names: Sequence[str], centres: Places, live: npt.NDArray[np.bool_]
    ) -> None:
        reach_px = self.radius + 5
        is_left = layer == 0
        side = Qt.AlignmentFlag.AlignRight if is_left else Qt.AlignmentFlag.AlignLeft
        for k, (x, y), is_live in zip(self.units[layer].tolist(), centres.tolist(), live.tolist(), strict=True):
            if k >= len(names):
                continue
            left = 0.0 if is_left else x + reach_px
            width = x - reach_px if is_left else self.width() - left
            painter.setPen(QColor(self.colours.text if is_live else self.colours.muted))
            # Many names differ by the number at their end.
            text = self._metrics.elidedText(names[k], Qt.TextElideMode.ElideMiddle, int(width))
            painter.drawText(QRectF(left, y - 9, width + 1, 18), side | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_notes(self, painter: QPainter, places: list[Places]) -> None:
        """How large the widest link's weight is; and below a layer that is too large, how many units are not drawn."""
        assert self.snapshot is not None  # noqa: S101 - the caller looked
        painter.setPen(QColor(self.colours.muted))
        corner = QRectF(0, self.height() - NOTE_PX, self.width(), NOTE_PX)
        bottom, centre = Qt.AlignmentFlag.AlignBottom, Qt.AlignmentFlag.AlignHCenter
        if not self.is_cut:
            words = f"widest: |w| = {self.snapshot.counts.abs_max:.3g}"
            painter.drawText(corner, bottom | Qt.AlignmentFlag.AlignRight, words)
        for centres, size in zip(places, self.snapshot.sizes, strict=True):
            if size > len(centres):
                text = f"+{size - len(centres):,} more"
                width = self._metrics.horizontalAdvance(text) + 4
                left = min(max(0.0, centres[0, 0] - width / 2), self.width() - width)
                painter.drawText(QRectF(left, corner.top(), width, NOTE_PX), bottom | centre, text)
