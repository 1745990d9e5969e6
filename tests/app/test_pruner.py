"""The Prune button: what goes, what stays, what is said, and that it can be taken back."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from l1gui.app.states import RunState
from l1gui.files.weights import load_model

LIMIT_MS = 60_000


@pytest.fixture
def sparse_window(qtbot, open_window):
    """A window whose run has made exact zeros and is paused."""
    window = open_window("gauss-noise", epochs=60)
    window.run.toggle()
    qtbot.waitUntil(lambda: window.run.state is RunState.FINISHED, timeout=LIMIT_MS)
    return window


def press(qtbot, window, name):
    qtbot.mouseClick(window.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def prune(qtbot, window):
    press(qtbot, window, "prune")
    qtbot.waitUntil(lambda: "rune" in window.notice.text, timeout=LIMIT_MS)


def test_prune_says_what_it_did_and_goes_on_with_the_small_network(qtbot, sparse_window, tmp_path):
    window = sparse_window
    before = window.run.frame.snapshot
    prune(qtbot, window)
    assert window.notice.text.startswith("Pruned 10-8-2 -> ")
    assert "largest change 0 on 200 training rows" in window.notice.text
    qtbot.waitUntil(lambda: window.run.current_frame is not None, timeout=LIMIT_MS)
    frame = window.run.current_frame
    assert frame.snapshot.sizes[0] == before.counts.live_inputs
    assert frame.snapshot.sizes[1] < 8
    assert set(frame.dataset.input_names) >= {"x1", "x2"}
    assert frame.snapshot.counts.effective_parameters == before.counts.effective_parameters
    assert (frame.snapshot.train, frame.snapshot.test) == (before.train, before.test)
    assert window.column.network.fields["hidden"].text() == str(frame.snapshot.sizes[1])
    path = tmp_path / "small.npz"
    assert window.files.export_weights(path)
    assert load_model(path).input_names == frame.dataset.input_names
    window.run.toggle()
    qtbot.waitUntil(lambda: window.run.state is RunState.FINISHED, timeout=LIMIT_MS)
    # The small file opens again: the data follow its inputs.
    window.files.open_weights(path)
    assert window.notice.text.startswith("Opened small.npz")
    qtbot.waitUntil(lambda: window.run.current_frame is not None, timeout=LIMIT_MS)
    assert window.run.current_frame.snapshot.test == before.test


def test_pruning_can_be_taken_back(qtbot, sparse_window):
    window = sparse_window
    weights = window.run.frame.snapshot.weights
    prune(qtbot, window)
    undo = next(each for each in window.notice.findChildren(QPushButton) if each.text() == "Undo")
    qtbot.waitUntil(lambda: window.run.current_frame is not None, timeout=LIMIT_MS)
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.run.current_frame is not None, timeout=LIMIT_MS)
    snapshot = window.run.current_frame.snapshot
    assert snapshot.sizes == (10, 8, 2)
    assert all(np.array_equal(a, b) for a, b in zip(snapshot.weights, weights, strict=True))


def test_a_dense_network_has_nothing_to_prune(qtbot, open_window):
    window = open_window("article")
    prune(qtbot, window)
    assert window.notice.text.startswith("Nothing to prune")
    assert window.run.frame.snapshot.sizes == (10, 8, 4)


def test_a_collapsed_network_is_not_taken_away(qtbot, open_window):
    window = open_window("article", method="cumulative", lam=0.1, epochs=50)
    window.run.toggle()
    qtbot.waitUntil(lambda: window.run.state is RunState.FINISHED, timeout=LIMIT_MS)
    prune(qtbot, window)
    assert "10-8-4 -> 0-4" in window.notice.text
    assert window.run.frame.snapshot.sizes == (10, 8, 4)


def test_prune_in_mid_run_pauses_first(qtbot, open_window):
    window = open_window("gauss-noise", epochs=1_000_000)
    window.run.toggle()
    qtbot.waitUntil(lambda: window.run.frame.snapshot.counts.dead_units > 0, timeout=LIMIT_MS)
    prune(qtbot, window)
    assert window.notice.text.startswith("Pruned 10-8-2 -> ")
    assert window.run.state is not RunState.RUNNING
