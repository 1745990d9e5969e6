"""The status line: what the run is doing, how far it is, how fast, how long still."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from l1gui.app.mailbox import Frame
from l1gui.app.states import RunState

PROGRESS_STEPS = 1000

WORDS = {
    RunState.PREPARING: "Preparing the training loops (the first start takes some seconds)",
    RunState.READY: "Ready",
    RunState.RUNNING: "Training",
    RunState.PAUSED: "Paused",
    RunState.FINISHED: "Finished",
    RunState.DIVERGED: "Diverged",
    RunState.FAILED: "Stopped by a fault",
}


def speed_text(rows_per_second: float) -> str:
    """Rows a second in three digits or fewer, as in 1.2 M rows/s."""
    for size, name in ((1e6, " M"), (1e3, " k")):
        if rows_per_second >= size:
            scaled = rows_per_second / size
            return f"{scaled:.1f}{name} rows/s" if scaled < 10 else f"{scaled:.0f}{name} rows/s"  # noqa: PLR2004
    return f"{rows_per_second:.0f} rows/s"


def duration_text(seconds: float) -> str:
    """A duration for people, as in 12 s, 3:05 min, 2:10 h."""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 - a minute
        return f"{whole} s"
    if whole < 3600:  # noqa: PLR2004 - an hour
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600:,}:{whole % 3600 // 60:02d} h"


class StatusLine(QWidget):
    """Text at the left, progress and pace at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._words = QLabel(WORDS[RunState.PREPARING])
        self._notice = QLabel()
        self._notice.setObjectName("warning")
        self._progress = QProgressBar()
        self._progress.setRange(0, PROGRESS_STEPS)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(200)
        self._progress.setAccessibleName("Epochs done")
        self._pace = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(12)
        layout.addWidget(self._words)
        layout.addWidget(self._notice)
        layout.addStretch(1)
        layout.addWidget(self._progress)
        layout.addWidget(self._pace)

    @property
    def text(self) -> str:
        """The words at the left."""
        return self._words.text()

    @property
    def pace(self) -> str:
        """Speed and time left, at the right."""
        return self._pace.text()

    def show_notice(self, notice: str) -> None:
        """Keep a standing notice in view, such as that the loops run uncompiled."""
        self._notice.setText("loops not compiled: slow" if notice else "")
        self._notice.setToolTip(notice)

    def show_state(self, state: RunState) -> None:
        """Say what the run is doing before its first frame is there."""
        self._words.setText(WORDS[state])
        if state in (RunState.PREPARING, RunState.READY):
            self._progress.setValue(0)
            self._pace.clear()

    def show_frame(self, frame: Frame, label: str) -> None:
        """Say how far the run is; `label` names it in a comparison."""
        snapshot = frame.snapshot
        epochs = snapshot.settings.training.epochs
        words = f"{WORDS[frame.state]} · epoch {snapshot.epoch:,} of {epochs:,}"
        if label:
            words += f" · comparison: {label}"
        self._words.setText(words)
        n_rows = snapshot.train.rows
        share = snapshot.rows_seen / (epochs * n_rows) if n_rows else 0.0
        self._progress.setValue(round(PROGRESS_STEPS * min(1.0, share)))
        pace = []
        if snapshot.pace.rows_per_second and frame.state is RunState.RUNNING:
            pace.append(speed_text(snapshot.pace.rows_per_second))
            if snapshot.pace.seconds_left is not None:
                pace.append(f"{duration_text(snapshot.pace.seconds_left)} left")
        self._pace.setText("  ·  ".join(pace))
