"""Weight magnitudes per layer: how many are exactly zero, and how the others are spread."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from l1gui.app.card import Card
from l1gui.app.legend import LegendItem
from l1gui.app.plotting import TICK_PX, Plot, Throttle, faded, stepped_top
from l1gui.app.theme import Palette, text_font
from l1gui.core.record import LayerHistogram, RunRecord, Snapshot

INTERVAL_MS = 100
BAR = 0.7
FAINT = 0.27
HEADROOM = 114.0
"""End of the axis of shares in percent: a full bar and the number on it."""
NUMBER_PX, DIGIT_PX = 24, 10
"""Room that a number over a bar needs, and a digit below it."""
SHRUNK = 8.0
"""The axis of counts holds while the highest bar is more than this part of it: so one sees the histogram empty."""


def share_text(part: int, whole: int) -> str:
    """A share in percent, without the sign; 0 and 100 only where they are exact."""
    percent = 100.0 * part / max(1, whole)
    if part not in (0, whole):
        percent = min(99.0, max(1.0, percent))
    return f"{percent:.0f}"


class HistogramView(Card):
    """At the left each layer's share of exact zeros, at the right the histogram of the other weights.

    Attributes
    ----------
    bars, near_bars : lists of BarGraphItem
        Per layer the percent of exact zeros, and on top, faint, that of nonzero weights near zero.
    outlines : list of PlotCurveItem
        Per layer the histogram of all nonzero weights.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Weight magnitudes |w|", parent)
        self.title.setToolTip("Exact zeros are counted apart, at the left; the histogram holds the other weights.")
        self.legend.most_lines = 3
        self.shares, self.spread = Plot(0), Plot(34, is_whole=True)
        self.zeros = self.shares.widget
        self.shares.set_names("% zero")
        self.shares.set_range((-0.7, 0.7), (0.0, HEADROOM))
        self.spread.set_names("|w|, not zero")
        content = QWidget()
        plots = QHBoxLayout(content)
        plots.setContentsMargins(0, 0, 0, 0)
        plots.setSpacing(4)
        plots.addWidget(self.zeros, 32)
        plots.addWidget(self.spread.widget, 68)
        self.set_content(content)
        self.bars: list[pg.BarGraphItem] = []
        self.near_bars: list[pg.BarGraphItem] = []
        self.tanks: list[pg.BarGraphItem] = []
        self.labels: list[pg.TextItem] = []
        self.outlines: list[pg.PlotCurveItem] = []
        self._snapshot: Snapshot | None = None
        self._top, self._run = 0.0, (-1, 0)
        self._throttle = Throttle(INTERVAL_MS, self)
        self._throttle.due.connect(self._on_due)

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        super().set_palette(palette)
        self.shares.set_palette(palette)
        self.spread.set_palette(palette)
        self._make_items(0)
        self._on_due()

    def clear(self) -> None:
        """Show nothing."""
        self._throttle.cancel()
        self._snapshot = None
        self._make_items(0)
        self.legend.show_items([])
        self.show_hint()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the weights as they are now."""
        self._snapshot = snapshot
        self._throttle.ask(is_last=bool(snapshot.stopped))

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Kept runs are not drawn here: outlines over outlines would hide the weights that move."""

    @Slot()
    def _on_due(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        self.show_content()
        histograms = snapshot.histograms
        if len(self.bars) != len(histograms):
            self._make_items(len(histograms))
        for layer, histogram in enumerate(histograms):
            self._show_shares(layer, histogram)
            # A staircase as a polyline: each edge twice, each count twice.
            heights = np.concatenate([[0], np.repeat(histogram.counts, 2), [0]]).astype(np.float64)
            self.outlines[layer].setData(np.repeat(histogram.edges, 2), heights)
        self._fit_top(snapshot)
        self.spread.set_range((0.0, float(histograms[0].edges[-1])), (0.0, self._top))
        self._show_legend(snapshot)

    def _fit_top(self, snapshot: Snapshot) -> None:
        """Let the axis of counts grow with the bars, but shrink only with a new run or when they are very low."""
        run = (snapshot.run_id, snapshot.counts.count)
        if run != self._run or snapshot.rows_seen == 0:
            self._run, self._top = run, 0.0
        highest = max(2.0, 1.08 * max(int(histogram.counts.max()) for histogram in snapshot.histograms))
        if highest > self._top:
            self._top = stepped_top(highest, 0.0)
        elif highest < self._top / SHRUNK:
            self._top = stepped_top(3.0 * highest, 0.0)

    def _show_shares(self, layer: int, histogram: LayerHistogram) -> None:
        zero = 100.0 * histogram.zero / max(1, histogram.count)
        near = 100.0 * histogram.near_zero / max(1, histogram.count)
        self.bars[layer].setOpts(height=zero)
        self.near_bars[layer].setOpts(y0=zero, height=near)
        label = self.labels[layer]
        text = share_text(histogram.zero, histogram.count)
        if text != label.toPlainText():
            label.setPlainText(text)
        label.setPos(layer, zero)

    def _show_legend(self, snapshot: Snapshot) -> None:
        layers = self.palette_now.layers
        items = []
        for layer, histogram in enumerate(snapshot.histograms):
            zero, near = (share_text(part, histogram.count) for part in (histogram.zero, histogram.near_zero))
            text = f"layer {layer + 1}: {zero} % zero, {near} % near"
            items.append(LegendItem(text, layers[layer % len(layers)], short=f"{layer + 1}: {zero} + {near}"))
        threshold = f"{snapshot.counts.threshold:g}"
        near_words, few_words = f"near: 0 < |w| < {threshold}", f"% zero + % near (< {threshold})"
        items.append(LegendItem(near_words, self.palette_now.muted, "box", short=few_words))
        self.legend.show_items(items)

    # -- items ----------------------------------------------------------------------------------------------------

    def _make_items(self, n_layers: int) -> None:
        for item in (*self.tanks, *self.bars, *self.near_bars, *self.labels):
            self.shares.remove(item)
        for item in self.outlines:
            self.spread.remove(item)
        self.tanks, self.bars, self.near_bars, self.labels, self.outlines = [], [], [], [], []
        for layer in range(n_layers):
            self._make_layer(layer)
        self.shares.set_range((-0.7, max(1, n_layers) - 0.3), (0.0, HEADROOM))
        self._fit_numbers()

    def _make_layer(self, layer: int) -> None:
        colour = self.palette_now.layers[layer % len(self.palette_now.layers)]
        line, full, faint, none = (
            pg.mkPen(colour),
            pg.mkBrush(colour),
            pg.mkBrush(faded(colour, FAINT)),
            pg.mkBrush(None),
        )
        tank = pg.BarGraphItem(x=[layer], height=[100], width=BAR, brush=none, pen=pg.mkPen(self.palette_now.line))
        bar = pg.BarGraphItem(x=[layer], height=[0], width=BAR, brush=full, pen=pg.mkPen(None))
        near = pg.BarGraphItem(x=[layer], y0=[0], height=[0], width=BAR, brush=faint, pen=line)
        label = pg.TextItem(color=self.palette_now.text, anchor=(0.5, 0.9))
        label.setFont(text_font(TICK_PX))
        for item in (tank, near, bar, label):
            self.shares.add(item)
        outline = pg.PlotCurveItem(pen=line, fillLevel=0, brush=faint, skipFiniteCheck=True)
        self.spread.add(outline)
        self.tanks.append(tank)
        self.bars.append(bar)
        self.near_bars.append(near)
        self.labels.append(label)
        self.outlines.append(outline)

    def _fit_numbers(self) -> None:
        """Names and numbers of the bars as far as there is room."""
        n_layers = len(self.bars)
        room = self.shares.size_px[0] / max(1, n_layers)
        stem, step = "L" if room >= NUMBER_PX else "", 1 if room >= DIGIT_PX else 2
        self.shares.fix_bottom_ticks([(k, f"{stem}{k + 1}") for k in range(0, n_layers, step)])
        for label in self.labels:
            label.setVisible(room >= NUMBER_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Find room for the numbers anew."""
        super().resizeEvent(event)
        self._fit_numbers()
