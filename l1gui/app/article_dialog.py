"""The article's numbers: its runs trained here and now, published beside obtained, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from l1gui.app.background import Background
from l1gui.core.penalties import METHODS

if TYPE_CHECKING:
    from l1gui.runs import ArticleRun

COLUMNS = ("Run", "Published\ntrain", "Obtained\ntrain", "Published\ntest", "Obtained\ntest", "Sum of\n|w|", "Same")


def _train_them() -> tuple[tuple[ArticleRun, ...], str]:
    from l1gui import runs  # noqa: PLC0415 - brings the compiler with it, so not on the window's thread

    obtained = runs.article_runs()
    return obtained, runs.article_verdict(obtained)


class ArticleDialog(QDialog):
    """Trains the article's four runs in the background and shows what came out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("The article's numbers")
        self.resize(760, 460)
        self._intro = QLabel(
            "The article's four runs, trained now by this program's own engine: 10-8-4, 500 epochs, learning rate "
            "0.01, lambda 0.001, seed 0. Counts are of 200 training and 40 test rows."
        )
        self._intro.setWordWrap(True)
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setHorizontalHeaderLabels(COLUMNS)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.verdict = QLabel("Training…")
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        for widget in (self._intro, self.table, self.verdict, buttons):
            layout.addWidget(widget)
        self._work = Background(_train_them, self)
        self._work.finished.connect(self._on_trained)
        self._work.failed.connect(self._on_failed)
        self._work.start()

    @Slot(object)
    def _on_trained(self, outcome: tuple[tuple[ArticleRun, ...], str]) -> None:
        runs, verdict = outcome
        self.table.setRowCount(len(runs))
        for row, run in enumerate(runs):
            last = run.record.last
            published = run.published
            cells = (
                METHODS[run.record.label].label,
                f"{published[0]}/{last.train.rows}" if published else "-",
                f"{last.train.correct}/{last.train.rows}",
                f"{published[1]}/{last.test.rows}" if published else "-",
                f"{last.test.correct}/{last.test.rows}",
                f"{last.counts.abs_sum:.2f}",
                ("yes" if run.matches else "no") if published else "not published",
            )
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self.table.setItem(row, column, item)
        self.table.resizeRowsToContents()
        self.verdict.setText(verdict)

    @Slot(str, str)
    def _on_failed(self, message: str, _details: str) -> None:
        self.verdict.setText(f"The runs could not be trained: {message}")
