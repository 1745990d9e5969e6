"""A card of one or two curves over the epochs, with kept runs, live changes and a readout at the cursor."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QToolButton, QWidget

from l1gui.app.card import Card
from l1gui.app.cursor_note import CursorNote
from l1gui.app.envelope import Track
from l1gui.app.event_marks import EventMarks
from l1gui.app.legend import DASHES, LegendItem
from l1gui.app.plotting import TICK_PX, Plot, Range, Throttle, faded, stepped_top
from l1gui.app.theme import Palette, text_font
from l1gui.core.record import RunRecord, Snapshot

INTERVAL_MS = 33
KEPT_MARKS = tuple(DASHES)
"""One pattern per kept run; more runs start over."""
DOT_PX = 6


class CurveCard(Card):
    """Curves of the history; subclasses say which columns, and how a value reads.

    Attributes
    ----------
    names : tuple of str
        Names of the curves, one or two; the last one is drawn thicker.
    curves : dict of PlotCurveItem
        The live run's, by name.
    """

    names: tuple[str, ...] = ("train", "test")
    can_log_value = False
    are_labels_at_top = True

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.legend.most_lines = 3
        self.figure = Plot()
        self.plot = self.figure.widget
        self._kept: list[pg.PlotCurveItem] = []
        self.marks = EventMarks(self.figure, is_at_top=self.are_labels_at_top)
        self.curves = {name: self._new_curve() for name in self.names}
        # The last curve is two pixels thick by being drawn twice: a pen of that width takes twenty times as long.
        self._second = self._new_curve()
        self.dots = pg.ScatterPlotItem(size=DOT_PX, pen=pg.mkPen(None))
        self.figure.add(self.dots)
        self.waiting = pg.TextItem("no epoch trained yet", anchor=(0.5, 0.5))
        self.waiting.setFont(text_font(TICK_PX + 1))
        self.figure.add(self.waiting)
        self.note = CursorNote(self.figure)
        self._records: tuple[RunRecord, ...] = ()
        self._kept_tracks: list[Track] = []
        self._snapshot: Snapshot | None = None
        self._track, self._run_id = Track(self.names), -1
        self._drawn: tuple[object, ...] = ()
        self._top, self._right = 0.0, 0.0
        self.log_epochs = self._toggle("log x", "Logarithmic epochs")
        self.log_value = self._toggle("log y", "Logarithmic values")
        self.log_value.setVisible(self.can_log_value)
        for button in (self.log_epochs, self.log_value):
            button.toggled.connect(self._on_toggled)
        self.plot.viewport().installEventFilter(self)
        self.plot.viewport().setMouseTracking(True)
        self.set_content(self.plot)
        self._throttle = Throttle(INTERVAL_MS, self)
        self._throttle.due.connect(self._on_due)

    def _toggle(self, text: str, help_text: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setCheckable(True)
        button.setToolTip(help_text)
        button.setObjectName("toggle")
        button.setAccessibleName(f"{self.title.text()}: {help_text}")
        self.add_tool(button)
        return button

    def _new_curve(self) -> pg.PlotCurveItem:
        curve = pg.PlotCurveItem(antialias=True, skipFiniteCheck=True)
        self.figure.add(curve)
        return curve

    # -- for subclasses -------------------------------------------------------------------------------------------

    def column_name(self, name: str) -> str:
        """The history's column behind the curve `name`."""
        raise NotImplementedError

    def scale(self, _snapshot: Snapshot, _name: str) -> float:
        """What the column's values are multiplied with."""
        return 1.0

    def value_text(self, snapshot: Snapshot, name: str) -> str:
        """What the legend says of a curve's last value."""
        raise NotImplementedError

    def spoken(self, name: str) -> str:
        """A curve's name as the cursor's note has it."""
        return name

    def number_text(self, value: float) -> str:
        """A value at the cursor, in words."""
        raise NotImplementedError

    def value_range(self, _low: float, high: float) -> Range:
        """Ends of the value axis for values between these, on a linear scale: from 0 to a round step above them."""
        self._top = stepped_top(high * 1.02, self._top)
        return 0.0, self._top

    def _colours(self) -> list[tuple[str, str]]:
        """Each curve's name and colour."""
        palette = self.palette_now
        return list(zip(self.names, (palette.first, palette.second)[-len(self.names) :], strict=True))

    # -- every view -----------------------------------------------------------------------------------------------

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        super().set_palette(palette)
        self.figure.set_palette(palette)
        for name, colour in self._colours():
            self.curves[name].setPen(pg.mkPen(colour))
        self._second.setPen(pg.mkPen(palette.second))
        self.waiting.setColor(palette.muted)
        self.note.set_palette(palette)
        self.marks.set_palette(palette)
        self._redraw()

    def clear(self) -> None:
        """Show nothing of the live run."""
        self._throttle.cancel()
        self._snapshot = None
        self._run_id = -1
        for curve in (*self.curves.values(), self._second):
            curve.setData([], [])
        self.dots.setData([], [])
        self.legend.show_items([])
        self.note.hide()
        self.show_hint()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the history so far."""
        self._snapshot = snapshot
        if self._shown_facts(snapshot) != self._drawn:
            self._throttle.ask(is_last=bool(snapshot.stopped) or snapshot.history.length == 1)

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Keep the curves of finished runs on the plot, dashed."""
        known = dict(zip(map(id, self._records), self._kept_tracks, strict=True))
        self._kept_tracks = [known.get(id(each)) or self._extend(Track(self.names), each.last) for each in records]
        self._records = records
        self._redraw()

    # -- drawing --------------------------------------------------------------------------------------------------

    @staticmethod
    def _shown_facts(snapshot: Snapshot) -> tuple[object, ...]:
        now = snapshot.train.loss, snapshot.test.loss, snapshot.kkt, snapshot.counts.zero
        epochs = snapshot.settings.training.epochs
        return snapshot.run_id, snapshot.history.length, len(snapshot.events), epochs, *now

    def _extend(self, track: Track, snapshot: Snapshot) -> Track:
        track.extend({name: snapshot.history[self.column_name(name)] for name in self.names})
        return track

    @Slot()
    def _on_due(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        if snapshot.run_id != self._run_id:
            self._track, self._run_id = Track(self.names), snapshot.run_id
        self._extend(self._track, snapshot)
        self._drawn = self._shown_facts(snapshot)
        self.show_content()
        self._set_ranges(snapshot)
        for name, curve in self.curves.items():
            self._draw(curve, self._track, snapshot, name)
        x, y = self.curves[self.names[-1]].getData()
        self._second.setData(x, y + self.figure.pixel_height / self.plot.devicePixelRatioF())
        self._show_start(snapshot)
        self.marks.show_events(snapshot.events, snapshot.train.rows, is_log=self.log_epochs.isChecked())
        self._show_legend(snapshot)

    def _show_start(self, snapshot: Snapshot) -> None:
        """Dots at epoch 0, where there are no lines yet."""
        is_start = snapshot.history.length == 1
        self.waiting.setVisible(is_start)
        self.waiting.setPos(*(sum(ends) / 2 for ends in (self.figure.x_range, self.figure.y_range)))
        ends = [self.curves[name].getData() for name in self.names] if is_start else []
        if ends or len(self.dots.data):
            brushes = [pg.mkBrush(colour) for _, colour in self._colours()][: len(ends)]
            self.dots.setData([x[-1] for x, _ in ends], [y[-1] for _, y in ends], brush=brushes)

    def _redraw(self) -> None:
        """Draw all anew, kept runs included."""
        for item in self._kept:
            self.figure.remove(item)
        self._kept = []
        for number, (record, track) in enumerate(zip(self._records, self._kept_tracks, strict=True)):
            for name, colour in self._colours():
                item = self._new_curve()
                pen = pg.mkPen(faded(colour, 0.75))
                pen.setDashPattern(DASHES[KEPT_MARKS[number % len(KEPT_MARKS)]])
                item.setPen(pen)
                item.setZValue(-1)
                self._draw(item, track, record.last, name)
                self._kept.append(item)
        self._on_due()

    def _draw(self, item: pg.PlotCurveItem, track: Track, snapshot: Snapshot, name: str) -> None:
        is_log_x = self.log_epochs.isChecked()
        width = max(100, int(self.plot.width() * self.plot.devicePixelRatioF()))
        x, y = (track.log if is_log_x else track.linear)[name].points(width)
        y = y * self.scale(snapshot, name)
        if is_log_x:
            x = np.log10(np.maximum(x, 1.0))
        if self.log_value.isChecked():
            y = np.log10(np.maximum(y, 1e-12))
        item.setData(x, y)

    def _extremes(self, snapshot: Snapshot) -> tuple[float, float, float]:
        """Least, least positive and largest value of all curves."""
        pairs = [(self._track, snapshot)]
        pairs += [(track, record.last) for track, record in zip(self._kept_tracks, self._records, strict=True)]
        found = []
        for track, run in pairs:
            for name in self.names:
                envelope, scale = track.linear[name], self.scale(run, name)
                found.append((scale * envelope.low, scale * envelope.least_positive, scale * envelope.high))
        low, positive, high = zip(*found, strict=True)
        return min(low), min((value for value in positive if value > 0), default=1e-3), max(high)

    def _set_ranges(self, snapshot: Snapshot) -> None:
        least, least_positive, largest = self._extremes(snapshot)
        is_log_x, is_log_y = self.log_epochs.isChecked(), self.log_value.isChecked()
        low, high = self.value_range(least, largest)
        if is_log_y:
            high = math.log10(max(high, 1e-12))
            low = min(math.floor(2 * math.log10(least_positive)) / 2, high - 0.5)
        last = max(run.history.length - 1 for run in (snapshot, *(record.last for record in self._records)))
        total = max(snapshot.settings.training.epochs, last)
        self._right = min(total, stepped_top(max(last, 10), min(self._right, total)))
        right = max(1.0, self._right)
        right = max(0.3, math.log10(right)) if is_log_x else right
        self.figure.set_range((0.0, right), (low, high), is_log_x=is_log_x, is_log_y=is_log_y)

    def _show_legend(self, snapshot: Snapshot) -> None:
        palette = self.palette_now
        texts = [(self.value_text(snapshot, name), colour) for name, colour in self._colours()]
        items = [LegendItem(*text, mark) for text, mark in zip(texts, ("line", "thick")[-len(texts) :], strict=True)]
        for number, record in enumerate(self._records):
            mark = KEPT_MARKS[number % len(KEPT_MARKS)]
            items.append(LegendItem(f"{record.label} (kept)", palette.muted, mark, short=record.label))
        self.legend.show_items(items)

    def resizeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Find room for the labels anew."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.marks.place()

    @Slot(bool)
    def _on_toggled(self, _is_on: bool) -> None:
        self.note.hide()
        self._redraw()

    # -- the cursor -----------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the mouse over the plot."""
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
            self._read_at(event.position())
        elif event.type() is QEvent.Type.Leave:
            self.note.hide()
        return super().eventFilter(watched, event)

    def _read_at(self, position: QPointF) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        at = self.figure.item.getViewBox().mapSceneToView(position).x()
        left, right = self.figure.x_range
        epoch = round(10 ** min(at, right) if self.log_epochs.isChecked() else at)
        if not (left <= at <= right and epoch < snapshot.history.length):
            self.note.hide()
            return
        lines = [f"epoch {epoch:,}"]
        for name in self.names:
            value = snapshot.history[self.column_name(name)][epoch] * self.scale(snapshot, name)
            lines.append(f"{self.spoken(name)} {self.number_text(float(value))}")
        self.note.show_at(at, "\n".join(lines))
