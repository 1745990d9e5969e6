"""The columns of a table: whether each is an input, what it is, what is missing in it, and some of its cells."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from l1gui.app.legend import cut
from l1gui.app.words import plain
from l1gui.data.tables.preview import ColumnPreview, TablePreview
from l1gui.faults import printable
from l1gui.settings import RunSettings

HEAD = ("Use", "Column", "Is", "Categories", "Missing", "Cells")
USE, NAME, KIND, CATEGORIES, MISSING, CELLS = range(6)
TIPS = {
    USE: "Whether the network gets to see the column",
    CATEGORIES: "Take each value for a category with an input of its own",
}
LONGEST, N_CELLS = 40, 6


class ColumnTable(QTableWidget):
    """A row a column, with check marks for what can be chosen.

    Signals
    -------
    edited(str, object)
        "left_out" or "categorical", and the columns' names.
    """

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(HEAD), parent)
        self.setHorizontalHeaderLabels(list(HEAD))
        self.setAccessibleName("Columns")
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(CELLS, QHeaderView.ResizeMode.Stretch)
        self._names: list[str] = []
        self.itemChanged.connect(self._on_changed)

    def show_preview(self, preview: TablePreview, settings: RunSettings) -> None:
        """Show a table's columns, without a signal."""
        self.blockSignals(True)
        self._names = [column.name for column in preview.columns]
        self.setRowCount(len(self._names))
        for row, column in enumerate(preview.columns):
            self._fill(row, column, preview, settings)
        self.blockSignals(False)

    def _fill(self, row: int, column: ColumnPreview, preview: TablePreview, settings: RunSettings) -> None:
        is_input = column.name not in (preview.target, settings.table.split_column)
        kind = column.kind if is_input else "target" if column.name == preview.target else "split"
        cells = ", ".join(printable(cell, LONGEST) for cell in column.examples[:N_CELLS])
        missing = f"{column.n_missing:,}" if column.n_missing else ""
        for place, text in ((NAME, cut(plain(column.name), LONGEST)), (KIND, kind), (MISSING, missing), (CELLS, cells)):
            self.setItem(row, place, QTableWidgetItem(text))
        is_used = is_input and column.name not in settings.data.left_out
        self._check(row, USE, is_on=is_used, can=is_input)
        is_category = column.name in settings.table.categorical or (is_used and column.kind == "category")
        self._check(row, CATEGORIES, is_on=is_category, can=is_used and column.kind != "category")

    def _check(self, row: int, place: int, *, is_on: bool, can: bool) -> None:
        item = QTableWidgetItem()
        item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
        can_be = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled
        item.setFlags(can_be if can else Qt.ItemFlag.NoItemFlags)
        item.setToolTip(TIPS[place])
        self.setItem(row, place, item)

    def _named(self, place: int, state: Qt.CheckState) -> tuple[str, ...]:
        can_be = Qt.ItemFlag.ItemIsUserCheckable
        items = [(name, self.item(row, place)) for row, name in enumerate(self._names)]
        return tuple(name for name, item in items if item and item.flags() & can_be and item.checkState() is state)

    @Slot(QTableWidgetItem)
    def _on_changed(self, item: QTableWidgetItem) -> None:
        if item.column() == USE:
            self.edited.emit("left_out", self._named(USE, Qt.CheckState.Unchecked))
        elif item.column() == CATEGORIES:
            self.edited.emit("categorical", self._named(CATEGORIES, Qt.CheckState.Checked))
