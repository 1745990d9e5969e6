"""The whole window on numbers: what changes with the target, what is refused where, what the thread is asked for."""

import dataclasses
import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton

from l1gui import memory
from l1gui.app.field_grid import ProblemLine
from l1gui.app.states import RunState
from l1gui.core.bounds import lasso_bound
from l1gui.data.presets import load_data, preset
from l1gui.settings import RunSettings

LIMIT_MS = 60_000
NUMBER = RunSettings().with_values(
    loss="squared", epochs=60, learn_rate=0.05, batch=10, lam=1e-4, initialization="xavier", method="proximal"
)


def wait_for_state(qtbot, window, state):
    qtbot.waitUntil(lambda: window.run.state is state, timeout=LIMIT_MS)


def take(qtbot, window, dataset, **values):
    """Set a run on other data up, as opening a table does."""
    window.run.choose(NUMBER.with_values(**values), dataset=dataset)
    qtbot.waitUntil(lambda: window.run.current_frame is not None, timeout=LIMIT_MS)
    return window


def train(qtbot, window):
    qtbot.mouseClick(window.findChild(QPushButton, "train"), Qt.MouseButton.LeftButton)
    wait_for_state(qtbot, window, RunState.FINISHED)
    return window.run.frame.snapshot


def problems(window):
    return [line.text() for line in window.column.findChildren(ProblemLine) if line.text()]


def choose(window, name, data):
    box = window.findChild(QComboBox, name)
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())
    return box


def menu_texts(window):
    return [action.text() for action in window._view_checks if action.isVisible()]


def test_the_window_follows_the_kind_of_target(qtbot, open_window, numbers):
    window = take(qtbot, open_window(), numbers())
    views = window.views
    assert views.boundary.title.text() == "Prediction"
    assert views.accuracy.title.text() == "R²"
    assert menu_texts(window)[:2] == ["Prediction", "Predicted and true"]
    assert "Error" in menu_texts(window)
    assert views.plane.cards == (views.boundary, views.predicted)
    assert views.second.cards == (views.accuracy, views.error)
    last = train(qtbot, window)
    assert last.test.r2 > 0.5
    assert window.column.figures.test.name.text() == "Test R²"
    assert window.column.figures.test.big.text() == f"{last.test.r2:.3f}"
    window.run.choose(preset("circle").settings)
    qtbot.waitUntil(lambda: views.boundary.title.text() == "Decision boundary", timeout=LIMIT_MS)
    assert views.accuracy.title.text() == "Accuracy"
    assert menu_texts(window)[:2] == ["Decision boundary", "Network"]
    assert views.predicted.isHidden()
    assert views.error.isHidden()
    assert window.column.figures.test.name.text() == "Test accuracy"


@pytest.mark.parametrize("width", [1440, 820])
def test_every_view_of_a_number_is_to_be_found(qtbot, open_window, numbers, width):
    window = open_window()
    window.resize(width, 700)
    take(qtbot, window, numbers())
    views = window.views
    qtbot.waitUntil(lambda: (len(views.first.cards) == 2) is (width > 1300))
    dealt = [card for deck in (views.plane, views.first, views.second) for card in deck.cards]
    assert {views.boundary, views.predicted, views.loss, views.accuracy, views.error, views.optimality} == set(dealt)
    assert len(dealt) == 6


def test_predicted_numbers_are_made_only_while_they_are_seen(qtbot, open_window, numbers):
    window = take(qtbot, open_window(), numbers(n_validation=20))
    views = window.views
    assert window.run.current_frame.snapshot.predictions is None
    views.plane.turn_to(views.predicted)
    qtbot.waitUntil(lambda: window.run.frame.snapshot.predictions is not None, timeout=LIMIT_MS)
    # The surface is behind it, so it is not asked for.
    assert views.wanted_boundary is None
    last = train(qtbot, window)
    assert last.grid is None
    assert [len(part) for part in (last.predictions.train, last.predictions.validation)] == [200, 20]
    qtbot.waitUntil(lambda: len(views.predicted.points["test"].data) == 60, timeout=LIMIT_MS)
    views.plane.turn_to(views.boundary)
    qtbot.waitUntil(lambda: window.run.frame.snapshot.grid is not None, timeout=LIMIT_MS)
    assert window.run.frame.snapshot.predictions is None
    views.show_view("Predicted and true", is_shown=False)
    assert views.plane.cards == (views.boundary,)
    views.show_view("Decision boundary", is_shown=False)
    assert views.plane.isHidden()
    views.show_view("Network", is_shown=False)
    assert views._upper.isHidden()


def test_a_picture_can_be_taken_of_one_input(qtbot, open_window, numbers):
    """The option waits for a frame with a grid, so there must be one on a line too."""
    window = take(qtbot, open_window(), numbers(n_inputs=1))
    qtbot.waitUntil(lambda: window.run.frame.snapshot.grid is not None, timeout=LIMIT_MS)
    qtbot.waitUntil(lambda: window.views.boundary.line.getData()[0].size == 100, timeout=LIMIT_MS)


def test_pruning_a_number_changes_nothing_it_says(qtbot, open_window, numbers):
    window = take(qtbot, open_window(), numbers(n_inputs=6), lam=0.05, epochs=120, method="cumulative")
    before = train(qtbot, window)
    assert before.counts.live_inputs < 6
    qtbot.mouseClick(window.findChild(QPushButton, "prune"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Pruned" in window.notice.text, timeout=LIMIT_MS)
    assert "class" not in window.notice.text
    qtbot.waitUntil(lambda: window.run.current_frame is not None, timeout=LIMIT_MS)
    after = window.run.current_frame.snapshot
    assert after.sizes[0] == before.counts.live_inputs
    assert after.test.r2 == pytest.approx(before.test.r2, abs=1e-4)
    assert window.run.current_frame.dataset.is_numeric


def test_lambda_max_is_on_the_dial_and_kills_every_weight(qtbot, open_window, numbers):
    data = numbers(n_inputs=3)
    scaled = dataclasses.replace(data, train_targets=40 * data.train_targets, test_targets=40 * data.test_targets)
    values = {"hidden": (), "batch": 200, "learn_rate": 0.3, "epochs": 400, "lam": 1.0}
    window = take(qtbot, open_window(), scaled, **values)
    dial = window.column.penalty.dial
    bound = lasso_bound(scaled.train_inputs, scaled.train_targets)
    # The marks of the run before may still come in between.
    qtbot.waitUntil(lambda: [mark.lam for mark in dial.marks.marks] == [pytest.approx(bound)], timeout=LIMIT_MS)
    (mark,) = dial.marks.marks
    assert "max |X^T (y - mean y)| / n" in mark.tip
    assert window.column.penalty.marks_text.text() == f"△ lambda_max {bound:.3g}"
    assert dial.top >= bound > 0.5
    assert dial.place_of(bound) < dial.slider.width()
    assert dial.field.text() == "1"
    dial.slider.setValue(dial.slider.maximum())
    assert window.run.settings.penalty.lam == dial.top
    assert train(qtbot, window).counts.zero == 3
    window.run.change("lam", 0.97 * bound)
    assert train(qtbot, window).counts.zero == 2


def test_the_collapse_of_a_number_lies_below_its_bound(qtbot, open_window, numbers):
    window = take(qtbot, open_window(), numbers(), hidden=(4,))
    marks = window.column.penalty.dial.marks
    qtbot.waitUntil(lambda: any(mark.is_filled for mark in marks.marks), timeout=LIMIT_MS)
    found, bound = marks.marks
    spread = np.abs(numbers().train_targets - numbers().train_targets.mean()).mean()
    assert bound.lam == pytest.approx(spread)
    assert 0.01 < found.lam < bound.lam
    # Classes have the usual dial again.
    window.run.choose(preset("circle").settings)
    qtbot.waitUntil(lambda: window.column.penalty.dial.top == 0.5, timeout=LIMIT_MS)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("output_kind", "sigmoid", "A sigmoid output is not for this target: it is a number"),
        ("loss", "cross-entropy", "The loss cross-entropy cannot go with a linear output"),
    ],
)
def test_what_cannot_go_with_a_number_is_refused_at_its_field(qtbot, open_window, numbers, name, value, said):
    window = take(qtbot, open_window(), numbers())
    run_id = window.run.current_frame.snapshot.run_id
    box = choose(window, name, value)
    assert [text.startswith(said) for text in problems(window)] == [True]
    assert box.currentData() != value
    assert window.run.settings == NUMBER
    assert window.run.current_frame.snapshot.run_id == run_id


def test_one_output_is_refused_for_three_classes_and_taken_for_two(qtbot, open_window, classes):
    window = take(qtbot, open_window(), classes(3), loss="cross-entropy")
    choose(window, "output_kind", "sigmoid")
    assert problems(window) == ["One sigmoid output tells two classes apart; here are 3"]
    take(qtbot, window, classes(2), loss="cross-entropy")
    choose(window, "output_kind", "sigmoid")
    qtbot.waitUntil(lambda: window.run.current_frame is not None, timeout=LIMIT_MS)
    assert window.run.current_frame.snapshot.sizes[-1] == 1
    qtbot.waitUntil(lambda: window.run.frame.snapshot.grid is not None, timeout=LIMIT_MS)
    assert window.run.frame.snapshot.grid.outputs.shape[2] == 2
    assert train(qtbot, window).test.accuracy > 0.8


def test_sizes_that_would_not_fit_are_refused_with_the_count(qtbot, open_window, numbers, monkeypatch):
    window = take(qtbot, open_window(), numbers())
    monkeypatch.setattr(memory, "available_bytes", lambda: 20_000_000)
    field = window.findChild(QLineEdit, "hidden")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "512,512")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    (said,) = problems(window)
    assert said.startswith("A network of 264,705 parameters on 260 rows takes about ")
    assert "MB of memory, and 20 MB are available" in said
    assert window.run.settings.network.hidden == (8,)
    # What comes without a field, from a file say, is refused by the run, which says the same.
    window.run.choose(NUMBER.with_values(hidden=(512, 512)), dataset=numbers())
    wait_for_state(qtbot, window, RunState.FAILED)
    assert "264,705 parameters" in window.notice.text


def test_no_test_rows_and_rows_to_validate_with(qtbot, open_window, numbers):
    window = take(qtbot, open_window(), numbers(n_validation=40, n_test=0))
    last = train(qtbot, window)
    qtbot.waitUntil(lambda: window.views.loss.curves["validation"].getData()[0].size == 61, timeout=LIMIT_MS)
    assert window.views.loss.legend.texts[1] == f"validation {last.validation.loss:.4f}"
    assert window.views.accuracy.legend.texts[-1] == "no test rows"
    assert window.column.figures.test.small.text() == "no test rows"
    assert math.isfinite(last.validation.r2)


def test_a_hundred_thousand_rows_train(qtbot, open_window, numbers):
    window = take(qtbot, open_window(), numbers(n_inputs=20, n_rows=80_000, n_test=20_000), epochs=1, batch=64)
    assert train(qtbot, window).train.rows == 80_000
    assert "2,000 of 80,000 training points" in window.views.boundary.words.text()


def test_a_playgrounds_starts_are_offered_for_its_data_alone(qtbot, open_window):
    window = open_window("circle")
    box = window.findChild(QComboBox, "initialization")
    rows = {box.itemData(k): k for k in range(box.count())}
    assert box.view().isRowHidden(rows["playground"])
    box.setFocus()
    box.setCurrentIndex(rows["he"])
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == "he"
    settings = preset("circle").settings
    linked = settings.with_values(
        source="playground-circle", rows=settings.data.__class__().rows, noise=settings.data.__class__().noise
    )
    window.run.choose(linked, dataset=load_data(linked))
    assert not box.view().isRowHidden(rows["playground"])
