"""The error of a predicted number over the epochs, in the target's own units."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.part_curves import PartCurves
from l1gui.app.words import number_text, plain
from l1gui.core.record import Evaluation
from l1gui.data.dataset import Dataset


class ErrorView(PartCurves):
    """Root of the mean squared error of each part's rows after each epoch; of classes there is none."""

    can_log_value = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Error", parent)
        self.title.setToolTip("RMSE: the root of the mean squared error, in the target's own units.")

    def set_dataset(self, dataset: Dataset) -> None:
        """Name the target whose units these are."""
        super().set_dataset(dataset)
        self.figure.set_names(f"epoch · RMSE of {plain(dataset.target_name)}")

    def column_name(self, name: str) -> str:
        """Error per epoch."""
        return f"{name}_rmse"

    def value(self, evaluation: Evaluation) -> float:
        """The error."""
        return evaluation.rmse if evaluation.rmse is not None else float("nan")

    def number_text(self, value: float) -> str:
        """About four digits."""
        return number_text(value)
