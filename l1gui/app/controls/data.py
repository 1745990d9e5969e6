"""The data panel: which preset, and what it shows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from l1gui.data.presets import Preset, presets


class DataPanel(QWidget):
    """Choice of a preset.

    Signals
    -------
    presetChosen(str)
        Name of the preset that the user chose.
    """

    presetChosen = Signal(str)  # noqa: N815 - Qt's way of naming signals

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

    def show_preset(self, chosen: Preset) -> None:
        """Show a preset without a signal."""
        self.preset.setCurrentIndex(self.preset.findData(chosen.id))
        self.about.setText(chosen.about)
        self.preset.setToolTip(chosen.title)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.presetChosen.emit(self.preset.itemData(index))
