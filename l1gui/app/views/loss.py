"""The loss over the epochs, training and test, the penalty not included."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.curve_card import CurveCard
from l1gui.core.record import Snapshot


class LossView(CurveCard):
    """Mean loss of the training and test rows after each epoch."""

    can_log_value = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Loss", parent)
        self.title.setToolTip("Mean loss per row, as training measures it; the penalty is not part of it.")
        self.figure.set_names("epoch · loss without the penalty")

    def column_name(self, name: str) -> str:
        """Loss per epoch."""
        return f"{name}_loss"

    def value_text(self, snapshot: Snapshot, name: str) -> str:
        """As in train 0.1234."""
        evaluation = snapshot.train if name == "train" else snapshot.test
        return f"{name} {self.number_text(evaluation.loss)}"

    def number_text(self, value: float) -> str:
        """Four digits after the point; more of a large or a tiny value would not fit."""
        return f"{value:.4f}" if 1e-3 <= value < 1e3 or value == 0 else f"{value:.3g}"  # noqa: PLR2004
