"""The whole window, offscreen: what a person does with it, and what they should see."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QSlider

from l1gui.app import picture, weight_files
from l1gui.app.article_dialog import ArticleDialog
from l1gui.app.field_grid import ProblemLine
from l1gui.app.lambda_dial import position_of
from l1gui.app.states import SPEEDS, RunState
from l1gui.core import kernel
from l1gui.core.penalties import METHODS
from l1gui.files.weights import load_model
from l1gui.runs import build_trainer

LIMIT_MS = 60_000


def wait_for_state(qtbot, window, state):
    qtbot.waitUntil(lambda: window.run.state is state, timeout=LIMIT_MS)


def button(window, name):
    return window.findChild(QPushButton, name)


def click(qtbot, window, name):
    qtbot.mouseClick(button(window, name), Qt.MouseButton.LeftButton)


def choose(window, name, data):
    box = window.findChild(QComboBox, name)
    index = box.findData(data)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def retype(qtbot, window, name, text):
    field = window.findChild(QLineEdit, name)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    return field


def test_train_shows_the_articles_counts(qtbot, open_window):
    window = open_window(method="none")
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.FINISHED)
    assert window.views.accuracy.legend.texts == ("train 94.0 % (188/200)", "test 55.0 % (22/40)")
    figures = window.column.figures
    assert (figures.test.big.text(), figures.test.small.text()) == ("55.0 %", "22 of 40")
    assert window.status.text == "Finished · epoch 500 of 500"
    assert button(window, "train").text() == "Train again"
    run_id = window.run.frame.snapshot.run_id
    click(qtbot, window, "train")
    # The run may be over before a frame shows it running.
    qtbot.waitUntil(lambda: window.run.frame.snapshot.run_id > run_id, timeout=LIMIT_MS)
    wait_for_state(qtbot, window, RunState.FINISHED)
    assert window.run.frame.snapshot.train.correct == 188


def test_pause_step_continue_reset(qtbot, open_window):
    window = open_window(epochs=1_000_000)
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.RUNNING)
    assert button(window, "train").text() == "Pause"
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.PAUSED)
    assert button(window, "train").text() == "Continue"
    epoch = window.run.frame.snapshot.epoch
    click(qtbot, window, "step")
    qtbot.waitUntil(lambda: window.run.frame.snapshot.epoch == epoch + 1, timeout=LIMIT_MS)
    assert window.run.frame.snapshot.rows_seen == 200 * (epoch + 1)
    wait_for_state(qtbot, window, RunState.PAUSED)
    click(qtbot, window, "reset")
    qtbot.waitUntil(lambda: window.run.frame.snapshot.rows_seen == 0, timeout=LIMIT_MS)
    wait_for_state(qtbot, window, RunState.READY)


def test_lambda_moved_in_mid_run_empties_the_histogram(qtbot, open_window):
    window = open_window("gauss-noise", lam=0.0, epochs=1_000_000)
    click(qtbot, window, "train")
    qtbot.waitUntil(lambda: window.run.frame.snapshot.epoch > 50, timeout=LIMIT_MS)
    assert window.run.frame.snapshot.counts.zero == 0
    slider = window.findChild(QSlider, "lam_slider")
    slider.setValue(position_of(0.05))
    qtbot.waitUntil(lambda: window.run.frame.snapshot.counts.zero > 85, timeout=LIMIT_MS)
    assert window.run.state is RunState.RUNNING
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.PAUSED)
    histogram = window.views.histogram
    last = window.run.frame.snapshot
    qtbot.waitUntil(lambda: histogram.bars[0].opts["height"] == pytest.approx(100 * last.histograms[0].zero / 80))
    assert [event.field for event in last.events] == ["lam"]
    assert last.events[0].value == pytest.approx(0.05, rel=0.03)


def test_mode_and_rate_change_at_once_and_the_run_goes_on(qtbot, open_window):
    window = open_window(epochs=1_000_000)
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.RUNNING)
    run_id = window.run.frame.snapshot.run_id
    choose(window, "method", "proximal")
    qtbot.keyClick(retype(qtbot, window, "learn_rate", "0.02"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(window.run.frame.snapshot.events) == 2, timeout=LIMIT_MS)
    snapshot = window.run.frame.snapshot
    assert {event.field: event.value for event in snapshot.events} == {"method": "proximal", "learn_rate": 0.02}
    assert snapshot.run_id == run_id
    assert window.run.state is RunState.RUNNING


def test_other_settings_set_the_run_up_anew(qtbot, open_window):
    window = open_window()
    qtbot.keyClick(retype(qtbot, window, "hidden", "3,5"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.run.frame.snapshot.sizes == (10, 3, 5, 4), timeout=LIMIT_MS)
    qtbot.keyClick(retype(qtbot, window, "hidden", "none"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.run.frame.snapshot.sizes == (10, 4), timeout=LIMIT_MS)
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.FINISHED)


def test_nonsense_in_a_field_is_refused_there(qtbot, open_window):
    window = open_window()
    before = window.run.settings
    for name in ("lam", "learn_rate", "epochs", "seed", "batch", "hidden"):
        for text in ("nonsense", "-1", "nan", "1e999", "0x", "99999999999999999999"):
            field = retype(qtbot, window, name, text)
            qtbot.keyClick(field, Qt.Key.Key_Return)
            said = [line.text() for line in window.column.findChildren(ProblemLine) if line.text()]
            assert len(said) == 1, (name, text)
            assert field.spec.limits in said[0]
            assert field.property("invalid") is True
            qtbot.keyClick(field, Qt.Key.Key_Escape)
            assert not [line.text() for line in window.column.findChildren(ProblemLine) if line.text()]
    assert window.run.settings == before


def test_compare_keeps_both_runs_on_the_plots(qtbot, open_window):
    window = open_window("article-compare")
    with qtbot.waitSignal(window.run.finished, timeout=LIMIT_MS):
        click(qtbot, window, "train")
    assert [record.label for record in window.run.records] == ["no penalty"]
    kept = window.run.records[0].last
    assert (kept.train.correct, kept.test.correct) == (188, 22)
    last = window.run.frame.snapshot
    assert (last.train.correct, last.test.correct) == (179, 26)
    assert last.settings.penalty.method == "gradient"
    assert window.views.loss.legend.texts[-1] == "no penalty (kept)"
    kept_curve = window.views.loss._kept[0].getData()[1]
    assert kept_curve[-1] == pytest.approx(kept.train.loss)
    click(qtbot, window, "reset")
    assert window.run.records == ()


def test_train_pressed_fifty_times_leaves_one_run(qtbot, open_window):
    window = open_window()
    for _ in range(51):
        click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.FINISHED)
    assert window.run.frame.snapshot.rows_seen == 100_000
    assert window.run.frame.snapshot.events == ()


def test_slice_through_other_inputs(qtbot, open_window):
    window = open_window("gauss-noise")
    boundary = window.views.boundary
    boundary.slice_bar.x_input.setCurrentIndex(4)
    boundary.slice_bar.held.setCurrentIndex(1)
    boundary.slice_bar.row.setValue(7)

    def is_drawn():
        grid = window.run.frame.snapshot.grid
        return grid is not None and grid.request == boundary.request and boundary.image.image is not None

    qtbot.waitUntil(is_drawn, timeout=LIMIT_MS)
    assert (boundary.request.x_input, boundary.request.y_input, boundary.request.held_row) == (4, 1, 6)
    assert "n3 and x2" in boundary.words.text()
    assert "training row 7" in boundary.words.text()


@pytest.mark.parametrize("ending", [".npz", ".json", ".csv"])
def test_export_and_open_again(qtbot, open_window, tmp_path, monkeypatch, ending):
    window = open_window("gauss-noise", epochs=30)
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.FINISHED)
    path = tmp_path / f"weights{ending}"
    monkeypatch.setattr(weight_files, "ask_export_path", lambda *_: path)
    click(qtbot, window, "export")
    assert "Exported" in window.notice.text
    trained = window.run.frame.snapshot
    model = load_model(path)
    assert [w.tobytes() for w in model.weights] == [w.tobytes() for w in trained.weights]
    window.files.open_weights(path)
    qtbot.waitUntil(lambda: window.run.frame.snapshot.epoch == 0, timeout=LIMIT_MS)
    opened = window.run.frame.snapshot
    assert [w.tobytes() for w in opened.weights] == [w.tobytes() for w in trained.weights]
    assert opened.test.correct == trained.test.correct


def test_a_refused_write_keeps_the_old_file_and_says_why(qtbot, open_window, tmp_path):
    window = open_window()
    assert not window.files.export_weights(tmp_path / "nowhere" / "w.npz")
    assert "does not exist" in window.notice.text
    path = tmp_path / "w.txt"
    path.write_text("mine")
    assert not window.files.export_weights(path)
    assert path.read_text() == "mine"
    assert ".npz" in window.notice.text


def drop(window, path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    point, none = QPointF(QPoint(50, 50)), Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(point, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, none))


def test_a_dropped_file_that_is_not_there_changes_nothing(qtbot, open_window, tmp_path):
    window = open_window()
    run_id = window.run.frame.snapshot.run_id
    drop(window, tmp_path / "gone.npz")
    assert "no such file" in window.notice.text
    assert window.run.frame.snapshot.run_id == run_id


def test_divergence_is_told_and_the_weights_are_kept(qtbot, open_window):
    window = open_window(learn_rate=100.0, activation="linear", loss="cross-entropy", hidden=(8, 8))
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.DIVERGED)
    assert "learning rate, 100, is too large" in window.notice.text
    assert all(np.isfinite(w).all() for w in window.run.frame.snapshot.weights)
    assert window.status.text.startswith("Diverged")


def test_a_fault_in_the_worker_leaves_a_usable_window(qtbot, open_window, monkeypatch):
    window = open_window()

    def fault(*_):
        raise RuntimeError("injected fault")

    with monkeypatch.context() as patched:
        patched.setattr(kernel, "train_rows", fault)
        click(qtbot, window, "train")
        wait_for_state(qtbot, window, RunState.FAILED)
    assert "injected fault" in window.notice.text
    assert window.run.frame is not None
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.FINISHED)


def test_closing_in_mid_run_ends_the_thread(qtbot, open_window):
    window = open_window(epochs=1_000_000)
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.RUNNING)
    window.close()
    assert not window.run._thread.isRunning()


def test_replay_of_what_was_done_in_the_window(qtbot, open_window):
    window = open_window("gauss-noise", epochs=600)
    click(qtbot, window, "train")
    slider = window.findChild(QSlider, "lam_slider")
    for position in (0, 40, position_of(0.01), position_of(0.2), 0, position_of(0.03)):
        seen = window.run.frame.snapshot.epoch
        slider.setValue(position)
        qtbot.waitUntil(
            lambda seen=seen: window.run.frame.snapshot.epoch > seen or window.run.state is RunState.FINISHED,
            timeout=LIMIT_MS,
        )
    wait_for_state(qtbot, window, RunState.FINISHED)
    last = window.run.frame.snapshot
    again = build_trainer(window.run.settings.with_values(lam=0.05))
    for event in last.events:
        again.advance(event.row - again.rows_seen)
        again.apply(event.field, event.value)
    again.advance(10**9)
    assert [w.tobytes() for w in again.snapshot().weights] == [w.tobytes() for w in last.weights]


def test_presets_change_everything_at_once(qtbot, open_window):
    window = open_window()
    choose(window, "preset", "figure-2")
    qtbot.waitUntil(lambda: window.run.frame.snapshot.sizes == (2, 12, 2), timeout=LIMIT_MS)
    assert window.findChild(QLineEdit, "epochs").text() == "3000"
    assert window.findChild(QComboBox, "speed").currentText() == "300 epochs a second"
    assert not window.views.boundary.slice_bar.isVisible()
    window.set_speed(SPEEDS[0])
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.FINISHED)
    qtbot.waitUntil(lambda: "right" in window.views.boundary._verdict.toPlainText(), timeout=LIMIT_MS)
    assert window.run.frame.snapshot.train.correct == 13


def test_unpenalised_figure_2_is_over_fitted(qtbot, open_window):
    window = open_window("figure-2", method="none")
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.FINISHED)
    qtbot.waitUntil(lambda: "wrong" in window.views.boundary._verdict.toPlainText(), timeout=LIMIT_MS)
    last = window.run.frame.snapshot
    assert last.train.correct == 17
    assert last.test.accuracy < 0.75


def test_hidden_views_ask_for_nothing(qtbot, open_window):
    window = open_window()
    window.views.show_view("Decision boundary", is_shown=False)
    assert window.views.wanted_boundary is None
    qtbot.waitUntil(lambda: window.run.frame.snapshot.grid is None, timeout=LIMIT_MS)
    window.views.show_view("Decision boundary", is_shown=True)
    qtbot.waitUntil(lambda: window.run.frame.snapshot.grid is not None, timeout=LIMIT_MS)


def test_themes_and_picture(qtbot, open_window, tmp_path):
    window = open_window()
    path = tmp_path / "window.png"
    pictures = []
    for action in window._theme_group.actions():
        action.trigger()
        picture.save(window, path)
        pictures.append(QImage(str(path)))
    assert all(picture.size().width() == 1440 for picture in pictures)
    corner = [picture.pixelColor(1430, 895).lightness() for picture in pictures[1:]]
    assert corner[0] < 100 < corner[1]


def test_the_articles_numbers(qtbot, open_window):
    window = open_window()
    window.show_article()
    dialog = window.findChild(ArticleDialog)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 4, timeout=LIMIT_MS)
    cells = [[dialog.table.item(row, column).text() for column in range(7)] for row in range(4)]
    assert [row[1:5] for row in cells[:2]] == [
        ["188/200", "188/200", "22/40", "22/40"],
        ["189/200", "189/200", "27/40", "27/40"],
    ]
    assert [row[6] for row in cells] == ["yes", "yes", "not published", "not published"]
    assert "reversed sign" in dialog.verdict.text()
    dialog.close()


def test_exported_json_is_readable(qtbot, open_window, tmp_path):
    window = open_window("figure-2", epochs=5)
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.FINISHED)
    path = tmp_path / "w.json"
    assert window.files.export_weights(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["sizes"] == [2, 12, 2]
    assert document["scaling"]["offset"] == [7.0, 7.0]
    assert document["settings"]["training"]["epochs"] == 5
    assert document["metrics"]["train"]["rows"] == 17


def test_a_patience_longer_than_the_run_is_refused_with_the_limit(qtbot, open_window):
    window = open_window("article", epochs=300)
    field = retype(qtbot, window, "patience", "301")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    said = [line.text() for line in window.column.findChildren(ProblemLine) if line.text()]
    assert len(said) == 1
    assert "at most the run's epochs, 300" in said[0]
    assert window.run.settings.stopping.patience == 0


def test_early_stopping_says_what_it_restored(qtbot, open_window):
    window = open_window("article", method="none", patience=20)
    click(qtbot, window, "train")
    wait_for_state(qtbot, window, RunState.FINISHED)
    snapshot = window.run.frame.snapshot
    assert snapshot.stopped == "early"
    assert snapshot.train.rows + snapshot.validation.rows == 200
    assert f"Restored: the best weights, those after epoch {snapshot.best_epoch}" in window.notice.text


def test_every_mode_can_be_chosen_in_mid_run(qtbot, open_window):
    window = open_window("article", epochs=1_000_000)
    click(qtbot, window, "train")
    for method in METHODS:
        choose(window, "method", method)
        qtbot.waitUntil(lambda m=method: window.run.frame.snapshot.settings.penalty.method == m, timeout=LIMIT_MS)
    assert window.run.state is RunState.RUNNING
    assert len(window.run.frame.snapshot.events) >= len(METHODS) - 1
