"""The figures panel: the numbers that matter most, now."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from l1gui.app.words import NO_TEST, number_text
from l1gui.core.record import Evaluation, Snapshot

NONE_YET = "-"


class Figure(QWidget):
    """A name, a big figure and a small one under it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.big, self.small = QLabel(name), QLabel(NONE_YET), QLabel(" ")
        self.name.setObjectName("figureName")
        self.big.setObjectName("figure")
        self.small.setObjectName("figureName")
        cell = QVBoxLayout(self)
        cell.setContentsMargins(0, 0, 0, 0)
        cell.setSpacing(0)
        for label in (self.name, self.big, self.small):
            cell.addWidget(label)

    def show_texts(self, name: str, big: str, small: str) -> None:
        """Show other figures, under another name."""
        for label, text in ((self.name, name), (self.big, big), (self.small, small)):
            label.setText(text)
        self.big.setAccessibleName(name)


class FiguresPanel(QWidget):
    """How well test and training rows are told, zeros, live inputs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        self.test, self.train = Figure("Test accuracy"), Figure("Train accuracy")
        self.zeros, self.live_inputs = Figure("Exact zeros"), Figure("Live inputs")
        for number, figure in enumerate((self.test, self.train, self.zeros, self.live_inputs)):
            grid.addWidget(figure, number // 2, number % 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a snapshot's figures."""
        counts = snapshot.counts
        for figure, part, evaluation in (
            (self.test, "Test", snapshot.test),
            (self.train, "Train", snapshot.train),
        ):
            what = "accuracy" if evaluation.rmse is None and snapshot.train.rmse is None else "R²"
            figure.show_texts(f"{part} {what}", *texts_of(evaluation))
        share = 100 * counts.zero / max(1, counts.count)
        self.zeros.show_texts("Exact zeros", f"{share:.1f} %", f"{counts.zero:,} of {counts.count:,}")
        self.live_inputs.show_texts("Live inputs", f"{counts.live_inputs:,}", f"of {snapshot.sizes[0]:,}")


def texts_of(evaluation: Evaluation) -> tuple[str, str]:
    """The big and the small figure of a part of the rows."""
    if not evaluation.rows:
        return NONE_YET, NO_TEST
    if evaluation.r2 is None or evaluation.rmse is None:
        return f"{100 * evaluation.accuracy:.1f} %", f"{evaluation.correct:,} of {evaluation.rows:,}"
    # R² is no number where the target does not vary.
    big = NONE_YET if math.isnan(evaluation.r2) else f"{evaluation.r2:.3f}"
    return big, f"RMSE {number_text(evaluation.rmse)}"
