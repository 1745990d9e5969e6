"""The trainer: exact counts, replay bit for bit, live changes, checkpoints, divergence."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l1gui.core.record import BoundaryRequest
from l1gui.data.presets import preset
from l1gui.runs import build_trainer
from l1gui.settings import SettingError

ARTICLE = preset("article").settings
GAUSS = preset("gauss-noise").settings


def trained(run_settings, rows=10**9):
    trainer = build_trainer(run_settings)
    trainer.advance(rows)
    return trainer


@pytest.mark.parametrize(
    ("method", "train", "test", "abs_sum"),
    [
        ("none", 188, 22, 64.11),
        ("as-printed", 189, 27, 130.45),
        ("gradient", 179, 26, 30.31),
        ("tack-on", 76, 12, None),
    ],
)
def test_article_counts_are_exact(method, train, test, abs_sum):
    snapshot = trained(ARTICLE.with_values(method=method)).snapshot()
    assert (snapshot.train.correct, snapshot.test.correct) == (train, test)
    if abs_sum:
        assert snapshot.counts.abs_sum == pytest.approx(abs_sum, abs=0.005)
    assert snapshot.stopped == "epochs"
    assert snapshot.rows_seen == 100_000
    assert snapshot.history.length == 501


@settings(max_examples=15)
@given(
    st.lists(st.integers(1, 700), min_size=1, max_size=8),
    st.sampled_from(["article", "gauss-noise"]),
    st.lists(
        st.tuples(st.integers(0, 7), st.sampled_from([("lam", 0.01), ("method", "proximal"), ("learn_rate", 0.02)])),
        max_size=3,
    ),
)
def test_slices_do_not_matter_and_events_replay(slices, name, changes):
    """However the rows are sliced, settings and events determine the weights bit for bit."""
    base = preset(name).settings.with_values(epochs=20)
    first = build_trainer(base)
    for number, rows in enumerate(slices):
        for at, (field, value) in changes:
            if at == number:
                first.apply(field, value)
        first.advance(rows)
    snapshot = first.snapshot()
    again = build_trainer(base)
    for event in snapshot.events:
        again.advance(event.row - again.rows_seen)
        assert again.rows_seen == event.row
        again.apply(event.field, event.value)
    again.advance(snapshot.rows_seen - again.rows_seen)
    assert again.params.tobytes() == first.params.tobytes()
    assert again.snapshot().events == snapshot.events


def test_a_bell_ends_the_call_and_not_the_run():
    trainer = build_trainer(ARTICLE)
    trainer.bell[0] = 1
    assert trainer.advance(200 * 50) == 200
    assert trainer.advance(130) == 130
    assert trainer.advance(200 * 50) == 70
    trainer.bell[0] = 0
    assert trainer.advance(10**9) == 99_600
    assert trainer.params.tobytes() == trained(ARTICLE).params.tobytes()


def test_a_bell_from_another_thread_ends_a_long_call():
    trainer = build_trainer(ARTICLE.with_values(epochs=10**6))
    ringing = threading.Timer(0.2, lambda: trainer.bell.__setitem__(0, 1))
    ringing.start()
    assert 0 < trainer.advance(10**9) < 200 * 10**6
    ringing.join()


def test_a_bell_does_not_move_the_epoch_in_which_a_run_diverges():
    changes = {"learn_rate": 1.0, "activation": "linear", "loss": "cross-entropy", "hidden": (8, 8), "epochs": 2000}
    quiet, loud = build_trainer(ARTICLE.with_values(**changes)), build_trainer(ARTICLE.with_values(**changes))
    quiet.advance(10**9)
    train_epochs = loud._engine.train_epochs

    def rung_behind(*given):
        found = train_epochs(*given)
        loud.bell[0] = 1
        return found

    loud._engine.train_epochs = rung_behind
    loud.advance(10**9)
    assert loud.stopped == quiet.stopped == "diverged"
    assert loud.epoch == quiet.epoch > 100
    assert loud.params.tobytes() == quiet.params.tobytes()


def test_checkpoint_resumes_bit_for_bit():
    trainer = trained(GAUSS, 1_230)
    checkpoint = trainer.checkpoint()
    trainer.advance(2_000)
    expected = trainer.params.copy()
    trainer.restore(checkpoint)
    assert trainer.rows_seen == 1_230
    trainer.advance(2_000)
    assert trainer.params.tobytes() == expected.tobytes()


def test_batches_are_never_cut():
    trainer = build_trainer(GAUSS)
    assert trainer.advance(1) == 10
    assert trainer.advance(11) == 20
    assert trainer.rows_seen == 30


def test_a_last_short_batch_is_trained_on():
    trainer = build_trainer(GAUSS.with_values(batch=64, epochs=1))
    assert trainer.advance(10**6) == 200
    assert trainer.stopped == "epochs"


def test_live_changes_are_events_with_their_row():
    trainer = trained(ARTICLE, 333)
    assert trainer.apply("lam", 0.05).row == 333
    assert trainer.apply("lam", 0.05) is None
    assert trainer.snapshot().settings.penalty.lam == 0.05
    assert [event.field for event in trainer.snapshot().events] == ["lam"]
    for name, value in (("hidden", (3,)), ("nonsense", 1)):
        with pytest.raises(SettingError, match="cannot change"):
            trainer.apply(name, value)
    with pytest.raises(SettingError, match="from 0 to 1,000,000"):
        trainer.apply("lam", float("nan"))
    with pytest.raises(SettingError, match="no method"):
        trainer.apply("method", "l7")
    assert len(trainer.snapshot().events) == 1


def test_more_epochs_let_an_ended_run_go_on():
    trainer = trained(ARTICLE.with_values(epochs=2))
    assert trainer.stopped == "epochs"
    trainer.apply("epochs", 3)
    assert not trainer.stopped
    assert trainer.advance(10**6) == 200
    once = trained(ARTICLE.with_values(epochs=3))
    assert once.params.tobytes() == trainer.params.tobytes()


def test_raising_lambda_makes_weights_exactly_zero():
    trainer = trained(ARTICLE.with_values(method="cumulative", lam=0.0, epochs=1000), 200 * 200)
    assert trainer.snapshot().counts.zero == 0
    trainer.apply("lam", 0.05)
    trainer.advance(200 * 100)
    assert trainer.snapshot().counts.zero > 100


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"learn_rate": 100.0, "activation": "linear", "loss": "cross-entropy"}, "learning rate"),
        ({"lam": 100.0, "method": "as-printed", "learn_rate": 0.9, "activation": "linear"}, "lambda"),
    ],
)
def test_divergence_keeps_the_last_good_weights(changes, named):
    settings_ = ARTICLE.with_values(hidden=(8, 8, 8, 8), epochs=100_000, **changes)
    trainer = trained(settings_, 200 * 3_000)
    if not trainer.stopped:  # force it: what counts is what happens then
        trainer.params[0] = np.float32(np.inf)
        trainer.advance(1)
    snapshot = trainer.snapshot()
    assert snapshot.stopped == "diverged"
    assert all(np.isfinite(w).all() for w in snapshot.weights)
    assert f"epoch {snapshot.epoch + 1:,}" in snapshot.message
    assert named in snapshot.message
    assert trainer.advance(1000) == 0


def test_infinite_weights_stop_the_run_in_that_epoch():
    trainer = trained(ARTICLE, 500)
    trainer.params[3] = np.float32(np.nan)
    trainer.advance(1)
    assert trainer.stopped == "diverged"
    assert trainer.epoch == 2
    assert trainer.rows_seen == 400


def test_snapshots_are_immutable_and_do_not_follow_the_run():
    trainer = trained(ARTICLE, 1_000)
    snapshot = trainer.snapshot()
    before = snapshot.weights[0].copy(), snapshot.history["train_loss"].copy()
    trainer.advance(40_000)
    assert np.array_equal(before[0], snapshot.weights[0])
    assert np.array_equal(before[1], snapshot.history["train_loss"])
    for array in (*snapshot.weights, *snapshot.biases, snapshot.history["lam"], snapshot.histograms[0].counts):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_start_from_given_weights():
    first = trained(ARTICLE, 2_000)
    again = build_trainer(ARTICLE, start=first.params)
    assert again.params.tobytes() == first.params.tobytes()
    assert again.epoch == 0
    with pytest.raises(SettingError, match="10-3-4"):
        build_trainer(ARTICLE.with_values(hidden=(3,)), start=first.params)


@pytest.mark.parametrize("hidden", [(), (1,), (8, 8, 8), (64, 3)])
def test_any_depth_learns(hidden):
    changes = {"hidden": hidden, "epochs": 40, "loss": "cross-entropy", "initialization": "xavier", "lam": 0.0}
    snapshot = trained(ARTICLE.with_values(**changes)).snapshot()
    assert snapshot.history["train_loss"][-1] < snapshot.history["train_loss"][0]
    assert snapshot.sizes == (10, *hidden, 4)


@pytest.mark.parametrize(
    "changes", [{"method": "x"}, {"loss": "x"}, {"activation": "x"}, {"initialization": "x"}, {"source": "x"}]
)
def test_unknown_names_are_refused_with_the_choices(changes):
    with pytest.raises(SettingError, match="choose one of"):
        build_trainer(ARTICLE.with_values(**changes))


def test_boundary_grid_is_the_networks_output():
    trainer = trained(GAUSS, 20_000)
    request = BoundaryRequest(x_input=0, y_input=1, held_row=7, resolution=20)
    grid = trainer.boundary(request)
    assert grid.outputs.shape == (20, 20, 2)
    assert np.allclose(grid.outputs.sum(axis=2), 1, atol=1e-5)
    right_top, left_bottom = grid.outputs[-1, -1], grid.outputs[0, 0]
    assert right_top[0] > 0.5 > left_bottom[0]
