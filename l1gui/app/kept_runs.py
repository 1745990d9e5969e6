"""Finished runs that stay on a card's plot: which of them can be drawn on its axes, and their curves, dashed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyqtgraph as pg

from l1gui.app.envelope import Track
from l1gui.app.legend import DASHES, LegendItem
from l1gui.app.plotting import faded
from l1gui.core.record import RunRecord, Snapshot

MARKS = tuple(DASHES)
"""One pattern per kept run; more runs start over."""


def is_numeric(snapshot: Snapshot) -> bool:
    """Whether a run learns a number."""
    return snapshot.train.rmse is not None


class KeptRuns:
    """The runs that are kept, with what is drawn of each.

    `track_of` makes a run's track. It is passed, not kept: a card in a circle of references would go when the
    garbage is collected, in the middle of a painting say, and its drawings with it, in any order.
    """

    def __init__(self) -> None:
        self._pairs: list[tuple[RunRecord, Track]] = []

    def take(self, records: tuple[RunRecord, ...], track_of: Callable[[Snapshot], Track]) -> None:
        """Keep other runs; those kept already are not looked at again."""
        known = {id(record): track for record, track in self._pairs}
        self._pairs = [(each, known.get(id(each)) or track_of(each.last)) for each in records]

    def renew(self, track_of: Callable[[Snapshot], Track]) -> None:
        """Make the tracks anew, from other columns."""
        self._pairs = [(record, track_of(record.last)) for record, _ in self._pairs]

    def of_kind(self, *, numeric: bool) -> Iterator[tuple[RunRecord, Track, str]]:
        """The runs whose target is of this kind, each with its track and its pattern's name."""
        for number, (record, track) in enumerate(self._pairs):
            if is_numeric(record.last) is numeric:
                yield record, track, MARKS[number % len(MARKS)]


def kept_pen(colour: str, mark: str) -> pg.mkPen:
    """The pen of a kept run's curve."""
    pen = pg.mkPen(faded(colour, 0.75))
    pen.setDashPattern(DASHES[mark])
    return pen


def kept_item(record: RunRecord, mark: str, colour: str) -> LegendItem:
    """A kept run in the legend."""
    return LegendItem(f"{record.label} (kept)", colour, mark, short=record.label)
