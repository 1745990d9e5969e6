"""The card: a framed view with a title, a legend, room for small tools at its right, and a hint while it is empty."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from l1gui.app.legend import Legend
from l1gui.app.theme import DARK, Palette
from l1gui.core.record import RunRecord, Snapshot
from l1gui.data.dataset import Dataset

TITLE_GAP, TOOL_GAP, HEADER_GAP = 18, 8, 6
MARGINS = (12, 9, 12, 8)
QWIDGETSIZE_MAX = 2**24 - 1
"""Qt's word for no limit."""
LEGEND_AT = 3
"""Place of the legend in the header: behind title, readout and stretch."""


class Words(QLabel):
    """A line or two under a card's content, as plain text; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hint")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.hide()

    def say(self, text: str) -> None:
        """Show another text; costs nothing where it is the same."""
        if text != self.text():
            self.setText(text)
        self.setVisible(bool(text))


class Card(QFrame):
    """A framed view.

    Signals
    -------
    renamed()
        It has another title.

    Attributes
    ----------
    header, body : QHBoxLayout, QVBoxLayout
        The title's line, to which views add their tools, and the whole card.
    legend : Legend
        Beside the title where there is room for it in one line, else below.
    hint : QLabel
        Stands where the content will, while there is none.
    lead : QWidget
        What the title's line begins with: the title, or the tabs of a deck in its place.
    is_legend_still : bool
        Whether the legend's entries stay the same while a run goes on.
    """

    renamed = Signal()
    is_legend_still = False

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(title)
        self.palette_now = DARK
        self.title = QLabel(title)
        self.title.setObjectName("cardTitle")
        self.lead: QWidget = self.title
        self.readout = QLabel()
        self.readout.setObjectName("readout")
        for label in (self.title, self.readout):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.legend = Legend()
        self.legend.refitted.connect(self._on_refitted)
        self.hint = QLabel("no run yet")
        self.hint.setObjectName("hint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.header = QHBoxLayout()
        self.header.setSpacing(HEADER_GAP)
        self.header.addWidget(self.title)
        self.header.addWidget(self.readout)
        self.header.addStretch(1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*MARGINS)
        self.body.setSpacing(3)
        self.body.addLayout(self.header)
        self.body.addWidget(self.legend)
        self.body.addWidget(self.hint, 1)
        self._tools: list[QWidget] = []
        self._content: QWidget | None = None
        self._is_beside = False
        self.setMinimumSize(120, 120)

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours; views extend it."""
        self.palette_now = palette
        self.legend.set_palette(palette)

    def set_dataset(self, dataset: Dataset) -> None:
        """Take other data; views for which it matters extend it."""

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw a snapshot."""
        raise NotImplementedError

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Keep finished runs, where they can be drawn beside the one that is on."""

    def set_title(self, title: str, about: str) -> None:
        """Take another title, and what is said of it in its tool tip."""
        self.title.setToolTip(about)
        if title != self.title.text():
            self.title.setText(title)
            self.setAccessibleName(title)
            self._place_legend()
            self.renamed.emit()

    def set_lead(self, lead: QWidget) -> None:
        """Let the title's line begin with something else: the title itself, or what the caller has put there."""
        self.lead = lead
        self.title.setVisible(lead is self.title)
        self._place_legend()

    def add_words(self) -> Words:
        """Put a line of words under the content."""
        words = Words()
        self.body.addWidget(words)
        return words

    def add_tool(self, tool: QWidget) -> None:
        """Put a small control at the right end of the title's line."""
        self._tools.append(tool)
        self.header.addWidget(tool)

    def add_toggle(self, text: str, about: str) -> QToolButton:
        """Put a small button that is on or off at the right end of the title's line."""
        button = QToolButton()
        button.setText(text)
        button.setCheckable(True)
        button.setToolTip(about)
        button.setObjectName("toggle")
        button.setAccessibleName(f"{self.title.text()}: {about}")
        self.add_tool(button)
        return button

    def fit_tools(self, others_width: int) -> None:
        """Show the tools only where they fit beside something of this width in the title's line, if there is any."""
        wanted = sum(tool.sizeHint().width() + HEADER_GAP for tool in self._tools if not tool.isHidden())
        has_room = not others_width or others_width + wanted <= self.width() - MARGINS[0] - MARGINS[2]
        for tool in self._tools:
            tool.setMaximumWidth(QWIDGETSIZE_MAX if has_room else 0)
        # Gaps beside tools of no width are room too.
        self.header.setSpacing(HEADER_GAP if has_room else 0)

    def set_content(self, content: QWidget) -> None:
        """Put the view's plot into the card, hidden until `show_content`."""
        self._content = content
        content.hide()
        self.body.addWidget(content, 1)

    def show_content(self) -> None:
        """Show the content instead of the hint."""
        self._swap(is_content=True)

    def show_hint(self) -> None:
        """Show the hint instead of the content."""
        self._swap(is_content=False)

    def say(self, text: str) -> None:
        """Show a word or two beside the title."""
        if text != self.readout.text():
            self.readout.setText(text)
            self._place_legend()

    @property
    def is_empty(self) -> bool:
        """Whether the hint is shown."""
        return not self.hint.isHidden()

    def _swap(self, *, is_content: bool) -> None:
        if self._content is not None and self._content.isHidden() is is_content:
            self.hint.setHidden(is_content)
            self._content.setVisible(is_content)

    # -- the legend's place ---------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Find the legend's place anew."""
        super().resizeEvent(event)
        self._place_legend()

    @Slot()
    def _on_refitted(self) -> None:
        self._place_legend()

    def _place_legend(self) -> None:
        """Beside the title where it fits into one line; below where its width changes while a run goes on."""
        # New tabs are hidden until the layout shows them.
        tools = [self.lead, *(tool for tool in (self.readout, *self._tools) if not tool.isHidden())]
        taken = sum(tool.sizeHint().width() + HEADER_GAP for tool in tools)
        room = self.width() - MARGINS[0] - MARGINS[2] - TITLE_GAP - TOOL_GAP - taken
        is_beside = self.is_legend_still and self.legend.line_width <= room
        if is_beside is not self._is_beside:
            self._is_beside = is_beside
            if is_beside:
                self.body.removeWidget(self.legend)
                self.header.insertWidget(LEGEND_AT, self.legend)
                self.header.insertSpacing(LEGEND_AT + 1, TOOL_GAP if self._tools else 0)
            else:
                self.header.takeAt(LEGEND_AT + 1)
                self.header.removeWidget(self.legend)
                self.body.insertWidget(1, self.legend)
            self.legend.set_single_line(is_single=is_beside)
