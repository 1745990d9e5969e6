"""The decision boundary: network outputs on a slice through two inputs, the others held."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from l1gui.core.network import Floats, Layout, class_shares, outputs
from l1gui.core.record import BoundaryGrid, BoundaryRequest

MARGIN = 0.08
"""Room around the data's range, as a share of it."""

Plane = tuple[Floats, Callable[[npt.ArrayLike], Floats] | None]
"""Training rows before some inputs were made of others, and the way from such rows to inputs."""


def axis_range(column: npt.NDArray[np.float32]) -> tuple[float, float]:
    """Range of an axis that shows a column's values, some margin included."""
    low, high = float(column.min()), float(column.max())
    margin = MARGIN * (high - low) or 0.5
    return low - margin, high + margin


def held_values(request: BoundaryRequest, rows: Floats) -> Floats:
    """Values of all inputs off the slice's axes, shape (n_inputs,): a training row's, or the rows' mean."""
    if request.held_row is None:
        return np.asarray(rows.mean(axis=0), dtype=np.float32)
    row: Floats = rows[min(request.held_row, len(rows) - 1)]
    return row


def boundary_grid(
    request: BoundaryRequest,
    layout: Layout,
    activation_code: int,
    output_code: int,
    params: Floats,
    rows: Floats,
    to_inputs: Callable[[npt.ArrayLike], Floats] | None = None,
) -> BoundaryGrid:
    """Shares of the classes, or the number, over the slice that `request` names.

    `rows`, shape (n_rows, n_columns), gives ranges and held values; its columns are the network's inputs, or
    `to_inputs` makes these of them.
    """
    n = request.resolution
    x_range, y_range = axis_range(rows[:, request.x_input]), axis_range(rows[:, request.y_input])
    points = np.tile(held_values(request, rows), (n * n, 1))
    points[:, request.x_input] = np.tile(np.linspace(*x_range, n, dtype=np.float32), n)
    points[:, request.y_input] = np.repeat(np.linspace(*y_range, n, dtype=np.float32), n)
    inputs = points if to_inputs is None else to_inputs(points)
    found = outputs(layout, activation_code, params, inputs, output_code)
    grid = class_shares(found, output_code).astype(np.float32).reshape(n, n, -1)
    grid.setflags(write=False)
    return BoundaryGrid(request, x_range, y_range, grid)
