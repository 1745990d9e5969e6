"""The optimum, with scikit-learn as the outside judge: without a hidden layer the problem is convex."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from l1gui.core.task import Task
from l1gui.core.trainer import Trainer
from l1gui.settings import RunSettings

N, N_INPUTS = 300, 12
SHARES = (0.5, 0.2, 0.05)


def problem():
    """Standardised inputs, some useless and some correlated, and two classes with noise."""
    source = np.random.default_rng(12)
    x = source.normal(size=(N, N_INPUTS))
    x[:, 3] = 0.7 * x[:, 0] + 0.5 * x[:, 3]
    x[:, 4] = x[:, 1] - 0.4 * x[:, 2] + 0.6 * x[:, 4]
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    chance = 1 / (1 + np.exp(-(1.5 * x[:, 0] - x[:, 1] + 0.6 * x[:, 5] - 0.3)))
    return x, (source.random(N) < chance).astype(np.int64)


X, Y = problem()
LAMBDA_MAX = np.abs(X.T @ (Y.mean() - Y)).max() / N
LIPSCHITZ = np.linalg.eigvalsh(np.c_[X, np.ones(N)].T @ np.c_[X, np.ones(N)]).max() / (4 * N)


def objective(w, b, lam):
    margins = X @ w + b
    return np.logaddexp(0.0, np.where(Y == 1, -margins, margins)).mean() + lam * np.abs(w).sum()


def settings(**values):
    base = {
        "hidden": (),
        "loss": "cross-entropy",
        "init_range": 0.01,
        "method": "proximal",
        "seed": 3,
        "precision": "double",
    }
    return RunSettings().with_values(**{**base, **values})


def trainer_of(start=None, **values):
    rows = (X, Y)
    return Trainer(settings(output_kind="sigmoid", **values), Task(rows, rows, 2), start)


def solution(trainer):
    weights = trainer.layout.weights(trainer.params, 0)[:, 0].copy()
    return weights, float(trainer.layout.biases(trainer.params, 0)[0])


@pytest.fixture(scope="module", params=SHARES)
def judged(request):
    lam = request.param * LAMBDA_MAX
    judge = LogisticRegression(l1_ratio=1, solver="saga", C=1 / (N * lam), tol=1e-12, max_iter=100_000).fit(X, Y)
    return lam, judge.coef_[0], float(judge.intercept_[0])


def test_full_proximal_steps_reach_the_optimum(judged):
    lam, w_judge, b_judge = judged
    online = trainer_of(batch=10, epochs=100, learn_rate=0.1, lam=lam)
    online.advance(10**9)
    full = trainer_of(online.params, batch=N, epochs=3000, learn_rate=1 / LIPSCHITZ, lam=lam)
    full.advance(10**9)
    w, b = solution(full)
    assert objective(w, b, lam) - objective(w_judge, b_judge, lam) <= 1e-10
    assert ((w != 0) == (w_judge != 0)).all()
    assert full.snapshot().kkt <= 1e-8
    assert w == pytest.approx(w_judge, abs=1e-6)


def scheduled(method, lam, epochs=500):
    trainer = trainer_of(method=method, epochs=epochs, learn_rate=0.05, lam=lam)
    for epoch in range(epochs):
        trainer.apply("learn_rate", 0.05 / (1 + epoch / 5))
        trainer.advance(N)
    return solution(trainer)


def test_online_cumulative_reaches_it_too(judged):
    lam, w_judge, b_judge = judged
    w, b = scheduled("cumulative", lam)
    assert objective(w, b, lam) - objective(w_judge, b_judge, lam) <= 1e-6
    assert ((w != 0) == (w_judge != 0)).all()


def test_online_proximal_comes_near_with_the_wrong_support(judged):
    lam, w_judge, b_judge = judged
    w, b = scheduled("proximal", lam)
    assert objective(w, b, lam) - objective(w_judge, b_judge, lam) <= 1e-3
    # That is the lesson: single rows push useless weights off zero, and it does not remember what they have paid.
    assert (w != 0).sum() > (w_judge != 0).sum()


@pytest.mark.parametrize(("share", "n_live"), [(1.001, 0), (0.99, 1)])
def test_at_lambda_max_the_first_weight_comes_to_life(share, n_live):
    full = trainer_of(batch=N, epochs=4000, learn_rate=1 / LIPSCHITZ, lam=share * LAMBDA_MAX)
    full.advance(10**9)
    assert (solution(full)[0] != 0).sum() == n_live
    assert full.snapshot().kkt <= 1e-8


def test_of_a_softmax_over_three_classes_the_objective_is_the_same():
    classes = (X[:, 0] > 0.5).astype(np.int64) + (X[:, 1] > 0)
    lam = 0.02
    judge = LogisticRegression(l1_ratio=1, solver="saga", C=1 / (N * lam), tol=1e-10, max_iter=50_000).fit(X, classes)
    rows = (X, classes)
    chosen = settings(batch=N, epochs=6000, learn_rate=0.5 / LIPSCHITZ, lam=lam)
    trainer = Trainer(chosen, Task(rows, rows, 3))
    trainer.advance(10**9)

    def objective_of(w, b):
        sums = X @ w + b
        picked = sums[np.arange(N), classes]
        return (np.logaddexp.reduce(sums, axis=1) - picked).mean() + lam * np.abs(w).sum()

    ours = objective_of(trainer.layout.weights(trainer.params, 0), trainer.layout.biases(trainer.params, 0))
    assert ours - objective_of(judge.coef_.T, judge.intercept_) <= 1e-6
