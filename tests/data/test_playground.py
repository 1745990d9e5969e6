"""TensorFlow Playground's data sets and start: their shapes, inputs, splits and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.data.playground import (
    DERIVED,
    INPUTS,
    PLANE,
    SETS,
    check_playground,
    inputs_of,
    lifted,
    playground_data,
    playground_start,
)
from l1gui.data.presets import SOURCES, check_data, load_data
from l1gui.settings import DataSettings, RunSettings, SettingError

CLASSES = [name for name, each in SETS.items() if not each.is_numeric]
NUMERIC = [name for name, each in SETS.items() if each.is_numeric]


def rows_of(source, **values):
    return load_data(RunSettings().with_values(source=source, **values))


def whole(data):
    return np.vstack([data.train_inputs, data.test_inputs]), np.hstack([data.train_targets, data.test_targets])


@pytest.mark.parametrize("source", list(SETS))
@pytest.mark.parametrize("share", [10, 33, 50, 90])
def test_rows_are_split_by_share_in_double_precision(source, share):
    data, n_rows = rows_of(source, train_share=share), 1200 if source in NUMERIC else 500
    assert len(data.train_targets) == n_rows * share // 100
    assert len(data.train_targets) + len(data.test_targets) == n_rows
    assert data.train_inputs.dtype == data.test_inputs.dtype == np.float64
    assert data.train_targets.dtype == (np.float64 if source in NUMERIC else np.int64)
    other = rows_of(source, train_share=60)
    assert np.array_equal(whole(data)[0], whole(other)[0]), "the share moves the cut alone"


@pytest.mark.parametrize("source", NUMERIC)
def test_a_numeric_target_has_no_classes(source):
    data = rows_of(source)
    assert data.is_numeric
    assert data.class_names == ()
    assert data.target_scaling.to_raw(0.25, 0) == 0.25
    assert np.abs(whole(data)[1]).max() <= 1.2


@pytest.mark.parametrize("source", CLASSES)
def test_class_0_is_negative_and_class_1_positive(source):
    data = rows_of(source)
    assert not data.is_numeric
    assert data.class_names == ("negative", "positive")
    points, classes = whole(data)
    x1, x2 = points.T
    radius = np.hypot(x1, x2)
    if source == "playground-circle":
        assert np.array_equal(classes == 1, radius < 2.5)
        assert radius[classes == 0].min() >= 3.5
    if source == "playground-xor":
        assert np.array_equal(classes == 1, x1 * x2 >= 0)
        assert np.abs(points).min() >= 0.3
    if source == "playground-gauss":
        assert [np.sign(points[classes == k].mean()) for k in (0, 1)] == [-1, 1]
    if source == "playground-spiral":
        # Without noise each arm is the other, half a turn on.
        assert sorted(map(tuple, points[classes == 0].round(9) + 0.0)) == sorted(
            map(tuple, (-points[classes == 1]).round(9) + 0.0)
        )


@pytest.mark.parametrize("source", list(SETS))
def test_noise_and_seed_matter_and_the_run_s_seed_does_not(source):
    plain = rows_of(source)
    assert np.array_equal(whole(rows_of(source, seed=7))[0], whole(plain)[0])
    assert not np.array_equal(whole(rows_of(source, link_seed="0.5"))[0], whole(plain)[0])
    noisy = rows_of(source, link_noise=40)
    if source in ("playground-gauss", "playground-spiral"):
        assert not np.array_equal(whole(noisy)[0], whole(plain)[0])
    else:  # there noise moves where the label is looked up
        assert np.array_equal(whole(noisy)[0], whole(plain)[0])
        assert not np.array_equal(whole(noisy)[1], whole(plain)[1])


@given(
    st.lists(st.sampled_from(DERIVED), unique=True),
    st.sets(st.sampled_from(PLANE)),
    st.sampled_from(list(SETS)),
)
def test_inputs_are_what_their_names_say_in_the_page_s_order(derived, left_out, source):
    values = {"derived": tuple(derived), "left_out": tuple(left_out)}
    if len(left_out) == 2 and not derived:
        with pytest.raises(SettingError, match="keep one at least"):
            rows_of(source, **values)
        return
    data, plain = rows_of(source, **values), rows_of(source)
    x1, x2 = plain.train_inputs.T
    wanted = {"x1": x1, "x2": x2, "x1^2": x1**2, "x2^2": x2**2, "x1*x2": x1 * x2, "sin x1": np.sin(x1),
              "sin x2": np.sin(x2)}  # fmt: skip
    names = [name for name in wanted if name in derived or (name in PLANE and name not in left_out)]
    assert list(data.input_names) == names
    assert np.array_equal(data.train_inputs, np.column_stack([wanted[name] for name in names]))
    assert data.base_names == PLANE
    assert np.array_equal(data.base_train, plain.train_inputs)
    assert (data.lift is None) == (names == list(PLANE))
    if data.lift is not None:
        assert np.array_equal(data.lift.to_inputs(data.base_test), data.test_inputs)


def test_edits_keep_precision_and_kind_of_target():
    data = rows_of("playground-plane", derived=("x1^2",))
    rows = data.base_train[:3] + 1e-12
    edited = data.with_rows(rows, data.train_targets[:3])
    assert np.array_equal(edited.train_inputs, lifted(rows, ("x1", "x2", "x1^2")))
    assert np.array_equal(edited.train_targets, data.train_targets[:3])
    small = data.with_inputs([2])
    assert small.input_names == ("x1^2",)
    assert np.array_equal(small.lift.to_inputs(small.base_train), small.train_inputs)


def test_inputs_that_there_are_not_and_other_sets_settings_are_refused():
    for values, told in (
        ({"left_out": ("x3",)}, "can leave out x1 and x2; got 'x3'"),
        ({"left_out": ("x1^2",)}, "can leave out x1 and x2"),
        ({"derived": ("cos x1",)}, "no derived input 'cos x1'; choose of x1\\^2"),
        ({"left_out": ("x2", "x1")}, "keep one at least"),
    ):
        data = DataSettings(source="playground-xor", **values)
        for check in (check_data, check_playground, lambda data: playground_data(data.source, data)):
            with pytest.raises(SettingError, match=told) as error:
                check(data)
            assert error.value.field == next(iter(values))
    for name, value in (("noise", 0.3), ("rows", 50), ("noise_inputs", 2), ("flipped", 0.1)):
        with pytest.raises(SettingError, match="no setting of the playground-xor data"):
            check_data(DataSettings(source="playground-xor", **{name: value}))
    for name, value in (("link_seed", "1"), ("link_noise", 5), ("train_share", 60), ("left_out", ("x1",))):
        with pytest.raises(SettingError, match="no setting of the circle data"):
            check_data(DataSettings(source="circle", **{name: value}))


def test_every_set_is_a_source_and_every_input_can_be_asked_for():
    assert set(SETS) <= set(SOURCES)
    assert inputs_of(DataSettings(source="playground-xor", derived=DERIVED)) == tuple(INPUTS)


def test_the_start_goes_on_with_the_stream_unit_by_unit():
    settings = RunSettings().with_values(source="playground-circle", initialization="playground")
    weights, biases = playground_start(settings, (2, 4, 2, 1))
    assert [w.shape for w in weights] == [(2, 4), (4, 2), (2, 1)]
    assert [b.tolist() for b in biases] == [[0.1] * 4, [0.1] * 2, [0.1]]
    assert all(w.dtype == np.float64 and np.abs(w).max() <= 0.5 for w in weights)
    # The numbers of a wider first layer are the same ones, unit after unit.
    wide, _ = playground_start(settings, (2, 8, 1))
    drawn = np.hstack([w.T.ravel() for w in weights])
    assert np.array_equal(wide[0].T.ravel(), drawn[:16])
    again, _ = playground_start(settings, (2, 4, 2, 1))
    assert all(np.array_equal(a, b) for a, b in zip(again, weights, strict=True))


def test_the_start_of_zeros_is_zero():
    settings = RunSettings().with_values(source="playground-xor", initialization="playground-zero")
    for layer in (*playground_start(settings, (2, 3, 1))[0], *playground_start(settings, (2, 3, 1))[1]):
        assert not layer.any()


def test_the_start_needs_a_set_of_the_playground():
    settings = RunSettings().with_values(source="circle", initialization="playground")
    with pytest.raises(SettingError, match="and the data are circle: choose another"):
        playground_start(settings, (2, 4, 2))
