"""A card of a few curves over the epochs, with kept runs, live changes and a readout at the cursor."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from l1gui.app.card import Card
from l1gui.app.cursor_note import CursorNote
from l1gui.app.envelope import Track
from l1gui.app.event_marks import EventMarks
from l1gui.app.kept_runs import KeptRuns, kept_item, kept_pen
from l1gui.app.legend import LegendItem
from l1gui.app.plotting import TICK_PX, Plot, Range, Throttle, stepped_top
from l1gui.app.theme import Palette, text_font
from l1gui.core.record import RunRecord, Snapshot
from l1gui.data.dataset import Dataset

INTERVAL_MS = 33
DOT_PX = 6


class CurveCard(Card):
    """Curves of the history; subclasses say which columns, and how a value reads.

    Attributes
    ----------
    names : tuple of str
        Names of the curves that there can be; the last one is drawn thicker.
    curves : dict of PlotCurveItem
        The live run's, by name.
    is_numeric : bool
        Whether the run learns a number; kept runs of the other kind are not drawn.
    """

    names: tuple[str, ...] = ("train", "test")
    can_log_value = False
    are_labels_at_top = True

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.legend.most_lines = 3
        self.figure = Plot()
        self.plot = self.figure.widget
        self.is_numeric = False
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
        self.note = CursorNote(self.figure, self)
        self.note.reached.connect(self._on_reached)
        self._runs = KeptRuns()
        self._snapshot: Snapshot | None = None
        self._track, self._run_id = Track(self.names), -1
        self._drawn: tuple[object, ...] = ()
        self._top, self._right = 0.0, 0.0
        self.log_epochs = self.add_toggle("log x", "Logarithmic epochs")
        self.log_value = self.add_toggle("log y", "Logarithmic values")
        self.log_value.setVisible(self.can_log_value)
        for button in (self.log_epochs, self.log_value):
            button.toggled.connect(self._on_toggled)
        self.set_content(self.plot)
        self._throttle = Throttle(INTERVAL_MS, self)
        self._throttle.due.connect(self._on_due)

    def _new_curve(self) -> pg.PlotCurveItem:
        curve = pg.PlotCurveItem(antialias=True, skipFiniteCheck=True)
        self.figure.add(curve)
        return curve

    # -- for subclasses -------------------------------------------------------------------------------------------

    def present(self, _snapshot: Snapshot) -> tuple[str, ...]:
        """Names of the curves that a run has."""
        return self.names

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

    def colour_of(self, name: str) -> str:
        """A curve's colour: the second of the pair for the last one."""
        return self.palette_now.second if name == self.names[-1] else self.palette_now.first

    def extra_items(self, _snapshot: Snapshot) -> list[LegendItem]:
        """What else the legend says."""
        return []

    # -- every view -----------------------------------------------------------------------------------------------

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        super().set_palette(palette)
        self.figure.set_palette(palette)
        for name, curve in self.curves.items():
            curve.setPen(pg.mkPen(self.colour_of(name)))
        self._second.setPen(pg.mkPen(palette.second))
        self.waiting.setColor(palette.muted)
        self.note.set_palette(palette)
        self.marks.set_palette(palette)
        self._redraw()

    def set_dataset(self, dataset: Dataset) -> None:
        """Take the kind of other data's target."""
        if dataset.is_numeric is not self.is_numeric:
            self.is_numeric = dataset.is_numeric
            self.clear()
            self._runs.renew(self._track_of)
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
        self._runs.take(records, self._track_of)
        self._redraw()

    # -- drawing --------------------------------------------------------------------------------------------------

    @staticmethod
    def _shown_facts(snapshot: Snapshot) -> tuple[object, ...]:
        now = snapshot.train.loss, snapshot.test.loss, snapshot.kkt, snapshot.counts.zero
        epochs = snapshot.settings.training.epochs
        return snapshot.run_id, snapshot.history.length, len(snapshot.events), epochs, *now

    def _track_of(self, snapshot: Snapshot) -> Track:
        return self._extend(Track(self.present(snapshot)), snapshot)

    def _extend(self, track: Track, snapshot: Snapshot) -> Track:
        track.extend({name: snapshot.history[self.column_name(name)] for name in track.linear})
        return track

    @Slot()
    def _on_due(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        names = self.present(snapshot)
        if snapshot.run_id != self._run_id or tuple(self._track.linear) != names:
            self._track, self._run_id = Track(names), snapshot.run_id
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
        names = tuple(self._track.linear) if is_start else ()
        ends = [self.curves[name].getData() for name in names]
        if ends or len(self.dots.data):
            brushes = [pg.mkBrush(self.colour_of(name)) for name in names]
            self.dots.setData([x[-1] for x, _ in ends], [y[-1] for _, y in ends], brush=brushes)

    def _redraw(self) -> None:
        """Draw all anew, kept runs included."""
        for item in self._kept:
            self.figure.remove(item)
        self._kept = []
        for record, track, mark in self._runs.of_kind(numeric=self.is_numeric):
            for name in track.linear:
                item = self._new_curve()
                item.setPen(kept_pen(self.colour_of(name), mark))
                item.setZValue(-1)
                self._draw(item, track, record.last, name)
                self._kept.append(item)
        self._on_due()

    def _draw(self, item: pg.PlotCurveItem, track: Track, snapshot: Snapshot, name: str) -> None:
        if name not in track.linear:
            item.setData([], [])
            return
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
        pairs += [(track, record.last) for record, track, _ in self._runs.of_kind(numeric=self.is_numeric)]
        found = [] if any(track.linear for track, _ in pairs) else [(0.0, 0.0, 1.0)]
        for track, run in pairs:
            for name in track.linear:
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
        kept = [record.last for record, _, _ in self._runs.of_kind(numeric=self.is_numeric)]
        last = max(run.history.length - 1 for run in (snapshot, *kept))
        total = max(snapshot.settings.training.epochs, last)
        self._right = min(total, stepped_top(max(last, 10), min(self._right, total)))
        right = max(1.0, self._right)
        right = max(0.3, math.log10(right)) if is_log_x else right
        self.figure.set_range((0.0, right), (low, high), is_log_x=is_log_x, is_log_y=is_log_y)

    def _show_legend(self, snapshot: Snapshot) -> None:
        items = []
        for name in self._track.linear:
            mark = "thick" if name == self.names[-1] else "line"
            items.append(LegendItem(self.value_text(snapshot, name), self.colour_of(name), mark))
        items += self.extra_items(snapshot)
        for record, _, mark in self._runs.of_kind(numeric=self.is_numeric):
            items.append(kept_item(record, mark, self.palette_now.muted))
        self.legend.show_items(items)

    def resizeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Find room for the labels anew."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.marks.place()

    @Slot(bool)
    def _on_toggled(self, _is_on: bool) -> None:
        self.note.hide()
        self._redraw()

    @Slot(float)
    def _on_reached(self, at: float) -> None:
        """Say what the curves say where the mouse is."""
        snapshot = self._snapshot
        right = self.figure.x_range[1]
        epoch = round(10 ** min(at, right) if self.log_epochs.isChecked() else at)
        if snapshot is None or epoch >= snapshot.history.length:
            self.note.hide()
            return
        lines = [f"epoch {epoch:,}"]
        for name in self._track.linear:
            value = snapshot.history[self.column_name(name)][epoch] * self.scale(snapshot, name)
            lines.append(f"{self.spoken(name)} {self.number_text(float(value))}")
        self.note.show_at(at, "\n".join(lines))
