"""Pruning: the smaller network answers as the given one did, over random networks of every kind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l1gui.core.pruning import check_pruned, logits, prune, pruned_text
from tests.counting import weight_counts

PHI = {
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 0.5 * (1 + np.tanh(0.5 * x)),
    "linear": lambda x: x,
}


def plain_logits(weights, biases, activation, rows):
    """A forward pass in plain NumPy, nothing of the engine in it."""
    values = rows
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
        values = values @ w + b
        if layer < len(weights) - 1:
            values = PHI[activation](values)
    return values


def random_network(source, dtype=np.float64):
    sizes = source.integers(1, 9, size=source.integers(2, 6))
    share = source.choice([0.2, 0.5, 0.8, 0.95])
    weights = [
        source.normal(size=shape) * (source.random(shape) > share) for shape in zip(sizes, sizes[1:], strict=False)
    ]
    return [w.astype(dtype) for w in weights], [source.normal(size=n).astype(dtype) for n in sizes[1:]]


def test_two_thousand_random_networks_keep_their_logits():
    source = np.random.default_rng(4)
    worst = 0.0
    n_smaller = 0
    for trial in range(2000):
        activation = list(PHI)[trial % 4]
        weights, biases = random_network(source)
        pruned = prune(weights, biases, activation)
        rows = source.normal(size=(20, weights[0].shape[0]))
        before = plain_logits(weights, biases, activation, rows)
        after = plain_logits(pruned.weights, pruned.biases, activation, rows[:, pruned.kept[0]])
        scale = max(1.0, np.abs(before).max())
        worst = max(worst, np.abs(before - after).max() / scale)
        assert (before.argmax(axis=1) == after.argmax(axis=1)).all()
        n_smaller += pruned.sizes != pruned.sizes_before
        # Nothing more is to be done, and the size is what the counts promise.
        again = prune(pruned.weights, pruned.biases, activation)
        assert again.sizes == pruned.sizes
        size = sum(int((w != 0).sum()) for w in pruned.weights) + sum(b.size for b in pruned.biases)
        promised = weight_counts(weights).effective_parameters
        assert size == promised or pruned.is_constant
    assert worst < 1e-14
    assert n_smaller > 1000


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(PHI)))
def test_single_precision_answers_alike(seed, activation):
    source = np.random.default_rng(seed)
    weights, biases = random_network(source, np.float32)
    rows = source.normal(size=(50, weights[0].shape[0])).astype(np.float32)
    pruned = prune(weights, biases, activation)
    assert all(array.dtype == np.float32 for array in (*pruned.weights, *pruned.biases))
    check = check_pruned(weights, biases, activation, pruned, rows)
    largest = np.abs(logits(weights, biases, activation, rows)).max()
    assert check.largest_change <= 1e-5 * max(1.0, largest)


def test_dead_units_go_without_any_change():
    source = np.random.default_rng(0)
    weights = [source.normal(size=(10, 8)).astype(np.float32), source.normal(size=(8, 4)).astype(np.float32)]
    biases = [source.normal(size=8).astype(np.float32), source.normal(size=4).astype(np.float32)]
    weights[1][[0, 2, 5, 6, 7]] = 0
    pruned = prune(weights, biases, "tanh")
    check = check_pruned(weights, biases, "tanh", pruned, source.normal(size=(300, 10)))
    assert (pruned.sizes, check.largest_change, check.n_other_class) == ((10, 3, 4), 0.0, 0)
    assert pruned.kept[1].tolist() == [1, 3, 4]
    assert pruned_text(pruned, check) == "10-8-4 -> 10-3-4, largest change 0"


def test_a_constant_unit_becomes_a_bias():
    weights = [np.array([[1.0, 0.0]]), np.array([[1.0, -1.0], [2.0, 3.0]])]
    biases = [np.array([0.0, 0.5]), np.array([0.25, 0.0])]
    pruned = prune(weights, biases, "tanh")
    assert pruned.sizes == (1, 1, 2)
    assert pruned.biases[1] == pytest.approx([0.25 + 2 * np.tanh(0.5), 3 * np.tanh(0.5)])


def test_constants_are_folded_through_layers():
    weights = [np.zeros((3, 2)), np.array([[1.0], [2.0]]), np.array([[1.5, -0.5]])]
    biases = [np.array([0.3, -0.2]), np.array([0.1]), np.array([0.0, 1.0])]
    pruned = prune(weights, biases, "tanh")
    assert pruned.is_constant
    assert pruned.sizes == (0, 2)
    hidden = np.tanh(np.tanh(0.3) + 2 * np.tanh(-0.2) + 0.1)
    assert pruned.biases[0] == pytest.approx([1.5 * hidden, 1 - 0.5 * hidden], abs=1e-15)
