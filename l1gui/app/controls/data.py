"""The data panel: a preset, a table or a Playground link; and how generated data are made."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from l1gui.app.field_grid import FieldGrid
from l1gui.app.fields import Check
from l1gui.app.input_checks import InputChecks
from l1gui.data.playground import INPUTS, SETS
from l1gui.data.presets import Preset, presets, source
from l1gui.data.shapes import DERIVED
from l1gui.settings import TABLE, RunSettings


class DataPanel(QWidget):
    """Choice of the data, and the settings of those that are generated.

    Signals
    -------
    presetChosen(str)
        Name of the preset that the user chose.
    edited(str, object)
        A setting of the data, and its new value; the run starts anew with it.
    tableRequested(), tableChangeRequested(), linkPasted()
        A table is to be opened, the one that is on to be read otherwise, a Playground link to be taken.
    """

    presetChosen = Signal(str)  # noqa: N815 - Qt's way of naming signals, here and below
    edited = Signal(str, object)
    tableRequested = Signal()  # noqa: N815
    tableChangeRequested = Signal()  # noqa: N815
    linkPasted = Signal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preset = self._preset_box()
        self.about = QLabel()
        self.about.setObjectName("about")
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.change = self._button("Change how it is read…", "Delimiter, target, missing cells, split and scaling")
        self.change.clicked.connect(self.tableChangeRequested)
        self.generated, self.spoilt, self.linked = FieldGrid(), FieldGrid(), FieldGrid()
        self.generated.add_typed("rows", "noise")
        self.spoilt.add_typed("noise_inputs")
        self.spoilt.add_typed("flipped")
        self.linked.add_typed("link_seed")
        self.linked.add_typed("link_noise")
        self.linked.add_typed("train_share")
        self.planar_inputs = InputChecks(tuple(DERIVED))
        self.linked_inputs = InputChecks(tuple(INPUTS))
        for each in (self.generated, self.spoilt, self.linked, self.planar_inputs, self.linked_inputs):
            each.edited.connect(self.edited)
        self._lay_out()

    def _preset_box(self) -> QComboBox:
        box = QComboBox()
        box.setObjectName("preset")
        box.setAccessibleName("Preset")
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for each in presets().values():
            box.addItem(each.title, each.id)
            box.setItemData(box.count() - 1, each.about, Qt.ItemDataRole.ToolTipRole)
        box.activated.connect(self._on_activated)
        return box

    @staticmethod
    def _button(text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setObjectName("small")
        return button

    def _lay_out(self) -> None:
        table = self._button("Open a table…", "Learn from the rows of a file: CSV, TSV, Excel, NumPy, Parquet (Ctrl+T)")
        table.clicked.connect(self.tableRequested)
        link = self._button("Paste a link", "Make the run of the TensorFlow Playground link on the clipboard")
        link.clicked.connect(self.linkPasted)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(table)
        buttons.addWidget(link)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self.preset)
        layout.addLayout(buttons)
        for widget in (
            self.about, self.change, self.generated, self.spoilt, self.planar_inputs, self.linked, self.linked_inputs
        ):  # fmt: skip
            layout.addWidget(widget)

    def set_check(self, check: Check) -> None:
        """Say what refuses values that are allowed but cannot be now."""
        for grid in (self.generated, self.spoilt, self.linked):
            grid.set_check(check)

    def show_settings(self, settings: RunSettings) -> None:
        """Show the data's settings without a signal; only those that the source obeys."""
        data = settings.data
        is_linked, obeyed = data.source in SETS, source(data.source).uses
        for grid in (self.generated, self.spoilt, self.linked):
            grid.setVisible(all(name in obeyed for name in grid.fields))
            grid.show_values({name: settings.value(name) for name in grid.fields})
        self.planar_inputs.setVisible("derived" in obeyed and not is_linked)
        self.linked_inputs.setVisible(is_linked)
        self.planar_inputs.show_inputs(data)
        self.linked_inputs.show_inputs(data)
        self.change.setVisible(data.source == TABLE)

    def show_preset(self, chosen: Preset) -> None:
        """Show a preset without a signal."""
        self.preset.setCurrentIndex(self.preset.findData(chosen.id))
        self.about.setText(chosen.about)
        self.preset.setToolTip(chosen.title)

    def show_data(self, title: str, about: str) -> None:
        """Show data that no preset gives."""
        self.preset.setCurrentIndex(-1)
        self.preset.setPlaceholderText(title)
        self.preset.setToolTip(title)
        self.about.setText(about)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.presetChosen.emit(self.preset.itemData(index))
