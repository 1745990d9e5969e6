"""What the views draw is what the engine said."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.app import theme
from l1gui.app.envelope import Envelope
from l1gui.app.link_raster import draw_links, links_between
from l1gui.app.plotting import linear_ticks, log_ticks, stepped_top
from l1gui.app.views.accuracy import AccuracyView
from l1gui.app.views.boundary import BoundaryView
from l1gui.app.views.histogram import HistogramView, share_text
from l1gui.app.views.loss import LossView
from l1gui.app.views.network import NetworkView
from l1gui.core.record import BoundaryRequest, RunRecord
from l1gui.data.presets import load_data, preset
from l1gui.runs import build_trainer


def trained(name="article", rows=40_000, **values):
    settings = preset(name).settings.with_values(**values)
    trainer = build_trainer(settings)
    trainer.advance(rows)
    snapshot = trainer.snapshot()
    return replace(snapshot, grid=trainer.boundary(BoundaryRequest()), stopped="epochs"), load_data(settings)


@pytest.fixture(params=[theme.DARK, theme.LIGHT], ids=["dark", "light"])
def shown(request, qtbot):
    def show(view, dataset=None):
        qtbot.addWidget(view)
        view.set_palette(request.param)
        if dataset is not None:
            view.set_dataset(dataset)
        view.resize(500, 400)
        view.show()
        return view

    return show


def test_curves_are_the_history(shown):
    snapshot, _ = trained()
    loss, accuracy = shown(LossView()), shown(AccuracyView())
    for view in (loss, accuracy):
        view.show_snapshot(snapshot)
    x, y = loss.curves["train"].getData()
    assert np.array_equal(x, np.arange(201))
    assert np.array_equal(y, snapshot.history["train_loss"])
    assert accuracy.curves["test"].getData()[1] == pytest.approx(snapshot.history["test_correct"] / 40 * 100)
    assert accuracy.legend.texts[0].startswith("train ")
    assert f"({snapshot.train.correct}/200)" in accuracy.legend.texts[0]
    loss.log_value.setChecked(True)
    assert loss.curves["test"].getData()[1] == pytest.approx(np.log10(snapshot.history["test_loss"]))
    loss.log_epochs.setChecked(True)
    assert loss.curves["test"].getData()[0][-1] == pytest.approx(np.log10(200))


def test_kept_runs_stay_beside_the_live_one(shown):
    first, _ = trained(method="none")
    second, _ = trained()
    view = shown(LossView())
    view.show_records((RunRecord("no penalty", first.settings, first),))
    view.show_snapshot(second)
    assert view._kept[0].getData()[1] == pytest.approx(first.history["train_loss"])
    assert view.curves["train"].getData()[1] == pytest.approx(second.history["train_loss"])
    assert any("no penalty" in text for text in view.legend.texts)
    view.show_records(())
    assert view._kept == []


def test_live_changes_are_marked(shown):
    settings = preset("article").settings
    trainer = build_trainer(settings)
    trainer.advance(20_000)
    trainer.apply("lam", 0.05)
    trainer.advance(20_000)
    view = shown(LossView())
    view.show_snapshot(replace(trainer.snapshot(), stopped="epochs"))
    assert view.marks.texts == ("λ 0.05",)
    assert view.marks.lines.getData()[0].tolist() == [100.0, 100.0]


def test_zeros_have_bars_of_their_own(shown):
    snapshot, _ = trained("gauss-noise", 60_000)
    view = shown(HistogramView())
    view.show_snapshot(snapshot)
    for layer, histogram in enumerate(snapshot.histograms):
        assert view.bars[layer].opts["height"] == pytest.approx(100 * histogram.zero / histogram.count)
        heights = view.outlines[layer].getData()[1]
        assert heights[1:-1:2].tolist() == histogram.counts.tolist()
    assert view.bars[0].opts["height"] > 90
    assert "zero" in view.legend.texts[0]


@given(st.integers(1, 10_000), st.data())
def test_shares_are_never_rounded_to_all_or_nothing(whole, data):
    part = data.draw(st.integers(0, whole))
    text = share_text(part, whole)
    assert (text == "0") == (part == 0)
    assert (text == "100") == (part == whole)


def test_boundary_shows_points_and_slice(shown):
    snapshot, dataset = trained("gauss-noise", 2_000)
    view = shown(BoundaryView(), dataset)
    view.show_snapshot(snapshot)
    assert view.image.image.shape == (100, 100, 3)
    assert sum(len(item.data) for item in view.points) == 200
    assert view.slice_bar.isVisible()
    assert "8 inputs are held at their mean" in view.words.text()
    heard = []
    view.requestChanged.connect(heard.append)
    view.slice_bar.y_input.setCurrentIndex(5)
    assert heard == [BoundaryRequest(0, 5)]
    view.slice_bar.x_input.setCurrentIndex(5)
    assert (view.request.x_input, view.request.y_input) == (5, 0)


def test_a_grid_of_another_slice_is_not_drawn(shown):
    snapshot, dataset = trained("gauss-noise", 2_000)
    view = shown(BoundaryView(), dataset)
    view.slice_bar.y_input.setCurrentIndex(3)
    view.show_snapshot(snapshot)
    assert view.image.image is None


def test_network_shows_names_and_what_is_dead(shown):
    snapshot, dataset = trained("gauss-noise", 60_000)
    view = shown(NetworkView(), dataset)
    view.show_snapshot(snapshot)
    picture = view.grab()
    assert not picture.isNull()
    assert f"{snapshot.counts.live_inputs} of 10 inputs live" in view.words.text()


@pytest.mark.parametrize("make", [LossView, AccuracyView, HistogramView, NetworkView, BoundaryView])
def test_views_can_be_cleared_and_shown_again(shown, make):
    snapshot, dataset = trained(rows=2_000)
    view = shown(make(), dataset if make in (NetworkView, BoundaryView) else None)
    view.show_snapshot(snapshot)
    view.clear()
    view.show_snapshot(snapshot)
    assert not view.grab().isNull()


columns = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400)


@given(columns, st.integers(1, 40), st.booleans(), st.integers(1, 7))
def test_a_thinned_column_keeps_its_extremes_however_it_grew(values, width, is_log, n_steps):
    column = np.array(values)
    grown = Envelope(is_log=is_log)
    for stop in np.linspace(1, len(column), n_steps).astype(int):
        grown.extend(column[:stop])
    grown.extend(column)
    at_once = Envelope(is_log=is_log)
    at_once.extend(column)
    x, y = grown.points(width)
    assert np.array_equal(y, at_once.points(width)[1])
    part = column[1:] if is_log else column
    if len(part):
        assert (y.min(), y.max()) == (part.min(), part.max())
    assert y[-1] == column[-1]
    assert (np.diff(x) >= 0).all()


def test_a_long_column_is_drawn_with_few_points():
    envelope = Envelope()
    envelope.extend(np.sin(np.arange(1_000_000) / 1000))
    x, _ = envelope.points(400)
    assert len(x) < 4_000
    assert x[-1] == 999_999


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.integers(1, 20))
def test_ticks_are_few_and_inside(low, length, most):
    ticks = linear_ticks(low, low + length, most)
    assert len(ticks) <= most + 1
    assert all(low - 1e-6 * length <= at <= low + length * (1 + 1e-6) for at, _ in ticks)


def test_ticks_of_powers_of_ten():
    assert [text for _, text in log_ticks(-1.0, 0.6, 0.1)] == ["0.1", "0.2", "0.5", "1", "2"]
    assert [text for _, text in log_ticks(0.0, 4.0, 0.1)] == ["1", "10", "100", "1,000", "10,000"]


@given(st.floats(1e-9, 1e9), st.floats(0, 1e9))
def test_stepped_axes_hold_their_value(value, now):
    top = stepped_top(value, now)
    assert value <= top * (1 + 1e-9)
    assert top <= max(value * 1.5**2, 1e-12) * 1.01


def test_links_are_drawn_where_they_are_and_zeros_are_not():
    start, end = np.array([[10.0, 20.0], [10.0, 60.0]]), np.array([[90.0, 40.0]])
    strengths = np.array([[1.0], [0.0]], dtype=np.float32)
    colours = ((0, 0, 0), (255, 0, 0), (0, 0, 255))
    none = [links_between(start, end, np.zeros((2, 1), np.float32))]
    picture = draw_links([links_between(start, end, strengths)], none, (100, 80), 1.0, colours)
    red = (picture >> 16) & 0xFF
    assert red[30, 50] > 100
    assert red[50, 50] == 0
    assert (picture & 0xFF).max() == 0
