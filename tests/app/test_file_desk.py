"""Tables and Playground links into the window: the import dialog, what stands in its way, and the run that follows."""

import dataclasses
import threading

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QPushButton

from l1gui.app import file_field, import_dialog
from l1gui.app.column_table import CATEGORIES, USE
from l1gui.app.import_dialog import ImportDialog, for_the_window
from l1gui.app.states import FULL_SPEED, RunState
from l1gui.data.tables.raw import Reading

LIMIT_MS = 60_000
LINK = "https://playground.tensorflow.org/#dataset=xor&regularization=L1&regularizationRate=0.003&seed=0.12345"


def table(path, n_rows=60, gap=False, number=False):
    source = np.random.default_rng(1)
    lines = ["height;town;when;what"]
    for k in range(n_rows):
        a, town = source.normal(170, 9), ("Ulm", "Bonn", "Jena")[k % 3]
        what = f"{3 * a + k % 3:.1f}".replace(".", ",") if number else ("yes", "no")[int(a > 170)]
        cell = "" if gap and k == 7 else f"{a:.1f}".replace(".", ",")
        lines.append(f"{cell};{town};2024-01-{k % 28 + 1:02d};{what}")
    path.write_text("\n".join(lines), encoding="utf-16")
    return path


def drop(window, url):
    mime = QMimeData()
    mime.setUrls([url])
    point, none = QPointF(QPoint(50, 50)), Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(point, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, none))


def dropped(qtbot, window, path):
    """The dialog of a table that is dropped on the window, when it has looked at it."""
    drop(window, QUrl.fromLocalFile(str(path)))
    dialog = window.findChildren(ImportDialog)[-1]
    settle(qtbot, dialog)
    return dialog


def settle(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog._looks and not dialog._delay.isActive(), timeout=LIMIT_MS)


def choose(dialog, name, value):
    box = dialog.fields.field(name)
    index = box.findData(value)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def click_import(qtbot, window, dialog):
    before = window.run.frame
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.run.frame is not before and window.run.state is RunState.READY, timeout=LIMIT_MS)


def test_a_dropped_table_becomes_a_run_in_one_step(qtbot, open_window, tmp_path):
    window = open_window()
    dialog = dropped(qtbot, window, table(tmp_path / "people.csv"))
    assert dialog.title.text() == "people.csv  ·  60 rows, 4 columns"
    texts = {name: dialog.fields.field(name).currentText() for name in ("encoding", "delimiter", "decimal", "target")}
    assert texts == {
        "encoding": "auto: UTF-16", "delimiter": "auto: semicolon", "decimal": "auto: comma", "target": "what"
    }  # fmt: skip
    assert dialog.columns.item(2, USE).checkState() is Qt.CheckState.Unchecked, "dates are left out"
    click_import(qtbot, window, dialog)
    dataset, settings = window.run.frame.dataset, window.run.settings
    assert dataset.input_names == ("height", "town=Bonn", "town=Jena", "town=Ulm")
    assert dataset.class_names == ("no", "yes")
    assert len(dataset.train_targets) + len(dataset.test_targets) == 60
    assert settings.table.fingerprint == dataset.fingerprint
    assert settings.data.left_out == ("when",)
    assert window.column.data.preset.currentIndex() == -1
    assert window.column.data.preset.placeholderText() == "people.csv"
    qtbot.mouseClick(window.findChild(QPushButton, "train"), Qt.MouseButton.LeftButton)
    window.set_speed(FULL_SPEED)
    qtbot.waitUntil(lambda: window.run.state is RunState.FINISHED, timeout=LIMIT_MS)
    assert window.run.frame.snapshot.train.accuracy > 0.9


def test_missing_cells_are_told_and_the_import_waits_for_a_choice(qtbot, open_window, tmp_path):
    window = open_window()
    run_id = window.run.frame.snapshot.run_id
    dialog = dropped(qtbot, window, table(tmp_path / "t.csv", gap=True))
    assert "1 missing cell" in dialog.problem.text()
    assert "line 9" in dialog.problem.text()
    assert "--" not in dialog.problem.text()
    assert not dialog.accept_button.isEnabled()
    choose(dialog, "missing", "drop")
    qtbot.waitUntil(dialog.accept_button.isEnabled, timeout=LIMIT_MS)
    assert dialog.problem.isHidden()
    assert window.run.frame.snapshot.run_id == run_id, "nothing is touched before the import"
    click_import(qtbot, window, dialog)
    dataset = window.run.frame.dataset
    assert len(dataset.train_targets) + len(dataset.test_targets) == 59
    assert any("dropped" in note for note in dataset.notes)


def test_a_number_is_learned_and_its_scaling_follows_the_hidden_layer(qtbot, open_window, tmp_path):
    window = open_window()
    dialog = dropped(qtbot, window, table(tmp_path / "t.csv", number=True))
    assert dialog.fields.field("target_kind").currentText() == "auto: a number"
    click_import(qtbot, window, dialog)
    assert window.run.settings.training.loss == "squared"
    scale = window.run.frame.dataset.target_scaling.scale[0]
    assert scale > 5
    window.run.change("hidden", ())
    qtbot.waitUntil(lambda: window.run.frame.snapshot.sizes == (4, 1), timeout=LIMIT_MS)
    assert window.run.frame.dataset.target_scaling.scale[0] == 1.0
    assert window.run.frame.snapshot.weights[0].dtype == np.float64


def test_columns_can_be_left_out_and_taken_for_categories(qtbot, open_window, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("code,b,kind\n" + "\n".join(f"{k % 4},{k * k % 7},{'xy'[k % 2]}" for k in range(40)))
    window = open_window()
    dialog = dropped(qtbot, window, path)
    dialog.columns.item(1, USE).setCheckState(Qt.CheckState.Unchecked)
    settle(qtbot, dialog)
    dialog.columns.item(0, CATEGORIES).setCheckState(Qt.CheckState.Checked)
    settle(qtbot, dialog)
    click_import(qtbot, window, dialog)
    assert window.run.frame.dataset.input_names == ("code=0", "code=1", "code=2", "code=3")
    window.files.change_table()
    again = window.findChildren(ImportDialog)[-1]
    settle(qtbot, again)
    assert again.columns.item(1, USE).checkState() is Qt.CheckState.Unchecked
    choose(again, "target", "b")
    settle(qtbot, again)
    again.reject()
    assert window.run.settings.table.target == "kind"


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"\x00\x01\x02binary\x00", b"a,b\n1,2\n3\n"])
def test_a_file_that_is_no_table_is_told_and_changes_nothing(qtbot, open_window, tmp_path, content):
    window = open_window()
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    run_id = window.run.frame.snapshot.run_id
    dialog = dropped(qtbot, window, path)
    assert "broken.csv" in dialog.problem.text()
    assert not dialog.accept_button.isEnabled()
    dialog.reject()
    assert window.run.frame.snapshot.run_id == run_id


def test_a_reading_can_be_called_off(qtbot, open_window, tmp_path, monkeypatch):
    window = open_window()
    run_id = window.run.frame.snapshot.run_id
    dialog = dropped(qtbot, window, table(tmp_path / "t.csv"))
    is_called_off = threading.Event()

    def endless(settings, on_progress, is_cancelled):
        on_progress(0.5)
        while not is_cancelled():
            is_called_off.wait(0.005)
        is_called_off.set()
        raise RuntimeError("called off")

    monkeypatch.setattr(import_dialog, "load_table", endless)
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.bar.value() == 500, timeout=LIMIT_MS)
    dialog.reject()
    assert dialog.accept_button.isEnabled()
    qtbot.waitUntil(is_called_off.is_set, timeout=LIMIT_MS)
    assert dialog.problem.isHidden()
    dialog.reject()
    assert window.run.frame.snapshot.run_id == run_id


def test_a_pasted_playground_link_is_its_run(qtbot, open_window):
    window = open_window()
    QGuiApplication.clipboard().setText(LINK)
    paste = next(each for each in window.column.data.findChildren(QPushButton) if each.text() == "Paste a link")
    qtbot.mouseClick(paste, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.run.frame.snapshot.sizes == (2, 4, 2, 1), timeout=LIMIT_MS)
    assert "Playground" in window.notice.text
    assert window.column.data.preset.placeholderText() == "TensorFlow Playground"
    window.run.step("epoch")
    qtbot.waitUntil(lambda: window.run.frame.snapshot.epoch == 1, timeout=LIMIT_MS)
    window.files.copy_link()
    assert "dataset=xor" in QGuiApplication.clipboard().text()
    assert "regularizationRate=0.003" in QGuiApplication.clipboard().text()
    checks = {check.accessibleName(): check for check in window.column.data.linked_inputs.findChildren(QCheckBox)}
    checks["Derived input x1*x2"].click()
    qtbot.waitUntil(lambda: window.run.frame.snapshot.sizes == (3, 4, 2, 1), timeout=LIMIT_MS)
    checks["Input x1"].click()
    checks["Input x2"].click()
    qtbot.waitUntil(lambda: window.run.frame.snapshot.sizes == (1, 4, 2, 1), timeout=LIMIT_MS)
    checks["Derived input x1*x2"].click()
    assert checks["Derived input x1*x2"].isChecked(), "a network needs an input"


def test_a_link_dropped_or_wrong_is_taken_or_told(qtbot, open_window):
    window = open_window()
    drop(window, QUrl(LINK))
    qtbot.waitUntil(lambda: window.run.settings.data.source == "playground-xor", timeout=LIMIT_MS)
    window.files.open_link("hello")
    assert window.notice.text.startswith("No Playground run:")
    assert window.run.settings.data.source == "playground-xor"


def test_a_run_that_no_link_can_make_says_why(qtbot, open_window):
    window = open_window()
    QGuiApplication.clipboard().setText("mine")
    window.files.copy_link()
    assert window.notice.text.startswith("No Playground link for this run:")
    assert QGuiApplication.clipboard().text() == "mine"


def test_flags_are_not_for_the_window():
    message = "t.csv: 1 missing cell (first: row 17 (line 18)): drop those rows (--missing drop, mean or mode)"
    assert for_the_window(message) == "t.csv: 1 missing cell (first: row 17 (line 18)): drop those rows"


def test_rows_can_be_held_back_in_a_file_of_their_own(qtbot, open_window, tmp_path, monkeypatch):
    window = open_window()
    dialog = dropped(qtbot, window, table(tmp_path / "t.csv"))
    monkeypatch.setattr(file_field, "ask_table_path", lambda _: table(tmp_path / "held.csv", n_rows=24))
    field = next(grid.fields["test_file"] for grid in dialog.fields._grids if "test_file" in grid.fields)
    qtbot.mouseClick(field.ask, Qt.MouseButton.LeftButton)
    settle(qtbot, dialog)
    click_import(qtbot, window, dialog)
    dataset = window.run.frame.dataset
    assert (len(dataset.train_targets), len(dataset.test_targets)) == (60, 24)


def test_a_sheet_of_a_workbook_can_be_chosen(qtbot, open_window, monkeypatch, tmp_path):
    window = open_window()
    dialog = dropped(qtbot, window, table(tmp_path / "t.csv"))
    assert dialog.fields.field("sheet").isHidden(), "a text has none"
    found = dataclasses.replace(dialog._preview, reading=Reading(sheets=("first", "second")))
    dialog.fields.show_preview(found, dialog._settings)
    box = dialog.fields.field("sheet")
    assert not box.isHidden()
    assert [box.itemData(k) for k in range(box.count())] == ["", "second"]
    assert dialog.fields.field("delimiter").isHidden(), "and no delimiter"
    dialog.reject()
