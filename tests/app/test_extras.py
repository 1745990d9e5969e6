"""What is added to snapshots: made seldom enough, of as many points as there is time for, and only where wanted."""

import threading
import time

import numpy as np
import pytest

from l1gui.app import extras
from l1gui.app.extras import HISTOGRAM_PAUSE_S, Extra, newest_grid, newest_histograms, newest_predictions
from l1gui.app.loop import TrainingLoop
from l1gui.app.mailbox import Desk, Mailbox, RunRequest
from l1gui.app.states import RunState
from l1gui.core.record import BoundaryGrid, BoundaryRequest, Predictions
from l1gui.runs import build_trainer
from l1gui.settings import RunSettings

NUMBER = RunSettings().with_values(loss="squared", epochs=40, initialization="xavier", method="none")
LIMIT_S = 30


class SlowTrainer:
    """Answers like a trainer whose network takes so many seconds a point, by a clock of its own."""

    n_plane_inputs = 5
    is_numeric = True

    def __init__(self, clock, point_s):
        self._clock, self._point_s = clock, point_s
        self.asked = []

    def boundary(self, request):
        self._clock[0] += self._point_s * request.resolution**2
        self.asked.append(request.resolution)
        return BoundaryGrid(request, (0, 1), (0, 1), np.zeros((request.resolution, request.resolution, 1)))

    def predictions(self, share):
        self._clock[0] += self._point_s * share * 2_000
        self.asked.append(share)
        return Predictions(*np.zeros((3, 1, 2)))


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(extras.time, "monotonic", lambda: now[0])
    return now


def test_a_fast_network_gives_all_points(clock):
    trainer = SlowTrainer(clock, 1e-8)
    grid = newest_grid(Extra(), trainer, BoundaryRequest(resolution=100), is_last=False)
    assert trainer.asked == [20, 100]
    assert grid.outputs.shape == (100, 100, 1)
    trainer.asked = []
    newest_predictions(Extra(), trainer, is_last=False)
    assert trainer.asked == [0.05, 1.0]


def test_a_slow_network_gives_few_points_and_more_at_rest(clock):
    trainer, extra = SlowTrainer(clock, 1e-5), Extra()
    newest_predictions(extra, trainer, is_last=False)
    assert trainer.asked[-1] == pytest.approx(0.0015 / (1e-5 * 2_000))
    newest_predictions(extra, trainer, is_last=True)
    assert trainer.asked[-1] == 1.0
    trainer, extra = SlowTrainer(clock, 1e-5), Extra()
    newest_grid(extra, trainer, BoundaryRequest(), is_last=False)
    assert trainer.asked[-1] == 12
    assert extra.newest.request == BoundaryRequest()


def test_nothing_is_made_before_its_time(clock):
    trainer, extra, request = SlowTrainer(clock, 1e-5), Extra(), BoundaryRequest()
    newest_grid(extra, trainer, request, is_last=False)
    n_made = len(trainer.asked)
    clock[0] += 0.04
    newest_grid(extra, trainer, request, is_last=False)
    assert len(trainer.asked) == n_made
    # It took 1.4 ms, which may be a hundredth of the time.
    clock[0] += 0.11
    newest_grid(extra, trainer, request, is_last=False)
    assert len(trainer.asked) == n_made + 1
    newest_grid(extra, trainer, BoundaryRequest(1, 2), is_last=False)
    assert len(trainer.asked) == n_made + 2


def test_histograms_are_kept_for_a_while(clock):
    trainer, extra = build_trainer(RunSettings()), Extra(HISTOGRAM_PAUSE_S)
    first = newest_histograms(extra, trainer, is_last=False)
    trainer.advance(2_000)
    clock[0] += 0.08
    assert newest_histograms(extra, trainer, is_last=False) is first
    assert newest_histograms(extra, trainer, is_last=True)[0].counts.tolist() != first[0].counts.tolist()
    clock[0] += 0.1
    second = newest_histograms(extra, trainer, is_last=False)
    snapshot = trainer.snapshot(is_exact=False, histograms=second)
    assert snapshot.histograms is second
    assert [each.counts.tolist() for each in second] == [each.counts.tolist() for each in trainer.snapshot().histograms]


def test_what_there_is_not_is_not_made(clock):
    trainer = SlowTrainer(clock, 1e-6)
    assert newest_grid(Extra(), trainer, None, is_last=True) is None
    assert newest_grid(Extra(), trainer, BoundaryRequest(0, 5), is_last=True) is None
    trainer.is_numeric = False
    assert newest_predictions(Extra(), trainer, is_last=True) is None
    assert trainer.asked == []


def frame_where(frames, condition):
    """The first frame that meets a condition; a busy wait with a limit, as there is no Qt to wait with."""
    limit = time.monotonic() + LIMIT_S
    while time.monotonic() < limit:
        frame = frames.take()
        if frame is not None and condition(frame):
            return frame
        threading.Event().wait(0.002)
    raise AssertionError("no such frame came")


def test_the_loop_makes_predictions_when_they_are_asked_for(numbers):
    desk, frames = Desk(), Mailbox()
    thread = threading.Thread(target=TrainingLoop(desk, frames, lambda *_: None).run)
    thread.start()
    try:
        desk.order_run(RunRequest(1, NUMBER, numbers()))
        assert frame_where(frames, lambda frame: frame.state is RunState.READY).snapshot.predictions is None
        desk.order_predictions(are_wanted=True)
        first = frame_where(frames, lambda frame: frame.snapshot.predictions is not None).snapshot.predictions
        desk.order_play(is_playing=True)
        last = frame_where(frames, lambda frame: frame.state is RunState.FINISHED).snapshot.predictions
        assert last.train[:, 0].tolist() == first.train[:, 0].tolist()
        miss = [np.abs(each.train[:, 1] - each.train[:, 0]).mean() for each in (first, last)]
        assert miss[1] < miss[0]
        desk.order_predictions(are_wanted=False)
        frame_where(frames, lambda frame: frame.snapshot.predictions is None)
    finally:
        desk.order_quit()
        thread.join(LIMIT_S)
    assert not thread.is_alive()
