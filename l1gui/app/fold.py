"""A part of a panel that is folded away until it is wanted."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """A button that shows and hides a widget, and a word beside it of what differs in there from the usual.

    Attributes
    ----------
    button : QToolButton
        Shows and hides the content.
    """

    def __init__(self, text: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.button = QToolButton()
        self.button.setObjectName("fold")
        self.button.setText(text)
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setArrowType(Qt.ArrowType.RightArrow)
        self.button.toggled.connect(self._on_toggled)
        self.words = QLabel()
        self.words.setObjectName("limits")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.button)
        head.addWidget(self.words)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addLayout(head)
        layout.addWidget(content)
        content.hide()

    def say(self, words: str) -> None:
        """Say what differs from the usual; seen while the content is not."""
        self.words.setText(words)
        self.words.setToolTip(words)

    @Slot(bool)
    def _on_toggled(self, is_open: bool) -> None:
        self.button.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._content.setVisible(is_open)
        self.words.setVisible(not is_open)
