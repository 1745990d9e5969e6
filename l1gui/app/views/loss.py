"""The loss over the epochs, of training, validation and test rows, the penalty not included."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.part_curves import PartCurves
from l1gui.app.words import number_text
from l1gui.core.record import Evaluation

LEAST, MOST = 1e-3, 1e3


class LossView(PartCurves):
    """Mean loss of each part's rows after each epoch."""

    can_log_value = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Loss", parent)
        self.title.setToolTip("Mean loss per row, as training measures it; the penalty is not part of it.")
        self.figure.set_names("epoch · loss without the penalty")

    def column_name(self, name: str) -> str:
        """Loss per epoch."""
        return f"{name}_loss"

    def value(self, evaluation: Evaluation) -> float:
        """The loss."""
        return evaluation.loss

    def number_text(self, value: float) -> str:
        """Four digits after the point; more of a large or a tiny value would not fit."""
        return f"{value:.4f}" if LEAST <= value < MOST or value == 0 else number_text(value)
