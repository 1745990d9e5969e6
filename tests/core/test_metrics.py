"""Sparsity by its definitions, histograms that lose no weight."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from l1gui.core import measures, metrics, warm
from l1gui.core.network import Layout


def net(*matrices):
    return [np.array(matrix, dtype=np.float32) for matrix in matrices]


def test_counts_by_definition():
    # Input 2 is dead, unit 1 constant (nothing in), unit 2 dead (nothing out).
    weights = net([[1.0, 0, 5e-4], [2.0, 0, 1], [0, 0, 3]], [[1, -1], [0.5, 0], [0, 0]])
    counts = metrics.weight_counts(weights)
    assert (counts.count, counts.zero, counts.below_threshold) == (15, 7, 8)
    assert (counts.dead_units, counts.constant_units, counts.live_inputs) == (1, 1, 2)
    # Left after pruning: two inputs, unit 0, two outputs: 2 + 2 weights, 1 + 2 biases.
    assert counts.effective_parameters == 7
    assert counts.abs_max == 3.0


def test_a_dense_network_has_no_dead_parts():
    counts = metrics.weight_counts(net(np.ones((10, 8)), np.ones((8, 4))))
    assert (counts.zero, counts.dead_units, counts.constant_units, counts.live_inputs) == (0, 0, 0, 10)
    assert counts.effective_parameters == 124


def test_an_empty_network_is_its_output_biases():
    counts = metrics.weight_counts(net(np.zeros((10, 8)), np.zeros((8, 4))))
    assert (counts.dead_units, counts.constant_units, counts.live_inputs, counts.effective_parameters) == (8, 8, 0, 4)


def test_articles_penalty_example():
    counts = metrics.weight_counts(net([[6.0], [-2.0], [4.0]]))
    assert 0.10 * counts.abs_sum == pytest.approx(1.20)


matrix = arrays(np.float32, (4, 3), elements=st.floats(-1e6, 1e6, width=32) | st.just(0.0))


@given(matrix, arrays(np.float32, (3, 2), elements=st.floats(-1, 1, width=32) | st.just(0.0)))
def test_histograms_hold_every_weight_once(first, second):
    histograms = metrics.layer_histograms([first, second])
    for histogram, w in zip(histograms, (first, second), strict=True):
        assert histogram.counts.sum() + histogram.zero == histogram.count == w.size
        assert histogram.zero == (w == 0).sum()
        assert histogram.near_zero == ((w != 0) & (np.abs(w) < metrics.NEAR_ZERO)).sum()
        assert histogram.edges[-1] >= np.abs(w).max()


@given(st.floats(1e-30, 1e30))
def test_histogram_top_is_near_above(largest):
    assert largest <= metrics.histogram_top(largest) <= 2.01 * largest


@given(matrix, arrays(np.float32, (3, 2), elements=st.floats(-1, 1, width=32) | st.just(0.0)))
def test_compiled_sums_agree(first, second):
    warm.prepare()
    layout = Layout((4, 3, 2))
    params = layout.pack([first, second], [np.ones(3), np.ones(2)])
    counts = metrics.weight_counts([first, second])
    total, squares, zero, below = measures.weight_sums(params, layout.table, metrics.NEAR_ZERO)
    assert total == pytest.approx(counts.abs_sum)
    assert squares == pytest.approx((first.astype(float) ** 2).sum() + (second.astype(float) ** 2).sum())
    assert (zero, below) == (counts.zero, counts.below_threshold)


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 9), min_size=2, max_size=6), st.floats(0, 1))
def test_compiled_structure_agrees(seed, sizes, share):
    warm.prepare()
    source = np.random.default_rng(seed)
    shapes = list(zip(sizes, sizes[1:], strict=False))
    weights = [(source.normal(size=shape) * (source.random(shape) > share)).astype("f4") for shape in shapes]
    layout = Layout(tuple(sizes))
    params = layout.pack(weights, [np.ones(n) for n in sizes[1:]])
    counts = metrics.weight_counts(weights)
    got = measures.structure(params, layout.table, layout.scratch("f4"))
    assert got == (counts.dead_units, counts.constant_units, counts.live_inputs, counts.effective_parameters)
