"""Check boxes for the inputs of planar data: those made of others, and the plane's own where they can be left out."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from l1gui.data.shapes import DERIVED
from l1gui.settings import DataSettings

A_ROW = 4


class InputChecks(QWidget):
    """A check box an input.

    Signals
    -------
    edited(str, object)
        "derived" or "left_out", and the inputs' names.
    """

    edited = Signal(str, object)

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(3)
        self.checks: dict[str, QCheckBox] = {}
        columns = len(names) if len(names) <= A_ROW + 1 else A_ROW
        for number, name in enumerate(names):
            check = QCheckBox(name.replace("^2", "²").replace("*", "·"))
            is_derived = name in DERIVED
            check.setToolTip(
                f"Add the input {name}, so that L1 can pick among them." if is_derived
                else f"Let the network see {name} itself."
            )  # fmt: skip
            check.setAccessibleName(f"{'Derived input' if is_derived else 'Input'} {name}")
            check.clicked.connect(self._on_clicked)
            grid.addWidget(check, number // columns, number % columns)
            self.checks[name] = check

    def show_inputs(self, data: DataSettings) -> None:
        """Show which inputs there are, without a signal."""
        for name, check in self.checks.items():
            check.setChecked(name in data.derived if name in DERIVED else name not in data.left_out)

    @Slot()
    def _on_clicked(self) -> None:
        check = self.sender()
        name = next(name for name, each in self.checks.items() if each is check)
        is_own_plane = any(each not in DERIVED for each in self.checks)
        if is_own_plane and not any(box.isChecked() for box in self.checks.values()):
            self.checks[name].setChecked(True)  # a network needs an input
        elif name in DERIVED:
            chosen = tuple(each for each, box in self.checks.items() if each in DERIVED and box.isChecked())
            self.edited.emit("derived", chosen)
        else:
            hidden = tuple(each for each, box in self.checks.items() if each not in DERIVED and not box.isChecked())
            self.edited.emit("left_out", hidden)
