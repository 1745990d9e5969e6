"""Splits: disjoint, complete, repeatable, each class in its share; by a column too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.data.presets import load_data
from l1gui.data.tables.split import split_by_share
from l1gui.settings import RunSettings

SHARES = st.floats(0.0, 0.6)


@given(st.integers(0, 200), st.floats(0.0, 0.45), st.floats(0.0, 0.45), st.integers(0, 2**32 - 1))
def test_parts_are_disjoint_complete_and_of_their_share(n, validation, test, seed):
    usable = np.arange(n) * 3
    parts = split_by_share(usable, None, (validation, test), seed)
    assert np.array_equal(np.sort(np.concatenate(parts)), usable)
    assert all(np.array_equal(part, np.sort(part)) for part in parts)
    for part, share in zip(parts[1:], (validation, test), strict=True):
        assert abs(len(part) - share * n) <= 1
    again = split_by_share(usable, None, (validation, test), seed)
    assert all(np.array_equal(*pair) for pair in zip(parts, again, strict=True))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=120), st.floats(0.0, 0.45), st.floats(0.0, 0.45))
def test_stratified_parts_have_each_class_in_its_share(classes, validation, test):
    classes = np.array(classes)
    parts = split_by_share(np.arange(len(classes)), classes, (validation, test), 7)
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(len(classes)))
    for k in np.unique(classes):
        size = (classes == k).sum()
        assert (classes[parts[0]] == k).sum() >= 1, "every class keeps a training row"
        for part, share in zip(parts[1:], (validation, test), strict=True):
            assert (classes[part] == k).sum() <= share * size + 1
            if size >= 10:
                assert (classes[part] == k).sum() >= share * size - 1


def test_the_seed_makes_the_split_and_numpy_s_version_does_not():
    parts = split_by_share(np.arange(12), None, (0.0, 0.25), 0)
    # Written down once: a file and a seed are to give the same rows for good.
    assert parts[2].tolist() == [2, 3, 11]
    assert split_by_share(np.arange(1000), None, (0.0, 0.25), 1)[2].tolist() != (
        split_by_share(np.arange(1000), None, (0.0, 0.25), 2)[2].tolist()
    )


def loaded(**values):
    return load_data(RunSettings().with_values(source="table", file="bundled:iris", **values))


def test_iris_is_split_as_asked():
    data = loaded(validation_share=0.2)
    assert [len(data.train_inputs), len(data.validation_inputs), len(data.test_inputs)] == [82, 30, 38]
    assert np.bincount(data.validation_targets).tolist() == [10, 10, 10]
    assert sorted(np.bincount(data.test_targets).tolist()) == [12, 13, 13]
    at_random = loaded(stratify="no", split_seed=3)
    assert len(at_random.test_inputs) == 38
    assert sorted(np.bincount(at_random.test_targets).tolist()) != [12, 13, 13]
    assert not np.array_equal(loaded(split_seed=1).test_inputs, loaded(split_seed=2).test_inputs)
    assert np.array_equal(loaded(split_seed=1, seed=5).test_inputs, loaded(split_seed=1, seed=6).test_inputs)


WORDS = ["train", "Training", "fit", "valid", "VAL", "validation", "dev", "test", "Testing", "holdout"]


def test_a_column_says_how_to_split(load):
    rows = "".join(f"{k},{word},{'pq'[k % 2]}\n" for k, word in enumerate(WORDS))
    data = load("a,part,y\n" + rows, split_column="part", scaling="none")
    assert data.train_inputs[:, 0].tolist() == [0, 1, 2]
    assert data.validation_inputs[:, 0].tolist() == [3, 4, 5, 6]
    assert data.test_inputs[:, 0].tolist() == [7, 8, 9]
    assert data.input_names == ("a",)


def test_a_split_column_of_another_sort_is_refused(refused):
    text = "a,part,y\n" + "".join(f"{k},train,{'pq'[k % 2]}\n" for k in range(5))
    said = refused(text + "5,monday,p\n", split_column="part")
    assert "row 6 (line 7), column 'part': 'monday' is none of train, validation and test" in said
    assert "row 6 (line 7), column 'part': a missing cell is none" in refused(text + "5,,p\n", split_column="part")


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_a_numeric_target_is_split_at_random(load, share):
    text = "a,y\n" + "".join(f"{k},{k * k}.5\n" for k in range(40))
    data = load(text, test_share=share)
    assert len(data.test_inputs) == int(40 * share)
    assert data.is_numeric
