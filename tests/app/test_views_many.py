"""Many classes, many inputs, many rows, and names that somebody else chose: still readable, still plain text."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from l1gui.app.legend import LINE_PX, Legend, LegendItem, short_names
from l1gui.app.theme import DARK, LIGHT
from l1gui.app.views.boundary import BoundaryView
from l1gui.app.views.network import NetworkView
from l1gui.core.record import BoundaryRequest
from l1gui.runs import build_trainer
from l1gui.settings import RunSettings

SETTINGS = RunSettings().with_values(loss="cross-entropy", epochs=2, initialization="xavier", batch=20)
WILD = ("<b>bold</b> & more", "two\nlines", "\u202eturned", "שלום", "a very long name indeed that never ends" * 4)


@pytest.fixture
def shown(qtbot):
    def make(view_class, dataset, size=(554, 462), palette=DARK):
        view = view_class()
        qtbot.addWidget(view)
        view.set_palette(palette)
        view.resize(*size)
        view.show()
        view.set_dataset(dataset)
        return view

    return make


def away(first, second):
    """Distance of two colours, 0 to 1, the eye's share of each channel counted."""
    shift = [a - b for a, b in zip(QColor(first).getRgbF()[:3], QColor(second).getRgbF()[:3], strict=True)]
    return float(np.sqrt(np.dot([0.3, 0.59, 0.11], np.square(shift))))


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_a_hundred_classes_have_colours_of_their_own(palette):
    colours = [palette.class_colour(k) for k in range(100)]
    assert colours[:10] == list(palette.classes)
    assert len(set(colours)) == 100
    # Neighbours in number are far apart in colour, and all stand out from the card.
    assert min(away(a, b) for a, b in zip(colours[10:], colours[11:], strict=False)) > 0.15
    assert min(away(colour, palette.card) for colour in colours) > 0.2


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_classes_beyond_the_palette_differ_in_lightness(palette):
    """So that neighbours can be told apart without seeing hues."""
    lights = [QColor(palette.class_colour(k)).lightness() for k in range(10, 100)]
    assert min(abs(a - b) for a, b in zip(lights, lights[1:], strict=False)) > 15


def test_a_legend_of_a_hundred_says_how_many_are_not_shown(qtbot):
    legend = Legend()
    qtbot.addWidget(legend)
    legend.resize(330, LINE_PX)
    legend.show_items([LegendItem(f"species {k}", "#ff0000", short=str(k)) for k in range(100)])
    assert legend.height() == 2 * LINE_PX
    *drawn, more = legend.drawn_texts
    assert more == f"+{100 - len(drawn)} more"
    assert drawn == [str(k) for k in range(len(drawn))]
    assert len(drawn) > 10
    ends = [x + item.mark_width + legend._metrics.horizontalAdvance(text) for item, x, _, text in legend._places]
    assert max(ends) <= 330
    assert "species 99" in legend.toolTip()
    assert legend.toolTip().count("\n") < 20


def test_names_cut_alike_keep_their_numbers():
    names = ["other", *(f"species {k}" for k in range(12))]
    found = short_names(names)
    assert found[0] == "other"
    assert len(set(found)) == len(names)
    assert all(len(name) <= 8 for name in found)


def test_ten_digits_fit_in_a_line(shown, classes):
    view = shown(BoundaryView, classes(10, 64, names="0123456789"), (346, 348))
    assert view.legend.drawn_texts == tuple("0123456789")
    assert view.legend.height() == LINE_PX


def test_a_hundred_classes_on_a_plane(shown, classes):
    data = classes(100, 2, n_rows=600)
    run, view = build_trainer(SETTINGS, data), shown(BoundaryView, data)
    run.advance(1200)
    view.show_snapshot(dataclasses.replace(run.snapshot(), grid=run.boundary(view.request), stopped="epochs"))
    assert len(view.points) == 100
    assert view.image.image.shape == (100, 100, 3)
    assert view.legend.drawn_texts[-1].endswith("more")


def test_of_many_inputs_the_telling_ones_are_shown_first(shown, classes):
    data = classes(3, 64)
    rows = data.train_inputs.copy()
    rows[:] = np.random.default_rng(0).normal(size=rows.shape)
    rows[:, 17] += 5 * (data.train_targets == 1)
    rows[:, 40] += 5 * (data.train_targets == 2)
    data = dataclasses.replace(data, train_inputs=rows)
    view = shown(BoundaryView, data)
    assert view.request == BoundaryRequest(17, 40)
    assert "A slice through in17 and in40: the other 62 inputs are held at their mean." in view.words.text()
    # Data that are made here begin with the inputs that they are made of.
    view.set_dataset(dataclasses.replace(data, columns=()))
    assert view.request == BoundaryRequest(0, 1)


def test_five_hundred_inputs_in_slice_bar_and_network(shown, classes):
    data = classes(4, 500)
    view = shown(BoundaryView, data)
    assert view.slice_bar.x_input.count() == 500
    view.slice_bar.x_input.setCurrentIndex(499)
    assert view.request.x_input == 499
    network = shown(NetworkView, data)
    run = build_trainer(SETTINGS.with_values(hidden=(40, 30)), data)
    network.show_snapshot(dataclasses.replace(run.snapshot(), stopped="epochs"))
    network.grab()
    assert network.words.text().startswith("500 of 500 inputs live")
    assert network.diagram.is_cut
    assert max(map(len, network.diagram.units)) <= 20


def test_of_many_rows_a_sample_is_shown_and_said(shown, numbers, classes):
    data = numbers(n_rows=100_000, n_test=4_000)
    view = shown(BoundaryView, data)
    assert sum(len(item.data) for item in view.points) == 2_000
    assert view.words.text() == "Shown: 2,000 of 100,000 training points, always the same."
    first = [item.getData()[0].tolist() for item in view.points]
    view.show_test.setChecked(True)
    assert sum(len(item.data) for item in view.points) == 3_000
    assert "2,000 of 100,000 training points and 1,000 of 4,000 test points" in view.words.text()
    view.show_test.setChecked(False)
    assert [item.getData()[0].tolist() for item in view.points] == first
    view.set_dataset(classes())
    assert view.words.text() == ""
    assert view.words.isHidden()


def test_rows_of_a_class_that_training_lacks_are_shown_grey(shown, classes):
    data = classes(3)
    targets = data.test_targets.copy()
    targets[:7] = -1
    view = shown(BoundaryView, dataclasses.replace(data, test_targets=targets))
    view.show_test.setChecked(True)
    grey = [item for item in view.points if item.opts["pen"].color() == QColor(DARK.muted)]
    assert [len(item.data) for item in grey] == [7]


def test_names_are_shown_as_text(shown, classes):
    data = classes(5, 5, names=WILD, input_names=WILD)
    view = shown(BoundaryView, data)
    assert view.slice_bar.x_input.itemText(1) == "two lines"
    assert "\u202e" not in "".join(view.legend.texts)
    assert view.legend.texts[0] == "<b>bold</b> & more"
    assert "&lt;b&gt;bold" in view.legend.toolTip()
    view.slice_bar.x_input.setCurrentIndex(0)
    view.slice_bar.y_input.setCurrentIndex(1)
    axis = view.plot.getPlotItem().getAxis
    assert axis("bottom").labelText == "&lt;b&gt;bold&lt;/b&gt; &amp; more"
    assert axis("bottom").label.toPlainText().strip() == "<b>bold</b> & more"
    view.slice_bar.x_input.setCurrentIndex(4)
    assert axis("bottom").labelText.startswith("a very long name indeed")
    assert axis("bottom").labelText.endswith("…")
    assert axis("bottom").label.boundingRect().width() < view.width()
    guessing = [label.text() for label in view.findChildren(QLabel) if label.textFormat() is Qt.TextFormat.AutoText]
    assert set(guessing) <= {"x", "y", "no run yet"}
    network = shown(NetworkView, data)
    assert network.diagram.input_names[:3] == ("<b>bold</b> & more", "two lines", "\ufffdturned")


def test_the_list_of_inputs_is_wider_than_its_box_where_names_are_long(shown, classes):
    view = shown(BoundaryView, classes(3, 5, input_names=WILD))
    bar = view.slice_bar
    assert bar.x_input.view().minimumWidth() > bar.x_input.width()
    assert bar.x_input.view().minimumWidth() <= 420
    bar.x_input.setCurrentIndex(0)
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in bar.x_input.toolTip()
