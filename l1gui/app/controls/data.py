"""The data panel: which preset, what it shows, and how planar data are made."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from l1gui.app.field_grid import FieldGrid
from l1gui.app.fields import Check
from l1gui.data.presets import Preset, presets, source
from l1gui.data.shapes import DERIVED
from l1gui.settings import RunSettings


class DataPanel(QWidget):
    """Choice of a preset, and the settings of planar data.

    Signals
    -------
    presetChosen(str)
        Name of the preset that the user chose.
    edited(str, object)
        A setting of the data, and its new value; the run starts anew with it.
    """

    presetChosen = Signal(str)  # noqa: N815 - Qt's way of naming signals
    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preset = QComboBox()
        self.preset.setObjectName("preset")
        self.preset.setAccessibleName("Preset")
        self.preset.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for each in presets().values():
            self.preset.addItem(each.title, each.id)
            self.preset.setItemData(self.preset.count() - 1, each.about, Qt.ItemDataRole.ToolTipRole)
        self.preset.activated.connect(self._on_activated)
        self.about = QLabel()
        self.about.setObjectName("about")
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self.preset)
        layout.addWidget(self.about)
        self.fields = FieldGrid()
        self.fields.add_typed("rows", "noise")
        self.fields.add_typed("noise_inputs")
        self.fields.add_typed("flipped")
        self.fields.edited.connect(self.edited)
        self.derived = self._derived_checks()
        self.planar = QWidget()
        inner = QVBoxLayout(self.planar)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(5)
        inner.addWidget(self.fields)
        inner.addLayout(self.derived_row)
        layout.addWidget(self.planar)

    def _derived_checks(self) -> tuple[QCheckBox, ...]:
        """A check box for each derived input."""
        self.derived_row = QHBoxLayout()
        self.derived_row.setSpacing(6)
        checks = []
        for name in DERIVED:
            check = QCheckBox(name.replace("^2", "²").replace("*", "·"))
            check.setToolTip(f"Add the input {name}, so that L1 can pick among them.")
            check.setAccessibleName(f"Derived input {name}")
            check.clicked.connect(self._on_derived)
            self.derived_row.addWidget(check)
            checks.append(check)
        return tuple(checks)

    def set_check(self, check: Check) -> None:
        """Say what refuses values that are allowed but cannot be now."""
        self.fields.set_check(check)

    def show_settings(self, settings: RunSettings) -> None:
        """Show the data's settings without a signal; only those that the source obeys."""
        self.planar.setVisible("rows" in source(settings.data.source).uses)
        self.fields.show_values({name: settings.value(name) for name in self.fields.fields})
        for name, check in zip(DERIVED, self.derived, strict=True):
            check.setChecked(name in settings.data.derived)

    @Slot()
    def _on_derived(self) -> None:
        chosen = tuple(name for name, check in zip(DERIVED, self.derived, strict=True) if check.isChecked())
        self.edited.emit("derived", chosen)

    def show_preset(self, chosen: Preset) -> None:
        """Show a preset without a signal."""
        self.preset.setCurrentIndex(self.preset.findData(chosen.id))
        self.about.setText(chosen.about)
        self.preset.setToolTip(chosen.title)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.presetChosen.emit(self.preset.itemData(index))
