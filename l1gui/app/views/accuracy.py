"""How well the rows are told, over the epochs: the accuracy of classes with its counts, the R² of a number."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.part_curves import PartCurves
from l1gui.app.plotting import PERCENT_TOP, Range
from l1gui.core.record import Evaluation, Snapshot
from l1gui.data.dataset import Dataset

USUAL_R2, LEAST_R2, R2_STEP = -0.2, -1.0, 0.1
"""Where the axis of R² ends: at most at the first while the curves are above it now, whatever they were at the start,
else at the second."""
TITLES = ("Accuracy", "R²")
TIPS = (
    "Share of rows whose class the network gets right.",
    "Share of the target's variance that the prediction explains: 1 is all; 0 is no more than the mean of the rows "
    "does; below 0 is worse than that.",
)
AXES = ("epoch · percent of rows right", "epoch · share of the variance explained")


class AccuracyView(PartCurves):
    """Share of rows classified right after each epoch, in percent; of a number, the share of its variance explained."""

    are_labels_at_top = False  # that is where good curves are

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TITLES[0], parent)
        self._name()

    def _name(self) -> None:
        self.set_title(TITLES[self.is_numeric], TIPS[self.is_numeric])
        self.figure.set_names(AXES[self.is_numeric])

    def set_dataset(self, dataset: Dataset) -> None:
        """Show what goes with the target."""
        super().set_dataset(dataset)
        self._name()

    def column_name(self, name: str) -> str:
        """Rows right, or R², per epoch."""
        return f"{name}_r2" if self.is_numeric else f"{name}_correct"

    def scale(self, snapshot: Snapshot, name: str) -> float:
        """From rows to percent."""
        evaluation = self.evaluation(snapshot, name)
        return 1.0 if self.is_numeric or evaluation is None else 100.0 / evaluation.rows

    def value(self, evaluation: Evaluation) -> float:
        """Accuracy or R²; NaN where the target does not vary."""
        return 100.0 * evaluation.accuracy if evaluation.r2 is None else evaluation.r2

    def figure_text(self, evaluation: Evaluation) -> str:
        """As in 55.0 % (22/40), or 0.913."""
        text = self.number_text(self.value(evaluation))
        return text if self.is_numeric else f"{text} ({evaluation.correct:,}/{evaluation.rows:,})"

    def number_text(self, value: float) -> str:
        """Percent with one digit, or R² with three."""
        return f"{value:.3f}" if self.is_numeric else f"{value:.1f} %"

    def value_range(self, low: float, _high: float) -> Range:
        """From a round number below the least to just above what can be."""
        if self.is_numeric:
            least = USUAL_R2 if self._lowest_now >= USUAL_R2 else LEAST_R2
            return max(least, min(0.0, R2_STEP * (low // R2_STEP))), PERCENT_TOP / 100.0
        return max(0.0, 10.0 * (low // 10.0)), PERCENT_TOP

    @property
    def _lowest_now(self) -> float:
        snapshot = self._snapshot
        parts = [] if snapshot is None else [self.evaluation(snapshot, name) for name in self.present(snapshot)]
        return min((self.value(each) for each in parts if each is not None), default=0.0)
