"""The network: a diagram of its units and links, and how much of it is alive; exact zeros have no link."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from l1gui.app.card import Card
from l1gui.app.diagram import Diagram
from l1gui.app.legend import LegendItem
from l1gui.app.plotting import Throttle
from l1gui.app.theme import Palette
from l1gui.app.words import plain, plain_names
from l1gui.core.network import sizes_text
from l1gui.core.record import RunRecord, Snapshot
from l1gui.data.dataset import Dataset

INTERVAL_MS = 50


def output_names(dataset: Dataset, n_outputs: int) -> tuple[str, ...]:
    """What the outputs say: the number, the shares of the classes, or of two classes the share of the second."""
    if dataset.is_numeric:
        return (plain(dataset.target_name),)
    names = plain_names(dataset.class_names)
    return names if n_outputs == len(names) else names[-n_outputs:]


class NetworkView(Card):
    """The network's diagram, with what is dead or constant drawn hollow."""

    is_legend_still = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Network", parent)
        self.title.setToolTip(
            "Width and strength of a link show the size of its weight, its colour the sign. "
            "Of layers with more units than there is room for, the strongest are drawn."
        )
        self.diagram = Diagram()
        self.set_content(self.diagram)
        self.words = self.add_words()
        self._throttle = Throttle(INTERVAL_MS, self)
        self._throttle.due.connect(self._on_due)
        self._newest: Snapshot | None = None
        self._dataset: Dataset | None = None

    def set_palette(self, palette: Palette) -> None:
        """Take a theme's colours."""
        super().set_palette(palette)
        self.diagram.set_palette(palette)
        self.legend.show_items(
            [
                LegendItem("w > 0", palette.first, "line"),
                LegendItem("w < 0", palette.second, "line"),
                LegendItem("exactly 0: no link", mark="none"),
                LegendItem("dead or constant", palette.muted, "ring"),
            ]
        )

    def set_dataset(self, dataset: Dataset) -> None:
        """Take other data's names."""
        self.diagram.input_names = plain_names(dataset.input_names)
        self._dataset = dataset

    def clear(self) -> None:
        """Show nothing."""
        self._throttle.cancel()
        self._newest = None
        self.diagram.show_network(None)
        self.say("")
        self.words.say("")
        self.show_hint()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the network as it is now."""
        self._newest = snapshot
        self._throttle.ask(is_last=bool(snapshot.stopped))

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Kept runs are not drawn here: there is room for one network."""

    @Slot()
    def _on_due(self) -> None:
        snapshot = self._newest
        if snapshot is None:
            return
        self.show_content()
        counts = snapshot.counts
        self.say(sizes_text(snapshot.sizes))
        self.words.say(
            f"{counts.live_inputs:,} of {snapshot.sizes[0]:,} inputs live, {counts.dead_units:,} dead and "
            f"{counts.constant_units:,} constant units, {counts.effective_parameters:,} effective parameters"
        )
        if self._dataset is not None:
            self.diagram.output_names = output_names(self._dataset, snapshot.sizes[-1])
        self.diagram.show_network(snapshot)
