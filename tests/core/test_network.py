"""The layout's views cover the vector without overlap; starts are drawn as said; history grows safely."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.core.history import COLUMNS, History
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
        history.append(**dict.fromkeys(COLUMNS, float(epoch)))
        views.append(history.view())
    for epoch, view in enumerate(views):
        assert view.length == epoch + 1
        assert view["train_loss"].tolist() == list(range(epoch + 1))


def test_a_column_takes_memory_from_its_second_value_on():
    history = History(1_000)
    values = dict.fromkeys(COLUMNS, np.nan)
    history.append(**values)
    history.append(2, **(values | {"train_loss": [0.5, 0.25]}))
    view = history.view()
    assert view["train_loss"][1:].tolist() == [0.5, 0.25]
    assert np.isnan(view["train_loss"][0])
    assert [name for name in COLUMNS if view[name].strides != (0,)] == ["train_loss"]
    history.append(997, **(values | {"train_loss": 0.25}))
    history.append(**(values | {"train_loss": 0.125, "zero": 7.0}))
    assert history.view()["zero"][-2:].tolist()[1] == 7.0
    assert np.isnan(history.view()["zero"][:-1]).all()
    assert np.isnan(history.view()["kkt"]).all()
    assert history.view().length == len(history) == 1_001
    assert view["zero"].shape == (3,)


def test_he_start_has_its_bound_and_no_biases():
    layout = Layout((24, 50, 3))
    params = initial_parameters(layout, NetworkSettings(initialization="he"), random.Random(1))
    for layer, n_in in ((0, 24), (1, 50)):
        bound = np.sqrt(6 / n_in)
        weights = layout.weights(params, layer)
        assert 0.9 * bound < np.abs(weights).max() <= bound
        assert not layout.biases(params, layer).any()
