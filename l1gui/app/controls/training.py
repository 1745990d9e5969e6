"""The training panel: epochs, learning rate, loss, batch, seed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.field_grid import FieldGrid
from l1gui.core.losses import LOSSES


class TrainingPanel(FieldGrid):
    """How the network is trained; epochs and learning rate act at once, the others start the run anew."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add_typed("epochs")
        self.add_typed("learn_rate", "decay")
        self.add_choice("loss", [(each.id, each.label, f"{each.formula}\n{each.help}") for each in LOSSES.values()])
        self.add_typed("batch", "seed")
