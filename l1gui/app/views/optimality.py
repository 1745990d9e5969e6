"""The optimality residual over the epochs: how far the weights are from an optimum of loss and penalty."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.curve_card import CurveCard
from l1gui.core.record import Snapshot


class OptimalityView(CurveCard):
    """The KKT residual; logarithmic at first, because it falls over decades."""

    names = ("kkt",)
    can_log_value = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Optimality", parent)
        self.title.setToolTip(
            "KKT residual: the largest miss of the optimality conditions of loss and penalty, over weights and biases. "
            "With L1: |g + lambda s(w)| where w is not 0, max(0, |g| - lambda) at 0, |g| for biases. 0 at an optimum; "
            "online training at a fixed learning rate hovers around one. Measured at the first ten epochs and every "
            "tenth, on all training rows, without dropout and jitter."
        )
        self.figure.set_names("epoch · KKT residual, 0 at an optimum")
        self.log_value.setChecked(True)

    def column_name(self, name: str) -> str:
        """The residual as last measured."""
        return name

    def value_text(self, snapshot: Snapshot, name: str) -> str:
        """As in KKT residual 0.0111."""
        return f"{self.spoken(name)} {self.number_text(snapshot.kkt)}"

    def spoken(self, _name: str) -> str:
        """Its usual name."""
        return "KKT residual"

    def number_text(self, value: float) -> str:
        """Three digits that count."""
        return f"{value:.3g}"
