"""Fields made from a setting's spec: they say their limits, refuse what is outside, and keep the old value then."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QListView, QSizePolicy, QWidget

from l1gui.settings import SPECS, SettingError, Spec

Check = Callable[[str, Any], None]
"""Raises SettingError for a setting's value that is allowed but cannot be now."""
LOG_STEPS_A_DECADE = 10


def value_text(value: Any, *, locale: QLocale | None = None) -> str:
    """A setting's value as its field shows it, in the locale's decimal mark."""
    if isinstance(value, tuple):
        return ",".join(str(size) for size in value) or "none"
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    if isinstance(value, float) and float(text) != value:
        text = repr(value)
    mark = (locale or QLocale()).decimalPoint()
    return text.replace(".", mark) if isinstance(value, float) else text


def parsed(name: str, text: str, *, locale: QLocale | None = None) -> Any:
    """Value of a typed text, with the locale's decimal mark or a point; SettingError when it cannot be."""
    spec = SPECS[name]
    mark = (locale or QLocale()).decimalPoint()
    if spec.kind == "float" and mark != "." and "." not in text:
        text = text.replace(mark, ".")
    return spec.parse(name, text)


def stepped(spec: Spec, value: float, steps: int) -> float:
    """The value some steps further: tenths of a decade on a logarithmic setting, else ones (or hundredths)."""
    if spec.is_log:
        least = max(spec.low or 0.0, 1e-5)
        if value <= 0:
            moved = least if steps > 0 else 0.0
        else:
            exponent = math.log10(value) + steps / LOG_STEPS_A_DECADE
            moved = float(f"{10**exponent:.3g}")
            if moved < least:
                moved = spec.low or 0.0
    else:
        moved = value + steps * (1 if spec.kind == "int" else 0.01)
    low, high = spec.low, spec.high
    moved = min(max(moved, -math.inf if low is None else low), math.inf if high is None else high)
    return int(moved) if spec.kind == "int" else float(moved)


class TypedField(QLineEdit):
    """A line for one setting.

    Signals
    -------
    edited(str, object)
        The setting's name and its new value, which is within the limits.
    refused(str)
        Why what was typed cannot be; empty when nothing is wrong any more.
    """

    edited = Signal(str, object)
    refused = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.spec = SPECS[name]
        self.value: Any = None
        self.check: Check = _any_value
        self.setObjectName(name)
        self.setAccessibleName(self.spec.label)
        self.setToolTip(f"{self.spec.help}\nAllowed: {self.spec.limits}.")
        self.setMaxLength(80)
        self.setMinimumWidth(40)
        self.textEdited.connect(self._on_text_edited)
        self.returnPressed.connect(self._on_return)

    def show_value(self, value: Any) -> None:
        """Show a value without a signal; what is being typed is left alone unless the value is another."""
        if value == self.value and self.isModified():
            return
        self.value = value
        self.setText(value_text(value))
        self.setModified(False)
        self._mark("")

    def _mark(self, problem: str) -> None:
        is_invalid = bool(problem)
        if self.property("invalid") is not is_invalid:
            self.setProperty("invalid", is_invalid)
            self.style().unpolish(self)
            self.style().polish(self)
        self.refused.emit(problem)

    def _take(self) -> bool:
        """Take the typed value if it can be; whether it can."""
        try:
            value = parsed(self.name, self.text())
        except SettingError as error:
            self._mark(str(error))
            return False
        return self._set(value)

    def _set(self, value: Any) -> bool:
        """Take a value unless it is refused; whether it is taken."""
        is_new = value != self.value
        try:
            if is_new:
                self.check(self.name, value)
        except SettingError as error:
            self._mark(str(error))
            return False
        self.value = value
        self.setText(value_text(value))
        self.setModified(False)
        self._mark("")
        if is_new:
            self.edited.emit(self.name, value)
        return True

    @Slot()
    def _on_return(self) -> None:
        self._take()

    @Slot()
    def _on_text_edited(self) -> None:
        """Say at once what cannot be, but only once something is typed; take it on Enter or when left."""
        try:
            self.check(self.name, parsed(self.name, self.text()))
        except SettingError as error:
            self._mark(str(error) if self.text().strip() else "")
        else:
            self._mark("")

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Take what was typed; if it cannot be, the old value comes back and the message stays."""
        if self.isModified() and not self._take():
            self.setText(value_text(self.value))
            self.setModified(False)
            self.setProperty("invalid", False)
            self.style().polish(self)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Up and down step the value, Escape brings the old one back."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if steps and self.spec.kind in ("int", "float"):
            self._step(steps)
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(value_text(self.value))
            self.setModified(False)
            self._mark("")
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Step the value while the field has the focus; else the column scrolls."""
        if self.hasFocus() and self.spec.kind in ("int", "float") and event.angleDelta().y():
            self._step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            event.ignore()

    def _step(self, steps: int) -> None:
        if not self.isModified() or self._take():
            self._set(stepped(self.spec, self.value, steps))


def _any_value(_name: str, _value: Any) -> None:
    """The check of a field that nothing else depends on."""


class ChoiceField(QComboBox):
    """A choice among named entries for one setting.

    Signals
    -------
    edited(str, object)
        The setting's name and the id of the entry that the user chose.
    refused(str)
        Why the entry cannot be chosen now; empty when nothing is wrong any more.
    """

    edited = Signal(str, object)
    refused = Signal(str)

    def __init__(self, name: str, choices: list[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.check: Check = _any_value
        self._shown: Any = None
        self.setObjectName(name)
        self.setAccessibleName(SPECS[name].label if name in SPECS else name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._default_tip = SPECS[name].help if name in SPECS else ""
        self.set_choices(choices)
        self.activated.connect(self._on_activated)

    def set_choices(self, choices: list[tuple[str, str, str]]) -> None:
        """Offer other entries: id, label, tool tip of each."""
        self.clear()
        for number, (choice_id, label, tip) in enumerate(choices):
            self.addItem(label, choice_id)
            self.setItemData(number, tip, Qt.ItemDataRole.ToolTipRole)

    def show_value(self, choice_id: Any) -> None:
        """Show an entry without a signal."""
        self._shown = choice_id
        self.setCurrentIndex(max(0, self.findData(choice_id)))
        tip = self.itemData(self.currentIndex(), Qt.ItemDataRole.ToolTipRole)
        self.setToolTip("\n".join(part for part in (self._default_tip, tip) if part))

    def offer(self, offered: dict[Any, bool]) -> None:
        """Say of some entries whether they are offered; the others always are."""
        view, model = self.view(), self.model()
        assert isinstance(view, QListView)  # noqa: S101 - a combo box has these
        assert isinstance(model, QStandardItemModel)  # noqa: S101
        for choice_id, is_offered in offered.items():
            row = self.findData(choice_id)
            view.setRowHidden(row, not is_offered)
            # The keys pass hidden rows by only where these are disabled too.
            model.item(row).setEnabled(is_offered)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        try:
            self.check(self.name, self.itemData(index))
        except SettingError as error:
            self.show_value(self._shown)
            self.refused.emit(str(error))
            return
        self.refused.emit("")
        self.edited.emit(self.name, self.itemData(index))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the column: a choice changed by scrolling past it would surprise."""
        event.ignore()
