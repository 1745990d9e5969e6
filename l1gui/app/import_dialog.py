"""The dialog that shows what is in a table before it is learned from: how it was read, its columns, its first rows."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from l1gui.app.background import Background
from l1gui.app.column_table import ColumnTable
from l1gui.app.import_fields import ImportFields
from l1gui.app.row_table import RowTable
from l1gui.app.words import plain
from l1gui.data.dataset import Dataset
from l1gui.data.tables.load import load_table
from l1gui.data.tables.preview import TablePreview, preview
from l1gui.data.tables.suggest import suggested_settings
from l1gui.settings import RunSettings

PROGRESS_MS, WAIT_MS = 50, 150
STEPS = 1000
SCROLL_BAR = 12


_FLAGS = re.compile(r" ?\(--[a-z][^()]*\)")


def for_the_window(message: str) -> str:
    """A message without the flags that it names for the command line."""
    return _FLAGS.sub("", message)


class ImportDialog(QDialog):
    """How a table is read, changeable, with what comes of it; nothing else is touched until it is imported.

    Signals
    -------
    imported(RunSettings, Dataset)
        Settings of a run that suits the table, and its rows.
    """

    imported = Signal(object, object)

    def __init__(self, settings: RunSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import a table")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings, self._is_new = settings, not settings.table.fingerprint
        self._is_seen = False
        self._preview: TablePreview | None = None
        self._looks: list[Background] = []
        self._load: Background | None = None
        self._cancel, self._share = Event(), 0.0
        self.fields = ImportFields()
        self.columns, self.rows = ColumnTable(), RowTable()
        self.fields.edited.connect(self._on_edited)
        self.columns.edited.connect(self._on_edited)
        self._build()
        self._delay = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._delay.timeout.connect(self._look)
        self._ticks = QTimer(self, interval=PROGRESS_MS)
        self._ticks.timeout.connect(self._on_tick)
        self.fields.show_settings(settings)
        self._look()

    def _build(self) -> None:
        self.title, self.words, self.problem = QLabel(), QLabel(), QLabel()
        for label, name in ((self.title, "heading"), (self.words, "hint"), (self.problem, "problem")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.title.setText(plain(Path(self._settings.table.file).name))
        tabs = QTabWidget()
        tabs.addTab(self.columns, "Columns")
        tabs.addTab(self.rows, "First rows")
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self._scrolled_fields())
        middle.addWidget(tabs, 1)
        self.bar = QProgressBar(maximum=STEPS, textVisible=False)
        self.bar.hide()
        self.cancel, self.accept_button = QPushButton("Cancel"), QPushButton("Import")
        self.accept_button.setObjectName("import")
        self.accept_button.setProperty("primary", True)
        self.accept_button.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self._on_import)
        buttons = QHBoxLayout()
        buttons.addWidget(self.bar, 1)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.accept_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(self.title)
        layout.addLayout(middle, 1)
        layout.addWidget(self.words)
        layout.addWidget(self.problem)
        layout.addLayout(buttons)
        self.resize(980, 650)

    def _scrolled_fields(self) -> QScrollArea:
        """The fields, which a low screen has no room for."""
        scroll = QScrollArea()
        scroll.setObjectName("plain")
        scroll.setWidget(self.fields)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFixedWidth(self.fields.width() + SCROLL_BAR)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        return scroll

    # -- what is in the table -------------------------------------------------------------------------------------

    @Slot(str, object)
    def _on_edited(self, name: str, value: object) -> None:
        self._settings = self._settings.with_values(**{name: value, "fingerprint": ""})
        self._delay.start()

    @Slot()
    def _look(self) -> None:
        settings = self._settings
        look = Background(lambda: preview(settings.table, settings.data.left_out), self)
        self._looks.append(look)
        look.finished.connect(self._on_preview)
        look.failed.connect(self._on_no_preview)
        look.start()

    def _is_newest(self) -> bool:
        return bool(self._looks) and self.sender() is self._looks[-1]

    @Slot(object)
    def _on_preview(self, found: TablePreview) -> None:
        if not self._is_newest():
            return
        self._looks, self._preview = [], found
        if self._is_new and not self._is_seen:
            # What no network learns from is left out at first; a person may take it in again.
            self._settings = self._settings.with_values(left_out=found.left_out)
        self._is_seen = True
        self.fields.show_preview(found, self._settings)
        self.columns.show_preview(found, self._settings)
        self.rows.show_preview(found)
        self.title.setText(self._title(found))
        self.words.setText(for_the_window(" ".join(found.notes)))
        self._show_problem(found.problem)

    def _title(self, found: TablePreview) -> str:
        about = "" if found.is_whole else "about "
        size = f"{about}{found.estimated_rows:,} rows, {len(found.columns):,} columns" if found.columns else ""
        name = plain(Path(self._settings.table.file).name)
        return f"{name}  ·  {size}" if size else name

    @Slot(str, str)
    def _on_no_preview(self, message: str, _details: str) -> None:
        if self._is_newest():
            self._looks = []
            self._show_problem(message)

    def _show_problem(self, message: str) -> None:
        """Say why the table cannot be imported as things are; nothing stands in the way of an empty message."""
        self.problem.setText(for_the_window(message))
        self.problem.setVisible(bool(message))
        self._show_busy(is_busy=False)
        self.accept_button.setEnabled(not message)

    # -- the import -----------------------------------------------------------------------------------------------

    def _show_busy(self, *, is_busy: bool) -> None:
        self.bar.setVisible(is_busy)
        self.fields.setEnabled(not is_busy)
        self.columns.setEnabled(not is_busy)
        self.accept_button.setEnabled(not is_busy)
        if is_busy:
            self._ticks.start()
        else:
            self._ticks.stop()

    @Slot()
    def _on_import(self) -> None:
        self._cancel, self._share = Event(), 0.0
        self.problem.clear()
        self.bar.setValue(0)
        self._show_busy(is_busy=True)
        self._load = Background(_Loading(self, self._suggested(), self._cancel), self)
        self._load.finished.connect(self._on_loaded)
        self._load.failed.connect(self._on_not_loaded)
        self._load.start()

    def _suggested(self) -> RunSettings:
        if self._preview is None:
            return self._settings
        return suggested_settings(self._preview, self._settings) if self._is_new else self._settings

    def note_share(self, share: float) -> None:
        """Keep the share that is read; called by the reading thread."""
        self._share = share

    @Slot()
    def _on_tick(self) -> None:
        self.bar.setValue(round(STEPS * self._share))

    @Slot(object)
    def _on_loaded(self, found: tuple[RunSettings, Dataset] | None) -> None:
        if found is not None and self.sender() is self._load:
            self._show_busy(is_busy=False)
            self.imported.emit(*found)
            self.accept()

    @Slot(str, str)
    def _on_not_loaded(self, message: str, _details: str) -> None:
        if self.sender() is self._load:
            self._show_problem(message)

    def reject(self) -> None:
        """Call a reading off; with none under way, close."""
        if self._ticks.isActive():
            self._cancel.set()
            self._load = None
            self._show_busy(is_busy=False)
        else:
            super().reject()


class _Loading:
    """The reading of the whole table, for the background."""

    def __init__(self, dialog: ImportDialog, settings: RunSettings, cancel: Event) -> None:
        self._dialog, self._settings, self._cancel = dialog, settings, cancel

    def __call__(self) -> tuple[RunSettings, Dataset] | None:
        settings = self._settings
        dataset = load_table(settings, self._dialog.note_share, self._cancel.is_set)
        return settings.with_values(fingerprint=dataset.fingerprint), dataset
