"""The notice bar: messages that need an eye but no dialog, with details that can be copied."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget


class NoticeBar(QFrame):
    """A line of text above the views; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAccessibleName("Notice")
        self._details = ""
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._copy = QPushButton("Copy details")
        self._copy.clicked.connect(self._on_copy)
        self._action = QPushButton()
        self._action.clicked.connect(self._on_action)
        self._then: Callable[[], None] | None = None
        self._close = QToolButton()
        self._close.setText("\N{MULTIPLICATION SIGN}")
        self._close.setAccessibleName("Close the notice")
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        for widget in (self._text, self._action, self._copy, self._close):
            layout.addWidget(widget)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_message(self, text: str, details: str = "") -> None:
        """Say something; `details` can be copied."""
        self.offer(text, "", None)
        self._details = details
        self._copy.setVisible(bool(details))

    def offer(self, text: str, label: str, then: Callable[[], None] | None) -> None:
        """Say something with a button beside it, once, that does `then`."""
        self._text.setText(text)
        self._details, self._then = "", then
        self._copy.hide()
        self._action.setText(label)
        self._action.setVisible(then is not None)
        self.show()

    @Slot()
    def _on_action(self) -> None:
        then, self._then = self._then, None
        self.hide()
        if then is not None:
            then()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._text.text()}\n\n{self._details}")
