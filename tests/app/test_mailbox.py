"""The mailboxes: latest wins, nothing stale, nothing lost, from any number of threads."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from l1gui.app.mailbox import Desk, Mailbox, RunRequest
from l1gui.app.states import SPEEDS
from l1gui.core.record import BoundaryRequest
from l1gui.settings import RunSettings


@given(st.lists(st.one_of(st.integers(), st.just("take"))))
def test_mailbox_gives_the_newest_once(operations):
    box, waiting = Mailbox(), None
    for operation in operations:
        if operation == "take":
            assert box.take() == waiting
            waiting = None
        else:
            box.put(operation)
            waiting = operation
        assert box.is_empty == (waiting is None)


@given(st.lists(st.tuples(st.sampled_from(["lam", "method", "epochs"]), st.integers())))
def test_changes_coalesce_per_setting_in_the_order_of_their_last(changes):
    desk = Desk()
    for name, value in changes:
        desk.order_change(name, value)
    expected = {}
    for name, value in changes:
        expected.pop(name, None)
        expected[name] = value
    assert list(desk.pick_up(0).changes.items()) == list(expected.items())
    assert desk.pick_up(0).changes == {}


def test_a_new_run_drops_what_was_ordered_for_the_old_one():
    desk = Desk()
    desk.order_change("lam", 1.0)
    desk.order_step("epoch")
    desk.order_run(RunRequest(1, RunSettings()))
    desk.order_run(RunRequest(2, RunSettings()), is_playing=True)
    orders = desk.pick_up(0)
    assert orders.request.run_id == 2
    assert orders.changes == {}
    assert orders.epochs_to_step == 0
    assert orders.is_playing
    assert desk.pick_up(0).request is None


def test_play_pause_steps():
    desk = Desk()
    desk.order_play(is_playing=True)
    desk.order_step("epoch")
    desk.order_step("epoch")
    desk.order_step("row")
    orders = desk.pick_up(0)
    assert (orders.is_playing, orders.epochs_to_step, orders.rows_to_step, orders.is_halt) == (True, 2, 1, False)
    desk.order_step("row")
    desk.order_play(is_playing=False)
    orders = desk.pick_up(0)
    assert (orders.is_playing, orders.epochs_to_step, orders.rows_to_step, orders.is_halt) == (False, 0, 0, True)
    assert not desk.pick_up(0).is_halt


def test_rest_does_not_stop_a_run_ordered_meanwhile():
    desk = Desk()
    desk.order_play(is_playing=True)
    desk.pick_up(0)
    desk.order_run(RunRequest(2, RunSettings()), is_playing=True)
    desk.rest()
    assert desk.pick_up(0).is_playing
    desk.rest()
    assert not desk.pick_up(0).is_playing


def test_lasting_orders_stay():
    desk = Desk()
    desk.order_speed(SPEEDS[3])
    desk.order_boundary(BoundaryRequest(1, 2))
    first, second = desk.pick_up(0), desk.pick_up(0)
    assert first.speed is second.speed is SPEEDS[3]
    assert first.boundary == second.boundary == BoundaryRequest(1, 2)
    assert first.is_redraw
    assert not second.is_redraw


def test_an_order_wakes_a_waiting_thread():
    desk, picked = Desk(), []
    thread = threading.Thread(target=lambda: picked.append(desk.pick_up(None)))
    thread.start()
    desk.order_quit()
    thread.join(5)
    assert picked[0].is_quit


def test_many_threads_lose_no_step():
    desk, total = Desk(), 0
    threads = [threading.Thread(target=lambda: [desk.order_step("epoch") for _ in range(200)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        total += desk.pick_up(0.01).epochs_to_step
    total += desk.pick_up(0).epochs_to_step
    assert total == 800
