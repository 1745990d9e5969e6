"""Points by mouse: added, moved, deleted, undone; the run starts anew on them."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from l1gui.app.states import RunState

LIMIT_MS = 60_000


@pytest.fixture
def editing(qtbot, open_window):
    window = open_window("circle", rows=40, derived=("x1^2",))
    editor = window.views.boundary.editor
    qtbot.waitUntil(lambda: editor._dataset is not None, timeout=LIMIT_MS)
    editor.switch.setChecked(True)
    return window, editor


def pixel_of(window, place):
    view = window.views.boundary
    at = view.figure.item.getViewBox().mapViewToScene(QPointF(*place))
    return QPoint(round(at.x()), round(at.y()))


def settled(qtbot, window, n_rows):
    qtbot.waitUntil(
        lambda: window.run.current_frame is not None and len(window.run.current_frame.dataset.train_targets) == n_rows,
        timeout=LIMIT_MS,
    )
    return window.run.current_frame.dataset


def test_click_adds_a_point_of_the_chosen_class(qtbot, editing):
    window, editor = editing
    viewport = window.views.boundary.plot.viewport()
    editor.choice.setCurrentIndex(1)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=pixel_of(window, (0.93, 0.93)))
    data = settled(qtbot, window, 41)
    assert data.train_targets[-1] == 1
    assert data.base_train[-1] == pytest.approx([0.93, 0.93], abs=0.03)
    assert data.train_inputs[-1, 2] == pytest.approx(data.train_inputs[-1, 0] ** 2)
    assert window.run.current_frame.snapshot.train.rows == 41
    # Such rows cannot be made again from the settings, and the run says so.
    assert window.run.current_frame.snapshot.origin is None


def test_drag_moves_right_click_deletes_and_both_are_undone(qtbot, editing):
    window, editor = editing
    viewport = window.views.boundary.plot.viewport()
    whole = window.run.current_frame.dataset
    corner = int(np.abs(whole.base_train).sum(axis=1).argmax())
    start = pixel_of(window, tuple(float(v) for v in whole.base_train[corner]))
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=pixel_of(window, (0.0, 0.95)))
    qtbot.waitUntil(lambda: window.run.current_frame is not None and window.run.current_frame.dataset.is_edited)
    moved = window.run.current_frame.dataset
    assert moved.base_train[corner] == pytest.approx([0.0, 0.95], abs=0.04)
    assert len(moved.train_targets) == 40
    qtbot.mouseClick(viewport, Qt.MouseButton.RightButton, pos=pixel_of(window, (0.0, 0.95)))
    assert len(settled(qtbot, window, 39).train_targets) == 39
    editor.undo()
    assert np.array_equal(settled(qtbot, window, 40).base_train, moved.base_train)
    editor.undo()
    qtbot.waitUntil(lambda: window.run.current_frame is not None and window.run.current_frame.dataset is whole)
    assert not editor.undo_button.isEnabled()


def test_the_last_point_of_a_class_stays(editing):
    _, editor = editing
    data = editor._dataset.with_rows(editor._dataset.base_train[:3], np.array([0, 1, 0]))
    editor.set_dataset(data)
    editor.delete(1)
    assert editor._dataset is data
    editor.delete(0)
    assert editor._dataset.train_targets.tolist() == [1, 0]


def test_a_run_that_goes_on_goes_on_with_the_new_point(qtbot, open_window):
    window = open_window("circle", epochs=1_000_000)
    editor = window.views.boundary.editor
    window.run.toggle()
    qtbot.waitUntil(lambda: window.run.state is RunState.RUNNING, timeout=LIMIT_MS)
    editor.add((0.0, 0.0), 1)
    qtbot.waitUntil(
        lambda: (
            window.run.state is RunState.RUNNING
            and window.run.current_frame is not None
            and window.run.current_frame.snapshot.train.rows == 201
            and window.run.current_frame.snapshot.epoch > 0
        ),
        timeout=LIMIT_MS,
    )


def test_only_planes_can_be_edited(qtbot, open_window):
    window = open_window("article")
    assert window.views.boundary.editor.switch.isHidden()
