"""A field for the path of a table: its name, a button that asks for it, and one that clears it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from l1gui.app.asking import ask_to_open
from l1gui.app.words import plain, tip
from l1gui.settings import SPECS

FOLDER_KEY = "tables/folder"
KINDS = "Tables (*.csv *.tsv *.txt *.tab *.npz *.xlsx *.parquet);;All files (*)"


def ask_table_path(parent: QWidget) -> Path | None:
    """Ask which table to open; None when the user thinks better of it."""
    return ask_to_open(parent, "Open a table", KINDS, FOLDER_KEY)


class FileField(QWidget):
    """A table's path for one setting.

    Signals
    -------
    edited(str, object)
        The setting's name and the path as text; empty for none.
    refused(str)
        As of the other fields; a path is only refused when the file is read.
    """

    edited = Signal(str, object)
    refused = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.check: Any = None
        self.setObjectName(name)
        self._line = QLineEdit()
        self._line.setReadOnly(True)
        self._line.setPlaceholderText("none")
        self._line.setAccessibleName(SPECS[name].label)
        self.ask, self.clear = QToolButton(), QToolButton()
        self.ask.setText("\N{HORIZONTAL ELLIPSIS}")
        self.ask.setAccessibleName(f"Choose: {SPECS[name].label}")
        self.ask.setToolTip(SPECS[name].help)
        self.clear.setText("\N{MULTIPLICATION SIGN}")
        self.clear.setAccessibleName(f"Without: {SPECS[name].label}")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._line, 1)
        layout.addWidget(self.ask)
        layout.addWidget(self.clear)
        self.setFocusProxy(self.ask)
        self.ask.clicked.connect(self._on_ask)
        self.clear.clicked.connect(self._on_clear)
        self.show_value("")

    def show_value(self, value: str) -> None:
        """Show a path without a signal."""
        self._line.setText(plain(Path(value).name) if value else "")
        self._line.setToolTip(tip(value or SPECS[self.name].help))
        self.clear.setEnabled(bool(value))

    @Slot()
    def _on_ask(self) -> None:
        if (path := ask_table_path(self)) is not None:
            self._take(str(path))

    @Slot()
    def _on_clear(self) -> None:
        self._take("")

    def _take(self, value: str) -> None:
        self.show_value(value)
        self.edited.emit(self.name, value)
