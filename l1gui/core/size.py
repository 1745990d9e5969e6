"""How large a run is: its network's layers for a task, and the memory that it takes, which must be there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from l1gui import memory
from l1gui.core import entries
from l1gui.core.losses import SOFTMAX_OUTPUT, output_of
from l1gui.core.network import Layout, padded, precision_of
from l1gui.settings import RunSettings
from l1gui.spec import SettingError

USABLE = 0.9
"""Share of the available memory that a run may take."""
N_STATES = 3
"""The state that training changes, the last good one, and one more while it is renewed."""
N_OF_STATE = 4
"""Vectors of parameters in a state, in the network's precision; the penalty method has one more, in double."""
N_SNAPSHOTS = 3
"""One being made, one on its way, one shown."""
N_OF_VALUES = 4
"""Vectors of all units' values that the loops write in, for each row of a block."""
DRAWN_BYTES, COUNTED_BYTES = 40, 24
"""A weight's, while the start is drawn as Python's numbers, and while a snapshot's weights are put into histograms."""


def layout_of(settings: RunSettings, n_inputs: int, n_classes: int) -> Layout:
    """Shape of the settings' network for data of so many inputs and classes (0: a number); SettingError if none is."""
    output = output_of(settings.network.output_kind, n_classes, settings.training.loss)
    n_outputs = n_classes if output.code == SOFTMAX_OUTPUT else 1
    return Layout((n_inputs, *settings.network.hidden, n_outputs))


def run_bytes(layout: Layout, n_rows: Sequence[int], itemsize: int) -> int:
    """Estimate of the memory that a run takes, the data that it is given not counted.

    Parameters
    ----------
    layout : Layout
        Of its network.
    n_rows : sequence of int
        Rows to train on, to validate with, to test with.
    itemsize : int
        Bytes of a number in the network's precision.
    """
    state = layout.n_stored * (N_OF_STATE * itemsize + 8) + 8 * n_rows[0]
    # The gradients of a measurement, the transposed weights, and the values of a block of rows.
    gradients = (2 * layout.n_stored + N_OF_VALUES * entries.BLOCK * layout.n_values) * itemsize
    snapshots = N_SNAPSHOTS * layout.n_parameters * itemsize
    transient = layout.n_weights * max(DRAWN_BYTES, COUNTED_BYTES)
    # Inputs and targets as the loops take them, the classes, and the training inputs once more.
    wide = (padded(layout.sizes[0]) + padded(layout.sizes[-1])) * itemsize + 8
    rows = sum(n_rows) * wide + n_rows[0] * layout.sizes[0] * itemsize
    return int(N_STATES * state + gradients + snapshots + transient + rows)


def check_size(layout: Layout, n_rows: Sequence[int], itemsize: int) -> None:
    """SettingError, with the number of parameters and the megabytes, for a run that the memory cannot hold."""
    available = memory.available_bytes()
    wanted = run_bytes(layout, n_rows, itemsize)
    if available is not None and wanted > USABLE * available:
        raise SettingError(
            "hidden",
            f"A network of {layout.n_parameters:,} parameters on {sum(n_rows):,} rows takes about "
            f"{memory.megabytes(wanted)} of memory, and {memory.megabytes(available)} are available: choose fewer "
            "hidden units, or fewer rows",
        )


def check_network(settings: RunSettings, n_inputs: int, n_classes: int, n_rows: Sequence[int]) -> None:
    """SettingError, with the reason, for a network that cannot learn such data, or does not fit into memory."""
    dtype = precision_of(settings, is_numeric=not n_classes)
    check_size(layout_of(settings, n_inputs, n_classes), n_rows, np.dtype(dtype).itemsize)
