"""The loss over the epochs, training and test, the penalty not included."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.curve_card import Column, CurveCard
from l1gui.app.plotting import stepped_top
from l1gui.core.history import HistoryView
from l1gui.core.record import Snapshot


class LossView(CurveCard):
    """Mean loss of the training and test rows after each epoch."""

    can_log_value = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Loss", parent)
        self.title.setToolTip("Mean loss per row, as training measures it; the penalty is not part of it.")
        self.plot.setLabel("bottom", "epoch · loss without the penalty")

    def column(self, history: HistoryView, _snapshot: Snapshot, name: str) -> Column:
        """Loss per epoch."""
        return history[f"{name}_loss"]

    def value_text(self, snapshot: Snapshot, name: str) -> str:
        """As in train 0.1234."""
        evaluation = snapshot.train if name == "train" else snapshot.test
        return f"{name} {evaluation.loss:.4f}"

    def number_text(self, value: float) -> str:
        """Four digits."""
        return f"{value:.4f}"

    def value_range(self, columns: list[Column]) -> tuple[float, float]:
        """From 0 to a round step above the largest."""
        self._top = stepped_top(max(float(column.max()) for column in columns) * 1.02, self._top)
        return 0.0, self._top
