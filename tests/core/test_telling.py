"""The two inputs that tell most: as correlation and analysis of variance have it."""

import numpy as np
import pytest
from sklearn.feature_selection import f_classif

from l1gui.core.telling import shares_told, telling_pair

rng = np.random.default_rng(5)
X = rng.normal(size=(400, 7))
X[:, 5] = 3.0
Y = 4 * X[:, 3] - 2 * X[:, 6] + rng.normal(size=400)


def test_of_a_number_the_squared_correlation():
    shares = shares_told(X, Y, is_numeric=True)
    for k in (0, 3, 6):
        assert shares[k] == pytest.approx(np.corrcoef(X[:, k], Y)[0, 1] ** 2)
    assert shares[5] == 0.0
    assert telling_pair(X, Y, is_numeric=True) == (3, 6)


def test_of_classes_the_variance_between_them():
    classes = np.digitize(Y, [-3, 0, 2])
    shares = shares_told(X, classes, is_numeric=False)
    with np.errstate(all="ignore"):
        judged = f_classif(np.delete(X, 5, axis=1), classes)[0]
    between, within = 3, 400 - 4
    assert np.delete(shares, 5) == pytest.approx(judged * between / (judged * between + within))
    assert telling_pair(X, classes, is_numeric=False) == (3, 6)


def test_where_there_is_nothing_to_choose():
    assert telling_pair(X[:, :2], Y, is_numeric=True) == (0, 1)
    assert telling_pair(X[:, :1], Y, is_numeric=True) == (0, 0)
    assert telling_pair(np.zeros((4, 3)), np.arange(4.0), is_numeric=True) == (0, 1)
    assert telling_pair(X[:0], Y[:0], is_numeric=False) == (0, 1)
    assert telling_pair(X, np.full(400, 2.0), is_numeric=True) == (0, 1)


def test_inputs_of_two_values_come_last():
    source = np.random.default_rng(1)
    numbers = source.normal(size=(60, 2))
    classes = np.arange(60) % 2
    inputs = np.column_stack([classes, 1 - classes, numbers])
    assert telling_pair(inputs, classes, is_numeric=False) == (2, 3)
    assert telling_pair(inputs[:, :3], classes, is_numeric=False) == (0, 2)
