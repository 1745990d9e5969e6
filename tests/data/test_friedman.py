"""Friedman's function: the formula, its noise, five inputs that matter."""

import numpy as np
import pytest

from l1gui.data.friedman import friedman_function
from l1gui.data.presets import load_data, preset
from l1gui.settings import RunSettings, SettingError


def loaded(**values):
    return load_data(RunSettings().with_values(source="friedman", **values))


def test_the_formula_at_some_points():
    x = np.zeros((4, 10))
    x[1, :5] = (0.5, 1.0, 0.5, 0.2, 0.4)
    x[2, 5:] = 1.0
    x[3, 3:5] = 1.0
    assert friedman_function(x) == pytest.approx([5.0, 10 + 2 + 2, 5.0, 20.0])


def test_rows_noise_and_seed_are_as_asked():
    data = loaded(rows=2_000, noise=1.0, hidden=(), seed=3)
    assert (len(data.train_inputs), len(data.test_inputs), data.n_inputs) == (2_000, 1_000, 10)
    assert data.train_inputs.dtype == np.float64
    raw = data.train_inputs * data.scaling.scale + data.scaling.offset
    assert 0 <= raw.min() < 0.01
    assert 0.99 < raw.max() <= 1
    noise = data.train_targets - friedman_function(raw)
    assert noise.std() == pytest.approx(1.0, rel=0.05)
    assert noise.mean() == pytest.approx(0.0, abs=0.1)
    exact = loaded(rows=50, noise=0.0, hidden=())
    assert exact.train_targets == pytest.approx(
        friedman_function(exact.train_inputs * exact.scaling.scale + exact.scaling.offset)
    )
    assert not np.array_equal(loaded(seed=1).train_inputs, loaded(seed=2).train_inputs)


def test_the_number_is_scaled_where_there_are_hidden_layers():
    data = loaded(rows=500, noise=1.0)
    assert data.is_numeric
    assert data.train_inputs.dtype == np.float32
    assert data.train_targets.std() == pytest.approx(1.0)
    assert data.train_inputs.std(axis=0) == pytest.approx(np.ones(10), abs=1e-5)
    assert data.test_targets.std() == pytest.approx(1.0, abs=0.1)


def test_the_preset_is_a_regression_among_useless_inputs():
    data = load_data(preset("friedman").settings)
    assert (data.name, data.class_names, data.target_name) == ("Friedman's function", (), "y")
    with pytest.raises(SettingError, match="no setting of the friedman data"):
        loaded(flipped=0.1)
