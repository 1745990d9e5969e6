"""The lambda dial: a logarithmic slider that starts with off, beside a field for any value."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from l1gui.app.dial_marks import DialMarks
from l1gui.app.field_grid import ProblemLine
from l1gui.app.fields import TypedField

LAMBDA_FLOOR = 1e-5
"""Smallest lambda above 0 on the slider."""
LAMBDA_TOP = 0.5
"""Largest lambda on the slider; the field takes more."""
HANDLE_PX = 16
"""Width of the slider's handle, its border included, as the style sheet has it."""
STEPS_A_DECADE = 60
N_STEPS = round(STEPS_A_DECADE * math.log10(LAMBDA_TOP / LAMBDA_FLOOR)) + 1
"""Positions of the slider above 0; position 0 is lambda 0, position 1 the smallest lambda."""


def lambda_at(position: int) -> float:
    """Lambda of a slider position, in three digits; 0 for position 0."""
    if position <= 0:
        return 0.0
    if position >= N_STEPS:
        return LAMBDA_TOP
    return float(f"{LAMBDA_FLOOR * 10 ** ((position - 1) / STEPS_A_DECADE):.3g}")


def position_of(lam: float) -> int:
    """Slider position nearest to a lambda; the end for what is beyond it."""
    if lam <= 0:
        return 0
    if lam <= LAMBDA_FLOOR:
        return 1
    return min(N_STEPS, 1 + round(STEPS_A_DECADE * math.log10(lam / LAMBDA_FLOOR)))


class LambdaDial(QWidget):
    """Slider and field for lambda.

    Signals
    -------
    edited(str, object)
        "lam" and its new value; while the slider is dragged, at every position.
    """

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = TypedField("lam")
        self.field.setFixedWidth(84)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("lam_slider")
        self.slider.setRange(0, N_STEPS)
        self.slider.setPageStep(STEPS_A_DECADE // 2)
        self.slider.setAccessibleName("Lambda, logarithmic")
        self.slider.setToolTip(
            f"Off at the left end, then {LAMBDA_FLOOR:g} to {LAMBDA_TOP:g} on a logarithmic scale. Acts at once."
        )
        label = QLabel("Lambda λ")
        label.setBuddy(self.slider)
        self.problem = ProblemLine()
        self.marks = DialMarks(
            self.place_of, {0.0: "off", 1e-4: "1e-4", 1e-3: "0.001", 1e-2: "0.01", LAMBDA_TOP: f"{LAMBDA_TOP:g}"}
        )
        top = QHBoxLayout()
        top.addWidget(label)
        top.addStretch(1)
        top.addWidget(self.field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.slider)
        layout.addWidget(self.marks)
        layout.addWidget(self.problem)
        self.slider.valueChanged.connect(self._on_slid)
        self.field.edited.connect(self._on_typed)
        self.field.refused.connect(self.problem.show_problem)

    def place_of(self, lam: float) -> float:
        """Horizontal place of a lambda on the slider, in pixels from its left end."""
        return HANDLE_PX / 2 + position_of(lam) / N_STEPS * (self.slider.width() - HANDLE_PX)

    def show_value(self, lam: float) -> None:
        """Show a value without a signal."""
        self.field.show_value(lam)
        # The slider is moved only where it stands for another value, so that a drag is not pulled back.
        if self.slider.value() != position_of(lam):
            blocker = QSignalBlocker(self.slider)
            self.slider.setValue(position_of(lam))
            del blocker

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        lam = lambda_at(position)
        self.field.setModified(False)
        self.field.show_value(lam)
        self.edited.emit("lam", lam)

    @Slot(str, object)
    def _on_typed(self, name: str, lam: float) -> None:
        self.show_value(lam)
        self.edited.emit(name, lam)
