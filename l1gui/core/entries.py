"""Names for the entries of the arrays that the compiled loops work with.

A layer is a row of the table that `network.Layout` makes: counts, padded counts, and where the layer's weights, biases
and values start. `codes`, int64, are what a run keeps; `numbers`, float64, may change while it goes on.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

N_IN, N_OUT, PAD_IN, PAD_OUT, WEIGHTS_AT, BIASES_AT, VALUES_AT = range(7)

BATCH, LOSS, ACTIVATION, OUTPUT, CARRIES, SHUFFLES = range(6)
N_CODES = 6

ETA, LAM, ALPHA, DROPOUT, JITTER, MAX_NORM, STRENGTH, THRESHOLD, RATE, DECAY, IS_UNSCALED = range(11)
N_NUMBERS = 11

BLOCK = 32
"""Most rows that go through the network together."""


CACHE_LINE = 64


def aligned(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Copy of a flat array that begins with a cache line, so that no vector of eight lies across two of them."""
    memory = np.empty(array.nbytes + CACHE_LINE, dtype=np.uint8)
    start = -memory.__array_interface__["data"][0] % CACHE_LINE
    copy = memory[start : start + array.nbytes].view(array.dtype)
    copy[:] = array
    return copy


class Scratch(NamedTuple):
    """What the loops write down in between, all flat and of the parameters' type.

    A layer's values are a row of its padded width for each row of the data, beginning at `BLOCK` times its
    `VALUES_AT`, or, where there is one row of data, at `VALUES_AT`. The inputs come first, the outputs last.

    Attributes
    ----------
    values : array
        Values of all layers.
    wholes : array
        With dropout, the hidden units' values before it.
    factors : array
        With dropout, what the hidden units' values are multiplied by.
    signals : array
        Derivatives of the loss by the layers' sums.
    transposed : array of shape (n_stored,)
        The weights, a row per output, where the parameters have them.
    targets : array
        Targets of the rows in a block.
    columns, wanted : arrays
        Outputs of eight rows, and their targets, as columns: `outputs`.
    powers, found : float64 arrays
        What `outputs.output_columns` writes in, and what `outputs.judge_columns` finds.
    """

    values: npt.NDArray[Any]
    wholes: npt.NDArray[Any]
    factors: npt.NDArray[Any]
    signals: npt.NDArray[Any]
    transposed: npt.NDArray[Any]
    targets: npt.NDArray[Any]
    columns: npt.NDArray[Any]
    wanted: npt.NDArray[Any]
    powers: npt.NDArray[np.float64]
    found: npt.NDArray[np.float64]
