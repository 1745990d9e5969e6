"""The views side by side: boundary and network above, curves and weights below.

Importing this module brings pyqtgraph with it, so the window does so behind its first paint.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from l1gui.app.card import Card
from l1gui.app.deck import Deck
from l1gui.app.mailbox import Frame
from l1gui.app.theme import Palette
from l1gui.app.views.accuracy import AccuracyView
from l1gui.app.views.boundary import BoundaryView
from l1gui.app.views.error import ErrorView
from l1gui.app.views.histogram import HistogramView
from l1gui.app.views.loss import LossView
from l1gui.app.views.network import NetworkView
from l1gui.app.views.optimality import OptimalityView
from l1gui.app.views.predicted import PredictedView
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
    predictionsRequested(bool)
        Whether predicted and true numbers are to be drawn.
    """

    boundaryRequested = Signal(object)  # noqa: N815 - Qt's way of naming signals, here and below
    predictionsRequested = Signal(bool)  # noqa: N815

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boundary, self.predicted = BoundaryView(), PredictedView(self)
        self.network = NetworkView()
        self.loss, self.accuracy, self.error = LossView(), AccuracyView(), ErrorView(self)
        self.histogram = HistogramView()
        self.sparsity = SparsityView()
        self.optimality = OptimalityView()
        self.views: dict[str, Card] = {
            "Decision boundary": self.boundary,
            "Predicted and true": self.predicted,
            "Network": self.network,
            "Loss": self.loss,
            "Accuracy": self.accuracy,
            "Error": self.error,
            "Sparsity": self.sparsity,
            "Optimality": self.optimality,
            "Weight magnitudes": self.histogram,
        }
        self._dataset: Dataset | None = None
        self._frame: Frame | None = None
        self._is_numeric = False
        self._checks: Sequence[QAction] = ()
        self._upper, self._lower = QWidget(), QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GUTTER, GUTTER, GUTTER, GUTTER)
        outer.setSpacing(GUTTER)
        outer.addWidget(self._upper, UPPER_SHARE)
        outer.addWidget(self._lower, LOWER_SHARE)
        self.plane, self.first, self.second = Deck(), Deck(), Deck()
        self._lay_out(self._upper, self.plane, self.network)
        self._lay_out(self._lower, self.first, self.second, self.sparsity, self.histogram)
        self._off: set[Card] = set()
        self._deal()
        for deck in (self.plane, self.first, self.second):
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
        for view in self.views.values():
            view.set_palette(palette)

    def show_frame(self, frame: Frame) -> None:
        """Draw a frame in the visible views."""
        self._frame = frame
        if frame.dataset is not self._dataset:
            self._take_dataset(frame.dataset)
        for view in self.views.values():
            if not view.isHidden():
                view.show_snapshot(frame.snapshot)

    def _take_dataset(self, dataset: Dataset) -> None:
        self._dataset = dataset
        for view in self.views.values():
            view.set_dataset(dataset)
        if dataset.is_numeric is not self._is_numeric:
            self._is_numeric = dataset.is_numeric
            self._deal()
        self._name_checks()
        self._ask()

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Keep finished runs on the plots."""
        for view in self.views.values():
            view.show_records(records)

    def take_checks(self, checks: Sequence[QAction]) -> None:
        """Keep the menu's entries named as the views are; each entry's data is the view's name in `views`."""
        self._checks = checks
        self._name_checks()

    def _name_checks(self) -> None:
        for action in self._checks:
            view = self.views[action.data()]
            action.setText(view.title.text())
            action.setVisible(self._is_numeric or view not in self._for_numbers)

    @property
    def _for_numbers(self) -> tuple[Card, ...]:
        """Views of numbers alone."""
        return self.predicted, self.error

    def show_view(self, name: str, *, is_shown: bool) -> None:
        """Show or hide a view; hidden ones cost nothing."""
        view = self.views[name]
        self._off = self._off - {view} if is_shown else self._off | {view}
        if any(view in cards for _, cards in self._hands()):
            self._deal()
        elif view not in self._for_numbers:
            view.setVisible(is_shown)
        self._show_rows()
        self._on_turned(view)

    def _show_rows(self) -> None:
        """Hide a row of views that has none to show."""
        decks = [bool(deck.cards) for deck in (self.plane, self.first, self.second)]
        self._upper.setVisible(decks[0] or self.network not in self._off)
        self._lower.setVisible(any(decks[1:]) or not self._off >= {self.sparsity, self.histogram})

    def _hands(self) -> list[tuple[Deck, list[Card]]]:
        """Which cards each deck holds, hidden ones too: accuracy beside loss and optimality where there is room."""
        quality: list[Card] = [self.accuracy, self.error] if self._is_numeric else [self.accuracy]
        plane: list[Card] = [self.boundary, self.predicted] if self._is_numeric else [self.boundary]
        if self.width() >= WIDE_PX:
            return [(self.plane, plane), (self.first, [self.loss, self.optimality]), (self.second, quality)]
        # The one that gives up the accuracy goes first.
        return [(self.plane, plane), (self.second, []), (self.first, [self.loss, *quality, self.optimality])]

    def _deal(self) -> None:
        """Share the cards out."""
        dealt = set()
        for deck, cards in self._hands():
            deck.set_cards([card for card in cards if card not in self._off])
            dealt |= set(deck.cards)
        for card in {*self._off, *self._for_numbers} - dealt:
            card.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the room out anew."""
        super().resizeEvent(event)
        self._deal()

    @Slot(object)
    def _on_turned(self, view: Card) -> None:
        if not view.isHidden() and self._frame is not None:
            view.show_snapshot(self._frame.snapshot)
        if view in (self.boundary, self.predicted):
            self._ask()

    @property
    def wanted_boundary(self) -> BoundaryRequest | None:
        """The slice that is drawn; None while its view is hidden."""
        return None if self.boundary.isHidden() else self.boundary.request

    def _ask(self) -> None:
        """Ask for what the visible views draw besides the snapshot."""
        self.boundaryRequested.emit(self.wanted_boundary)
        self.predictionsRequested.emit(not self.predicted.isHidden())

    @Slot(object)
    def _on_request_changed(self, _request: BoundaryRequest) -> None:
        self.boundaryRequested.emit(self.wanted_boundary)
