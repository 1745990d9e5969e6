"""The decision boundary: colours, points, labels, slices and the new point."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtGui import QColor

from l1gui.app.plotting import rgb
from l1gui.app.point_layer import MOST_TEST_POINTS
from l1gui.app.surface import BLEND, tinted
from l1gui.app.theme import DARK, LIGHT
from l1gui.app.views.boundary import BoundaryView
from l1gui.core.record import BoundaryRequest
from l1gui.data.dataset import Dataset, Scaling
from l1gui.data.presets import load_data, preset
from l1gui.runs import build_trainer


@pytest.fixture
def shown(qtbot):
    def make(dataset, palette=DARK, size=(554, 462)):
        view = BoundaryView()
        qtbot.addWidget(view)
        view.set_palette(palette)
        view.resize(*size)
        view.show()
        view.set_dataset(dataset)
        return view

    return make


def run_of(name, epochs=None, **values):
    settings = preset(name).settings.with_values(**values)
    run = build_trainer(settings)
    run.advance(run.n_rows * (settings.training.epochs if epochs is None else epochs))
    return run


def with_grid(run, request):
    return dataclasses.replace(run.snapshot(), grid=run.boundary(request), stopped="epochs")


def made(n_classes, n_inputs=2, scale=1.0):
    rng = np.random.default_rng(0)
    inputs, classes = rng.normal(size=(60, n_inputs)).astype(np.float32), np.arange(60) % n_classes
    names = tuple(f"class number {k}" for k in range(n_classes))
    scaling = Scaling(np.full(n_inputs, 100.0), np.full(n_inputs, scale))
    inputs_names = tuple(f"in{k}" for k in range(n_inputs))
    return Dataset("made", "", inputs[:40], classes[:40], inputs[40:], classes[40:], inputs_names, names, scaling)


def texts_of(view, axis):
    return view.plot.getPlotItem().getAxis(axis).labelText


@pytest.mark.parametrize("palette", [DARK, LIGHT])
@pytest.mark.parametrize("n_classes", [2, 3, 10])
def test_colours_are_a_tint_of_the_card(palette, n_classes):
    rng = np.random.default_rng(0)
    outputs = rng.dirichlet(np.full(n_classes, 0.3), size=(20, 20)).astype(np.float32)
    outputs[0, 0] = np.eye(n_classes)[1]
    picture = tinted(outputs, list(palette.classes[:n_classes]), palette.card)
    card = np.array(rgb(palette.card), dtype=float)
    colours = np.array([rgb(name) for name in palette.classes])[outputs.argmax(axis=2)]
    share = ((picture - card) * (colours - card)).sum(axis=2) / ((colours - card) ** 2).sum(axis=2)
    assert share.max() <= BLEND + 0.01
    assert share[0, 0] == pytest.approx(BLEND, abs=0.01)
    assert share.min() > 0.05


def test_points_are_drawn_per_class_in_raw_units(shown):
    dataset = load_data(preset("figure-2").settings)
    view = shown(dataset)
    assert not view.is_empty
    assert len(view.points) == 2
    drawn = {
        (round(x, 3), round(y, 3), k)
        for k, item in enumerate(view.points)
        for x, y in zip(*item.getData(), strict=True)
    }
    raw = dataset.train_inputs * dataset.scaling.scale + dataset.scaling.offset
    assert drawn == {
        (round(float(x), 3), round(float(y), 3), int(k)) for (x, y), k in zip(raw, dataset.train_targets, strict=True)
    }
    for k, item in enumerate(view.points):
        assert item.opts["brush"].color() == QColor(DARK.classes[k])
        assert item.opts["pen"].color() == QColor(DARK.card)


def test_the_grid_is_where_the_points_are(shown):
    run = run_of("figure-2", 5)
    view = shown(load_data(run.settings))
    grid = run.boundary(view.request)
    view.show_snapshot(dataclasses.replace(run.snapshot(), grid=grid))
    assert view.image.image.shape == (100, 100, 3)
    n, (left, right) = 100, grid.x_range
    to_raw = load_data(run.settings).scaling.to_raw
    first, last = view.image.mapToParent(0.5, 0.5), view.image.mapToParent(n - 0.5, n - 0.5)
    assert (first.x(), last.x()) == pytest.approx((to_raw(left, 0), to_raw(right, 0)))
    assert (first.y(), last.y()) == pytest.approx(tuple(to_raw(end, 1) for end in grid.y_range))
    assert view.figure.x_range == pytest.approx((to_raw(left, 0), to_raw(right, 0)))


@pytest.mark.parametrize("size", [(554, 462), (346, 348), (700, 300)])
def test_the_plot_is_square_and_inside_the_card(qtbot, shown, size):
    view = shown(load_data(preset("gauss-noise").settings), size=size)
    box = view.figure.item.getViewBox()
    qtbot.waitUntil(lambda: box.width() > 60 and abs(box.width() - box.height()) <= 2)
    assert view.rect().contains(view.plot.geometry().translated(view._content.pos()))


@pytest.mark.parametrize(("method", "verdict"), [("none", "class 0: wrong"), ("cumulative", "class 1: right")])
def test_the_new_point_and_what_the_network_says(shown, method, verdict):
    run = run_of("figure-2", method=method)
    view = shown(load_data(run.settings))
    assert view.new_point.words.toPlainText() == "new point (11, 9)"
    view.show_snapshot(with_grid(run, view.request))
    assert view.new_point.words.toPlainText() == f"new point (11, 9)\nnetwork says {verdict}"
    assert view.new_point.star.opts["brush"].color() == QColor(DARK.classes[1])
    assert tuple(value[0] for value in view.new_point.star.getData()) == pytest.approx((11, 9))
    view.clear()
    assert view.new_point.words.toPlainText() == "new point (11, 9)"
    assert view.image.image is None


@pytest.mark.parametrize("size", [(554, 462), (346, 348)])
def test_the_new_points_words_stay_inside(qtbot, shown, size):
    run = run_of("figure-2", 3)
    view = shown(load_data(run.settings), size=size)
    view.show_snapshot(with_grid(run, view.request))
    box = view.figure.item.getViewBox()
    qtbot.waitUntil(lambda: box.width() > 100 and abs(box.width() - box.height()) <= 2)
    view.new_point.fit()
    view.grab()  # the words get their place as they are painted
    inside, words = box.sceneBoundingRect(), view.new_point.words.sceneBoundingRect()
    assert inside.adjusted(-2, -2, 2, 2).contains(words)


def test_the_true_boundary_is_drawn_and_named(shown):
    dataset = load_data(preset("figure-2").settings)
    view = shown(dataset)
    assert view.legend.texts == ("class 0", "class 1", "true boundary")
    x, y = view._extras[0].getData()
    assert x == pytest.approx(dataset.true_boundary[:, 0] * 3.5 + 7.0)
    assert y == pytest.approx(dataset.true_boundary[:, 1] * 3.5 + 7.0)
    assert view._extras[0].opts["pen"].color() == QColor(DARK.good)
    view.set_dataset(load_data(preset("article").settings))
    assert view.legend.texts == ("class 0", "class 1", "class 2", "class 3")
    assert view._extras == []


def test_test_points_on_demand_and_how_many(shown):
    view = shown(load_data(preset("gauss-noise").settings))
    assert not view.show_test.isChecked()
    assert len(view.points) == 2
    view.show_test.setChecked(True)
    assert sum(len(item.data) for item in view.points[:2]) == MOST_TEST_POINTS
    assert view.points[0].opts["brush"].style().name == "NoBrush"
    assert "1,000 of 5,000 test points" in view.words.text()
    view.show_test.setChecked(False)
    assert "test points" not in view.words.text()
    assert sum(len(item.data) for item in view.points) == 200


def test_two_inputs_need_no_slice(shown):
    view = shown(load_data(preset("figure-2").settings))
    assert not view.slice_bar.isVisible()
    assert not view.words.isVisible()
    assert view.request == BoundaryRequest()


def test_another_slice_is_asked_for_and_said(qtbot, shown):
    view = shown(load_data(preset("gauss-noise").settings))
    assert view.slice_bar.isVisible()
    assert view.words.text().startswith("A slice through x1 and x2: the other 8 inputs are held at their mean.")
    with qtbot.waitSignal(view.requestChanged) as caught:
        view.slice_bar.x_input.setCurrentIndex(4)
    assert caught.args == [BoundaryRequest(4, 1)]
    with qtbot.waitSignal(view.requestChanged) as caught:
        view.slice_bar.held.setCurrentIndex(1)
    assert caught.args == [view.request] == [BoundaryRequest(4, 1, 0)]
    assert "A slice through n3 and x2" in view.words.text()
    assert "the values of training row 1" in view.words.text()
    assert (texts_of(view, "bottom"), texts_of(view, "left")) == ("n3", "x2")


def test_choosing_the_other_axis_input_swaps_them(shown):
    view = shown(load_data(preset("gauss-noise").settings))
    view.slice_bar.x_input.setCurrentIndex(1)
    assert (view.request.x_input, view.request.y_input) == (1, 0)
    view.slice_bar.y_input.setCurrentIndex(1)
    assert (view.request.x_input, view.request.y_input) == (0, 1)


def test_a_late_grid_of_another_slice_is_not_drawn(shown):
    run = run_of("gauss-noise", 3)
    view = shown(load_data(run.settings))
    old = view.request
    view.show_snapshot(with_grid(run, old))
    assert view.image.image is not None
    view.slice_bar.y_input.setCurrentIndex(5)
    assert view.image.image is None
    view.show_snapshot(with_grid(run, old))
    assert view.image.image is None
    assert texts_of(view, "left") == "n4"
    view.show_snapshot(dataclasses.replace(run.snapshot(), grid=None))
    assert view.image.image is None
    view.show_snapshot(with_grid(run, view.request))
    assert view.image.image is not None


def test_a_coarser_grid_than_asked_for_is_drawn(shown):
    run = run_of("figure-2", 2)
    view = shown(load_data(run.settings))
    grid = run.boundary(BoundaryRequest(resolution=30))
    coarse = dataclasses.replace(grid, request=view.request)
    view.show_snapshot(dataclasses.replace(run.snapshot(), grid=coarse, stopped="epochs"))
    assert view.image.image.shape == (30, 30, 3)
    assert "network says" in view.new_point.words.toPlainText()


def test_other_palette_redraws_all(shown):
    run = run_of("figure-2", 50)
    view = shown(load_data(run.settings))
    view.show_snapshot(with_grid(run, view.request))
    dark = view.image.image.copy()
    view.set_palette(LIGHT)
    assert view.image.image.mean() > dark.mean() + 60
    assert view.points[1].opts["brush"].color() == QColor(LIGHT.classes[1])
    assert view.legend.items[0].colour == LIGHT.classes[0]
    assert "network says" in view.new_point.words.toPlainText()


def test_ten_classes_and_three_inputs(shown):
    view = shown(made(10, 3, scale=5.0), size=(346, 348))
    assert len(view.points) == 10
    assert len({item.opts["brush"].color().name() for item in view.points}) == 10
    assert view.legend.drawn_texts == tuple("0123456789")
    assert view.legend.texts[3] == "class number 3"
    assert (
        "the other input is held at their mean" in view.words.text() or "the other input is held" in view.words.text()
    )


def test_kept_runs_change_nothing_and_hint_before_data(qtbot):
    view = BoundaryView()
    qtbot.addWidget(view)
    view.set_palette(DARK)
    view.show_records(())
    view.clear()
    assert view.is_empty
    assert view.hint.text() == "no run yet"
