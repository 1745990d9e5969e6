"""The decision boundary: network outputs on a slice through two inputs, the others held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core.network import Floats, Layout, class_shares, outputs
from l1gui.core.record import BoundaryGrid, BoundaryRequest

MARGIN = 0.08
"""Room around the data's range, as a share of it."""

Plane = tuple[Floats, Callable[[npt.ArrayLike], Floats] | None]
"""Training rows before some inputs were made of others, and the way from such rows to inputs."""


def axis_range(column: npt.NDArray[Any]) -> tuple[float, float]:
    """Range of an axis that shows a column's values, some margin included."""
    low, high = float(column.min()), float(column.max())
    margin = MARGIN * (high - low) or 0.5
    return low - margin, high + margin


class Slices:
    """Slices through the rows of a run; ranges and held values of the one looked at last are kept.

    Parameters
    ----------
    rows : array of shape (n_rows, n_columns)
        Give ranges and held values; the columns are the network's inputs, or `to_inputs` makes these of them.
    to_inputs : callable or None
        From such rows to inputs.
    """

    def __init__(self, rows: Floats, to_inputs: Callable[[npt.ArrayLike], Floats] | None = None) -> None:
        self.rows, self._to_inputs = rows, to_inputs
        self._request: BoundaryRequest | None = None
        self._held: Floats = np.zeros(0, dtype=np.float32)
        self._ranges = ((0.0, 1.0), (0.0, 1.0))

    def _look(self, request: BoundaryRequest) -> None:
        """Find ranges and held values: a training row's, or the rows' mean."""
        request = replace(request, resolution=0)
        if request == self._request:
            return
        rows, row = self.rows, request.held_row
        held = rows.mean(axis=0, dtype=np.float64) if row is None else rows[min(row, len(rows) - 1)]
        self._held = np.asarray(held, dtype=np.float32)
        self._ranges = (axis_range(rows[:, request.x_input]), axis_range(rows[:, request.y_input]))
        self._request = request

    def grid(
        self, request: BoundaryRequest, layout: Layout, activation_code: int, output_code: int, params: Floats
    ) -> BoundaryGrid:
        """Shares of the classes, or the number, over the slice that `request` names."""
        self._look(request)
        n, (x_range, y_range) = request.resolution, self._ranges
        points = np.tile(self._held, (n * n, 1))
        points[:, request.x_input] = np.tile(np.linspace(*x_range, n, dtype=np.float32), n)
        points[:, request.y_input] = np.repeat(np.linspace(*y_range, n, dtype=np.float32), n)
        inputs = points if self._to_inputs is None else self._to_inputs(points)
        found = outputs(layout, activation_code, params, inputs, output_code)
        grid = class_shares(found, output_code).astype(np.float32).reshape(n, n, -1)
        grid.setflags(write=False)
        return BoundaryGrid(request, x_range, y_range, grid)
