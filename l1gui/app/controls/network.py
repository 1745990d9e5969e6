"""The network panel: hidden units, activation."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.field_grid import FieldGrid
from l1gui.core.losses import ACTIVATIONS


class NetworkPanel(FieldGrid):
    """The network's shape; a change rebuilds it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add_typed("hidden")
        self.add_choice("activation", [(each.id, each.label, each.formula) for each in ACTIVATIONS.values()])
