"""The layout's views cover the vector without overlap; starts are drawn as said; history grows safely."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.core.history import N_MEASURED, History
from l1gui.core.network import Layout, initial_parameters
from l1gui.settings import NetworkSettings

sizes = st.lists(st.integers(1, 20), min_size=2, max_size=6).map(tuple)


@given(sizes)
def test_views_cover_each_parameter_once(layer_sizes):
    layout = Layout(layer_sizes)
    params = np.zeros(layout.n_stored, np.float32)
    for layer in range(layout.n_layers):
        layout.weights(params, layer)[...] += 1
        layout.biases(params, layer)[...] += 1
    assert params.max() == 1
    assert params.sum() == layout.n_parameters == layout.parameters(params).size
    assert layout.all_weights(params).size == layout.n_weights
    assert layout.n_stored % 8 == 0


@given(sizes)
def test_pack_and_views_round_trip(layer_sizes):
    layout = Layout(layer_sizes)
    generator = np.random.default_rng(0)
    weights = [generator.normal(size=pair).astype("f4") for pair in zip(layer_sizes, layer_sizes[1:], strict=False)]
    biases = [generator.normal(size=n).astype("f4") for n in layer_sizes[1:]]
    params = layout.pack(weights, biases)
    for layer in range(layout.n_layers):
        assert np.array_equal(layout.weights(params, layer), weights[layer])
        assert np.array_equal(layout.biases(params, layer), biases[layer])


def test_pack_refuses_other_shapes():
    with pytest.raises(ValueError, match="layer 1 must be 2 x 3"):
        Layout((2, 3)).pack([np.zeros((3, 2))], [np.zeros(3)])


def test_uniform_start_is_the_articles():
    layout = Layout((10, 8, 4))
    source = random.Random(0)
    params = initial_parameters(layout, NetworkSettings(init_range=0.01), random.Random(0))
    expected = [0.02 * source.random() - 0.01 for _ in range(124)]
    assert np.array_equal(layout.parameters(params), np.array(expected, np.float32))


def test_xavier_start_has_its_bound_and_no_biases():
    layout = Layout((30, 40, 20))
    params = initial_parameters(layout, NetworkSettings(initialization="xavier"), random.Random(0))
    first = layout.weights(params, 0)
    assert 0.95 * (6 / 70) ** 0.5 < np.abs(first).max() <= (6 / 70) ** 0.5
    assert not layout.biases(params, 0).any()


def test_history_views_outlive_growth():
    history = History()
    views = []
    for epoch in range(300):
        history.append(np.full((1, N_MEASURED), float(epoch)))
        views.append(history.view())
    for epoch, view in enumerate(views):
        assert view.length == epoch + 1
        assert view["train_loss"].tolist() == view["lam"].tolist() == list(range(epoch + 1))
        assert np.isnan(view["test_r2"]).all()
        assert view["test_r2"].shape == (epoch + 1,)
        assert not view["train_loss"].flags.writeable


def test_history_of_a_number():
    history = History(1, is_numeric=True)
    measured, fits = np.arange(3.0 * N_MEASURED).reshape(3, -1), np.arange(18.0).reshape(3, 6)
    measured[0, 0] = 1e300
    history.append(measured, fits)
    view = history.view()
    assert len(history) == view.length == 3
    assert view["train_loss"].tolist() == [np.inf, N_MEASURED, 2 * N_MEASURED]
    assert view["train_r2"].tolist() == [0.0, 6.0, 12.0]
    assert view["test_rmse"].tolist() == [5.0, 11.0, 17.0]


def test_he_start_has_its_bound_and_no_biases():
    layout = Layout((24, 50, 3))
    params = initial_parameters(layout, NetworkSettings(initialization="he"), random.Random(1))
    for layer, n_in in ((0, 24), (1, 50)):
        bound = np.sqrt(6 / n_in)
        weights = layout.weights(params, layer)
        assert 0.9 * bound < np.abs(weights).max() <= bound
        assert not layout.biases(params, layer).any()
