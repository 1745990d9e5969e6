"""Weight magnitudes per layer: how many are exactly zero, and how the others are spread."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QWidget

from l1gui.app.card import Card, LegendItem
from l1gui.app.plotting import TICK_PX, Throttle, make_plot, stepped_top, style_plot
from l1gui.app.theme import FONT_FAMILY, Palette
from l1gui.core.record import LayerHistogram, RunRecord, Snapshot

INTERVAL_MS = 100
BAR = 0.7
FEW_LAYERS = 3


def share_text(part: int, whole: int) -> str:
    """A share in percent, without the sign; 0 and 100 only where they are exact."""
    percent = 100.0 * part / max(1, whole)
    if part not in (0, whole):
        percent = min(99.0, max(1.0, percent))
    return f"{percent:.0f}"


class HistogramView(Card):
    """At the left the share of exact zeros in each layer, at the right the histogram of the other weights."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Weight magnitudes |w|", parent)
        self.title.setToolTip("Exact zeros are counted apart, at the left; the histogram holds the other weights.")
        self.zeros = make_plot()
        self.zeros.getPlotItem().hideAxis("left")
        self.zeros.setLabel("bottom", "% zero")
        self.zeros.setRange(yRange=(0, 114), padding=0)
        self.spread = make_plot(30)
        self.spread.setLabel("bottom", "|w|, not zero")
        plots = QHBoxLayout()
        plots.setSpacing(4)
        plots.addWidget(self.zeros, 32)
        plots.addWidget(self.spread, 68)
        self.body.addLayout(plots, 1)
        self.bars: list[pg.BarGraphItem] = []
        self.labels: list[pg.TextItem] = []
        self.outlines: list[pg.PlotDataItem] = []
        self._snapshot: Snapshot | None = None
        self._top = 0.0
        self._throttle = Throttle(INTERVAL_MS, self)
        self._throttle.due.connect(self._on_due)
        self.legend.show_items([LegendItem("no run yet", mark="none")])

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        super().set_palette(palette)
        style_plot(self.zeros, palette)
        style_plot(self.spread, palette)
        self._make_items(0)
        if self._snapshot is not None:
            self._on_due()

    def clear(self) -> None:
        """Show nothing."""
        self._snapshot = None
        self._make_items(0)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the weights as they are now."""
        self._snapshot = snapshot
        self._throttle.ask()

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Kept runs are not drawn here: outlines over outlines would hide the weights that move."""

    @Slot()
    def _on_due(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        histograms = snapshot.histograms
        if len(self.bars) != len(histograms):
            self._make_items(len(histograms))
        for layer, histogram in enumerate(histograms):
            self._show_zeros(layer, histogram)
            self._show_spread(layer, histogram)
        edges = histograms[0].edges
        self._top = stepped_top(1.08 * max(int(h.counts.max()) for h in histograms), self._top)
        self.spread.setRange(xRange=(0, edges[-1]), yRange=(0, max(2.0, self._top)), padding=0, disableAutoRange=True)
        left = self.spread.getPlotItem().getAxis("left")
        left.setTickSpacing(*((5, 1) if self._top <= 10 else (None, None)))  # noqa: PLR2004 - no halves of weights
        self._show_legend(snapshot)

    def _show_zeros(self, layer: int, histogram: LayerHistogram) -> None:
        percent = 100.0 * histogram.zero / max(1, histogram.count)
        self.bars[layer].setOpts(height=percent)
        # Over many bars the numbers would run into each other; the legend has them.
        is_shown = len(self.bars) <= FEW_LAYERS
        self.labels[layer].setPlainText(share_text(histogram.zero, histogram.count) if is_shown else "")
        self.labels[layer].setPos(layer, percent)

    def _show_spread(self, layer: int, histogram: LayerHistogram) -> None:
        # A staircase as a polyline: each edge twice, each count twice.
        x = np.repeat(histogram.edges, 2)
        y = np.concatenate([[0], np.repeat(histogram.counts, 2), [0]])
        self.outlines[layer].setData(x, y)

    def _show_legend(self, snapshot: Snapshot) -> None:
        layers = self.palette_now.layers
        items = []
        for layer, histogram in enumerate(snapshot.histograms):
            zero, near = (share_text(part, histogram.count) for part in (histogram.zero, histogram.near_zero))
            text = f"layer {layer + 1}: {zero} % zero, {near} % near"
            if len(snapshot.histograms) > FEW_LAYERS:
                text = f"{layer + 1}: {zero} + {near}"
            items.append(LegendItem(text, layers[layer % len(layers)]))
        near_words = f"near: 0 < |w| < {snapshot.counts.threshold:g}"
        if len(snapshot.histograms) > FEW_LAYERS:
            near_words = f"% zero + % near (< {snapshot.counts.threshold:g})"
        items.append(LegendItem(near_words, mark="none"))
        self.legend.show_items(items)

    def _make_items(self, n_layers: int) -> None:
        for item in (*self.bars, *self.labels):
            self.zeros.removeItem(item)
        for item in self.outlines:
            self.spread.removeItem(item)
        self.bars, self.labels, self.outlines = [], [], []
        font = QFont(FONT_FAMILY)
        font.setPixelSize(TICK_PX)
        for layer in range(n_layers):
            colour = pg.mkColor(self.palette_now.layers[layer % len(self.palette_now.layers)])
            fill = pg.mkColor(colour)
            fill.setAlpha(70)
            bar = pg.BarGraphItem(x=[layer], height=[0], width=BAR, brush=colour, pen=pg.mkPen(None))
            label = pg.TextItem(color=self.palette_now.text, anchor=(0.5, 1.0))
            label.setFont(font)
            outline = self.spread.plot([], [], pen=pg.mkPen(colour), fillLevel=0, brush=fill)
            self.zeros.addItem(bar)
            self.zeros.addItem(label)
            self.bars.append(bar)
            self.labels.append(label)
            self.outlines.append(outline)
        self.zeros.setRange(xRange=(-0.7, max(1, n_layers) - 0.3), padding=0)
        stem = "L" if n_layers <= FEW_LAYERS else ""
        ticks = [(layer, f"{stem}{layer + 1}") for layer in range(n_layers)]
        self.zeros.getPlotItem().getAxis("bottom").setTicks([ticks])
        self.zeros.setCursor(Qt.CursorShape.ArrowCursor)
