"""The network's diagram: links by weight, dead units hollow, large layers cut and said so."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from l1gui.app.diagram import MAX_UNITS, chosen_units
from l1gui.app.link_raster import draw_links, links_between
from l1gui.app.plotting import rgb
from l1gui.app.theme import DARK, LIGHT
from l1gui.app.views.network import NetworkView
from l1gui.core import raster
from l1gui.core.warm import prepare
from l1gui.data.presets import load_data, preset
from l1gui.runs import build_trainer
from tests.counting import weight_counts


@pytest.fixture
def shown(qtbot):
    def make(palette=DARK, size=(554, 462), name="article"):
        view = NetworkView()
        qtbot.addWidget(view)
        view.set_palette(palette)
        view.set_dataset(load_data(preset(name).settings))
        view.resize(*size)
        view.show()
        return view

    return make


def snapshot_of(weights):
    base = build_trainer(preset("article").settings).snapshot()
    weights = tuple(np.asarray(w, dtype=np.float32) for w in weights)
    sizes = (weights[0].shape[0], *(w.shape[1] for w in weights))
    return dataclasses.replace(base, weights=weights, sizes=sizes, counts=weight_counts(weights), stopped="epochs")


def picture_of(view):
    return view.diagram.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def middle(view, layer, i, j):
    """Colour half-way along a link."""
    places = view.diagram.places()
    x, y = (places[layer][i] + places[layer + 1][j]) / 2
    return picture_of(view).pixelColor(round(x), round(y))


def distance(colour, name):
    return sum(abs(a - b) for a, b in zip(colour.getRgb()[:3], QColor(name).getRgb()[:3], strict=True))


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_links_show_sign_and_size_and_zeros_none(shown, palette):
    view = shown(palette)
    view.show_snapshot(snapshot_of(([[1.0, 0.0], [0.0, -1.0]], [[0.0, 0.02], [0.0, 0.0]])))
    assert distance(middle(view, 0, 0, 0), palette.first) < 60
    assert distance(middle(view, 0, 1, 1), palette.second) < 60
    weak = middle(view, 1, 0, 1)
    assert distance(weak, palette.card) < distance(weak, palette.first)
    assert distance(weak, palette.card) > 8
    # From the second hidden unit nothing leads on.
    places = view.diagram.places()
    x, y = places[1][1] + np.array([30.0, 0.0])
    assert picture_of(view).pixelColor(round(x), round(y)) == QColor(palette.card)


def test_dead_and_constant_units_are_hollow(shown):
    view = shown()
    weights = ([[1.0, 0.0, 0.5], [0.0, 0.0, 0.0]], [[1.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
    view.show_snapshot(snapshot_of(weights))
    assert [live.tolist() for live in view.diagram.live_units()] == [[True, False], [True, False, False], [True, True]]
    picture, places = picture_of(view), view.diagram.places()

    def ring(layer, k):
        x, y = places[layer][k]
        steps = np.linspace(0, 2 * np.pi, 40)
        points = [(x + view.diagram.radius * np.cos(a), y + view.diagram.radius * np.sin(a)) for a in steps]
        return np.mean([picture.pixelColor(round(px), round(py)).lightness() for px, py in points])

    assert ring(1, 1) < 0.6 * ring(1, 0)
    assert view.words.text() == "1 of 2 inputs live, 1 dead and 1 constant units, 6 effective parameters"


def test_outputs_are_never_dead(shown):
    view = shown()
    view.show_snapshot(snapshot_of((np.zeros((2, 3)), np.zeros((3, 2)))))
    assert [live.tolist() for live in view.diagram.live_units()] == [[False] * 2, [False] * 3, [True] * 2]


def test_the_network_is_centred_and_fits(qtbot, shown):
    for size in ((554, 462), (346, 348), (225, 230)):
        view = shown(size=size)
        run = build_trainer(preset("article").settings)
        view.show_snapshot(dataclasses.replace(run.snapshot(), stopped="epochs"))
        qtbot.waitUntil(lambda view=view: view.diagram.height() > 50)
        places = np.vstack(view.diagram.places())
        radius = view.diagram.radius
        assert places[:, 0].min() > radius
        assert places[:, 1].min() >= radius
        assert places[:, 0].max() < view.diagram.width() - radius
        assert places[:, 1].max() < view.diagram.height() - radius
        middle_y = (places[:, 1].min() + places[:, 1].max()) / 2
        assert abs(middle_y - view.diagram.height() / 2) <= 10


def test_names_of_inputs_and_classes(shown):
    view = shown(name="gauss-noise")
    run = build_trainer(preset("gauss-noise").settings)
    view.show_snapshot(dataclasses.replace(run.snapshot(), stopped="epochs"))
    assert view.diagram.input_names[:3] == ("x1", "x2", "n1")
    assert view.diagram.output_names == ("class 0", "class 1")
    assert view.readout.text() == "10-8-2"
    assert view.legend.texts == ("w > 0", "w < 0", "exactly 0: no link", "dead or constant")
    with_names = picture_of(view)
    view.diagram.input_names = ()
    view.diagram.output_names = ()
    assert picture_of(view) != with_names


def test_large_layers_are_cut_to_the_strongest(qtbot, shown):
    rng = np.random.default_rng(0)
    first, second = rng.normal(0, 0.01, (784, 500)), rng.normal(0, 0.01, (500, 10))
    first[700], second[:, 3] = 2.0, 1.0
    view = shown()
    view.show_snapshot(snapshot_of((first, second)))
    units = view.diagram.units
    assert [len(each) for each in units] == [MAX_UNITS, MAX_UNITS, 10]
    assert 700 in units[0]
    assert view.diagram.is_cut
    assert all((np.diff(each) > 0).all() for each in units)
    view.resize(346, 240)
    qtbot.waitUntil(lambda: view.diagram.grab() and len(view.diagram.units[0]) < MAX_UNITS)
    assert view.diagram.most_units >= 2


def test_units_drawn_stay_while_they_nearly_can():
    weights = (np.ones((3, 40), dtype=np.float32),)
    before = [np.arange(3), np.arange(20, 40)]
    assert chosen_units(weights, before, 20)[1].tolist() == list(range(20, 40))
    strong = weights[0].copy()
    strong[:, 2] = 9.0
    assert 2 in chosen_units((strong,), before, 20)[1]
    assert chosen_units(weights, [], 20)[1].tolist() == list(range(20))
    assert chosen_units(weights, [np.arange(3), np.array([90])], 20)[1].tolist() == list(range(20))


@pytest.mark.parametrize("rise", [0.0, 35.0, 300.0])
@pytest.mark.parametrize("strength", [0.1, 1.0])
def test_a_link_covers_its_width(rise, strength):
    start, end = np.array([[10.0, 40.0]]), np.array([[90.0, 40.0 + rise]])
    links = [links_between(start, end, np.array([[strength]], dtype=np.float32))]
    colours = [rgb(name) for name in (DARK.card, "#ffffff", "#000000")]
    picture = draw_links(links, [], (100, 400), 1.0, colours)
    card = (0xFF000000 | int(DARK.card[1:], 16),)
    inked = (picture != card).sum()
    length, width = np.hypot(80, rise), 0.6 + 3.4 * strength**2
    assert length * max(1.0, width - 1) < inked < length * (width + 4) + 400
    assert (picture[:, :9] == card).all()
    assert (picture[:, 92:] == card).all()
    rows = np.flatnonzero((picture != card).any(axis=1))
    assert 30 <= rows[0] <= 40  # a steep link's corner is hidden by the unit's circle
    assert rise + 40 <= rows[-1] <= rise + 50


@pytest.mark.parametrize("sizes", [(10, 8, 4), (20, 20, 20, 10), (1, 1), (3, 20)])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_compiled_links_are_those_of_numpy(sizes, ratio, monkeypatch):
    assert not prepare()
    assert raster.is_compiled()
    size, rng, signs = (530, 380), np.random.default_rng(3), ([], [])
    columns = np.linspace(60, size[0] - 60, len(sizes))
    places = [np.column_stack([np.full(n, x), np.linspace(20, 360, n)]) for n, x in zip(sizes, columns, strict=True)]
    for start, end in zip(places, places[1:], strict=False):
        weights = rng.normal(size=(len(start), len(end))).astype(np.float32)
        strengths = np.sign(weights) * np.sqrt(np.abs(weights) / np.abs(weights).max())
        for links, sign in zip(signs, (1, -1), strict=True):
            links.append(links_between(start, end, sign * strengths))
    colours = [rgb(name) for name in (DARK.card, DARK.first, DARK.second)]
    compiled = draw_links(*signs, size, ratio, colours)
    monkeypatch.setattr(raster, "is_compiled", lambda: False)
    expected = draw_links(*signs, size, ratio, colours)
    difference = np.abs(compiled.view(np.uint8).astype(int) - expected.view(np.uint8))
    assert (compiled != expected[0, 0]).sum() > 100
    assert difference.max() <= 2


def test_links_that_stand_out_are_cut():
    links = np.array([[-5, 60, -30, 50, 1.0], [0, 39, 10, 10, -0.5]], dtype=np.float32)
    planes = np.ones((2, 20, 40), dtype=np.float32)
    raster.add_ink(links, 1.0, planes)
    assert planes[:, 0, 0].tolist() == [0.0, 0.0]
    assert planes[0].any()
    assert planes[1, 10].all()


def test_no_links_is_the_card():
    picture = draw_links([], [], (30, 20), 2.0, [rgb(name) for name in (LIGHT.card, LIGHT.first, LIGHT.second)])
    assert picture.shape == (20, 30)
    assert (picture == 0xFFFFFFFF).all()


def test_opposite_links_on_one_line_mix():
    start, end = np.array([[0.0, 10.0]]), np.array([[40.0, 10.0]])
    link = [links_between(start, end, np.ones((1, 1), dtype=np.float32))]
    colours = [rgb(name) for name in ("#000000", "#ff0000", "#0000ff")]
    for positive, negative in ((link, link), (link * 2, link * 2)):
        pixel = int(draw_links(positive, negative, (40, 20), 1.0, colours)[10, 20])
        red, blue = (pixel >> 16) & 255, pixel & 255
        assert abs(red - blue) <= 1
        assert 110 < red < 130


def test_a_skipped_snapshot_comes_and_clear_empties(qtbot, shown):
    view, run = shown(), build_trainer(preset("article").settings)
    assert view.is_empty
    for _ in range(6):
        run.advance(200)
        view.show_snapshot(run.snapshot())
    assert view._throttle.is_waiting
    qtbot.waitUntil(lambda: view.diagram.snapshot.rows_seen == 1200)
    view.show_records(())
    view.set_palette(LIGHT)
    assert distance(picture_of(view).pixelColor(1, 1), LIGHT.card) == 0
    view.clear()
    assert view.is_empty
    assert view.words.text() == ""
    assert view.diagram.snapshot is None
    view.diagram.grab()
