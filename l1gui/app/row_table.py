"""The first rows of a table, as text."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QTableView, QWidget

from l1gui.app.legend import cut
from l1gui.app.words import plain
from l1gui.data.tables.preview import TablePreview
from l1gui.faults import printable

LONGEST, MAX_COLUMNS = 60, 200
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class _Rows(QAbstractTableModel):
    """Names and cells; what is longer or more than can be looked at is cut."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._rows: tuple[tuple[str, ...], ...] = ()

    def show_rows(self, names: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
        self.beginResetModel()
        self._names, self._rows = names[:MAX_COLUMNS], rows
        self.endResetModel()

    def rowCount(self, _parent: Index = NOWHERE) -> int:  # noqa: N802 - Qt's names, here and below
        return len(self._rows)

    def columnCount(self, _parent: Index = NOWHERE) -> int:  # noqa: N802
        return len(self._names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            row = self._rows[index.row()]
            return printable(row[index.column()], LONGEST) if index.column() < len(row) else ""
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return cut(plain(self._names[section]), LONGEST) if orientation is Qt.Orientation.Horizontal else section + 1


class RowTable(QTableView):
    """Shows them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Rows()
        self.setModel(self._model)
        self.setAccessibleName("First rows")
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.verticalHeader().setDefaultSectionSize(24)

    def show_preview(self, preview: TablePreview) -> None:
        """Show a table's first rows."""
        self._model.show_rows(tuple(column.name for column in preview.columns), preview.rows)
