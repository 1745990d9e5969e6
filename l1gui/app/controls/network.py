"""The network panel: hidden units, activation, output, initialisation; and what is seldom changed, folded away."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from l1gui.app.field_grid import FieldGrid
from l1gui.app.fields import Check, ChoiceField
from l1gui.app.fold import Fold
from l1gui.core.combinations import CHOICES
from l1gui.core.losses import ACTIVATIONS, OUTPUTS
from l1gui.core.network import INITIALIZATIONS, PLAYGROUND_STARTS
from l1gui.data.playground import SETS
from l1gui.settings import SPECS, RunSettings

LABELS = {
    "uniform": "uniform", "xavier": "Xavier", "he": "He", "playground": "Playground",
    "playground-zero": "Playground, all 0",
}  # fmt: skip
MORE = ("order", "leftovers", "precision")
TIPS = {
    "auto": "What goes with the data.",
    "shuffled": "A new order each epoch.",
    "as-given": "The same order each epoch: that of the data.",
    "update": "They make an update of their own, at the epoch's end.",
    "carry": "They wait for the first rows of the next epoch.",
    "single": "32 bits a weight: fast, and enough for most.",
    "double": "64 bits a weight: slower; for exact coefficients.",
}


class NetworkPanel(QWidget):
    """The network's shape and start, and the fine points of its training; a change rebuilds it.

    Attributes
    ----------
    fields : dict
        All fields by their setting's name.

    Signals
    -------
    edited(str, object)
        A setting's name, and its new value.
    """

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shape, self.more = FieldGrid(), FieldGrid()
        self.shape.add_typed("hidden")
        self.shape.add_choice("activation", [(each.id, each.label, each.formula) for each in ACTIVATIONS.values()])
        self.shape.add_choice("output_kind", [(each, each, _output_tip(each)) for each in CHOICES["output_kind"]])
        self.shape.add_choice(
            "initialization", [(each, LABELS.get(each, each), INITIALIZATIONS[each]) for each in INITIALIZATIONS]
        )
        self.shape.add_typed("init_range")
        for name in MORE:
            self.more.add_choice(name, [(each, each, TIPS.get(each, "")) for each in CHOICES[name]])
        self.fields = self.shape.fields | self.more.fields
        self.fold = Fold("More", self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self.shape)
        layout.addWidget(self.fold)
        for part in (self.shape, self.more):
            part.edited.connect(self.edited)

    def set_check(self, check: Check) -> None:
        """Say what refuses values that are allowed but cannot be now."""
        self.shape.set_check(check)
        self.more.set_check(check)

    def show_values(self, values: dict[str, Any]) -> None:
        """Show the values of all fields without a signal; offer the starts that the data have."""
        starts = self.fields["initialization"]
        assert isinstance(starts, ChoiceField)  # noqa: S101 - made above
        starts.offer(dict.fromkeys(PLAYGROUND_STARTS, values["source"] in SETS))
        self.shape.show_values(values)
        self.more.show_values(values)
        usual = RunSettings()
        unusual = [f"{SPECS[name].label.lower()} {values[name]}" for name in MORE if values[name] != usual.value(name)]
        self.fold.say(", ".join(unusual))


def _output_tip(name: str) -> str:
    return OUTPUTS[name].formula if name in OUTPUTS else TIPS["auto"]
