"""The figures panel: the numbers that matter most, now."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from l1gui.core.record import Snapshot

NONE_YET = "-"


class FiguresPanel(QWidget):
    """Test accuracy, loss, zeros, live inputs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        self.test_accuracy = self._figure(grid, 0, 0, "Test accuracy")
        self.train_accuracy = self._figure(grid, 0, 1, "Train accuracy")
        self.zeros = self._figure(grid, 1, 0, "Exact zeros")
        self.live_inputs = self._figure(grid, 1, 1, "Live inputs")

    @staticmethod
    def _figure(grid: QGridLayout, row: int, column: int, name: str) -> tuple[QLabel, QLabel]:
        """A name, a big figure and a small one under it; returns the two figures."""
        cell = QVBoxLayout()
        cell.setSpacing(0)
        title, big, small = QLabel(name), QLabel(NONE_YET), QLabel(" ")
        title.setObjectName("figureName")
        big.setObjectName("figure")
        big.setAccessibleName(name)
        small.setObjectName("figureName")
        for label in (title, big, small):
            cell.addWidget(label)
        grid.addLayout(cell, row, column)
        grid.setColumnStretch(column, 1)
        return big, small

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a snapshot's figures."""
        counts = snapshot.counts
        for (big, small), evaluation in (
            (self.test_accuracy, snapshot.test),
            (self.train_accuracy, snapshot.train),
        ):
            big.setText(f"{100 * evaluation.accuracy:.1f} %")
            small.setText(f"{evaluation.correct:,} of {evaluation.rows:,}")
        self.zeros[0].setText(f"{100 * counts.zero / max(1, counts.count):.1f} %")
        self.zeros[1].setText(f"{counts.zero:,} of {counts.count:,}")
        self.live_inputs[0].setText(f"{counts.live_inputs}")
        self.live_inputs[1].setText(f"of {snapshot.sizes[0]}")
