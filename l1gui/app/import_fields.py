"""How a table is read and what is learned from it, as fields of the import dialog."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from l1gui.app.field_grid import FieldGrid
from l1gui.app.fields import ChoiceField
from l1gui.app.file_field import FileField
from l1gui.app.words import plain
from l1gui.data.tables.choices import CHOICES
from l1gui.data.tables.preview import TablePreview
from l1gui.settings import RunSettings

WIDTH = 300
AUTO = "auto"
LABELS = {
    "utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252", "latin-1": "Latin-1", "minmax": "0 to 1",
    "standard": "mean 0, deviation 1", "refuse": "refuse the table", "drop": "drop the row",
    "mean": "fill with the mean", "mode": "fill with the mode", "pipe": "vertical bar",
    "class": "a class", "number": "a number",
}  # fmt: skip
SECTIONS = (
    ("THE FILE", ("sheet", "encoding", "delimiter", "decimal", "header")),
    ("WHAT IS LEARNED", ("target", "target_kind", "missing", "scaling", "target_scaling")),
    (
        "ROWS HELD BACK",
        ("test_share", "validation_share", "split_seed", "stratify", "split_column", "validation_file", "test_file"),
    ),
)
NO_COLUMN = "none"


def choices_of(name: str, found: str = "") -> list[tuple[str, str, str]]:
    """Entries of a choice: id, label, tool tip; the first one with what was found out."""
    return [
        (each, f"auto: {LABELS.get(found, found)}" if each == AUTO and found else LABELS.get(each, each), tip)
        for each, tip in CHOICES[name].items()
    ]


class ImportFields(QWidget):
    """All fields.

    Signals
    -------
    edited(str, object)
        A setting's name and its new value.
    """

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._grids = []
        self._settings = RunSettings()
        for title, names in SECTIONS:
            heading = QLabel(title)
            heading.setObjectName("section")
            grid = FieldGrid()
            for name in names:
                if name in CHOICES:
                    grid.add_choice(name, choices_of(name))
                elif name in ("target", "split_column", "sheet"):
                    grid.add_choice(name, [])
                elif name in ("validation_file", "test_file"):
                    grid.add_field(name, FileField(name))
                else:
                    grid.add_typed(name)
            grid.edited.connect(self.edited)
            layout.addWidget(heading)
            layout.addWidget(grid)
            self._grids.append(grid)
        layout.addStretch(1)

    def field(self, name: str) -> ChoiceField:
        """The choice for a setting."""
        found = next(grid.fields[name] for grid in self._grids if name in grid.fields)
        assert isinstance(found, ChoiceField)  # noqa: S101 - the callers name choices
        return found

    def show_settings(self, settings: RunSettings) -> None:
        """Show all settings, without a signal."""
        self._settings = settings
        for grid in self._grids:
            grid.show_values({name: settings.value(name) for name in grid.fields})

    def show_preview(self, preview: TablePreview, settings: RunSettings) -> None:
        """Show what was found out, and the columns that can be chosen."""
        reading = preview.reading
        found = {
            "encoding": reading.encoding,
            "delimiter": reading.delimiter,
            "decimal": reading.decimal,
            "header": "yes" if reading.has_header else "no",
            "target_kind": preview.target_kind,
        }
        for name, value in found.items():
            self.field(name).set_choices(choices_of(name, value))
        file_grid = self._grids[0]
        for name in ("encoding", "delimiter", "decimal"):
            file_grid.show_row(name, is_shown=bool(found[name]))
        file_grid.show_row("sheet", is_shown=len(reading.sheets) > 1)
        sheets = [("" if not k else each, plain(each), each) for k, each in enumerate(reading.sheets)]
        self.field("sheet").set_choices(sheets)
        names = [(each.name, plain(each.name), each.name) for each in preview.columns]
        self.field("target").set_choices(names)
        self.field("split_column").set_choices([("", NO_COLUMN, "Rows are drawn by the shares above"), *names])
        self.show_settings(settings)
        self.field("target").show_value(preview.target)
