"""A card of curves over the epochs, training and test, with kept runs, live changes and a readout at the cursor."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from l1gui.app.card import Card, LegendItem
from l1gui.app.plotting import log_ticks, make_plot, stepped_top, style_plot, thinned
from l1gui.app.theme import Palette
from l1gui.core.history import HistoryView
from l1gui.core.record import LiveChange, RunRecord, Snapshot

CURVES = ("train", "test")
MAX_MARKERS = 12
EVENT_WORDS = {"lam": "λ", "learn_rate": "rate", "method": "mode", "epochs": "epochs"}

Column = npt.NDArray[np.float64]


def event_text(event: LiveChange) -> str:
    """A live change in a word or two, as in λ 0.05."""
    value = f"{event.value:g}" if isinstance(event.value, int | float) else str(event.value)
    return f"{EVENT_WORDS.get(event.field, event.field)} {value}"


class CurveCard(Card):
    """Training and test curves; subclasses say which columns, and how a value reads."""

    unit_label = ""
    can_log_value = False

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.plot = make_plot()
        self.curves = {name: self.plot.plot([], []) for name in CURVES}
        self._kept: list[pg.PlotDataItem] = []
        self._markers: list[pg.InfiniteLine] = []
        self._records: tuple[RunRecord, ...] = ()
        self._snapshot: Snapshot | None = None
        self._events: tuple[LiveChange, ...] = ()
        self._top, self._right = 0.0, 0.0
        self.log_epochs = self._toggle("log x", "Logarithmic epochs")
        self.log_value = self._toggle("log y", "Logarithmic values")
        self.log_value.setVisible(self.can_log_value)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self.plot.addItem(self._cursor, ignoreBounds=True)
        self.plot.setLabel("bottom", "epoch")
        self.plot.viewport().installEventFilter(self)
        self.plot.viewport().setMouseTracking(True)
        self.body.addWidget(self.plot, 1)
        self.legend.show_items([LegendItem("no run yet", mark="none")])

    def _toggle(self, text: str, help_text: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setCheckable(True)
        button.setToolTip(help_text)
        button.setObjectName("toggle")
        button.setAccessibleName(f"{self.title.text()}: {help_text}")
        button.toggled.connect(self._on_toggled)
        self.header.addWidget(button)
        return button

    # -- for subclasses -------------------------------------------------------------------------------------------

    def column(self, history: HistoryView, snapshot: Snapshot, name: str) -> Column:
        """The curve `name` ("train" or "test") of a history."""
        raise NotImplementedError

    def value_text(self, snapshot: Snapshot, name: str) -> str:
        """What the legend says of a curve's last value."""
        raise NotImplementedError

    def number_text(self, value: float) -> str:
        """A value at the cursor, in words."""
        raise NotImplementedError

    def value_range(self, columns: list[Column]) -> tuple[float, float]:
        """Ends of the value axis for these curves, on a linear scale."""
        raise NotImplementedError

    # -- every view -----------------------------------------------------------------------------------------------

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        super().set_palette(palette)
        style_plot(self.plot, palette)
        self.curves["train"].setPen(pg.mkPen(palette.first))
        self.curves["test"].setPen(pg.mkPen(palette.second, width=2))
        self._cursor.setPen(pg.mkPen(palette.muted))
        self.show_records(self._records)
        self._place_markers(self._events)

    def clear(self) -> None:
        """Show nothing."""
        self._snapshot = None
        for curve in self.curves.values():
            curve.setData([], [])
        self.legend.show_items([LegendItem("no run yet", mark="none")])

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the history so far."""
        self._snapshot = snapshot
        columns = [self.column(snapshot.history, snapshot, name) for name in CURVES]
        self._draw(list(self.curves.values()), columns)
        kept = [self.column(r.last.history, r.last, name) for r in self._records for name in CURVES]
        self._set_ranges([*columns, *kept], snapshot)
        if snapshot.events != self._events:
            self._place_markers(snapshot.events)
        palette = self.palette_now
        items = [
            LegendItem(self.value_text(snapshot, "train"), palette.first, "line"),
            LegendItem(self.value_text(snapshot, "test"), palette.second, "line"),
        ]
        items += [LegendItem(f"{record.label} (kept)", palette.muted, "dash") for record in self._records]
        self.legend.show_items(items)

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Keep the curves of finished runs on the plot, dashed."""
        self._records = records
        for item in self._kept:
            self.plot.removeItem(item)
        self._kept = []
        for record in records:
            for name, colour in zip(CURVES, (self.palette_now.first, self.palette_now.second), strict=True):
                faded = pg.mkColor(colour)
                faded.setAlpha(170)
                item = self.plot.plot([], [], pen=pg.mkPen(faded, style=Qt.PenStyle.DashLine))
                self._draw([item], [self.column(record.last.history, record.last, name)])
                self._kept.append(item)
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)

    # -- drawing --------------------------------------------------------------------------------------------------

    def _draw(self, items: list[pg.PlotDataItem], columns: list[Column]) -> None:
        is_log_x, is_log_y = self.log_epochs.isChecked(), self.log_value.isChecked()
        for item, column in zip(items, columns, strict=True):
            x, y = thinned(column, max(50, self.plot.width()), is_log=is_log_x)
            if is_log_x:
                x = np.log10(np.maximum(x, 0.5))
            if is_log_y:
                y = np.log10(np.maximum(y, 1e-12))
            item.setData(x, y)

    def _set_ranges(self, columns: list[Column], snapshot: Snapshot) -> None:
        low, high = self.value_range(columns)
        if self.log_value.isChecked():
            positive = [float(c[c > 0].min()) for c in columns if (c > 0).any()]
            low, high = math.floor(math.log10(min(positive, default=1e-3))), math.log10(max(high, 1e-12))
        last = max(len(column) for column in columns) - 1
        total = max(snapshot.settings.training.epochs, last)
        self._right = min(total, stepped_top(max(last, 10), min(self._right, total)))
        left, right = 0.0, max(1.0, self._right)
        if self.log_epochs.isChecked():
            left, right = 0.0, max(0.3, math.log10(right))
        self._name_ticks("bottom", self.log_epochs, left, right)
        self._name_ticks("left", self.log_value, low, high)
        self.plot.setRange(xRange=(left, right), yRange=(low, high), padding=0, disableAutoRange=True)

    def _place_markers(self, events: tuple[LiveChange, ...]) -> None:
        for marker in self._markers:
            self.plot.removeItem(marker)
        self._markers = []
        self._events = events
        snapshot = self._snapshot
        if snapshot is None:
            return
        for event in events[-MAX_MARKERS:]:
            epoch = event.row / max(1, snapshot.train.rows)
            at = math.log10(max(epoch, 0.5)) if self.log_epochs.isChecked() else epoch
            is_newest = event is events[-1]
            marker = pg.InfiniteLine(
                at,
                angle=90,
                pen=pg.mkPen(self.palette_now.muted, style=Qt.PenStyle.DotLine),
                label=event_text(event) if is_newest else None,
                labelOpts={
                    "position": 0.92,
                    "color": self.palette_now.text,
                    "fill": self.palette_now.card,
                    "anchors": [(0, 0.5), (1, 0.5)],
                },
            )
            self.plot.addItem(marker, ignoreBounds=True)
            self._markers.append(marker)

    @Slot(bool)
    def _on_toggled(self, _is_on: bool) -> None:
        if not hasattr(self, "plot") or not hasattr(self, "log_value"):
            return
        self.show_records(self._records)
        self._place_markers(self._events)

    def _name_ticks(self, name: str, toggle: QToolButton, low: float, high: float) -> None:
        # The plot draws logarithms like any numbers; only the ticks say what they stand for.
        self.plot.getPlotItem().getAxis(name).setTicks([log_ticks(low, high)] if toggle.isChecked() else None)

    # -- the cursor -----------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the mouse over the plot."""
        if event.type() == QEvent.Type.MouseMove:
            self._read_at(event.position())  # type: ignore[attr-defined]
        elif event.type() == QEvent.Type.Leave:
            self._cursor.hide()
            self.readout.clear()
        return super().eventFilter(watched, event)

    def _read_at(self, position: QPointF) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        at = self.plot.getPlotItem().getViewBox().mapSceneToView(position).x()
        epoch = round(10**at if self.log_epochs.isChecked() else at)
        if not 0 <= epoch < snapshot.history.length:
            self._cursor.hide()
            self.readout.clear()
            return
        self._cursor.setPos(at)
        self._cursor.show()
        values = [float(self.column(snapshot.history, snapshot, name)[epoch]) for name in CURVES]
        self.readout.setText(f"epoch {epoch:,}: {self.number_text(values[0])} | {self.number_text(values[1])}")
