"""The lambda dial: a logarithmic slider that starts with off, beside a field for any value."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from l1gui.app.dial_marks import DialMarks
from l1gui.app.field_grid import ProblemLine
from l1gui.app.fields import TypedField

LAMBDA_FLOOR = 1e-5
"""Smallest lambda above 0 on the slider, of classes; of numbers, whose lambda has their scale, both ends move."""
LAMBDA_TOP = 0.5
"""Largest lambda on the slider, of classes; the field takes more."""
HANDLE_PX = 16
"""Width of the slider's handle, its border included, as the style sheet has it."""
STEPS_A_DECADE = 60
N_STEPS = round(STEPS_A_DECADE * math.log10(LAMBDA_TOP / LAMBDA_FLOOR)) + 1
"""Positions of the slider above 0; position 0 is lambda 0, position 1 the smallest lambda."""


def lambda_at(position: int, top: float = LAMBDA_TOP) -> float:
    """Lambda of a slider position, in three digits; 0 for position 0. `top` is the slider's end."""
    if position <= 0:
        return 0.0
    if position >= N_STEPS:
        return top
    return float(f"{top / LAMBDA_TOP * LAMBDA_FLOOR * 10 ** ((position - 1) / STEPS_A_DECADE):.3g}")


def position_of(lam: float, top: float = LAMBDA_TOP) -> int:
    """Slider position nearest to a lambda; the end for what is beyond it."""
    floor = top / LAMBDA_TOP * LAMBDA_FLOOR
    if lam <= 0:
        return 0
    if lam <= floor:
        return 1
    return min(N_STEPS, 1 + round(STEPS_A_DECADE * math.log10(lam / floor)))


def top_for(lam: float) -> float:
    """End of a slider on which a lambda is to be found: a 5, or half of it, times a power of ten."""
    top = LAMBDA_TOP
    while top < lam:
        top *= 10.0
    return float(f"{top:.3g}")


def scale_for(top: float) -> dict[float, str]:
    """Lambdas to name under the slider."""
    decades = [float(f"{top / LAMBDA_TOP * 10.0**-power:.3g}") for power in (4, 3, 2)]
    return {0.0: "off", **{lam: f"{lam:g}".replace("e-0", "e-") for lam in decades}, top: f"{top:g}"}


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
        label = QLabel("Lambda λ")
        label.setBuddy(self.slider)
        self.problem = ProblemLine()
        self.marks = DialMarks(self.place_of)
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
        self.top = 0.0
        self.set_top(LAMBDA_TOP)

    def set_top(self, top: float) -> None:
        """Let the slider end elsewhere; it covers as many decades as before."""
        if top == self.top:
            return
        self.top = top
        self.slider.setToolTip(
            f"Off at the left end, then {top / LAMBDA_TOP * LAMBDA_FLOOR:g} to {top:g} on a logarithmic scale. "
            "Acts at once."
        )
        self.marks.show_scale(scale_for(top))
        if self.field.value is not None:
            self.show_value(self.field.value)

    def place_of(self, lam: float) -> float:
        """Horizontal place of a lambda on the slider, in pixels from its left end."""
        return HANDLE_PX / 2 + position_of(lam, self.top) / N_STEPS * (self.slider.width() - HANDLE_PX)

    def show_value(self, lam: float) -> None:
        """Show a value without a signal."""
        self.field.show_value(lam)
        # The slider is moved only where it stands for another value, so that a drag is not pulled back.
        if self.slider.value() != position_of(lam, self.top):
            blocker = QSignalBlocker(self.slider)
            self.slider.setValue(position_of(lam, self.top))
            del blocker

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        lam = lambda_at(position, self.top)
        self.field.setModified(False)
        self.field.show_value(lam)
        self.edited.emit("lam", lam)

    @Slot(str, object)
    def _on_typed(self, name: str, lam: float) -> None:
        self.show_value(lam)
        self.edited.emit(name, lam)
