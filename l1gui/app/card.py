"""The card: a framed view with a title, a legend that wraps, and room for small tools at its right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from l1gui.app.theme import DARK, Palette

SMALL_PX = 12
DOT = 9
GAP = 14
LINE_PX = 18


@dataclass(frozen=True, slots=True)
class LegendItem:
    """An entry of a legend: `mark` is "dot", "dash", "ring", "line" or "none"."""

    text: str
    colour: str = ""
    mark: str = "dot"


class Legend(QWidget):
    """Entries in a line, wrapped where the card is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[LegendItem, ...] = ()
        self._text_colour = QColor(DARK.muted)
        font = self.font()
        font.setPixelSize(SMALL_PX)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(LINE_PX)

    @property
    def texts(self) -> tuple[str, ...]:
        """What the entries say."""
        return tuple(item.text for item in self._items)

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's text colour."""
        self._text_colour = QColor(palette.muted)
        self.repaint()

    def show_items(self, items: Sequence[LegendItem]) -> None:
        """Show other entries."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self.setToolTip("\n".join(self.texts))
            self._fit()
            QWidget.update(self)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Wrap anew."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Any width, as many lines as that takes."""
        return QSize(100, self.height())

    def _places(self) -> list[tuple[LegendItem, float, float, str]]:
        metrics = QFontMetrics(self.font())
        x, y, places = 0.0, 0.0, []
        for item in self._items:
            mark = 0 if item.mark == "none" else DOT + 5
            text = metrics.elidedText(item.text, Qt.TextElideMode.ElideRight, max(20, self.width() - mark))
            width = mark + metrics.horizontalAdvance(text)
            if x and x + width > self.width():
                x, y = 0.0, y + LINE_PX
            places.append((item, x, y, text))
            x += width + GAP
        return places

    def _fit(self) -> None:
        places = self._places()
        height = int(places[-1][2]) + LINE_PX if places else LINE_PX
        if height != self.height():
            self.setFixedHeight(height)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the entries."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for item, x, y, text in self._places():
                self._paint_mark(painter, item, x, y + LINE_PX / 2)
                left = x + (0 if item.mark == "none" else DOT + 5)
                painter.setPen(self._text_colour)
                box = QRectF(left, y, self.width() - left, LINE_PX)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        finally:
            painter.end()

    @staticmethod
    def _paint_mark(painter: QPainter, item: LegendItem, x: float, y: float) -> None:
        colour = QColor(item.colour or "#888888")
        box = QRectF(x, y - DOT / 2, DOT, DOT)
        if item.mark == "dot":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(box)
        elif item.mark == "ring":
            painter.setPen(QPen(colour, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        elif item.mark in ("dash", "line"):
            style = Qt.PenStyle.DashLine if item.mark == "dash" else Qt.PenStyle.SolidLine
            painter.setPen(QPen(colour, 2, style))
            painter.drawLine(QPointF(x, y), QPointF(x + DOT + 2, y))


class Card(QFrame):
    """A framed view."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(title)
        self.title = QLabel(title)
        self.title.setObjectName("cardTitle")
        self.readout = QLabel()
        self.readout.setObjectName("readout")
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.readout.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.legend = Legend()
        self.header = QHBoxLayout()
        self.header.setSpacing(6)
        self.header.addWidget(self.title)
        self.header.addWidget(self.readout, 1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(12, 9, 12, 8)
        self.body.setSpacing(3)
        self.body.addLayout(self.header)
        self.body.addWidget(self.legend)
        self.setMinimumSize(120, 120)
        self.palette_now = DARK

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours; views extend it."""
        self.palette_now = palette
        self.legend.set_palette(palette)
