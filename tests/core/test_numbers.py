"""Numeric targets: the lasso judged by scikit-learn, R2 and RMSE, and what cannot go with a number."""

import numpy as np
import pytest
from sklearn.linear_model import Lasso
from sklearn.metrics import r2_score, root_mean_squared_error

from l1gui.core.network import class_shares, outputs
from l1gui.core.task import Task
from l1gui.core.trainer import Trainer
from l1gui.settings import RunSettings, SettingError

N, N_INPUTS = 240, 9


def problem(spread=40.0):
    """Standardised inputs, two of them correlated, and a number that five of them make, in large units."""
    source = np.random.default_rng(4)
    x = source.normal(size=(N, N_INPUTS))
    x[:, 3] = 0.8 * x[:, 0] + 0.6 * x[:, 3]
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    y = 150 + spread * (x[:, 0] - 0.7 * x[:, 1] + 0.4 * x[:, 3] + 0.2 * x[:, 6] + 0.3 * source.normal(size=N))
    return x, y


X, Y = problem()
LAMBDA_MAX = np.abs(X.T @ (Y - Y.mean())).max() / N


def settings(**values):
    base = {"hidden": (), "loss": "squared", "method": "proximal", "batch": N, "learn_rate": 0.3, "epochs": 1500}
    return RunSettings().with_values(**{**base, **values})


def trained(task=None, **values):
    trainer = Trainer(settings(**values), task or Task((X, Y), (X[:50], Y[:50]), 0))
    trainer.advance(10**9)
    return trainer


@pytest.mark.parametrize("share", [0.5, 0.1, 0.01])
def test_without_a_hidden_layer_proximal_is_the_classic_lasso(share):
    lam = share * LAMBDA_MAX
    judge = Lasso(alpha=lam, tol=1e-12, max_iter=100_000).fit(X, Y)
    trainer = trained(lam=lam)
    w = trainer.layout.weights(trainer.params, 0)[:, 0]
    assert w == pytest.approx(judge.coef_, abs=1e-5)
    assert ((w != 0) == (judge.coef_ != 0)).all()
    assert trainer.layout.biases(trainer.params, 0)[0] == pytest.approx(judge.intercept_, abs=1e-5)
    assert trainer.snapshot().kkt < 1e-6


@pytest.mark.parametrize("hidden", [(), (6,)])
def test_fit_is_what_scikit_learn_measures(hidden):
    scale = 25.0
    task = Task((X, Y / scale), (X[:50] + 0.1, Y[:50] / scale), 0, validation=(X[50:90], Y[50:90] / scale), unit=scale)
    trainer = trained(task, hidden=hidden, epochs=60, learn_rate=0.05, lam=0.01, initialization="xavier")
    snapshot = trainer.snapshot()
    parts = {"train": task.train, "validation": task.validation, "test": task.test}
    for name, (inputs, targets) in parts.items():
        guess = outputs(trainer.layout, 0, trainer.params, inputs, 3)[:, 0]
        found = getattr(snapshot, name)
        assert found.r2 == pytest.approx(r2_score(targets, guess), rel=1e-4)
        assert found.rmse == pytest.approx(scale * root_mean_squared_error(targets, guess), rel=1e-4)
        assert snapshot.history[f"{name}_r2"][-1] == found.r2
        assert snapshot.history[f"{name}_rmse"][-1] == found.rmse
        assert found.correct == 0
    assert snapshot.history["train_r2"][0] < snapshot.history["train_r2"][-1]


def test_of_classes_there_is_no_fit():
    trainer = trained(Task((X, (Y > 150).astype(int)), (X, (Y > 150).astype(int)), 2), loss="cross-entropy", epochs=3)
    snapshot = trainer.snapshot()
    assert snapshot.train.r2 is None
    assert np.isnan(snapshot.history["train_r2"]).all()


def test_a_target_without_variance_has_no_r2():
    trainer = trained(Task((X, np.full(N, 3.0)), (X[:0], Y[:0]), 0), epochs=5)
    snapshot = trainer.snapshot()
    assert np.isnan(snapshot.train.r2)
    assert np.isfinite(snapshot.train.rmse)
    assert snapshot.test.rows == 0
    assert np.isnan(snapshot.test.rmse)
    assert snapshot.stopped != "diverged"


def test_precision_is_double_only_where_single_cannot_do():
    def type_of(**values):
        return trained(epochs=1, **values).params.dtype

    assert type_of() == np.float64
    assert type_of(hidden=(3,)) == np.float32
    assert type_of(precision="single") == np.float32
    assert type_of(hidden=(3,), precision="double") == np.float64


@pytest.mark.parametrize(
    ("n_classes", "values", "said"),
    [
        (0, {"loss": "cross-entropy"}, "choose squared"),
        (0, {"output_kind": "softmax"}, "it is a number"),
        (2, {"output_kind": "linear"}, "auto, softmax, sigmoid or tanh"),
        (3, {"output_kind": "tanh"}, "two classes"),
        (2, {"output_kind": "tanh", "loss": "cross-entropy"}, "choose squared"),
        (2, {"output_kind": "nonsense"}, "no output"),
    ],
)
def test_what_cannot_go_with_the_target_is_refused(n_classes, values, said):
    targets = Y if not n_classes else np.arange(N) % n_classes
    with pytest.raises(SettingError, match=said):
        Trainer(settings(**values), Task((X, targets), (X, targets), n_classes))


@pytest.mark.parametrize("kind", ["sigmoid", "tanh"])
def test_one_output_tells_two_classes(kind):
    classes = (Y > 150).astype(np.int64)
    trainer = trained(Task((X, classes), (X, classes), 2), output_kind=kind, hidden=(4,), initialization="xavier")
    shares = trainer.train_shares()
    assert shares.shape == (N, 2)
    assert shares.sum(axis=1) == pytest.approx(1.0)
    assert (shares.argmax(axis=1) == classes).sum() == trainer.train.correct > 0.9 * N
    wanted = np.where(classes == 1, 1.0, -1.0 if kind == "tanh" else 0.0)
    out = outputs(trainer.layout, 0, trainer.params, X, {"sigmoid": 1, "tanh": 2}[kind])[:, 0]
    assert trainer.train.loss == pytest.approx(0.5 * ((out - wanted) ** 2).mean(), rel=1e-5)
    assert class_shares(out[:, None], 2).shape == (N, 2)


def test_a_class_that_training_does_not_know_is_wrong_and_has_no_loss():
    classes = (Y > 150).astype(np.int64)
    unknown = classes.copy()
    unknown[:60] = -1
    trainer = trained(Task((X, classes), (X, unknown), 2), loss="cross-entropy", learn_rate=0.5, epochs=50)
    known = trained(Task((X, classes), (X[60:], classes[60:]), 2), loss="cross-entropy", learn_rate=0.5, epochs=50)
    assert trainer.test.rows == N
    assert trainer.test.correct == known.test.correct
    assert trainer.test.loss == pytest.approx(known.test.loss, rel=1e-6)


def test_rows_that_carry_over_join_the_next_epochs_first_batch():
    """Nine rows in batches of four: updates after rows 4 and 8, and after the ninth with the next four."""
    x, y = X[:9], Y[:9] / 100
    values = {"batch": 4, "order": "as-given", "leftovers": "carry", "method": "none", "learn_rate": 0.1, "epochs": 2}
    trainer = trained(Task((x, y), (x, y), 0), **values)
    source = Trainer(settings(**values), Task((x, y), (x, y), 0))
    w = source.layout.weights(source.params, 0)[:, 0].copy()
    b = float(source.layout.biases(source.params, 0)[0])
    for rows in ([0, 1, 2, 3], [4, 5, 6, 7], [8, 0, 1, 2, 3], [4, 5, 6, 7]):
        signal = x[rows] @ w + b - y[rows]
        w -= 0.1 * x[rows].T @ signal / len(rows)
        b -= 0.1 * signal.mean()
    assert trainer.layout.weights(trainer.params, 0)[:, 0] == pytest.approx(w, rel=1e-12)
    assert trainer.layout.biases(trainer.params, 0)[0] == pytest.approx(b, rel=1e-12)
    sliced = Trainer(settings(**values), Task((x, y), (x, y), 0))
    while not sliced.stopped:
        sliced.advance(3)
    assert np.array_equal(sliced.params, trainer.params)
