"""The legend of a card: marks and names, in as many lines as the width takes, shortened where those are too many."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from l1gui.app.theme import DARK, Palette, text_font
from l1gui.app.words import tip

SMALL_PX = 12
DOT = 9
DASH = 16
MARK_GAP = 5
GAP, TIGHT_GAP = 14, 8
LINE_PX = 18
SCALE_PX = 84
LONGEST_NAME = 8
FEW = 6
MOST_TIP_LINES, TIP_LETTERS = 20, 90
FAINT_ALPHA = 70

DASHES = {"dash": (4.0, 2.0), "dots": (1.5, 2.5), "dash-dot": (6.0, 2.0, 2.0, 2.0)}
"""Lengths of lines and gaps, in pixels."""

Place = tuple["LegendItem", float, float, str]


@dataclass(frozen=True, slots=True)
class LegendItem:
    """An entry of a legend.

    Attributes
    ----------
    text, short : str
        What it says, and what it says where that takes too many lines (the same when empty).
    colour : str
        Colour of its mark.
    mark : str
        "dot", "ring", "box", "line", "thick", "dash", "dots", "dash-dot", "scale" or "none".
    scale : tuple of str
        Of a scale: its colours, from end to end.
    """

    text: str
    colour: str = ""
    mark: str = "dot"
    short: str = ""
    scale: tuple[str, ...] = ()

    @property
    def mark_width(self) -> int:
        """Room that the mark takes, the gap behind it included."""
        if self.mark in {"none", "scale"}:
            return SCALE_PX + MARK_GAP if self.scale else 0
        return (DOT if self.mark in {"dot", "ring", "box"} else DASH) + MARK_GAP


def cut(name: str, longest: int) -> str:
    """A name, cut where it is longer than that."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def short_names(names: Sequence[str], longest: int = LONGEST_NAME) -> list[str]:
    """Names for where there are many: without the words that all begin with, cut where they are still long.

    Where cut names would be the same, each keeps its last word, which is often a number.
    """
    words = [name.split() for name in names]
    while len(names) > 1 and min(map(len, words)) > 1 and len({each[0] for each in words}) == 1:
        words = [each[1:] for each in words]
    found = [cut(" ".join(each), longest) for each in words]
    counts = Counter(found)
    for number, each in enumerate(words):
        if counts[found[number]] > 1 and len(each) > 1 and len(each[-1]) < longest - 1:
            found[number] = f"{' '.join(each)[: longest - 1 - len(each[-1])]}…{each[-1]}"
    return found


class Legend(QWidget):
    """Entries in a line, wrapped where the card is narrow.

    Signals
    -------
    refitted()
        The entries take another width than before.
    """

    refitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.most_lines = 2
        self._items: tuple[LegendItem, ...] = ()
        self._places: list[Place] = []
        self._text_colour = QColor(DARK.muted)
        self._text_font = text_font(SMALL_PX)
        self._metrics = QFontMetrics(self._text_font)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(LINE_PX)

    @property
    def items(self) -> tuple[LegendItem, ...]:
        """The entries."""
        return self._items

    @property
    def texts(self) -> tuple[str, ...]:
        """What the entries say, in full."""
        return tuple(item.text for item in self._items)

    @property
    def drawn_texts(self) -> tuple[str, ...]:
        """What is drawn of that, shortened where it must be."""
        return tuple(text for _, _, _, text in self._places)

    @property
    def line_width(self) -> int:
        """Width of all entries in one line."""
        widths = [item.mark_width + self._metrics.horizontalAdvance(item.text) for item in self._items]
        return sum(widths) + GAP * max(0, len(widths) - 1)

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's text colour."""
        self._text_colour = QColor(palette.muted)
        QWidget.update(self)

    def show_items(self, items: Sequence[LegendItem]) -> None:
        """Show other entries."""
        if tuple(items) == self._items:
            return
        self._items = tuple(items)
        lines = self.texts if len(self.texts) <= MOST_TIP_LINES else textwrap.wrap(", ".join(self.texts), TIP_LETTERS)
        self.setToolTip(tip("\n".join(lines)))
        self._fit()
        self.updateGeometry()
        self.refitted.emit()
        QWidget.update(self)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Wrap anew."""
        super().resizeEvent(event)
        self._fit()

    def set_single_line(self, *, is_single: bool) -> None:
        """Say whether the entries' whole width is asked for, or any width will do."""
        across = QSizePolicy.Policy.Fixed if is_single else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All entries in a line, unless the size policy leaves the width to the layout."""
        return QSize(self.line_width, self.height())

    def _fit(self) -> None:
        texts, short = [item.text for item in self._items], [item.short or item.text for item in self._items]
        places = self._wrapped(texts)
        if _n_lines(places) > self.most_lines:
            places = self._wrapped(short)
        if _n_lines(tight := self._wrapped(texts, TIGHT_GAP)) == 1:
            places = tight if _n_lines(places) > 1 else places
        self._places = places = self._cut(places)
        height = max(1, _n_lines(places)) * LINE_PX
        if height != self.height():
            self.setFixedHeight(height)

    def _cut(self, places: list[Place]) -> list[Place]:
        """Of many entries that take too many lines, those that fit, and how many do not; a few take what they need."""
        if len(places) <= FEW:
            return places
        last_y = (self.most_lines - 1) * LINE_PX
        kept = [place for place in places if place[2] <= last_y]
        while 0 < len(kept) < len(places):
            item, x, y, text = kept[-1]
            more = f"+{len(places) - len(kept):,} more"
            room = self._metrics.horizontalAdvance(more)
            end = x + item.mark_width + self._metrics.horizontalAdvance(text) + GAP if y == last_y else 0.0
            if end + room <= self.width() or len(kept) == 1:
                return [*kept, (LegendItem(more, mark="none"), end, last_y, more)]
            kept.pop()
        return kept

    def _wrapped(self, texts: Sequence[str], gap: int = GAP) -> list[Place]:
        x, y, places = 0.0, 0.0, []
        for item, full in zip(self._items, texts, strict=True):
            room = max(20, self.width() - item.mark_width)
            text = self._metrics.elidedText(full, Qt.TextElideMode.ElideRight, room)
            width = item.mark_width + self._metrics.horizontalAdvance(text)
            if x and x + width > self.width():
                x, y = 0.0, y + LINE_PX
            places.append((item, x, y, text))
            x += width + gap
        return places

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the entries."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self._text_font)
            for item, x, y, text in self._places:
                if item.scale:
                    _paint_scale(painter, item.scale, x, y + LINE_PX / 2)
                elif item.mark != "none":
                    PAINTERS[item.mark](painter, QColor(item.colour or "#888888"), x, y + LINE_PX / 2)
                left = x + item.mark_width
                painter.setPen(self._text_colour)
                box = QRectF(left, y, self.width() - left + 1, LINE_PX)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        finally:
            painter.end()


def _n_lines(places: Sequence[Place]) -> int:
    return int(places[-1][2]) // LINE_PX + 1 if places else 0


def _paint_dot(painter: QPainter, colour: QColor, x: float, y: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QRectF(x, y - DOT / 2, DOT, DOT))


def _paint_ring(painter: QPainter, colour: QColor, x: float, y: float) -> None:
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DotLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(x + 1, y - DOT / 2 + 1, DOT - 2, DOT - 2))


def _paint_box(painter: QPainter, colour: QColor, x: float, y: float) -> None:
    box = QRectF(x + 0.5, y - DOT / 2 + 0.5, DOT - 1, DOT - 1)
    painter.setPen(QPen(colour, 1))
    painter.setBrush(QColor(colour.red(), colour.green(), colour.blue(), FAINT_ALPHA))
    painter.drawRect(box)


def _paint_scale(painter: QPainter, colours: Sequence[str], x: float, y: float) -> None:
    across = QLinearGradient(x, 0.0, x + SCALE_PX, 0.0)
    for number, colour in enumerate(colours):
        across.setColorAt(number / (len(colours) - 1), QColor(colour))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(across)
    painter.drawRoundedRect(QRectF(x, y - DOT / 2, SCALE_PX, DOT), 2.0, 2.0)


def _paint_line(width: float, dashes: Sequence[float] = ()) -> Callable[[QPainter, QColor, float, float], None]:
    def paint(painter: QPainter, colour: QColor, x: float, y: float) -> None:
        pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        if dashes:
            pen.setDashPattern([length / width for length in dashes])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, y), QPointF(x + DASH, y))

    return paint


PAINTERS: dict[str, Callable[[QPainter, QColor, float, float], None]] = {
    "dot": _paint_dot,
    "ring": _paint_ring,
    "box": _paint_box,
    "line": _paint_line(1.5),
    "thick": _paint_line(3.0),
    "dash": _paint_line(1.5, DASHES["dash"]),
    "dots": _paint_line(1.5, DASHES["dots"]),
    "dash-dot": _paint_line(1.5, DASHES["dash-dot"]),
}
