"""The accuracy over the epochs, training and test, with the counts behind it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.curve_card import Column, CurveCard
from l1gui.core.history import HistoryView
from l1gui.core.record import Snapshot


class AccuracyView(CurveCard):
    """Share of rows classified right after each epoch, in percent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Accuracy", parent)
        self.title.setToolTip("Share of rows whose class the network gets right.")
        self.plot.setLabel("bottom", "epoch · percent of rows right")

    def column(self, history: HistoryView, snapshot: Snapshot, name: str) -> Column:
        """Percent right per epoch."""
        rows = (snapshot.train if name == "train" else snapshot.test).rows
        return history[f"{name}_correct"] * (100.0 / max(1, rows))

    def value_text(self, snapshot: Snapshot, name: str) -> str:
        """As in test 55.0 % (22/40)."""
        evaluation = snapshot.train if name == "train" else snapshot.test
        return f"{name} {100 * evaluation.accuracy:.1f} % ({evaluation.correct:,}/{evaluation.rows:,})"

    def number_text(self, value: float) -> str:
        """Percent with one digit."""
        return f"{value:.1f} %"

    def value_range(self, columns: list[Column]) -> tuple[float, float]:
        """From the ten below the least to just above 100."""
        lowest = min(float(column.min()) for column in columns)
        return max(0.0, 10.0 * (lowest // 10.0)), 102.0
