"""The training loop without Qt: orders obeyed, frames published, faults survived."""

import threading
import time
from contextlib import contextmanager

import pytest

from l1gui.app import extras
from l1gui.app.loop import TrainingLoop
from l1gui.app.mailbox import Desk, Mailbox, RunRequest
from l1gui.app.states import RunState, Speed
from l1gui.core import kernel
from l1gui.core.record import BoundaryRequest
from l1gui.core.trainer import Trainer
from l1gui.data.presets import preset
from l1gui.runs import build_trainer

ARTICLE = preset("article").settings
LIMIT_S = 30


@contextmanager
def running():
    desk, frames, failures = Desk(), Mailbox(), []
    loop = TrainingLoop(desk, frames, lambda *what: failures.append(what))
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        yield desk, frames, failures
    finally:
        desk.order_quit()
        thread.join(LIMIT_S)
        assert not thread.is_alive()


def until(condition):
    """What a condition gives once it is met; a busy wait with a limit, as there is no Qt to wait with."""
    limit = time.monotonic() + LIMIT_S
    while time.monotonic() < limit:
        if met := condition():
            return met
        threading.Event().wait(0.002)
    raise AssertionError("it never came")


def frame_where(frames, condition):
    """The first frame that meets a condition."""

    def found():
        frame = frames.take()
        return frame if frame is not None and condition(frame) else None

    return until(found)


def in_state(state):
    return lambda frame: frame.state is state


def test_a_run_from_start_to_end():
    with running() as (desk, frames, failures):
        desk.order_run(RunRequest(1, ARTICLE))
        assert frame_where(frames, in_state(RunState.READY)).snapshot.rows_seen == 0
        desk.order_play(is_playing=True)
        last = frame_where(frames, in_state(RunState.FINISHED)).snapshot
        assert (last.train.correct, last.test.correct, last.run_id) == (179, 26, 1)
        assert last.pace.seconds > 0
        assert not failures


def test_changes_in_mid_run_replay_from_their_events():
    settings = ARTICLE.with_values(epochs=4000)
    with running() as (desk, frames, _):
        desk.order_run(RunRequest(1, settings), is_playing=True)
        frame_where(frames, lambda frame: frame.snapshot.epoch > 20)
        desk.order_change("method", "cumulative")
        desk.order_change("lam", 0.02)
        last = frame_where(frames, in_state(RunState.FINISHED)).snapshot
    assert {(event.field, event.value) for event in last.events} == {("method", "cumulative"), ("lam", 0.02)}
    again = build_trainer(settings)
    for event in last.events:
        again.advance(event.row - again.rows_seen)
        again.apply(event.field, event.value)
    again.advance(10**9)
    repeated = again.snapshot()
    assert [w.tobytes() for w in repeated.weights] == [w.tobytes() for w in last.weights]


def test_slices_of_more_than_an_epoch_end_with_an_epoch(monkeypatch):
    asked = []
    advance = Trainer.advance

    def noted(trainer, n_rows):
        done = advance(trainer, n_rows)
        asked.append((n_rows, trainer.row_in_epoch))
        return done

    monkeypatch.setattr(Trainer, "advance", noted)
    with running() as (desk, frames, _):
        desk.order_run(RunRequest(1, ARTICLE.with_values(epochs=2000)), is_playing=True)
        assert frame_where(frames, in_state(RunState.FINISHED)).snapshot.epoch == 2000
    ends = [row for n_rows, row in asked if n_rows >= 200]
    assert ends
    assert set(ends) == {0}


def test_a_change_is_in_the_mailbox_though_the_frame_before_was_not_taken():
    with running() as (desk, frames, _):
        desk.order_run(RunRequest(1, ARTICLE.with_values(epochs=100_000)), is_playing=True)
        until(lambda: not frames.is_empty)
        desk.order_change("lam", 0.02)
        until(lambda: frames._content.snapshot.settings.penalty.lam == 0.02)


def noted_slices(monkeypatch, bell_at=None):
    """Rows asked for and done of every slice; the bell rings in those of `bell_at` rows or more."""
    slices, advance = [], Trainer.advance

    def noted(trainer, n_rows):
        if bell_at is not None and n_rows >= bell_at:
            trainer.bell[0] = 1
        done = advance(trainer, n_rows)
        slices.append((n_rows, done))
        return done

    monkeypatch.setattr(Trainer, "advance", noted)
    return slices


def test_a_bell_ends_a_slice_with_its_epoch_and_changes_nothing(monkeypatch):
    slices = noted_slices(monkeypatch, bell_at=400)
    with running() as (desk, frames, _):
        desk.order_run(RunRequest(1, ARTICLE), is_playing=True)
        last = frame_where(frames, in_state(RunState.FINISHED)).snapshot
    assert [done for asked, done in slices if asked >= 400]
    assert {done for asked, done in slices if asked >= 400} == {200}
    assert (last.train.correct, last.test.correct, last.epoch) == (179, 26, 500)


def test_every_order_and_a_mailbox_that_is_free_ring():
    desk, frames = Desk(), Mailbox()
    TrainingLoop(desk, frames, print)
    assert frames.bell is desk.bell
    for order in (
        lambda: desk.order_change("lam", 0.1),
        lambda: desk.order_play(is_playing=False),
        lambda: desk.order_boundary(None),
        desk.order_quit,
        frames.ring,
    ):
        desk.bell[0] = 0
        order()
        assert desk.bell[0] == 1
    desk.bell[0] = 0
    frames.put(None)
    frames.put("a frame not taken yet")
    frames.ring()
    assert desk.bell[0] == 0


def test_no_slice_of_rows_is_long_where_the_bell_is_not_looked_at(monkeypatch):
    slices = noted_slices(monkeypatch)
    settings = ARTICLE.with_values(hidden=(512, 512), epochs=3)
    with running() as (desk, frames, _):
        desk.order_run(RunRequest(1, settings), is_playing=True)
        frame_where(frames, in_state(RunState.FINISHED))
    # An epoch of this network takes longer than a slice of it may.
    assert max(asked for asked, _ in slices) < 200


def test_steps_end_where_they_should():
    with running() as (desk, frames, _):
        desk.order_run(RunRequest(1, preset("gauss-noise").settings))
        desk.order_step("row")
        assert frame_where(frames, in_state(RunState.PAUSED)).snapshot.rows_seen == 10
        desk.order_step("epoch")
        assert frame_where(frames, lambda f: f.state is RunState.PAUSED and f.snapshot.epoch).snapshot.rows_seen == 200
        desk.order_step("epoch")
        desk.order_step("epoch")
        assert frame_where(frames, lambda f: f.snapshot.rows_seen >= 600).snapshot.rows_seen == 600


def test_pause_holds_and_goes_on():
    with running() as (desk, frames, _):
        desk.order_run(RunRequest(1, ARTICLE.with_values(epochs=1_000_000)), is_playing=True)
        frame_where(frames, lambda frame: frame.snapshot.epoch > 5)
        desk.order_play(is_playing=False)
        paused = frame_where(frames, in_state(RunState.PAUSED)).snapshot.rows_seen
        desk.order_boundary(BoundaryRequest(2, 3))
        redrawn = frame_where(frames, lambda frame: frame.snapshot.grid is not None)
        assert redrawn.snapshot.rows_seen == paused
        assert redrawn.snapshot.grid.request == BoundaryRequest(2, 3)
        desk.order_play(is_playing=True)
        frame_where(frames, lambda frame: frame.snapshot.rows_seen > paused)


def test_speed_limits_the_rows():
    with running() as (desk, frames, _):
        desk.order_run(RunRequest(1, ARTICLE))
        frame_where(frames, in_state(RunState.READY))
        desk.order_speed(Speed("slow", epochs_per_second=50))
        started = time.monotonic()
        desk.order_play(is_playing=True)
        rows = frame_where(frames, lambda frame: frame.snapshot.epoch >= 20).snapshot.rows_seen
        # No faster than it may; how much slower depends on the machine.
        assert rows <= 50 * 200 * (time.monotonic() - started) + 200


def test_more_epochs_after_the_end():
    with running() as (desk, frames, _):
        desk.order_run(RunRequest(1, ARTICLE.with_values(epochs=3)), is_playing=True)
        frame_where(frames, in_state(RunState.FINISHED))
        desk.order_change("epochs", 5)
        assert frame_where(frames, in_state(RunState.PAUSED)).snapshot.epoch == 3
        desk.order_play(is_playing=True)
        assert frame_where(frames, in_state(RunState.FINISHED)).snapshot.epoch == 5


def test_divergence_ends_the_run_with_a_word():
    settings = ARTICLE.with_values(learn_rate=100.0, activation="linear", loss="cross-entropy", hidden=(8, 8))
    with running() as (desk, frames, failures):
        desk.order_run(RunRequest(1, settings), is_playing=True)
        frame = frame_where(frames, lambda f: f.state in (RunState.DIVERGED, RunState.FINISHED))
        assert frame.state is RunState.DIVERGED
        assert "learning rate, 100, is too large" in frame.snapshot.message
        desk.order_run(RunRequest(2, ARTICLE), is_playing=True)
        assert frame_where(frames, in_state(RunState.FINISHED)).snapshot.run_id == 2
        assert not failures


def test_a_fault_in_the_loops_is_told_and_the_next_run_works(monkeypatch):
    def fault(*_):
        raise RuntimeError("injected")

    with running() as (desk, frames, failures):
        desk.order_run(RunRequest(1, ARTICLE))
        frame_where(frames, in_state(RunState.READY))
        with monkeypatch.context() as patched:
            patched.setattr(kernel, "train_rows", fault)
            desk.order_play(is_playing=True)
            limit = time.monotonic() + LIMIT_S
            while not failures and time.monotonic() < limit:
                threading.Event().wait(0.002)
        assert "injected" in failures[0][0]
        assert "Traceback" in failures[0][1]
        desk.order_run(RunRequest(2, ARTICLE), is_playing=True)
        assert frame_where(frames, in_state(RunState.FINISHED)).snapshot.run_id == 2


def test_settings_that_cannot_be_are_told(monkeypatch):
    with running() as (desk, frames, failures):
        desk.order_run(RunRequest(1, ARTICLE.with_values(method="l7")))
        limit = time.monotonic() + LIMIT_S
        while not failures and time.monotonic() < limit:
            threading.Event().wait(0.002)
        assert "choose one of" in failures[0][0]
        desk.order_run(RunRequest(2, ARTICLE))
        frame_where(frames, in_state(RunState.READY))


@pytest.mark.parametrize("n_requests", [50])
def test_many_requests_leave_one_run(n_requests):
    with running() as (desk, frames, failures):
        for number in range(n_requests):
            desk.order_run(RunRequest(number, ARTICLE), is_playing=True)
        last = frame_where(frames, lambda f: f.state is RunState.FINISHED and f.snapshot.run_id == n_requests - 1)
        assert last.snapshot.train.correct == 179
        assert not failures


def test_boundaries_are_fine_where_they_are_cheap_and_coarse_where_they_are_not(monkeypatch):
    monkeypatch.setattr(extras, "REST_S", 0.02)
    with running() as (desk, frames, _):
        desk.order_boundary(BoundaryRequest())
        desk.order_run(RunRequest(1, ARTICLE))
        grid = frame_where(frames, lambda frame: frame.snapshot.grid is not None).snapshot.grid
        assert grid.outputs.shape == (100, 100, 4)
        desk.order_run(RunRequest(2, ARTICLE.with_values(hidden=(512, 512, 512, 512))))
        grid = frame_where(
            frames, lambda frame: frame.snapshot.run_id == 2 and frame.snapshot.grid is not None
        ).snapshot.grid
        assert 8 <= len(grid.outputs) < 100
        assert grid.request == BoundaryRequest()
