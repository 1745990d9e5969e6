"""Many epochs in one compiled call: shuffle, train, measure, watch for the time to stop.

For the groups `codes`, `numbers` and `scratch`, see `entries`.
"""

from __future__ import annotations

import math

import numpy as np

from l1gui.core.compiled import compiled
from l1gui.core.entries import SHUFFLES
from l1gui.core.kernel import all_finite, set_rate, train_rows
from l1gui.core.measures import TEST_LOSS, TRAIN_LOSS, VALIDATION_LOSS, measure
from l1gui.core.mersenne import shuffle

PATIENCE, BEST_LOSS, BEST_EPOCH, EPOCH, IS_STOPPED = range(5)
"""Entries of early stopping's state; a patience of 0 is none."""

KKT_EVERY = 10
"""The residual costs half an epoch, so the history has it for the first epochs and then for every so many."""


@compiled
def is_kkt_due(epoch):
    """Whether the history has the optimality residual of this epoch."""
    return epoch <= KKT_EVERY or epoch % KKT_EVERY == 0


@compiled
def watch(stopping, validation_loss, params, kept):
    """Early stopping's look at an epoch that has ended: keep the best weights; stop when there were none for long."""
    stopping[EPOCH] += 1.0
    if stopping[PATIENCE] <= 0.0:
        return
    if validation_loss < stopping[BEST_LOSS]:
        stopping[BEST_LOSS], stopping[BEST_EPOCH] = validation_loss, stopping[EPOCH]
        for i in range(kept.size):  # a slice would be copied twice
            kept[i] = params[i]
    elif stopping[EPOCH] - stopping[BEST_EPOCH] >= stopping[PATIENCE]:
        stopping[IS_STOPPED] = 1.0


@compiled
def train_epochs(
    params, table, rows, order, random_state, codes, numbers, methods, terms, memory, centre, tally, pending, carried,
    stopping, kept, scratch, gradients, measured, bell,
):  # fmt: skip
    """Train and measure as many epochs as `measured` has rows, or until early stopping, or until the bell rings.

    One call makes many small epochs, so that the interpreter is not asked in between. Parameters are those of
    `kernel.train_rows`, `measures.measure` and `watch`; `measured` has the shape (n_epochs, len(COLUMNS)), and `bell`,
    int64 of shape (1,), is not 0 once another thread wants the call to end, which it then does with its epoch.

    Returns
    -------
    n_done : int
        How many epochs were trained and ended with finite numbers.
    is_finite : bool
        False when the epoch after these did not. The state is of no use then: go back to a checkpoint.
    """
    inputs, targets = rows[0], rows[2]
    start = np.int64(0)  # a plain 0 would be compiled for separately
    for epoch in range(measured.shape[0]):
        if codes[SHUFFLES] != 0:
            shuffle(random_state, order)
        set_rate(numbers, stopping[EPOCH])
        train_rows(
            params, table, inputs, targets, order, start, order.size, random_state, codes, numbers, methods, memory,
            centre, tally, pending, carried, scratch,
        )  # fmt: skip
        now = measured[epoch]
        is_due = is_kkt_due(stopping[EPOCH] + 1.0)
        measure(params, table, rows, codes, numbers, terms, scratch, gradients, now, is_due)
        if not (all_finite(params) and math.isfinite(now[TRAIN_LOSS]) and math.isfinite(now[TEST_LOSS])):
            return epoch, False
        watch(stopping, now[VALIDATION_LOSS], params, kept)
        if stopping[IS_STOPPED] != 0.0 or bell[0] != 0:
            return epoch + 1, True
    return measured.shape[0], True
