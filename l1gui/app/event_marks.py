"""Marks of the live changes on a plot over the epochs: a thin line each, and a word or two where they fit."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from l1gui.app.plotting import TICK_PX, Plot, faded
from l1gui.app.theme import Palette, text_font
from l1gui.core.record import LiveChange

MOST_LABELS = 6
EVENT_WORDS = {
    "lam": "λ",
    "learn_rate": "rate",
    "method": "mode",
    "epochs": "epochs",
    "alpha": "alpha",
    "max_norm": "norm",
    "threshold": "τ",
    "decay": "decay",
}
TEXT_MARGIN = 4.0
"""Room that a text item leaves around its text, in pixels."""
LEAST_GAP_PX = 3.0


def event_text(event: LiveChange) -> str:
    """A live change in a word or two, as in λ 0.05."""
    value = f"{event.value:g}" if isinstance(event.value, int | float) else str(event.value)
    return f"{EVENT_WORDS.get(event.field, event.field)} {value}"


class EventMarks:
    """Lines and labels of live changes; of labels that would overlap, the newest is shown.

    Parameters
    ----------
    plot : Plot
        Where they go.
    is_at_top : bool
        Whether the labels go to the plot's upper end, or its lower one.
    """

    def __init__(self, plot: Plot, *, is_at_top: bool) -> None:
        self._plot = plot
        self._is_at_top = is_at_top
        self._places: list[tuple[float, str]] = []
        self._placed: tuple[object, ...] = ()
        self._metrics = QFontMetricsF(text_font(TICK_PX))
        self.lines = pg.PlotCurveItem(connect="pairs")
        self.lines.setZValue(5)
        self.labels = [pg.TextItem(anchor=(0, 0)) for _ in range(MOST_LABELS)]
        plot.add(self.lines)
        for label in self.labels:
            label.setFont(text_font(TICK_PX))
            label.setZValue(6)
            label.hide()
            plot.add(label)

    @property
    def texts(self) -> tuple[str, ...]:
        """Labels that are shown, newest first."""
        return tuple(label.toPlainText() for label in self.labels if label.isVisible())

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        self.lines.setPen(pg.mkPen(palette.muted, style=Qt.PenStyle.DotLine))
        for label in self.labels:
            label.setColor(palette.text)
            label.fill = pg.mkBrush(faded(palette.card, 0.85))

    def show_events(self, events: Sequence[LiveChange], rows_per_epoch: int, *, is_log: bool) -> None:
        """Mark these changes at their epochs."""
        epochs = [event.row / max(1, rows_per_epoch) for event in events]
        places = [math.log10(max(1.0, epoch)) if is_log else epoch for epoch in epochs]
        self._places = list(zip(places, map(event_text, events), strict=True))
        self.place()

    def place(self) -> None:
        """Put lines and labels where the plot's ranges now want them."""
        left, right = self._plot.x_range
        bottom, top = self._plot.y_range
        width = self._plot.size_px[0]
        wanted = (self._places, left, right, bottom, top, width)
        if wanted == self._placed:
            return
        self._placed = wanted
        scale = max(1.0, width) / (right - left)
        shown = self._thinned(LEAST_GAP_PX / scale)
        self.lines.setData(np.repeat([x for x, _ in shown], 2), np.tile([bottom, top], len(shown)))
        taken = width
        labels = iter(self.labels)
        for x, text in reversed(shown):
            at, room = (x - left) * scale, self._metrics.horizontalAdvance(text) + 2 * TEXT_MARGIN
            start = at if at + room <= taken else at - room
            if start < 0 or start + room > taken:
                continue
            taken = start
            if (label := next(labels, None)) is None:
                break
            self._put(label, text, x, start >= at)
        for label in labels:
            label.hide()

    def _thinned(self, least_gap: float) -> list[tuple[float, str]]:
        """The changes, of those in one place the last one: dragging a slider makes dozens."""
        shown: list[tuple[float, str]] = []
        for place in self._places:
            if shown and place[0] - shown[-1][0] < least_gap:
                shown.pop()
            shown.append(place)
        return shown

    def _put(self, label: pg.TextItem, text: str, x: float, is_right: bool) -> None:
        label.setPlainText(text)
        label.setAnchor((0 if is_right else 1, 0 if self._is_at_top else 1))
        label.setPos(x, self._plot.y_range[1 if self._is_at_top else 0])
        label.show()
