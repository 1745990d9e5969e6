"""Predicted and true numbers on a sample of rows that stays the same, for the eye."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core.network import Layout, outputs
from l1gui.core.record import Predictions
from l1gui.core.sample import MOST_POINTS, sample_rows
from l1gui.core.task import Rows

SHARES = (0.5, 0.25, 0.25)
"""Of the points, for training, validation and test rows."""


class PredictedRows:
    """The rows whose numbers are shown beside the true ones.

    Parameters
    ----------
    parts : sequence of Rows
        To train on, to validate with, to test with; the last two may be empty.
    most : int
        Rows in all, at most.
    """

    def __init__(self, parts: Sequence[Rows], most: int = MOST_POINTS) -> None:
        self._parts = []
        for (inputs, targets), share in zip(parts, SHARES, strict=True):
            chosen = sample_rows(len(targets), round(share * most))
            self._parts.append((inputs[chosen], np.asarray(targets[chosen], dtype=np.float64)))
        self.n_rows = sum(len(targets) for _, targets in self._parts)

    def predicted(
        self, layout: Layout, activation_code: int, output_code: int, params: npt.NDArray[Any], share: float = 1.0
    ) -> Predictions:
        """True and predicted numbers; of a `share` of the rows, the same ones each time."""
        found = []
        for inputs, targets in self._parts:
            n = min(len(targets), max(1, round(share * len(targets))))
            pairs = np.empty((n, 2))
            if n:
                pairs[:, 0] = targets[:n]
                pairs[:, 1] = outputs(layout, activation_code, params, inputs[:n], output_code)[:, 0]
            pairs.setflags(write=False)
            found.append(pairs)
        return Predictions(*found)
