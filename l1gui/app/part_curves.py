"""A card of curves of the parts of the rows: training, validation where there is one, and test."""

from __future__ import annotations

import math

from l1gui.app.curve_card import CurveCard
from l1gui.app.legend import LegendItem
from l1gui.app.words import NO_TEST
from l1gui.core.record import Evaluation, Snapshot


class PartCurves(CurveCard):
    """Curves of what is measured of each part after every epoch."""

    names = ("train", "validation", "test")

    def present(self, snapshot: Snapshot) -> tuple[str, ...]:
        """The parts that have rows, and of which there is anything to measure."""
        found = []
        for name in self.names:
            evaluation = self.evaluation(snapshot, name)
            if evaluation is not None and not math.isnan(self.value(evaluation)):
                found.append(name)
        return tuple(found)

    @staticmethod
    def evaluation(snapshot: Snapshot, name: str) -> Evaluation | None:
        """Of a part; None where it has no rows."""
        evaluation: Evaluation | None = getattr(snapshot, name)
        return evaluation if evaluation is not None and evaluation.rows else None

    def value(self, evaluation: Evaluation) -> float:
        """What the curves show of an evaluation."""
        raise NotImplementedError

    def figure_text(self, evaluation: Evaluation) -> str:
        """An evaluation's figure in the legend."""
        return self.number_text(self.value(evaluation))

    def value_text(self, snapshot: Snapshot, name: str) -> str:
        """As in train 0.1234."""
        evaluation = self.evaluation(snapshot, name)
        return f"{self.spoken(name)} {self.figure_text(evaluation)}" if evaluation is not None else ""

    def colour_of(self, name: str) -> str:
        """The pair for training and test, the third for validation."""
        return self.palette_now.third if name == "validation" else super().colour_of(name)

    def extra_items(self, snapshot: Snapshot) -> list[LegendItem]:
        """That there are no test rows, where there are none."""
        return [] if snapshot.test.rows else [LegendItem(NO_TEST, mark="none")]
