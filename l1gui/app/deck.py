"""A deck: cards that share one place, the one in front chosen by tabs in its header."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QStackedLayout, QToolButton, QWidget

from l1gui.app.card import MARGINS, Card

TAB_GAP = 2


class Tabs(QWidget):
    """The tabs in one card's header; where they do not fit, that card's alone and a menu of all.

    Signals
    -------
    chosen(int)
        Number of the card that is to come to the front.
    """

    chosen = Signal(int)

    def __init__(self, cards: list[Card], front: Card, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TAB_GAP)
        self._group = QButtonGroup(self)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        for number, card in enumerate(cards):
            button = QToolButton()
            button.setObjectName("tab")
            button.setCheckable(True)
            button.setChecked(card is front)
            self._group.addButton(button, number)
            layout.addWidget(button)
            self._menu.addAction("").setData(number)
        self._more = QToolButton()
        self._more.setObjectName("tab")
        self._more.setText("▾")
        self._more.setAccessibleName("Other views")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(self._menu)
        layout.addWidget(self._more)
        self._group.idClicked.connect(self._on_clicked)
        self._menu.triggered.connect(self._on_triggered)
        self.relabel(cards)

    def relabel(self, cards: list[Card]) -> None:
        """Take the cards' titles."""
        for button, action, card in zip(self._group.buttons(), self._menu.actions(), cards, strict=True):
            for each in (button, action):
                each.setText(card.title.text())
                each.setToolTip(card.title.toolTip())

    def mark(self, number: int) -> None:
        """Show a card's tab as the one that is on."""
        self._group.button(number).setChecked(True)

    def fit(self, room: int) -> None:
        """Show as many tabs as there is room for."""
        buttons = self._group.buttons()
        is_narrow = sum(button.sizeHint().width() + TAB_GAP for button in buttons) > room
        for button in buttons:
            button.setVisible(button.isChecked() or not is_narrow)
        self._more.setVisible(is_narrow)

    @Slot(int)
    def _on_clicked(self, number: int) -> None:
        self.chosen.emit(number)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())


class Deck(QWidget):
    """Cards behind each other; with one card left it looks like that card.

    Signals
    -------
    turned(Card)
        Another card is in front.
    """

    turned = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[Card] = []
        self._tabs: list[Tabs] = []
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self.hide()

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards, in the order of their tabs."""
        return tuple(self._cards)

    @property
    def front(self) -> Card | None:
        """The card that is seen."""
        index = self._stack.currentIndex()
        return self._cards[index] if 0 <= index < len(self._cards) else None

    def set_cards(self, cards: list[Card]) -> None:
        """Hold other cards; the one in front stays there if it is among them."""
        if cards == self._cards:
            return
        front = self.front
        for tabs in self._tabs:
            tabs.setParent(None)
            tabs.deleteLater()
        for card in self._cards:
            self._stack.removeWidget(card)
            card.renamed.disconnect(self._on_renamed)
            card.set_lead(card.title)
            card.fit_tools(0)
        self._cards, self._tabs = list(cards), []
        for card in cards:
            self._stack.addWidget(card)
            card.renamed.connect(self._on_renamed)
        if len(cards) > 1:
            self._add_tabs()
        self.setVisible(bool(cards))
        self.turn_to(front if front in cards else cards[0] if cards else None)

    def _add_tabs(self) -> None:
        for card in self._cards:
            tabs = Tabs(self._cards, card)
            tabs.chosen.connect(self._on_chosen)
            card.header.insertWidget(0, tabs)
            card.set_lead(tabs)
            self._tabs.append(tabs)
        self._fit()

    def turn_to(self, card: Card | None) -> None:
        """Bring a card to the front."""
        if card in self._cards:
            self._stack.setCurrentIndex(self._cards.index(card))
            self._mark(card)
            self.turned.emit(card)

    def _mark(self, front: Card) -> None:
        for card, tabs in zip(self._cards, self._tabs, strict=False):
            # Each header shows its own card's tab as the one that is on.
            tabs.mark(self._cards.index(card))
        front.show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let the tabs have the header to themselves where it is too narrow for the cards' tools too."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for card, tabs in zip(self._cards, self._tabs, strict=False):
            tabs.fit(self.width() - MARGINS[0] - MARGINS[2])
            card.fit_tools(tabs.sizeHint().width())

    @Slot()
    def _on_renamed(self) -> None:
        for tabs in self._tabs:
            tabs.relabel(self._cards)
        self._fit()

    @Slot(int)
    def _on_chosen(self, number: int) -> None:
        self.turn_to(self._cards[number])
