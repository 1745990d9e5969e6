"""The penalty panel: the L1 mode with its formula, lambda with its marks, and what counts as near zero."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from l1gui.app.dial_marks import Mark
from l1gui.app.field_grid import FieldGrid, ProblemLine
from l1gui.app.fields import Check, ChoiceField, value_text
from l1gui.app.lambda_dial import LAMBDA_TOP, LambdaDial, top_for
from l1gui.app.theme import Palette
from l1gui.core.penalties import METHODS, PenaltyMethod, penalty_method
from l1gui.settings import SPECS, RunSettings


def method_tip(method: PenaltyMethod) -> str:
    """Everything that a method's entry says, for its tool tip."""
    lines = [method.formula, method.help]
    if method.state:
        lines.append(f"Carries: {method.state}.")
    if method.source:
        lines.append(f"Source: {method.source}.")
    return "\n".join(lines)


def lambda_hint(settings: RunSettings) -> str:
    """What lambda does in this mode, where that needs a word."""
    method, lam = settings.penalty.method, settings.penalty.lam
    if method == "none":
        return "Lambda has no effect in this mode."
    if method == "tack-on":
        equal = value_text(METHODS[method].strength(lam, settings.training.learn_rate))
        return f"Not scaled by the learning rate: equals the gradient mode at lambda {equal}."
    return METHODS[method].help if method in METHODS else ""


class PenaltyPanel(QWidget):
    """L1 mode, lambda, alpha where it counts, and the threshold; all act at once.

    Signals
    -------
    edited(str, object)
        A setting's name, and its new value.
    """

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        choices = [(each.id, each.label, method_tip(each)) for each in METHODS.values()]
        box = self.mode = ChoiceField("method", choices)
        first_copy = next(n for n, each in enumerate(METHODS.values()) if not each.is_real)
        box.insertSeparator(first_copy)
        box.setMaxVisibleItems(len(choices) + 1)
        box.view().setMinimumWidth(330)
        self.problem = ProblemLine()
        self.hint = QLabel()
        self.hint.setObjectName("limits")
        self.hint.setWordWrap(True)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.dial = LambdaDial()
        self.marks_text = QLabel()
        self.marks_text.setObjectName("limits")
        self.marks_text.setWordWrap(True)
        self.marks_text.hide()
        self.mix, self.near_zero = FieldGrid(), FieldGrid()
        self.mix.add_typed("alpha")
        self.near_zero.add_typed("threshold")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.mode, self.problem, self.mix, self.dial, self.marks_text, self.hint, self.near_zero):
            layout.addWidget(widget)
        self.mode.edited.connect(self.edited)
        self.mode.refused.connect(self.problem.show_problem)
        for part in (self.mix, self.near_zero, self.dial):
            part.edited.connect(self._on_edited)

    def set_check(self, check: Check) -> None:
        """Say what refuses values that are allowed but cannot be now."""
        self.mode.check = self.dial.field.check = check
        self.mix.set_check(check)
        self.near_zero.set_check(check)

    def show_settings(self, settings: RunSettings) -> None:
        """Show mode, lambda, alpha and threshold without a signal."""
        self.mode.show_value(settings.penalty.method)
        self.dial.show_value(settings.penalty.lam)
        values = {name: settings.value(name) for name in SPECS}
        self.mix.show_values(values)
        self.near_zero.show_values(values)
        self.mix.setVisible("alpha" in penalty_method(settings.penalty.method).uses)
        self.hint.setToolTip(self.mode.toolTip())
        self.hint.setText(lambda_hint(settings))

    def show_marks(self, marks: tuple[Mark, ...], text: str, *, is_scaled: bool) -> None:
        """Show marks on the dial, and under it what they are; `is_scaled` lets the dial end where all can be seen."""
        self.dial.set_top(top_for(max((mark.lam for mark in marks), default=0.0)) if is_scaled else LAMBDA_TOP)
        self.dial.marks.show_marks(marks)
        self.marks_text.setText(text)
        self.marks_text.setToolTip("\n".join(mark.tip for mark in marks))
        self.marks_text.setVisible(bool(text))

    def set_palette(self, palette: Palette) -> None:
        """Colour the marks."""
        self.dial.marks.set_colours(QColor(palette.first), QColor(palette.muted))

    @Slot(str, object)
    def _on_edited(self, name: str, value: float) -> None:
        self.edited.emit(name, value)
