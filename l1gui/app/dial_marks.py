"""Marks under the lambda dial: where the network collapses, and the lambda beyond which nothing can live."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from l1gui.app.theme import text_font

TICK_PX = 11
MARK_PX, HALF, TEXT_PX = 9, 5, 16
NEAR_PX = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: its lambda, what a tool tip says of it, and whether it is filled (found) or hollow (a bound)."""

    lam: float
    tip: str
    is_filled: bool


class DialMarks(QWidget):
    """Small triangles that point at places of the slider above.

    Parameters
    ----------
    place : callable
        Horizontal place, in this widget's pixels, of a lambda on the slider.
    """

    def __init__(self, place: Callable[[float], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._scale: dict[float, str] = {}
        self.setFont(text_font(TICK_PX))
        self.marks: tuple[Mark, ...] = ()
        self.colour, self.quiet = QColor("#d55e00"), QColor("#888888")
        self.setFixedHeight(MARK_PX + TEXT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Marks on lambda")

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        """Show other marks."""
        self.marks = marks
        self.setAccessibleDescription("; ".join(mark.tip for mark in marks))
        self.update()

    def show_scale(self, scale: Mapping[float, str]) -> None:
        """Name other lambdas under the slider."""
        self._scale = dict(scale)
        self.update()

    def set_colours(self, colour: QColor, quiet: QColor) -> None:
        """Colours of a filled and of a hollow mark."""
        self.colour, self.quiet = colour, quiet
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the triangles."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark in self.marks:
            x = self._place(mark.lam)
            triangle = QPolygonF([QPointF(x, 0.5), QPointF(x - HALF, MARK_PX - 1), QPointF(x + HALF, MARK_PX - 1)])
            painter.setPen(self.colour if mark.is_filled else self.quiet)
            painter.setBrush(self.colour if mark.is_filled else Qt.BrushStyle.NoBrush)
            painter.drawPolygon(triangle)
        painter.setPen(self.quiet)
        for lam, text in self._scale.items():
            width = painter.fontMetrics().horizontalAdvance(text)
            left = min(max(0.0, self._place(lam) - width / 2), self.width() - width)
            painter.drawText(QPointF(left, MARK_PX + painter.fontMetrics().ascent()), text)

    def tip_at(self, x: float) -> str:
        """What is said of the mark nearest to a place; empty when none is near."""
        near = [mark for mark in self.marks if abs(self._place(mark.lam) - x) <= NEAR_PX]
        return min(near, key=lambda mark: abs(self._place(mark.lam) - x)).tip if near else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Say what a mark is."""
        QToolTip.showText(event.globalPosition().toPoint(), self.tip_at(event.position().x()), self)

    def event(self, event: QHelpEvent) -> bool:  # type: ignore[override]
        """Leave tool tips to the mouse's moves."""
        return True if event.type() is event.Type.ToolTip else super().event(event)
