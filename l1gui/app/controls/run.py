"""The run panel: train, pause, step, reset, export, and the speed."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QPushButton, QSizePolicy, QWidget

from l1gui.app.states import SPEEDS, RunState, Speed

TRAIN_WORDS = {
    RunState.PREPARING: "Preparing…",
    RunState.READY: "Train",
    RunState.RUNNING: "Pause",
    RunState.PAUSED: "Continue",
    RunState.FINISHED: "Train again",
    RunState.DIVERGED: "Train again",
    RunState.FAILED: "Train again",
}


class RunPanel(QWidget):
    """Buttons for the run.

    Signals
    -------
    trainToggled(), resetRequested(), exportRequested(), pruneRequested()
        The button was pressed.
    stepRequested(str)
        One more "epoch".
    speedChosen(Speed)
        Another speed.
    """

    trainToggled = Signal()  # noqa: N815 - Qt's way of naming signals, here and below
    stepRequested = Signal(str)  # noqa: N815
    resetRequested = Signal()  # noqa: N815
    exportRequested = Signal()  # noqa: N815
    pruneRequested = Signal()  # noqa: N815
    speedChosen = Signal(object)  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.train = self._button("train", "Train", "Train, or pause (F5)")
        self.train.setProperty("primary", True)
        self.step = self._button("step", "Step", "Train one epoch more (F6); one update more with Shift+F6")
        self.reset = self._button("reset", "Reset", "Back to the start, with the same seed (Ctrl+R)")
        self.prune = self._button(
            "prune", "Prune", "Leave out inputs and units that zeros have made useless; the answers stay (Ctrl+P)"
        )
        self.export = self._button("export", "Export…", "Save the weights to a file (Ctrl+E)")
        self.speed = QComboBox()
        self.speed.setObjectName("speed")
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip("How fast the run may go.")
        self.speed.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for speed in SPEEDS:
            self.speed.addItem(speed.label)
        label = QLabel("Speed")
        label.setBuddy(self.speed)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(6)
        layout.setVerticalSpacing(7)
        layout.addWidget(label, 0, 0)
        layout.addWidget(self.speed, 0, 1, 1, 3)
        layout.addWidget(self.train, 1, 0, 1, 4)
        for column, button in enumerate((self.step, self.reset, self.prune, self.export)):
            layout.addWidget(button, 2, column)
            layout.setColumnStretch(column, 1)
        self.train.clicked.connect(self._on_train)
        self.step.clicked.connect(self._on_step)
        self.reset.clicked.connect(self._on_reset)
        self.export.clicked.connect(self._on_export)
        self.prune.clicked.connect(self._on_prune)
        self.speed.activated.connect(self._on_speed)
        self.show_state(RunState.PREPARING)

    @staticmethod
    def _button(name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(tip)
        return button

    def show_state(self, state: RunState) -> None:
        """Say what the main button does next, and allow what can be done now."""
        self.train.setText(TRAIN_WORDS[state])
        is_prepared = state is not RunState.PREPARING
        self.train.setEnabled(is_prepared)
        self.step.setEnabled(state in (RunState.READY, RunState.PAUSED, RunState.RUNNING))
        self.reset.setEnabled(is_prepared)
        self.export.setEnabled(is_prepared)
        self.prune.setEnabled(is_prepared)

    def show_speed(self, speed: Speed) -> None:
        """Show a speed without a signal."""
        self.speed.setCurrentIndex(SPEEDS.index(speed))

    @Slot()
    def _on_train(self) -> None:
        self.trainToggled.emit()

    @Slot()
    def _on_step(self) -> None:
        self.stepRequested.emit("epoch")

    @Slot()
    def _on_reset(self) -> None:
        self.resetRequested.emit()

    @Slot()
    def _on_export(self) -> None:
        self.exportRequested.emit()

    @Slot()
    def _on_prune(self) -> None:
        self.pruneRequested.emit()

    @Slot(int)
    def _on_speed(self, index: int) -> None:
        self.speedChosen.emit(SPEEDS[index])
