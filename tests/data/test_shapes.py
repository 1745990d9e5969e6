"""Planar sets: two classes in turn, repeatable by seed, with what the settings ask for; inputs made of others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.core.record import BoundaryRequest
from l1gui.data.presets import SOURCES, check_data, load_data, preset, presets
from l1gui.data.shapes import DERIVED, SHAPES, lifted
from l1gui.runs import build_trainer
from l1gui.settings import DataSettings, RunSettings, SettingError


def rows_of(source, **values):
    return load_data(RunSettings().with_values(source=source, **values))


@pytest.mark.parametrize("source", list(SHAPES))
def test_shapes_are_balanced_and_repeatable(source):
    data = rows_of(source, rows=301, seed=5)
    assert data.train_inputs.shape == (301, 2)
    assert data.test_inputs.shape == (1000, 2)
    assert np.bincount(data.train_targets).tolist() == [151, 150]
    assert np.array_equal(rows_of(source, rows=301, seed=5).test_inputs, data.test_inputs)
    assert not np.array_equal(rows_of(source, rows=301, seed=6).test_inputs, data.test_inputs)
    assert np.abs(data.train_inputs).max() < 2


@pytest.mark.parametrize("source", list(SHAPES))
def test_without_noise_the_nearest_training_row_tells_the_class(source):
    data = rows_of(source, rows=2000, noise=0.0)
    squares = ((data.test_inputs[:, None] - data.train_inputs[None]) ** 2).sum(axis=2)
    said = data.train_targets[squares.argmin(axis=1)]
    assert (said == data.test_targets).mean() > 0.99


def test_useless_inputs_and_flipped_labels_leave_the_points_alone():
    plain, more = rows_of("moons"), rows_of("moons", noise_inputs=3, flipped=0.1)
    assert more.input_names == ("x1", "x2", "n1", "n2", "n3")
    assert np.array_equal(plain.train_inputs, more.train_inputs[:, :2])
    assert (plain.train_targets != more.train_targets).sum() == 20
    assert np.array_equal(plain.test_targets, more.test_targets)


@given(st.lists(st.sampled_from(list(DERIVED)), unique=True), st.integers(0, 3))
def test_derived_inputs_are_what_their_names_say(derived, noise_inputs):
    data = rows_of("circle", derived=tuple(derived), noise_inputs=noise_inputs, rows=20)
    x1, x2 = data.train_inputs[:, 0].astype(float), data.train_inputs[:, 1].astype(float)
    wanted = {
        "x1^2": x1**2,
        "x2^2": x2**2,
        "x1*x2": x1 * x2,
        "sin x1": np.sin(np.pi * x1),
        "sin x2": np.sin(np.pi * x2),
    }
    assert data.input_names[2 + noise_inputs :] == tuple(derived)
    assert data.base_names == data.input_names[: 2 + noise_inputs]
    for k, name in enumerate(derived):
        assert data.train_inputs[:, 2 + noise_inputs + k] == pytest.approx(wanted[name], abs=1e-6)
    assert np.array_equal(lifted(data.base_train, tuple(derived)), data.train_inputs)


def test_a_slice_goes_through_the_plane_and_lifts_it():
    settings = preset("xor").settings.with_values(derived=("x1*x2",), hidden=(), epochs=60)
    trainer = build_trainer(settings)
    trainer.advance(10**6)
    assert trainer.n_plane_inputs == 2
    grid = trainer.boundary(BoundaryRequest(0, 1, None, 21))
    classes = grid.outputs.argmax(axis=2)
    # Opposite corners agree, neighbours do not: without x1*x2 a network with no hidden layer could not.
    corners = [classes[0, 0], classes[0, -1], classes[-1, -1], classes[-1, 0]]
    assert corners in ([0, 1, 0, 1], [1, 0, 1, 0])


def test_a_pruned_set_still_has_its_plane():
    data = rows_of("xor", derived=("x1^2", "x1*x2"))
    small = data.with_inputs([3])
    assert small.input_names == ("x1*x2",)
    assert small.base_names == ("x1", "x2")
    assert np.array_equal(small.lift.to_inputs(small.base_train), small.train_inputs)


def test_settings_that_a_source_does_not_obey_are_refused():
    for name, value in (("noise", 0.3), ("rows", 50), ("derived", ("x1^2",)), ("noise_inputs", 2), ("flipped", 0.1)):
        with pytest.raises(SettingError, match="no setting of the article data"):
            check_data(DataSettings(**{name: value}))
    with pytest.raises(SettingError, match="no derived input 'x3'"):
        check_data(DataSettings(source="circle", derived=("x3",)))


def test_every_planar_set_is_a_preset_that_learns_it():
    assert set(SHAPES) <= set(presets())
    assert set(SHAPES) <= set(SOURCES)
    for name in ("circle", "xor", "gauss", "moons"):
        trainer = build_trainer(preset(name).settings)
        trainer.advance(10**9)
        assert trainer.test.accuracy > 0.97, name
        assert trainer.snapshot().counts.zero > 8
