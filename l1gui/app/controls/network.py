"""The network panel: hidden units, activation, initialisation."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.field_grid import FieldGrid
from l1gui.core.losses import ACTIVATIONS
from l1gui.core.network import INITIALIZATIONS

LABELS = {"uniform": "uniform", "xavier": "Xavier", "he": "He"}


class NetworkPanel(FieldGrid):
    """The network's shape; a change rebuilds it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add_typed("hidden")
        self.add_choice("activation", [(each.id, each.label, each.formula) for each in ACTIVATIONS.values()])
        self.add_choice(
            "initialization", [(each, LABELS.get(each, each), INITIALIZATIONS[each]) for each in INITIALIZATIONS]
        )
        self.add_typed("init_range")
