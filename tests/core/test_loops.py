"""The loops against plain matrix products, against themselves uncompiled, and one row against many."""

import math
import random
from typing import NamedTuple
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l1gui.core import batches, compiled, entries, kernel, losses, measures, mersenne, tiles, warm
from l1gui.core.network import Layout, pad_rows
from l1gui.core.penalties import METHODS
from l1gui.core.state import TrainingState

N_WORDS = 2.0**32


@pytest.fixture(autouse=True, scope="module")
def _compiled():
    warm.prepare()


class Work(NamedTuple):
    """A network, rows, and how to train on them."""

    sizes: tuple
    batch: int
    n_rows: int
    method: str
    activation: str
    loss: str
    output: str
    dropout: float
    jitter: float
    max_norm: float
    carries: bool
    seed: int
    dtype: type


@st.composite
def works(draw, dtypes=(np.float32, np.float64)):
    output = draw(st.sampled_from(list(losses.OUTPUTS)))
    n_out = draw(st.sampled_from([2, 3, 4, 5, 8, 9, 17])) if output == "softmax" else 1
    hidden = draw(st.lists(st.sampled_from([1, 3, 8, 9, 16, 21, 32, 40]), max_size=6))
    return Work(
        sizes=(draw(st.sampled_from([1, 2, 8, 11, 35])), *hidden, n_out),
        batch=draw(st.sampled_from([1, 1, 2, 3, 5, 8, 10, 32, 33, 50])),
        n_rows=draw(st.sampled_from([1, 7, 45])),
        method=draw(st.sampled_from(list(METHODS))),
        activation=draw(st.sampled_from(list(losses.ACTIVATIONS))),
        loss=draw(st.sampled_from(losses.OUTPUTS[output].losses)),
        output=output,
        dropout=draw(st.sampled_from([0.0, 0.0, 0.3])) if hidden else 0.0,
        jitter=draw(st.sampled_from([0.0, 0.0, 0.2])),
        max_norm=draw(st.sampled_from([0.0, 0.0, 0.7])),
        carries=draw(st.booleans()),
        seed=draw(st.integers(0, 999)),
        dtype=draw(st.sampled_from(dtypes)),
    )


def problem(work):
    """Layout, weights and biases, inputs, targets."""
    source = np.random.default_rng(work.seed)
    layout = Layout(work.sizes)
    shapes = list(zip(work.sizes, work.sizes[1:], strict=False))
    params = layout.pack(
        [source.normal(size=shape) / math.sqrt(shape[0]) for shape in shapes],
        [0.1 * source.normal(size=n) for n in work.sizes[1:]],
        work.dtype,
    )
    inputs, n_out = source.normal(size=(work.n_rows, work.sizes[0])), work.sizes[-1]
    if work.output == "softmax":
        targets = np.eye(n_out)[source.integers(0, n_out, work.n_rows)]
    else:
        targets = np.where(source.random((work.n_rows, 1)) < 0.5, losses.OUTPUTS[work.output].lowest, 1.0)
    return layout, params, inputs, targets


def codes_of(work):
    return np.array(
        [
            work.batch, losses.LOSSES[work.loss].code, losses.ACTIVATIONS[work.activation].code,
            losses.OUTPUTS[work.output].code, work.carries, 1,
        ]
    )  # fmt: skip


def train(work, run, n_epochs=2):
    """State after some epochs by `run`, which is called as `kernel.train_rows` is."""
    layout, params, inputs, targets = problem(work)
    words = mersenne.mersenne_state(random.Random(work.seed))
    state = TrainingState.start(layout, params, work.n_rows, words, patience=0)
    codes = codes_of(work)
    numbers = np.zeros(entries.N_NUMBERS)
    numbers[[entries.ETA, entries.LAM, entries.ALPHA]] = 0.1, 0.01, 0.5
    numbers[[entries.DROPOUT, entries.JITTER, entries.MAX_NORM]] = work.dropout, work.jitter, work.max_norm
    methods, scratch = np.full(layout.n_layers, METHODS[work.method].code), layout.scratch(work.dtype)
    rows = pad_rows(inputs, work.dtype), pad_rows(targets, work.dtype)
    with np.errstate(all="ignore"):
        for _ in range(n_epochs):
            run(
                state.params, layout.table, *rows, state.order, 0, work.n_rows, state.random_state, codes, numbers,
                methods, state.memory, state.centre, state.tally, state.pending, state.carried, scratch,
            )  # fmt: skip
    return layout, state


def plainly(*arguments):
    """`kernel.train_rows`, uncompiled."""
    if arguments[8][entries.BATCH] == 1 and arguments[15][0] == 0:
        plain(kernel.train_one_by_one)(*arguments[:15], arguments[16])
    else:
        plain(kernel.train_in_batches)(*arguments)


def plain(function):
    return compiled.plain[function.__name__]


@pytest.mark.usefixtures("_fusing")
@settings(max_examples=40)
@given(works())
def test_compiled_as_uncompiled(work):
    (_, fast), (_, slow) = train(work, kernel.train_rows), train(work, plainly)
    for name in ("params", "memory", "tally", "carried", "random_state"):
        a, b = getattr(fast, name), getattr(slow, name)
        assert np.array_equal(a, b, equal_nan=True), name


@settings(max_examples=40)
@given(works())
def test_one_row_as_a_batch_of_one(work):
    """To the bit but for the fusing of multiplications with additions, which is left out here."""
    work = work._replace(batch=1)
    layout, one = train(work, kernel.train_rows)
    with mock.patch.object(batches, "fuse_products", tiles.add_products):
        _, other = train(work, plain(kernel.train_in_batches))
    # Of a run that has diverged the padding may differ: nothing times infinity is not a number.
    assert np.array_equal(layout.parameters(one.params), layout.parameters(other.params), equal_nan=True)
    assert np.array_equal(one.random_state, other.random_state)


@settings(max_examples=60)
@given(works())
def test_a_measured_gradient_is_that_of_the_rows_one_by_one(work):
    """To the bit: what is measured is not fused."""
    layout, params, inputs, targets = problem(work)
    state, scratch = (
        TrainingState.start(layout, params, work.n_rows, np.arange(625), patience=0),
        layout.scratch(work.dtype),
    )
    codes, numbers, methods = (
        codes_of(work._replace(batch=1)),
        np.zeros(entries.N_NUMBERS),
        np.zeros(layout.n_layers, int),
    )
    rows = pad_rows(inputs, work.dtype), pad_rows(targets, work.dtype)
    total, whole = np.zeros_like(state.pending), np.zeros_like(state.pending)
    for r in range(work.n_rows):
        kernel.train_rows(
            state.params, layout.table, *rows, state.order, r, r + 1, state.random_state, codes, numbers, methods,
            state.memory, state.centre, state.tally, state.pending, state.carried, scratch,
        )  # fmt: skip
        total += state.pending
    measures.add_all_gradients(state.params, layout.table, *rows, codes, scratch, whole)
    total *= work.dtype(1.0) / work.dtype(work.n_rows)
    assert np.array_equal(layout.parameters(whole), layout.parameters(total))


@settings(max_examples=60)
@given(works())
def test_padding_stays_zero(work):
    layout, state = train(work, kernel.train_rows)
    if np.isfinite(state.params).all():
        assert layout.fits(state.params)


ACTIVATIONS = {
    "tanh": (np.tanh, lambda v: 1 - v * v),
    "relu": (lambda x: np.maximum(x, 0), lambda v: v > 0),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda v: v * (1 - v)),
    "linear": (lambda x: x, np.ones_like),
}


def signals_of(work, sums, t):
    """Outputs' signals from the formulas, a row each."""
    if work.output == "softmax":
        e = np.exp(sums - sums.max(axis=1, keepdims=True))
        o = e / e.sum(axis=1, keepdims=True)
    else:
        o = ACTIVATIONS[work.output][0](sums)
    if work.loss == "cross-entropy":
        return o - t
    if work.loss == "squared-article":
        return (o - t) * (1 - o) * o
    if work.output == "softmax":
        return o * ((o - t) - (o * (o - t)).sum(axis=1, keepdims=True))
    return (o - t) * ACTIVATIONS[work.output][1](o)


def disturbances(work, words):
    """A row's noise and its hidden units' factors, drawn as the kernel says it draws them."""
    noise = np.zeros(work.sizes[0])
    if work.jitter:
        for i in range(noise.size):
            radius = math.sqrt(-2 * math.log((words.getrandbits(32) + 1) / N_WORDS))
            noise[i] = work.jitter * radius * math.cos(2 * math.pi * words.getrandbits(32) / N_WORDS)
    factors = [np.ones(n) for n in work.sizes[1:-1]]
    if work.dropout:
        for unit in factors:
            unit[:] = [0 if words.getrandbits(32) < work.dropout * N_WORDS else 1 / (1 - work.dropout) for _ in unit]
    return noise, factors


def by_matrices(work):
    """Weights and biases after an epoch of plain descent, from the formulas, batch by batch."""
    layout, params, inputs, targets = problem(work)
    weights = [layout.weights(params, k) for k in range(layout.n_layers)]
    biases = [layout.biases(params, k) for k in range(layout.n_layers)]
    phi, slope = ACTIVATIONS[work.activation]
    words = random.Random(work.seed)
    for start in range(0, work.n_rows, work.batch):
        x, t = inputs[start : start + work.batch], targets[start : start + work.batch]
        drawn = [disturbances(work, words) for _ in x]
        values, wholes = [x + np.array([noise for noise, _ in drawn])], []
        factors = [np.array([row[k] for _, row in drawn]) for k in range(layout.n_layers - 1)]
        for k in range(layout.n_layers - 1):
            wholes.append(phi(values[-1] @ weights[k] + biases[k]))
            values.append(wholes[-1] * factors[k])
        signals = signals_of(work, values[-1] @ weights[-1] + biases[-1], t)
        for k in range(layout.n_layers - 1, -1, -1):
            below = signals @ weights[k].T * factors[k - 1] * slope(wholes[k - 1]) if k else None
            weights[k] -= 0.1 * values[k].T @ signals / len(x)
            biases[k] -= 0.1 * signals.mean(axis=0)
            signals = below
    return params


@settings(max_examples=150)
@given(works(dtypes=(np.float64,)))
def test_an_epoch_of_descent_is_that_of_the_formulas(work):
    work = work._replace(method="none", max_norm=0.0, carries=False)
    _, state = train(work, kernel.train_rows, n_epochs=1)
    assert state.params == pytest.approx(by_matrices(work), rel=1e-9, abs=1e-11)


def test_not_a_number_reaches_the_weights():
    work = Work((3, 5, 2), 4, 8, "none", "tanh", "cross-entropy", "softmax", 0.0, 0.0, 0.0, False, 1, np.float32)
    for batch in (1, 4):
        layout, params, inputs, targets = problem(work)
        params[0] = np.nan
        state = TrainingState.start(layout, params, 8, np.arange(625), patience=0)
        params = state.params
        codes, numbers = np.array([batch, losses.CROSS_ENTROPY, losses.TANH, losses.SOFTMAX_OUTPUT, 0, 1]), np.zeros(11)
        numbers[entries.ETA] = 0.1
        kernel.train_rows(
            params, layout.table, pad_rows(inputs), pad_rows(targets), state.order, 0, 8, state.random_state, codes,
            numbers, np.zeros(2, np.int64), state.memory, state.centre, state.tally, state.pending, state.carried,
            layout.scratch("f4"),
        )  # fmt: skip
        assert np.isnan(layout.weights(params, 1)).all()
        assert np.isnan(layout.biases(params, 1)).all()
        assert not kernel.all_finite(params)
