"""The marks on the lambda dial: found in the background for the run's start, and gone with it."""

import threading
import time

import pytest

from l1gui.app.collapse_watch import LONGEST_REST_S, RESTS, CollapseWatch, Search, bound_of, mark_of, start_of
from l1gui.app.lambda_dial import LambdaDial
from l1gui.data.presets import load_data, preset

LIMIT_MS = 60_000


def marks_of(window):
    return {mark.is_filled: mark for mark in window.column.penalty.dial.marks.marks}


def test_the_articles_collapse_and_bound(qtbot, open_window):
    window = open_window("article", method="cumulative")
    qtbot.waitUntil(lambda: True in marks_of(window), timeout=LIMIT_MS)
    marks = marks_of(window)
    assert 1.2e-3 < marks[True].lam < 3e-3
    assert marks[False].lam == pytest.approx(0.471, abs=5e-4)
    text = window.column.penalty.marks_text.text()
    assert "collapse 0.0024" in text
    assert "bound 0.471" in text
    assert "another loss" in marks[False].tip
    # Another start, another edge.
    window.run.change("init_range", 0.1)
    qtbot.waitUntil(lambda: True in marks_of(window) and marks_of(window)[True].lam > 8e-3, timeout=LIMIT_MS)
    # Without a penalty there is none.
    window.run.change("method", "none")
    qtbot.waitUntil(lambda: not marks_of(window), timeout=LIMIT_MS)


def test_lambda_does_not_start_a_new_search():
    settings = preset("article").settings
    assert start_of(settings) == start_of(settings.with_values(lam=0.1, threshold=0.01, patience=5))
    assert start_of(settings) != start_of(settings.with_values(method="proximal"))
    assert start_of(settings) != start_of(settings.with_values(seed=1))


def test_bound_is_scaled_as_the_method_scales_lambda():
    base = preset("article").settings
    data = load_data(base)
    plain = bound_of(base.with_values(method="cumulative"), data)
    assert bound_of(base.with_values(method="tack-on"), data).lam == pytest.approx(plain.lam * 0.01)
    assert bound_of(base.with_values(method="elastic", alpha=0.5), data).lam == pytest.approx(2 * plain.lam)
    assert bound_of(base.with_values(method="l2"), data) is None
    assert "another loss" in mark_of(plain).tip
    proved = bound_of(base.with_values(method="cumulative", loss="cross-entropy"), data)
    assert "another loss" not in mark_of(proved).tip


def test_rows_held_out_do_not_count_for_the_bound():
    settings = preset("article").settings.with_values(method="cumulative")
    data = load_data(settings)
    assert bound_of(settings.with_values(patience=9), data).lam != bound_of(settings, data).lam


def test_closing_ends_the_search(qtbot, open_window):
    window = open_window("article", method="cumulative", epochs=100_000, learn_rate=1e-6)
    qtbot.waitUntil(lambda: window.column.penalty.marks_text.text().startswith("looking"), timeout=LIMIT_MS)
    watch = window.findChild(CollapseWatch)
    window.close()
    assert watch._search.join(0.1)


@pytest.mark.parametrize("is_training", [True, False])
def test_the_search_leaves_training_its_time(monkeypatch, is_training):
    settings = preset("article").settings.with_values(method="cumulative")
    cancel, rests = threading.Event(), []
    monkeypatch.setattr(cancel, "wait", rests.append)
    search = Search(settings, load_data(settings), None, cancel, 0.5)
    search.is_training = lambda: is_training
    started = time.monotonic()
    found = search()
    worked = time.monotonic() - started
    assert 1.2e-3 < found.lam < 3e-3
    assert bool(rests) is is_training
    assert sum(rests) <= RESTS * worked
    assert max(rests, default=0.0) <= LONGEST_REST_S


def test_marks_point_at_the_sliders_places(qtbot):
    dial = LambdaDial()
    qtbot.addWidget(dial)
    dial.resize(260, 120)
    dial.show()
    qtbot.waitExposed(dial)
    places = [dial.place_of(lam) for lam in (0.0, 1e-5, 1e-3, 0.1, 0.5)]
    assert places == sorted(places)
    assert 0 < places[0] < places[-1] < dial.slider.width()
