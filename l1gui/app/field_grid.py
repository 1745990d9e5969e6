"""Rows of labels and fields, with room for what is wrong with a field."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from l1gui.app.fields import Check, ChoiceField, TypedField
from l1gui.app.file_field import FileField
from l1gui.settings import SPECS

LABEL_WIDTH = 104


def field_label(name: str, field: QWidget) -> QLabel:
    """A setting's label, which leads to its field."""
    label = QLabel(SPECS[name].label)
    label.setBuddy(field)
    label.setToolTip(SPECS[name].help)
    return label


class ProblemLine(QLabel):
    """What is wrong with a field, under it; hidden while nothing is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problem")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.hide()

    @Slot(str)
    def show_problem(self, problem: str) -> None:
        """Show it, or hide the line when it is empty."""
        self.setText(problem[:1].upper() + problem[1:])
        self.setVisible(bool(problem))


class FieldGrid(QWidget):
    """Rows of a label and a field, with a line for the field's problem under it.

    Signals
    -------
    edited(str, object)
        As of its fields.
    """

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._labels: dict[str, QLabel] = {}
        self.fields: dict[str, TypedField | ChoiceField | FileField] = {}

    def add_typed(self, *names: str) -> None:
        """Add a row with a line for each setting; the names of several share the room of one."""
        problem = ProblemLine()
        row = self._grid.rowCount()
        cells = QHBoxLayout()
        cells.setSpacing(8)
        for number, name in enumerate(names):
            field = TypedField(name)
            if number:
                cells.addWidget(field_label(name, field))
            else:
                self._grid.addWidget(field_label(name, field), row, 0)
            cells.addWidget(field, 1)
            field.refused.connect(problem.show_problem)
            self._keep(name, field)
        self._grid.addLayout(cells, row, 1)
        self._grid.addWidget(problem, row + 1, 0, 1, 2)

    def add_choice(self, name: str, choices: list[tuple[str, str, str]]) -> None:
        """Add a choice for a setting; entries are id, label, tool tip."""
        self.add_field(name, ChoiceField(name, choices))

    def add_field(self, name: str, field: TypedField | ChoiceField | FileField) -> None:
        """Add a row with a field that is there already."""
        label, problem = field_label(name, field), ProblemLine()
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(field, row, 1)
        self._labels[name] = label
        self._grid.addWidget(problem, row + 1, 0, 1, 2)
        field.refused.connect(problem.show_problem)
        self._keep(name, field)

    def show_row(self, name: str, *, is_shown: bool) -> None:
        """Show or hide a row that `add_field` or `add_choice` made."""
        self.fields[name].setVisible(is_shown)
        self._labels[name].setVisible(is_shown)

    def set_check(self, check: Check) -> None:
        """Say what refuses values that are allowed but cannot be now."""
        for field in self.fields.values():
            field.check = check

    def show_values(self, values: dict[str, Any]) -> None:
        """Show the values of all fields without a signal."""
        for name, field in self.fields.items():
            field.show_value(values[name])

    def _keep(self, name: str, field: TypedField | ChoiceField | FileField) -> None:
        self.fields[name] = field
        field.edited.connect(self.edited)
