"""Bounds on lambda: the lasso's lambda_max is scikit-learn's, and beyond each bound nothing beats the empty network."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Lasso

from l1gui.core import bounds
from l1gui.core.bounds import lasso_bound, number_bound, provable_bound, zero_bound
from l1gui.core.collapse import find_collapse
from l1gui.core.task import Task
from l1gui.core.trainer import Trainer
from l1gui.settings import RunSettings

rng = np.random.default_rng(3)
X = rng.normal(size=(120, 6)) @ rng.normal(size=(6, 6)) + 2.0
Y = 70 + 30 * X[:, 1] - 20 * X[:, 4] + 15 * rng.normal(size=120)
CLASSES = np.digitize(Y, np.quantile(Y, [0.3, 0.6]))
LINEAR = RunSettings().with_values(
    hidden=(), loss="squared", method="proximal", batch=120, learn_rate=0.02, epochs=4000
)


def weights_at(settings, lam, targets, n_classes):
    trainer = Trainer(settings.with_values(lam=lam), Task((X, targets), (X[:0], targets[:0]), n_classes))
    trainer.advance(10**9)
    return np.concatenate([w.ravel() for w in trainer.snapshot().weights])


def test_lambda_max_is_the_lassos():
    bound = lasso_bound(X, Y)
    assert not Lasso(alpha=1.0001 * bound, tol=1e-12).fit(X, Y).coef_.any()
    assert Lasso(alpha=0.9999 * bound, tol=1e-12).fit(X, Y).coef_.any()


def test_our_weights_leave_zero_just_below_it():
    bound = provable_bound(LINEAR, (X, Y), 0)
    assert bound.is_proved
    assert bound.is_exact
    assert not weights_at(LINEAR, 1.001 * bound.lam, Y, 0).any()
    assert weights_at(LINEAR, 0.98 * bound.lam, Y, 0).any()


@pytest.mark.parametrize(("n_classes", "output"), [(3, "auto"), (2, "auto"), (2, "sigmoid")])
def test_of_classes_without_a_hidden_layer_too(n_classes, output):
    settings = LINEAR.with_values(loss="cross-entropy", output_kind=output)
    classes = np.minimum(CLASSES, n_classes - 1)
    bound = provable_bound(settings, (X, classes), n_classes)
    assert bound.is_exact
    assert not weights_at(settings, 1.01 * bound.lam, classes, n_classes).any()
    assert weights_at(settings, 0.95 * bound.lam, classes, n_classes).any()


def test_rows_are_taken_in_pieces(monkeypatch):
    whole = lasso_bound(X, Y), lasso_bound(X, CLASSES, 3)
    monkeypatch.setattr(bounds, "CHUNK", 50)
    assert (lasso_bound(X, Y), lasso_bound(X, CLASSES, 3)) == pytest.approx(whole, rel=1e-12)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.01, 0.3, 3.0]))
def test_no_tanh_network_beats_none_beyond_the_bound(seed, size):
    source = np.random.default_rng(seed)
    w1, b1 = size * source.normal(size=(6, 5)), source.normal(size=5)
    w2 = size * source.normal(size=5)
    hidden = np.tanh(X @ w1 + b1)
    guess = hidden @ w2
    guess += (Y - guess).mean() + source.normal()
    objective = 0.5 * ((Y - guess) ** 2).mean() + number_bound(Y) * (np.abs(w1).sum() + np.abs(w2).sum())
    assert objective >= 0.5 * Y.var() * (1 - 1e-12)


def test_which_runs_have_a_bound():
    tanh = LINEAR.with_values(hidden=(4,))
    assert provable_bound(tanh, (X, Y), 0).lam == number_bound(Y)
    assert provable_bound(tanh, (X, Y), 0).is_proved
    assert not provable_bound(tanh.with_values(activation="relu"), (X, Y), 0).is_proved
    assert provable_bound(tanh, (X, CLASSES), 3).lam == zero_bound(CLASSES)
    assert not provable_bound(tanh, (X, CLASSES), 3).is_proved
    assert provable_bound(tanh.with_values(loss="cross-entropy"), (X, CLASSES), 3).is_proved
    assert provable_bound(LINEAR, (X, CLASSES), 3) is None
    for method in ("none", "l2", "group", "as-printed"):
        assert provable_bound(LINEAR.with_values(method=method), (X, Y), 0) is None
    half = provable_bound(LINEAR.with_values(method="elastic", alpha=0.5), (X, Y), 0)
    assert half.lam == pytest.approx(2 * lasso_bound(X, Y))
    tacked = provable_bound(LINEAR.with_values(method="tack-on"), (X, Y), 0)
    assert tacked.lam == pytest.approx(0.02 * lasso_bound(X, Y))


def test_the_collapse_of_a_number_is_found_far_above_that_of_classes():
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    task = Task((scaled, Y), (X[:0], Y[:0]), 0)
    settings = LINEAR.with_values(learn_rate=0.1, epochs=200)
    bound = lasso_bound(scaled, Y)
    assert bound > 5
    found = find_collapse(settings, lambda each: Trainer(each, task), lambda: False, most=2 * bound)
    assert 0.9 * bound < found.lam < 1.05 * bound
    assert find_collapse(settings, lambda each: Trainer(each, task), lambda: False).lam is None
