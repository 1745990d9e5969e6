"""What the plots share: a quiet plot with few ticks, ranges that move in steps, drawing no more often than useful."""

from __future__ import annotations

import html
import math

import pyqtgraph as pg
from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QSizePolicy

from l1gui.app.theme import Palette, text_font

TICK_PX = 11
RANGE_STEP = 1.5
LABEL_GAP_PX = 10
ROW_PX = 26
TOP_PX = 6
RIGHT_PX = 23
"""Margins of a plot, wide enough for half a number that stands out over an axis' end."""
TICK_ROW_PX, NAME_ROW_PX = 18, 16
TICK_OFFSET_PX, TICK_GAP_PX = 5, 7
LEAST_NAMED_PX = 40
MILLION = 1_000_000
PERCENT_TOP = 102.0
"""End of an axis in percent, a little over what can be, so that a curve at 100 is not on the edge."""

Range = tuple[float, float]
Tick = tuple[float, str]

pg.setConfigOptions(antialias=False, imageAxisOrder="row-major")


def rgb(name: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour, 0 to 255."""
    colour = QColor(name)
    return colour.red(), colour.green(), colour.blue()


def faded(name: str, opacity: float) -> QColor:
    """A colour, partly see-through."""
    colour = QColor(name)
    colour.setAlphaF(opacity)
    return colour


def stepped_top(value: float, now: float) -> float:
    """End of an axis that holds `value`: `now` while that fits well, else a step of 1.5 from 1 away."""
    if not math.isfinite(value) or value <= 0:
        return now if now > 0 else 1.0
    if now / RANGE_STEP**2 < value <= now:
        return now
    return float(RANGE_STEP ** math.ceil(math.log(value) / math.log(RANGE_STEP) - 1e-9))


def tick_text(value: float) -> str:
    """A tick's number, short."""
    if abs(value) >= MILLION:
        return f"{value / MILLION:g}M"
    return f"{value:,.6g}" if abs(value) >= 1 else f"{value:.3g}"


def linear_ticks(low: float, high: float, most: int, *, is_whole: bool = False) -> list[Tick]:
    """At most `most` ticks (one more where both ends have one), at multiples of 1, 2 or 5 times a power of ten."""
    if most < 1 or not high > low:
        return []
    least = (high - low) / most
    decade = 10.0 ** math.floor(math.log10(least))
    step = next((factor * decade for factor in (1.0, 2.0, 5.0) if factor * decade >= least * (1 - 1e-9)), 10 * decade)
    step = max(1.0, step) if is_whole else step
    numbers = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    return [(k * step, tick_text(k * step)) for k in numbers]


def log_ticks(low: float, high: float, least_gap: float) -> list[Tick]:
    """Ticks of an axis in powers of ten, `low` and `high` being logarithms; at least `least_gap` apart."""
    factors = (1, 2, 5) if high - low < 2 else (1,)  # noqa: PLR2004 - below two decades, powers of ten are too few
    ticks: list[Tick] = []
    for decade in range(math.floor(low), math.ceil(high) + 1):
        for factor in factors:
            at = decade + math.log10(factor)
            if low - 1e-9 <= at <= high + 1e-9 and (not ticks or at - ticks[-1][0] >= least_gap):
                ticks.append((at, tick_text(factor * 10.0**decade)))
    return ticks


class Plot:
    """A plot that nobody can drag away: its ranges are set, its ticks few enough to be read.

    Parameters
    ----------
    left_width : int
        Room for the numbers of the vertical axis, in pixels; 0 for no such axis.
    is_whole : bool
        Whether the vertical axis counts things.

    Attributes
    ----------
    widget : PlotWidget
        What goes into a layout.
    """

    def __init__(self, left_width: int = 38, *, is_whole: bool = False) -> None:
        self.widget = pg.PlotWidget()
        self.item = self.widget.getPlotItem()
        self.x_range, self.y_range = (0.0, 1.0), (0.0, 1.0)
        self._is_whole = is_whole
        self._logs = {"bottom": False, "left": False}
        self._names = {"bottom": "", "left": ""}
        self._fixed: list[Tick] | None = None
        self._metrics = QFontMetricsF(text_font(TICK_PX))
        widget = self.widget
        widget.setMenuEnabled(False)
        widget.setMouseEnabled(x=False, y=False)
        widget.hideButtons()
        widget.setFrameShape(widget.Shape.NoFrame)
        widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._least_left = self._left_width = left_width
        self._bottom_height = TICK_ROW_PX
        self.item.setContentsMargins(0, TOP_PX, self._right_width, 0)
        self.item.disableAutoRange()
        self._box = self.item.getViewBox()
        self._box.setDefaultPadding(0)
        self._axes = {name: self.item.getAxis(name) for name in ("bottom", "left")}
        self._axes["left"].setWidth(left_width)
        self._axes["bottom"].setHeight(TICK_ROW_PX)
        for axis in self._axes.values():
            axis.enableAutoSIPrefix(False)
            axis.setCacheMode(axis.CacheMode.DeviceCoordinateCache)
        if not left_width:
            self.item.hideAxis("left")
        self._box.sigResized.connect(self._on_resized)

    def add(self, item: pg.GraphicsObject) -> None:
        """Put something on the plot."""
        self.widget.addItem(item, ignoreBounds=True)

    def remove(self, item: pg.GraphicsObject) -> None:
        """Take something off the plot."""
        self.widget.removeItem(item)

    @property
    def size_px(self) -> tuple[float, float]:
        """Width and height of the area inside the axes."""
        return float(self._box.width()), float(self._box.height())

    @property
    def _right_width(self) -> int:
        return RIGHT_PX if self._left_width else 2

    @property
    def margins_px(self) -> tuple[int, int]:
        """Room that axes and margins take, across and down."""
        return self._left_width + self._right_width, TOP_PX + self._bottom_height

    @property
    def pixel_height(self) -> float:
        """Height of a pixel, in units of the vertical axis."""
        return (self.y_range[1] - self.y_range[0]) / max(1.0, self.size_px[1])

    def set_names(self, bottom: str, left: str = "") -> None:
        """Name the axes, in plain text; what does not fit is left out at the end."""
        self._names = {"bottom": bottom, "left": left}
        self._bottom_height = TICK_ROW_PX + NAME_ROW_PX
        self._axes["bottom"].setHeight(self._bottom_height)
        self._fit_names()

    def _fit_names(self) -> None:
        for side, length in zip(("bottom", "left"), self.size_px, strict=True):
            name = self._names[side]
            if length >= LEAST_NAMED_PX:
                # A name stands at its axis' middle, and may go as far as the narrower margin lets it.
                room = length + 2 * (self._right_width if side == "bottom" else TOP_PX)
                name = self._metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            text = html.escape(name)
            if text != self._axes[side].labelText:
                self.widget.setLabel(side, text)

    def set_palette(self, palette: Palette) -> None:
        """Put a theme's colours on ground and axes."""
        self.widget.setBackground(palette.card)
        font = text_font(TICK_PX)
        for axis in self._axes.values():
            axis.setPen(pg.mkPen(palette.line))
            axis.setTextPen(pg.mkPen(palette.muted))
            axis.setStyle(tickFont=font, tickLength=0, tickTextOffset=TICK_OFFSET_PX, hideOverlappingLabels=RIGHT_PX)
            axis.label.setFont(font)

    def set_range(self, x_range: Range, y_range: Range, *, is_log_x: bool = False, is_log_y: bool = False) -> None:
        """Show this part of the plane, in logarithms where said so; costs nothing where it is shown already."""
        logs = {"bottom": is_log_x, "left": is_log_y}
        if (x_range, y_range, logs) == (self.x_range, self.y_range, self._logs):
            return
        self.x_range, self.y_range, self._logs = x_range, y_range, logs
        self.widget.setRange(xRange=x_range, yRange=y_range, padding=0, disableAutoRange=True)
        self._fit_ticks()

    def fix_bottom_ticks(self, ticks: list[Tick]) -> None:
        """Show these ticks below, and no others."""
        self._fixed = ticks
        self._fit_ticks()

    def _fit_ticks(self) -> None:
        width, height = self.size_px
        if width < 1 or height < 1:
            return
        bottom = self._horizontal(*self.x_range, width) if self._fixed is None else self._fixed
        left = self._vertical(*self.y_range, height)
        self._axes["bottom"].setTicks([bottom])
        self._axes["left"].setTicks([left])
        self._fit_left(left)

    def _fit_left(self, ticks: list[Tick]) -> None:
        """Give the vertical axis the room that its numbers need, and its name beside them."""
        if not self._left_width:
            return
        widest = max((self._metrics.horizontalAdvance(text) for _, text in ticks), default=0.0)
        name = NAME_ROW_PX if self._axes["left"].labelText else 0
        wanted = max(self._least_left, math.ceil(widest) + TICK_GAP_PX + name)
        if wanted != self._left_width:
            self._left_width = wanted
            self._axes["left"].setWidth(wanted)

    def _horizontal(self, low: float, high: float, room: float) -> list[Tick]:
        if self._logs["bottom"]:
            return log_ticks(low, high, 46 * (high - low) / room)
        for most in range(max(1, int(room // 32)), 0, -1):
            ticks = linear_ticks(low, high, most)
            widest = max((self._metrics.horizontalAdvance(text) for _, text in ticks), default=0.0)
            if len(ticks) < 2 or (ticks[1][0] - ticks[0][0]) / (high - low) * room >= widest + LABEL_GAP_PX:  # noqa: PLR2004
                return ticks
        return []

    def _vertical(self, low: float, high: float, room: float) -> list[Tick]:
        if self._logs["left"]:
            return log_ticks(low, high, ROW_PX * (high - low) / room)
        return linear_ticks(low, high, max(1, int(room // ROW_PX)), is_whole=self._is_whole)

    def _on_resized(self, _box: object) -> None:
        self._fit_ticks()
        self._fit_names()


class Throttle(QObject):
    """Lets a drawing through at most once per interval; the last one asked for always comes, a little late.

    A drawing that takes long makes its intervals longer, so that it never takes more than a share of the time.

    Signals
    -------
    due()
        Draw what is newest.
    """

    due = Signal()
    SHARE = 0.25

    def __init__(self, interval_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._interval_ms = float(interval_ms)
        self._pause_ms = self._interval_ms
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_waiting(self) -> bool:
        """Whether a drawing is still to come."""
        return self._timer.isActive()

    def ask(self, *, is_last: bool = False) -> None:
        """Ask for a drawing; at once when it `is_last`, because nothing may come after it."""
        past = self._clock.elapsed() if self._clock.isValid() else self._pause_ms
        if is_last or past >= self._pause_ms:
            self._on_timeout()
        elif not self._timer.isActive():
            self._timer.start(math.ceil(self._pause_ms - past))

    def cancel(self) -> None:
        """Forget the drawing that is still to come."""
        self._timer.stop()

    @Slot()
    def _on_timeout(self) -> None:
        self._timer.stop()
        self._clock.start()
        self.due.emit()
        self._pause_ms = max(self._interval_ms, self._clock.elapsed() / self.SHARE)
