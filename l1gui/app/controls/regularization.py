"""The regularization panel: what else keeps a network from learning its rows by heart."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.field_grid import FieldGrid


class RegularizationPanel(FieldGrid):
    """Dropout, jitter and max-norm act at once; early stopping takes rows from training and starts the run anew."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add_typed("dropout")
        self.add_typed("jitter")
        self.add_typed("max_norm")
        self.add_typed("patience")
        self.add_typed("validation")
