"""Sparsity by its definitions, histograms that lose no weight."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from l1gui.core import counts, metrics, warm
from l1gui.core.network import Layout
from l1gui.runs import build_trainer, preset
from tests.counting import weight_counts


def net(*matrices):
    return [np.array(matrix, dtype=np.float32) for matrix in matrices]


def test_counts_by_definition():
    # Input 2 is dead, unit 1 constant (nothing in), unit 2 dead (nothing out).
    weights = net([[1.0, 0, 5e-4], [2.0, 0, 1], [0, 0, 3]], [[1, -1], [0.5, 0], [0, 0]])
    found = weight_counts(weights)
    assert (found.count, found.zero, found.below_threshold) == (15, 7, 8)
    assert (found.dead_units, found.constant_units, found.live_inputs) == (1, 1, 2)
    # Left after pruning: two inputs, unit 0, two outputs: 2 + 2 weights, 1 + 2 biases.
    assert found.effective_parameters == 7
    assert found.abs_max == 3.0


def test_a_dense_network_has_no_dead_parts():
    found = weight_counts(net(np.ones((10, 8)), np.ones((8, 4))))
    assert (found.zero, found.dead_units, found.constant_units, found.live_inputs) == (0, 0, 0, 10)
    assert found.effective_parameters == 124


def test_an_empty_network_is_its_output_biases():
    found = weight_counts(net(np.zeros((10, 8)), np.zeros((8, 4))))
    assert (found.dead_units, found.constant_units, found.live_inputs, found.effective_parameters) == (8, 8, 0, 4)


def test_articles_penalty_example():
    found = weight_counts(net([[6.0], [-2.0], [4.0]]))
    assert 0.10 * found.abs_sum == pytest.approx(1.20)


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


def held(shapes, seed, share, dtype):
    source = np.random.default_rng(seed)
    return [(source.normal(size=shape) * (source.random(shape) > share)).astype(dtype) for shape in shapes]


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 9), min_size=2, max_size=6), st.floats(0, 1), st.booleans())
def test_compiled_counts_agree(seed, sizes, share, is_double):
    warm.prepare()
    dtype = np.float64 if is_double else np.float32
    weights = held(list(zip(sizes, sizes[1:], strict=False)), seed, share, dtype)
    layout = Layout(tuple(sizes))
    params = layout.pack(weights, [np.full(n, 9.0) for n in sizes[1:]], dtype)
    expected = weight_counts(weights, 0.4)
    total, squares, zero, below = counts.weight_sums(params, layout.table, 0.4)
    assert total == pytest.approx(expected.abs_sum)
    assert squares == pytest.approx(sum((w.astype(float) ** 2).sum() for w in weights))
    assert (zero, below) == (expected.zero, expected.below_threshold)
    assert counts.largest_weight(params, layout.table) == expected.abs_max
    parts = (expected.dead_units, expected.constant_units, expected.live_inputs, expected.effective_parameters)
    assert counts.structure(params, layout.table, layout.scratch(dtype)) == parts


def test_a_snapshots_counts_are_those_of_its_weights():
    trainer = build_trainer(preset("gauss-noise").settings.with_values(threshold=0.03, lam=0.05))
    trainer.advance(30_000)
    snapshot = trainer.snapshot()
    expected = weight_counts(snapshot.weights, 0.03)
    assert snapshot.counts.zero > 0
    assert dataclasses.replace(snapshot.counts, abs_sum=0.0) == dataclasses.replace(expected, abs_sum=0.0)
    assert snapshot.counts.abs_sum == pytest.approx(expected.abs_sum)
