"""The accuracy over the epochs, training and test, with the counts behind it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.curve_card import CurveCard
from l1gui.app.plotting import PERCENT_TOP, Range
from l1gui.core.record import Snapshot


class AccuracyView(CurveCard):
    """Share of rows classified right after each epoch, in percent."""

    are_labels_at_top = False  # that is where good curves are

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Accuracy", parent)
        self.title.setToolTip("Share of rows whose class the network gets right.")
        self.figure.set_names("epoch · percent of rows right")

    def column_name(self, name: str) -> str:
        """Rows right per epoch."""
        return f"{name}_correct"

    def scale(self, snapshot: Snapshot, name: str) -> float:
        """From rows to percent."""
        rows = (snapshot.train if name == "train" else snapshot.test).rows
        return 100.0 / max(1, rows)

    def value_text(self, snapshot: Snapshot, name: str) -> str:
        """As in test 55.0 % (22/40)."""
        evaluation = snapshot.train if name == "train" else snapshot.test
        return f"{name} {100 * evaluation.accuracy:.1f} % ({evaluation.correct:,}/{evaluation.rows:,})"

    def number_text(self, value: float) -> str:
        """Percent with one digit."""
        return f"{value:.1f} %"

    def value_range(self, low: float, _high: float) -> Range:
        """From the ten below the least to just above 100."""
        return max(0.0, 10.0 * (low // 10.0)), PERCENT_TOP
