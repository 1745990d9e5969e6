"""What the plots share: a quiet plot widget, stepped ranges, thinning a curve to the pixels there are."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QSizePolicy

from l1gui.app.theme import FONT_FAMILY, Palette

TICK_PX = 11
RANGE_STEP = 1.5
MANY_DECADES = 2.5

pg.setConfigOptions(antialias=False, imageAxisOrder="row-major")


def make_plot(left_width: int = 38) -> pg.PlotWidget:
    """A plot that nobody can drag away, with fixed room for its axes."""
    plot = pg.PlotWidget()
    plot.setMenuEnabled(False)
    plot.setMouseEnabled(x=False, y=False)
    plot.hideButtons()
    plot.setFrameShape(plot.Shape.NoFrame)
    plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    item = plot.getPlotItem()
    item.setContentsMargins(0, 4, 6, 0)
    item.getViewBox().setDefaultPadding(0)
    item.disableAutoRange()
    item.getAxis("left").setWidth(left_width)
    for name in ("left", "bottom"):
        item.getAxis(name).enableAutoSIPrefix(False)
    return plot


def style_plot(plot: pg.PlotWidget, palette: Palette) -> None:
    """Put a theme's colours on a plot's ground and axes."""
    plot.setBackground(palette.card)
    font = QFont(FONT_FAMILY)
    font.setPixelSize(TICK_PX)
    for name in ("left", "bottom"):
        axis = plot.getPlotItem().getAxis(name)
        axis.setPen(pg.mkPen(palette.line))
        axis.setTextPen(pg.mkPen(palette.muted))
        axis.setStyle(tickFont=font, tickLength=-4, tickTextOffset=5)
        axis.label.setFont(font)


def stepped_top(value: float, now: float) -> float:
    """End of an axis that holds `value`: `now` while that fits well, else a step of 1.5 from 1 away."""
    if not math.isfinite(value) or value <= 0:
        return now if now > 0 else 1.0
    if now / RANGE_STEP**2 < value <= now:
        return now
    return float(RANGE_STEP ** math.ceil(math.log(value) / math.log(RANGE_STEP) - 1e-9))


def thinned(
    y: npt.NDArray[np.float64], width: int, *, is_log: bool = False
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Points (index, value) that draw like the whole curve on `width` pixels: each pixel's least and largest.

    For a logarithmic axis the pixels are spaced accordingly, and index 0, which it has not, is left out.
    """
    n = len(y)
    if is_log:
        picks = np.unique(np.geomspace(1, max(1, n - 1), 4 * width).astype(np.int64)) if n > 1 else np.array([0])
        return picks.astype(np.float64), y[picks]
    if n <= 4 * width:
        return np.arange(n, dtype=np.float64), y
    size = n // (2 * width)
    whole = n // size * size
    blocks = y[:whole].reshape(-1, size)
    low, high = blocks.min(axis=1), blocks.max(axis=1)
    starts = np.arange(0, whole, size, dtype=np.float64)
    x = np.repeat(starts, 2)
    x[1::2] += size / 2
    values = np.empty(2 * len(low))
    values[0::2], values[1::2] = low, high
    return np.append(x, n - 1.0), np.append(values, y[-1])


def log_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Ticks of an axis of logarithms from `low` to `high`: 1, 2, 5 in each decade, or decades where there are many."""
    steps = (1, 2, 5) if high - low < MANY_DECADES else (1,)
    decades = range(math.floor(low), math.ceil(high) + 1)
    values = [step * 10.0**decade for decade in decades for step in steps]
    return [(math.log10(value), f"{value:g}") for value in values if low <= math.log10(value) <= high]


class Throttle(QObject):
    """Lets a drawing through at most once per interval; the last one asked for always comes, a little late.

    Signals
    -------
    due()
        Draw what is newest.
    """

    due = Signal()

    def __init__(self, interval_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._interval_ms = interval_ms
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_timeout)

    @Slot()
    def ask(self) -> None:
        """Ask for a drawing."""
        if self._timer.isActive():
            return
        past = self._clock.elapsed() if self._clock.isValid() else self._interval_ms
        if past >= self._interval_ms:
            self._on_timeout()
        else:
            self._timer.start(int(self._interval_ms - past))

    @Slot()
    def _on_timeout(self) -> None:
        self._clock.start()
        self.due.emit()
