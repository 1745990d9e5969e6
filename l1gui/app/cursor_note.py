"""The note at the mouse cursor: a line across a plot, and what the curves say there."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtGui import QMouseEvent

from l1gui.app.plotting import TICK_PX, Plot, faded
from l1gui.app.theme import Palette, text_font


class CursorNote(QObject):
    """A vertical line and a few lines of text beside it, at the mouse.

    Signals
    -------
    reached(float)
        The mouse is at this horizontal place, in the plot's units: `show_at` answers, or `hide`.
    """

    reached = Signal(float)

    def __init__(self, plot: Plot, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plot = plot
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.text = pg.TextItem(anchor=(0, 0))
        self.text.setFont(text_font(TICK_PX))
        for item in (self.line, self.text):
            item.setZValue(10)
            plot.add(item)
        plot.widget.viewport().installEventFilter(self)
        plot.widget.viewport().setMouseTracking(True)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the mouse over the plot."""
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
            self.read_at(event.position())
        elif event.type() is QEvent.Type.Leave:
            self.hide()
        return super().eventFilter(watched, event)

    def read_at(self, position: QPointF) -> None:
        """Ask what there is to say at a place of the viewport."""
        at = self._plot.item.getViewBox().mapSceneToView(position).x()
        left, right = self._plot.x_range
        if left <= at <= right:
            self.reached.emit(at)
        else:
            self.hide()

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        self.line.setPen(pg.mkPen(palette.muted))
        self.text.setColor(palette.text)
        self.text.fill = pg.mkBrush(faded(palette.card, 0.92))
        self.text.border = pg.mkPen(palette.line)

    @property
    def is_shown(self) -> bool:
        """Whether the cursor is on the curves."""
        return bool(self.line.isVisible())

    def show_at(self, x: float, text: str) -> None:
        """Show `text` at `x`, on the side that has more room."""
        left, right = self._plot.x_range
        is_left_half = x < (left + right) / 2
        self.text.setAnchor((-0.06 if is_left_half else 1.06, 0))
        self.text.setPlainText(text)
        bottom, top = self._plot.y_range
        self.text.setPos(x, top - 0.02 * (top - bottom))
        self.line.setPos(x)
        self.line.show()
        self.text.show()

    def hide(self) -> None:
        """Show nothing."""
        self.line.hide()
        self.text.hide()
