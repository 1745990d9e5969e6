"""The penalty panel: the L1 mode with its formula, and lambda."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from l1gui.app.fields import ChoiceField, value_text
from l1gui.app.lambda_dial import LambdaDial
from l1gui.core.penalties import METHODS, PenaltyMethod
from l1gui.settings import RunSettings


def method_tip(method: PenaltyMethod) -> str:
    """Everything that a method's entry says, for its tool tip."""
    source = f"\nSource: {method.source}." if method.source else ""
    return f"{method.formula}\n{method.help}{source}"


def lambda_hint(settings: RunSettings) -> str:
    """What lambda does in this mode, where that needs a word."""
    method, lam = settings.penalty.method, settings.penalty.lam
    if method == "none":
        return "Lambda has no effect in this mode."
    if method == "tack-on":
        equal = value_text(lam / settings.training.learn_rate)
        return f"Not scaled by the learning rate: equals the gradient mode at lambda {equal}."
    return METHODS[method].help if method in METHODS else ""


class PenaltyPanel(QWidget):
    """L1 mode and lambda; both act at once.

    Signals
    -------
    edited(str, object)
        "method" or "lam", and its new value.
    """

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        choices = [(each.id, each.label, method_tip(each)) for each in METHODS.values()]
        box = self.mode = ChoiceField("method", choices)
        first_copy = next(n for n, each in enumerate(METHODS.values()) if not each.is_real)
        box.insertSeparator(first_copy)
        box.view().setMinimumWidth(330)
        self.hint = QLabel()
        self.hint.setObjectName("limits")
        self.hint.setWordWrap(True)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.dial = LambdaDial()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.mode, self.dial, self.hint):
            layout.addWidget(widget)
        self.mode.edited.connect(self.edited)
        self.dial.edited.connect(self._on_dialled)

    def show_settings(self, settings: RunSettings) -> None:
        """Show mode and lambda without a signal."""
        self.mode.show_value(settings.penalty.method)
        self.dial.show_value(settings.penalty.lam)
        self.hint.setToolTip(self.mode.toolTip())
        self.hint.setText(lambda_hint(settings))

    @Slot(str, object)
    def _on_dialled(self, name: str, lam: float) -> None:
        self.edited.emit(name, lam)
