"""The sparsity over the epochs: exact zeros and weights near zero, and in words what is left of the network."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from l1gui.app.curve_card import CurveCard
from l1gui.app.plotting import PERCENT_TOP, Range
from l1gui.core.record import Snapshot


class SparsityView(CurveCard):
    """Shares of the weights that are exactly zero, and that are below the threshold (zeros included), in percent."""

    names = ("below", "zero")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Sparsity", parent)
        self.title.setToolTip(
            "Exact zeros: w = 0. Below: |w| under the threshold, zeros included. Dead unit: all its outgoing weights "
            "are 0; constant unit: all its incoming ones. Live input: a path of nonzero weights leads from it to an "
            "output."
        )
        self.figure.set_names("epoch · percent of the weights")
        self.words = self.add_words()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the history so far, and say what is left."""
        super().show_snapshot(snapshot)
        counts = snapshot.counts
        self.words.say(
            f"{_counted(counts.dead_units, 'dead unit')}, {counts.constant_units:,} constant, {counts.live_inputs:,} "
            f"of {snapshot.sizes[0]:,} inputs live, {counts.effective_parameters:,} effective parameters"
        )

    def column_name(self, name: str) -> str:
        """Counts per epoch."""
        return "zero" if name == "zero" else "below_threshold"

    def scale(self, snapshot: Snapshot, _name: str) -> float:
        """From weights to percent."""
        return 100.0 / max(1, snapshot.counts.count)

    def value_text(self, snapshot: Snapshot, name: str) -> str:
        """As in exact zeros 47.3 % (53/112)."""
        counts = snapshot.counts
        number = counts.zero if name == "zero" else counts.below_threshold
        share = 100 * number / max(1, counts.count)
        return f"{self.spoken(name)} {share:.1f} % ({number:,}/{counts.count:,})"

    def spoken(self, name: str) -> str:
        """What a curve counts."""
        if name == "zero":
            return "exact zeros"
        threshold = self._snapshot.settings.sparsity.threshold if self._snapshot is not None else 0.0
        return f"|w| < {threshold:g}"

    def number_text(self, value: float) -> str:
        """Percent with one digit."""
        return f"{value:.1f} %"

    def value_range(self, _low: float, _high: float) -> Range:
        """All that can be."""
        return 0.0, PERCENT_TOP


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")
