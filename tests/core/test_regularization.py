"""Early stopping, dropout, jitter, max-norm, what cannot go together, and the optimality residual."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from l1gui.core import entries, kernel, online
from l1gui.core.combinations import check_combination
from l1gui.core.epochs import is_kkt_due
from l1gui.core.losses import CROSS_ENTROPY, SOFTMAX_OUTPUT, TANH
from l1gui.core.network import Layout, pad_rows
from l1gui.core.outputs import finish_row
from l1gui.core.penalties import METHODS
from l1gui.core.split import split_rows
from l1gui.core.task import Task
from l1gui.core.trainer import Trainer
from l1gui.data.presets import preset
from l1gui.runs import build_trainer
from l1gui.settings import RunSettings, SettingError


def article(**values):
    return preset("article").settings.with_values(**values)


def trained(slices=(10**9,), **values):
    trainer = build_trainer(article(**values))
    for rows in slices:
        trainer.advance(rows)
    trainer.advance(10**9)
    return trainer


# -- early stopping ---------------------------------------------------------------------------------------------------


@given(st.integers(3, 300), st.integers(0, 99), st.floats(0.05, 0.5))
def test_split_shares_the_rows_out(n_rows, seed, share):
    rows = np.arange(2 * n_rows, dtype="f4").reshape(n_rows, 2), np.arange(n_rows)
    settings = article(patience=5, validation=share, seed=seed)
    if round(share * n_rows) == 0:
        with pytest.raises(SettingError, match="rows to hold out"):
            split_rows(rows, settings)
        return
    train, held = split_rows(rows, settings)
    assert len(held[1]) == round(share * n_rows)
    assert sorted([*train[1], *held[1]]) == list(range(n_rows))
    assert np.array_equal(train[0], rows[0][train[1]])
    again = split_rows(rows, settings)
    assert np.array_equal(again[1][1], held[1])


def test_without_patience_no_row_is_held_out():
    trainer = build_trainer(article(validation=0.4))
    assert trainer.n_rows == 200
    assert trainer.snapshot().validation is None


def test_early_stopping_restores_the_best_weights():
    stopped = trained(method="none", patience=15)
    snapshot = stopped.snapshot()
    losses = snapshot.history["validation_loss"]
    best = int(losses[1:].argmin()) + 1
    assert snapshot.stopped == "early"
    assert snapshot.best_epoch == best
    assert snapshot.epoch == best + 15
    assert snapshot.validation.loss == losses[best]
    assert f"after epoch {best}" in snapshot.message
    # The same run, cut off at its best epoch, has just these weights.
    rows = Trainer(article(method="none", patience=15, epochs=best), Task(*_rows(), 4))
    rows.advance(10**9)
    assert np.array_equal(rows.params, stopped.params)


def _rows():
    trainer = build_trainer(article())
    rows = trainer._engine._rows
    return (rows[0][:, :10], rows[1]), (rows[6][:, :10], rows[7])


def test_a_run_that_ends_before_its_patience_has_its_best_weights_too():
    snapshot = trained(method="none", patience=400, epochs=400).snapshot()
    assert snapshot.stopped == "epochs"
    assert 0 < snapshot.best_epoch < 400
    assert snapshot.validation.loss == snapshot.history["validation_loss"][1:].min()


@pytest.mark.parametrize(
    "values",
    [
        {"method": "cumulative", "patience": 10},
        {"method": "proximal", "dropout": 0.3, "jitter": 0.2, "batch": 7},
        {"method": "dual-averaging", "dropout": 0.2},
        {"method": "truncated", "max_norm": 0.8, "batch": 3},
        {"method": "group", "jitter": 0.1, "patience": 5},
        {"method": "tack-on", "lam": 1e-5, "decay": 0.1},
    ],
    ids=lambda values: values["method"],
)
def test_slices_of_any_size_give_the_same_run(values):
    whole = trained(epochs=60, **values)
    sliced = trained(slices=(1, 37, 200, 5, 1001, 3, 888), epochs=60, **values)
    assert np.array_equal(whole.params, sliced.params)
    assert whole.stopped == sliced.stopped
    assert np.array_equal(whole.history.view().table, sliced.history.view().table, equal_nan=True)


# -- dropout, jitter, max-norm ----------------------------------------------------------------------------------------


def test_switched_off_they_change_nothing():
    assert np.array_equal(trained(epochs=20).params, trained(epochs=20, dropout=0.0, jitter=0.0, max_norm=0.0).params)
    assert np.array_equal(trained(epochs=20).params, trained(epochs=20, max_norm=1000.0).params)
    assert not np.array_equal(trained(epochs=20).params, trained(epochs=20, dropout=0.1).params)
    assert not np.array_equal(trained(epochs=20).params, trained(epochs=20, jitter=0.1).params)


def test_dropout_leaves_out_its_share_and_jitter_has_its_spread():
    layout = Layout((40, 50, 3))
    scratch = layout.scratch(np.float64)
    state = np.arange(625) * 7919 % 2**32
    state[624] = 624
    out, noise = [], []
    for _ in range(200):
        scratch.values[:40] = 1.0
        kernel.disturb(layout.table, state, scratch.values, scratch.factors, 0.3, 0.5, 1, 0)
        at = layout.table[0, entries.VALUES_AT]
        out.append(scratch.factors[at : at + 50].copy())
        noise.append(scratch.values[:40] - 1.0)
    factors = np.array(out)
    assert set(np.unique(factors)) == {0.0, 1 / 0.7}
    assert (factors == 0).mean() == pytest.approx(0.3, abs=0.02)
    assert np.std(noise) == pytest.approx(0.5, abs=0.02)
    assert np.mean(noise) == pytest.approx(0.0, abs=0.02)


def test_the_gradient_behind_dropout_agrees_with_finite_differences():
    layout = Layout((3, 5, 4, 2))
    source = np.random.default_rng(2)
    weights = [source.normal(size=shape) for shape in ((3, 5), (5, 4), (4, 2))]
    params = layout.pack(weights, [source.normal(size=n) for n in (5, 4, 2)], np.float64)
    row, target = pad_rows(source.normal(size=(1, 3)), np.float64)[0], np.array([0.0, 1.0] + [0.0] * 6)
    scratch = layout.scratch(np.float64)
    for layer in (0, 1):
        at, n_out = layout.table[layer, entries.VALUES_AT], layout.table[layer, entries.N_OUT]
        scratch.factors[at : at + n_out] = np.where(source.random(n_out) < 0.4, 0.0, 1 / 0.6)
    out_at = layout.table[-1, entries.VALUES_AT]

    def loss_of(params):
        scratch.values[: row.size] = row
        online.forward(params, layout.table, TANH, scratch.values, scratch.wholes, scratch.factors, True)
        finish_row(CROSS_ENTROPY, SOFTMAX_OUTPUT, scratch.values, out_at, target, 0, scratch.signals, 2)
        return -np.log(scratch.values[out_at + 1])

    loss_of(params)
    online.backward(params, layout.table, TANH, scratch.values, scratch.wholes, scratch.factors, scratch.signals, True)
    gradients = np.zeros(layout.n_stored)
    online.set_gradients(layout.table, scratch.values, scratch.signals, gradients)
    for index in np.flatnonzero(params):
        ends = []
        for step in (1e-6, -1e-6):
            moved = params.copy()
            moved[index] += step
            ends.append(loss_of(moved))
        assert gradients[index] == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-6)


@profile(max_examples=15)
@given(st.sampled_from([m.id for m in METHODS.values() if not m.keeps_sums]), st.floats(0.05, 2.0))
def test_max_norm_holds_for_every_unit(method, longest):
    trainer = trained(method=method, epochs=5, max_norm=longest, init_range=1.0)
    for weights in trainer.snapshot().weights:
        assert np.linalg.norm(weights.astype(float), axis=0).max() <= longest * (1 + 1e-6)


# -- what cannot go together ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"patience": 501}, "patience"),
        ({"hidden": (), "dropout": 0.1}, "dropout"),
        ({"method": "group", "max_norm": 1.0}, "max_norm"),
        ({"method": "dual-averaging", "max_norm": 1.0}, "max_norm"),
    ],
)
def test_what_cannot_go_together_is_refused(values, field):
    with pytest.raises(SettingError) as refused:
        check_combination(article(**values))
    assert refused.value.field == field
    with pytest.raises(SettingError):
        build_trainer(article(**values))


def test_a_live_change_that_cannot_be_changes_nothing():
    trainer = build_trainer(article(max_norm=1.0))
    before = trainer.settings
    with pytest.raises(SettingError, match="Max-norm"):
        trainer.apply("method", "group")
    assert trainer.settings == before
    assert trainer.snapshot().events == ()


# -- the optimality residual ------------------------------------------------------------------------------------------


def plain_residual(trainer, term, lam, alpha=0.5):
    """From finite differences of the mean cross-entropy, in plain NumPy."""
    layout, rows = trainer.layout, trainer._engine._rows
    x, classes = rows[0][:, : layout.sizes[0]].astype(float), rows[1]
    params = trainer.params.copy()

    def loss(p):
        values = x
        for layer in range(layout.n_layers):
            values = values @ layout.weights(p, layer) + layout.biases(p, layer)
            values = np.tanh(values) if layer < layout.n_layers - 1 else values
        return (np.logaddexp.reduce(values, axis=1) - values[np.arange(len(x)), classes]).mean()

    def gradient(view):
        found = np.zeros(view.shape)
        for index in np.ndindex(*view.shape):
            old, ends = view[index], []
            for step in (1e-6, -1e-6):
                view[index] = old + step
                ends.append(loss(params))
            view[index] = old
            found[index] = (ends[0] - ends[1]) / 2e-6
        return found

    largest = 0.0
    for layer in range(layout.n_layers):
        w, g = layout.weights(params, layer), gradient(layout.weights(params, layer))
        largest = max(largest, np.abs(gradient(layout.biases(params, layer))).max())
        if term == "group":
            for row, pull in zip(w, g, strict=True):
                norm, bound = np.linalg.norm(row), lam * np.sqrt(row.size)
                miss = np.linalg.norm(pull + bound * row / norm) if norm else max(0.0, np.linalg.norm(pull) - bound)
                largest = max(largest, miss)
            continue
        ridge = {"l2": lam, "elastic": lam * (1 - alpha)}.get(term, 0.0)
        lasso = {"l1": lam, "elastic": lam * alpha}.get(term, 0.0)
        g = g + ridge * w
        miss = np.where(w != 0, np.abs(g + lasso * np.sign(w)), np.maximum(0.0, np.abs(g) - lasso))
        largest = max(largest, miss.max())
    return largest


@pytest.mark.parametrize(
    ("method", "term", "strength"),
    [
        ("none", "none", 0.01), ("gradient", "l1", 0.01), ("proximal", "l1", 0.01), ("l2", "l2", 0.01),
        ("elastic", "elastic", 0.01), ("group", "group", 0.01), ("tack-on", "l1", 0.001),
    ],
)  # fmt: skip
def test_the_residual_is_that_of_the_formulas(method, term, strength):
    source = np.random.default_rng(5)
    rows = source.normal(size=(40, 4)), source.integers(0, 3, 40)
    chosen = RunSettings().with_values(
        method=method,
        lam=strength,
        learn_rate=0.05,
        hidden=(5,),
        loss="cross-entropy",
        initialization="xavier",
        epochs=30,
    )
    trainer = Trainer(chosen.with_values(precision="double"), Task(rows, rows, 3))
    trainer.advance(10**9)
    effective = strength / 0.05 if method == "tack-on" else strength
    assert trainer.snapshot().kkt == pytest.approx(plain_residual(trainer, term, effective), abs=1e-6)


def test_the_history_has_the_residual_where_it_says():
    column = trained(epochs=35).snapshot().history["kkt"]
    due = [epoch for epoch in range(36) if is_kkt_due(epoch)]
    assert due == [*range(11), 20, 30]
    assert np.isfinite(column).all()
    changes = np.flatnonzero(np.diff(column)) + 1
    assert set(changes) == set(due) - {0}
    exact = [trained(epochs=epochs).snapshot().kkt for epochs in (7, 20, 30)]
    assert [column[7], column[20], column[30]] == pytest.approx(exact, rel=1e-12)


def test_the_history_tells_the_penalty_of_each_method():
    for method, term in (
        ("l2", "l2"),
        ("elastic", "elastic"),
        ("group", "group"),
        ("none", "none"),
        ("proximal", "l1"),
    ):
        trainer = trained(method=method, epochs=5, lam=0.01, init_range=0.5)
        weights = [w.astype(float) for w in trainer.snapshot().weights]
        flat = np.concatenate([w.ravel() for w in weights])
        l1, l2 = np.abs(flat).sum(), 0.5 * (flat**2).sum()
        wanted = {
            "none": 0.0, "l1": 0.01 * l1, "l2": 0.01 * l2, "elastic": 0.01 * (0.5 * l1 + 0.5 * l2),
            "group": 0.01 * sum(np.sqrt(w.shape[1]) * np.linalg.norm(w, axis=1).sum() for w in weights),
        }[term]  # fmt: skip
        assert trainer.history.view()["penalty"][-1] == pytest.approx(wanted, rel=1e-6)


def test_the_rate_decays_epoch_by_epoch():
    trainer = trained(epochs=12, decay=0.5, learn_rate=0.04)
    wanted = [0.04, *(0.04 / (1 + 0.5 * epoch) for epoch in range(12))]
    assert trainer.history.view()["learn_rate"] == pytest.approx(wanted)
    # The same as changing the rate by hand before each epoch.
    by_hand = build_trainer(article(epochs=12, learn_rate=0.04))
    for epoch in range(12):
        by_hand.apply("learn_rate", 0.04 / (1 + 0.5 * epoch))
        by_hand.advance(200)
    assert np.array_equal(by_hand.params, trainer.params)
