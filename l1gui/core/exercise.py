"""Every compiled loop called once, on something small: with what types it is compiled, and whether it is right."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from l1gui.core import counts, epochs, kernel, measures, mersenne, raster
from l1gui.core.entries import BATCH
from l1gui.core.losses import CROSS_ENTROPY, SOFTMAX_OUTPUT, TANH
from l1gui.core.network import Layout, pad_rows
from l1gui.core.penalties import CUMULATIVE, L1_TERM
from l1gui.core.state import TrainingState


def exercise(dtype: npt.DTypeLike = np.float32) -> list[float]:
    """Call every loop, with the types that training uses, and return what they computed."""
    return [float(number) for number in (*_train(dtype), *_draw())]


def _train(dtype: npt.DTypeLike) -> Iterable[float]:
    """What has to do with networks, on one of 2-3-2 units."""
    layout = Layout((2, 3, 2))
    table = layout.table
    weights = [np.linspace(-0.5, 0.9, 6).reshape(2, 3), np.eye(3, 2)]
    params = layout.pack(weights, [[0.1, 0.0, 0.2], [0.0, 0.1]], dtype)
    inputs = pad_rows(np.column_stack([np.linspace(-1, 1, 6), np.linspace(1, 0, 6) ** 2]), dtype)
    classes = np.array([0, 1, 0, 1, 1, 0], dtype=np.int64)
    rows = (inputs, classes, pad_rows(np.eye(2)[classes], dtype)) * 3
    state = TrainingState.start(layout, params, 6, np.arange(625, dtype=np.int64), patience=3)
    params = state.params
    mersenne.shuffle(state.random_state, state.order)
    codes = np.array([1, CROSS_ENTROPY, TANH, SOFTMAX_OUTPUT, 0, 1], dtype=np.int64)
    numbers = np.array([0.1, 0.01, 0.5, 0.2, 0.1, 3.0, 0.01, 1e-3, 0.1, 0.2, 0.0])
    kernel.set_rate(numbers, 3.0)
    methods, terms = np.full(2, CUMULATIVE, dtype=np.int64), np.full(2, L1_TERM, dtype=np.int64)
    scratch, gradients = layout.scratch(dtype), np.zeros(layout.n_stored, dtype=dtype)
    measured, out = np.zeros((2, len(measures.COLUMNS))), np.zeros((6, 2), dtype=dtype)
    kernel.train_rows(
        params, table, inputs, rows[2], state.order, 0, 6, state.random_state, codes, numbers, methods, state.memory,
        state.centre, state.tally, state.pending, state.carried, scratch,
    )  # fmt: skip
    codes[BATCH] = 4
    epochs.train_epochs(
        params, table, rows, state.order, state.random_state, codes, numbers, methods, terms, state.memory,
        state.centre, state.tally, state.pending, state.carried, state.stopping, state.kept, scratch, gradients,
        measured[:1], np.zeros(1, dtype=np.int64),
    )  # fmt: skip
    measures.measure(params, table, rows, codes, numbers, terms, scratch, gradients, measured[1], True)
    measures.add_all_gradients(params, table, inputs, rows[2], codes, scratch, gradients)
    epochs.watch(state.stopping, 0.5, params, state.kept)
    kernel.predict_rows(params, table, codes, inputs, out, scratch, False)
    yield measures.kkt_residual(params, table, gradients, terms, 0.01, 0.5)
    yield from (kernel.all_finite(params), epochs.is_kkt_due(20.0), counts.largest_weight(params, table))
    yield from (*counts.weight_sums(params, table, 0.1), *counts.structure(params, table, scratch))
    for array in (params, state.order, measured, out):
        yield from array.ravel().tolist()


def _draw() -> Iterable[float]:
    """What draws links, on two of them."""
    planes, picture = np.zeros((2, 5, 8), dtype=np.float32), np.zeros((5, 8), dtype=np.uint32)
    raster.add_ink(np.array([[0, 7, 1, 3, 0.5], [0, 7, 4, 0, -1]], dtype=np.float32), 1.0, planes)
    raster.mix(planes, np.array([[20, 30, 40], [250, 150, 80], [90, 170, 255]], dtype=np.float32), picture)
    yield from picture.view(np.uint8).ravel().tolist()
