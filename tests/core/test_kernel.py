"""The loops against finite differences, against themselves uncompiled, and in every depth and loss."""

import random

import numpy as np
import pytest

from l1gui.core import entries, kernel, losses, measures, mersenne, warm
from l1gui.core.activations import activate
from l1gui.core.losses import ACTIVATIONS, LOSSES
from l1gui.core.network import Layout, initial_parameters, outputs, pad_rows
from l1gui.core.outputs import finish_row
from l1gui.core.penalties import NONE
from l1gui.settings import NetworkSettings

DEPTHS = [(3, 2), (3, 4, 2), (5, 9, 3, 4), (2, 8, 8, 17, 3)]


@pytest.fixture(autouse=True, scope="module")
def _compiled():
    warm.prepare()


def make(sizes, seed=1, spread=0.9):
    layout = Layout(sizes)
    network = NetworkSettings(initialization="uniform", init_range=spread)
    return layout, initial_parameters(layout, network, random.Random(seed))


def train_once(layout, params, rows, classes, *, loss, activation, batch=1, eta=1.0, lam=0.0, method=NONE):
    n, dtype = len(rows), params.dtype
    codes = np.array([batch, LOSSES[loss].code, ACTIVATIONS[activation].code, losses.SOFTMAX_OUTPUT, 0, 1])
    numbers = np.zeros(entries.N_NUMBERS)
    numbers[entries.ETA], numbers[entries.LAM] = eta, lam
    targets = pad_rows(np.eye(layout.sizes[-1])[classes], dtype)
    kernel.train_rows(
        params, layout.table, pad_rows(rows, dtype), targets, np.arange(n), 0, n, np.arange(625), codes, numbers,
        np.full(layout.n_layers, method), np.zeros(layout.n_stored), params.copy(), np.zeros((layout.n_layers, 2)),
        np.zeros(layout.n_stored, dtype), np.zeros(1, dtype=np.int64),
        layout.scratch(dtype),
    )  # fmt: skip


def plain_loss(layout, params, rows, classes, loss, activation):
    """Mean loss in double, written again from the formulas."""
    values = np.asarray(rows, dtype=np.float64)
    functions = {
        "tanh": np.tanh,
        "relu": lambda v: np.maximum(v, 0),
        "sigmoid": lambda v: 1 / (1 + np.exp(-v)),
        "linear": lambda v: v,
    }
    for layer in range(layout.n_layers):
        sums = values @ layout.weights(params, layer) + layout.biases(params, layer)
        values = functions[activation](sums) if layer < layout.n_layers - 1 else sums
    e = np.exp(values - values.max(axis=1, keepdims=True))
    o = e / e.sum(axis=1, keepdims=True)
    t = np.eye(layout.sizes[-1])[classes]
    per_row = -np.log((o * t).sum(axis=1)) if loss == "cross-entropy" else 0.5 * ((o - t) ** 2).sum(axis=1)
    return per_row.mean()


@pytest.mark.parametrize("sizes", DEPTHS)
@pytest.mark.parametrize("loss", ["squared", "cross-entropy"])
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_update_is_minus_the_gradient(sizes, loss, activation):
    layout, params = make(sizes)
    generator = np.random.default_rng(5)
    rows = generator.normal(size=(6, sizes[0])).astype(np.float32)
    classes = generator.integers(0, sizes[-1], 6)
    after = params.copy()
    train_once(layout, after, rows, classes, loss=loss, activation=activation, batch=6)
    got = layout.parameters(params) - layout.parameters(after)
    wide = params.astype(np.float64)
    for index in np.flatnonzero(params)[::7]:
        gradient = []
        for step in (1e-5, -1e-5):
            moved = wide.copy()
            moved[index] += step
            gradient.append(plain_loss(layout, moved, rows, classes, loss, activation))
        expected = (gradient[0] - gradient[1]) / 2e-5
        assert params[index] - after[index] == pytest.approx(expected, abs=3e-5)
    assert np.abs(got).max() > 0


def test_article_signal_is_the_diagonal_of_the_softmax_jacobian():
    sums, t = pad_rows([np.log([0.2, 0.5, 0.3])])[0], pad_rows([[0, 1, 0]])[0]
    signals = np.ones(8, "f4")
    finish_row(losses.SQUARED_ARTICLE, losses.SOFTMAX_OUTPUT, sums, 0, t, 0, signals, 3)
    o = np.array([0.2, 0.5, 0.3, 0, 0, 0, 0, 0])
    assert sums == pytest.approx(o)
    assert signals == pytest.approx((o - t) * (1 - o) * o)


@pytest.mark.parametrize("sizes", DEPTHS)
@pytest.mark.parametrize("loss", list(LOSSES))
def test_evaluation_equals_the_formulas(sizes, loss):
    layout, params = make(sizes)
    generator = np.random.default_rng(2)
    rows = generator.normal(size=(40, sizes[0])).astype(np.float32)
    classes = generator.integers(0, sizes[-1], 40)
    codes = np.array([1, LOSSES[loss].code, losses.TANH, losses.SOFTMAX_OUTPUT, 0, 1])
    targets = pad_rows(np.eye(sizes[-1])[classes])
    mean, correct = measures.evaluate_rows(
        params, layout.table, codes, pad_rows(rows), classes, targets, layout.scratch("f4")
    )
    assert mean == pytest.approx(plain_loss(layout, params, rows, classes, loss, "tanh"), rel=1e-5)
    assert correct == (outputs(layout, losses.TANH, params, rows).argmax(axis=1) == classes).sum()


@pytest.mark.parametrize("sizes", DEPTHS)
def test_padding_stays_zero(sizes):
    layout, params = make(sizes)
    rows = np.random.default_rng(2).normal(size=(30, sizes[0])).astype(np.float32)
    classes = np.arange(30) % sizes[-1]
    for activation in ACTIVATIONS:
        train_once(layout, params, rows, classes, loss="squared", activation=activation, batch=4, eta=0.1)
    clean = layout.pack(
        [layout.weights(params, layer) for layer in range(layout.n_layers)],
        [layout.biases(params, layer) for layer in range(layout.n_layers)],
    )
    assert np.array_equal(clean, params)


def test_a_batch_of_all_rows_equals_the_mean_of_single_gradients():
    layout, params = make((3, 4, 2))
    rows = np.random.default_rng(2).normal(size=(8, 3)).astype(np.float32)
    classes = np.arange(8) % 2
    moves = []
    for row in range(8):
        single = params.copy()
        train_once(layout, single, rows[row : row + 1], classes[row : row + 1], loss="squared", activation="tanh")
        moves.append(single.astype(np.float64) - params)
    whole = params.copy()
    train_once(layout, whole, rows, classes, loss="squared", activation="tanh", batch=8)
    assert whole - params == pytest.approx(np.mean(moves, axis=0), abs=1e-6)


def test_not_a_number_is_never_hidden():
    for activation in ACTIVATIONS:
        values = pad_rows([[np.nan, 1, -1]])[0]
        activate(ACTIVATIONS[activation].code, values, 0, 8)
        assert np.isnan(values[0])
    values, signals = pad_rows([[0.0, np.nan]])[0], np.zeros(8, "f4")
    with np.errstate(all="ignore"):
        finish_row(losses.CROSS_ENTROPY, losses.SOFTMAX_OUTPUT, values, 0, np.zeros(8, "f4"), 0, signals, 2)
    assert np.isnan(values[:2]).all()
    assert np.isnan(signals[:2]).all()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n", [1, 2, 3, 200, 1000])
def test_shuffle_is_pythons_own(seed, n):
    source = random.Random(seed)
    source.random()
    state = mersenne.mersenne_state(source)
    order, expected = np.arange(n), list(range(n))
    for _ in range(3):
        mersenne.shuffle(state, order)
        source.shuffle(expected)
        assert order.tolist() == expected
    assert mersenne.mersenne_state(source).tolist() == state.tolist()
