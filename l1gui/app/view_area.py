"""The views side by side: boundary and network above, curves and weights below.

Importing this module brings pyqtgraph with it, so the window does so behind its first paint.
"""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from l1gui.app.card import Card
from l1gui.app.deck import Deck
from l1gui.app.mailbox import Frame
from l1gui.app.theme import Palette
from l1gui.app.views.accuracy import AccuracyView
from l1gui.app.views.boundary import BoundaryView
from l1gui.app.views.histogram import HistogramView
from l1gui.app.views.loss import LossView
from l1gui.app.views.network import NetworkView
from l1gui.app.views.optimality import OptimalityView
from l1gui.app.views.sparsity import SparsityView
from l1gui.core.record import BoundaryRequest, RunRecord
from l1gui.data.dataset import Dataset

GUTTER = 12
UPPER_SHARE, LOWER_SHARE = 57, 43
WIDE_PX = 960
"""From this width on the accuracy has a place of its own; below, a tab beside the loss."""


class ViewArea(QWidget):
    """All views; frames go to the visible ones only.

    Signals
    -------
    boundaryRequested(BoundaryRequest or None)
        The slice of the decision boundary that is to be drawn; None while its view is hidden.
    """

    boundaryRequested = Signal(object)  # noqa: N815 - Qt's way of naming signals

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boundary = BoundaryView()
        self.network = NetworkView()
        self.loss = LossView()
        self.accuracy = AccuracyView()
        self.histogram = HistogramView()
        self.sparsity = SparsityView()
        self.optimality = OptimalityView()
        self.views: dict[str, Card] = {
            "Decision boundary": self.boundary,
            "Network": self.network,
            "Loss": self.loss,
            "Accuracy": self.accuracy,
            "Sparsity": self.sparsity,
            "Optimality": self.optimality,
            "Weight magnitudes": self.histogram,
        }
        self._dataset: Dataset | None = None
        self._frame: Frame | None = None
        self._upper, self._lower = QWidget(), QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GUTTER, GUTTER, GUTTER, GUTTER)
        outer.setSpacing(GUTTER)
        outer.addWidget(self._upper, UPPER_SHARE)
        outer.addWidget(self._lower, LOWER_SHARE)
        self._lay_out(self._upper, self.boundary, self.network)
        self.first, self.second = Deck(), Deck()
        self._lay_out(self._lower, self.first, self.second, self.sparsity, self.histogram)
        self._off: set[Card] = set()
        self._deal()
        for deck in (self.first, self.second):
            deck.turned.connect(self._on_turned)
        self.boundary.requestChanged.connect(self._on_request_changed)
        self.set_palette(palette)

    @staticmethod
    def _lay_out(row: QWidget, *views: QWidget) -> None:
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GUTTER)
        for view in views:
            layout.addWidget(view, 1)

    def set_palette(self, palette: Palette) -> None:
        """Take another theme's colours."""
        for view in self._all():
            view.set_palette(palette)

    def show_frame(self, frame: Frame) -> None:
        """Draw a frame in the visible views."""
        self._frame = frame
        if frame.dataset is not self._dataset:
            self._dataset = frame.dataset
            self.boundary.set_dataset(frame.dataset)
            self.network.set_dataset(frame.dataset)
            self.boundaryRequested.emit(self.wanted_boundary)
        for view in self._all():
            if not view.isHidden():
                view.show_snapshot(frame.snapshot)

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Keep finished runs on the plots."""
        for view in self._all():
            view.show_records(records)

    def show_view(self, name: str, *, is_shown: bool) -> None:
        """Show or hide a view; hidden ones cost nothing."""
        view = self.views[name]
        self._off = self._off - {view} if is_shown else self._off | {view}
        if view in (self.loss, self.accuracy, self.optimality):
            self._deal()
        else:
            view.setVisible(is_shown)
        self._upper.setVisible(not self._off >= {self.boundary, self.network})
        self._lower.setVisible(
            not self._off >= {self.loss, self.accuracy, self.optimality, self.sparsity, self.histogram}
        )
        if view is self.boundary:
            self._on_request_changed(self.boundary.request)
        self._on_turned(view)

    def _deal(self) -> None:
        """Share the curves out: accuracy beside loss and optimality where there is room, else behind them."""
        is_wide = self.width() >= WIDE_PX
        first: list[Card] = [self.loss, self.optimality] if is_wide else [self.loss, self.accuracy, self.optimality]
        second: list[Card] = [self.accuracy] if is_wide else []
        # The one that gives up the accuracy goes first.
        decks = [(self.first, first), (self.second, second)]
        for deck, cards in decks if is_wide else reversed(decks):
            deck.set_cards([card for card in cards if card not in self._off])
        for card in self._off:
            card.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the room out anew."""
        super().resizeEvent(event)
        self._deal()

    @Slot(object)
    def _on_turned(self, view: QWidget) -> None:
        if not view.isHidden() and self._frame is not None:
            view.show_snapshot(self._frame.snapshot)  # type: ignore[attr-defined]

    @property
    def wanted_boundary(self) -> BoundaryRequest | None:
        """The slice that is drawn; None while its view is hidden."""
        return None if self.boundary.isHidden() else self.boundary.request

    @Slot(object)
    def _on_request_changed(self, _request: BoundaryRequest) -> None:
        self.boundaryRequested.emit(self.wanted_boundary)

    def _all(
        self,
    ) -> tuple[BoundaryView, NetworkView, LossView, AccuracyView, SparsityView, OptimalityView, HistogramView]:
        return (
            self.boundary, self.network, self.loss, self.accuracy, self.sparsity, self.optimality, self.histogram
        )  # fmt: skip
