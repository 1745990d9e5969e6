"""Weight magnitudes: exact zeros apart from near zeros, and the others spread."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF

from l1gui.app.plotting import TICK_PX
from l1gui.app.theme import DARK, LIGHT, text_font
from l1gui.app.views.histogram import NUMBER_PX, HistogramView, share_text
from l1gui.core.metrics import layer_histograms
from l1gui.data.presets import preset
from l1gui.runs import build_trainer
from tests.counting import weight_counts


@pytest.fixture
def shown(qtbot):
    def make(size=(365, 348)):
        view = HistogramView()
        qtbot.addWidget(view)
        view.set_palette(DARK)
        view.resize(*size)
        view.show()
        return view

    return make


def snapshot_of(weights, **changes):
    """A real snapshot with other weights in it."""
    base = build_trainer(preset("article").settings).snapshot()
    weights = tuple(np.asarray(w, dtype=np.float32) for w in weights)
    sizes = (weights[0].shape[0], *(w.shape[1] for w in weights))
    values = {
        "weights": weights,
        "sizes": sizes,
        "counts": weight_counts(weights),
        "histograms": layer_histograms(weights),
        "stopped": "epochs",
    }
    return dataclasses.replace(base, **values | changes)


def heights(view, layer):
    """Counts per bin as the outline draws them."""
    return view.outlines[layer].getData()[1][1:-1:2]


def test_bars_and_outlines_are_the_counts(shown):
    run = build_trainer(preset("gauss-noise").settings.with_values(epochs=60))
    run.advance(200 * 60)
    last = dataclasses.replace(run.snapshot(), stopped="epochs")
    view = shown()
    view.show_snapshot(last)
    assert len(view.bars) == len(view.outlines) == 2
    for layer, histogram in enumerate(last.histograms):
        assert view.bars[layer].opts["height"] == pytest.approx(100 * histogram.zero / histogram.count)
        assert histogram.zero > 0
        assert heights(view, layer).tolist() == histogram.counts.tolist()
        x = view.outlines[layer].getData()[0]
        assert (x[0], x[-1]) == (histogram.edges[0], histogram.edges[-1])
        assert view.labels[layer].toPlainText() == share_text(histogram.zero, histogram.count)
    assert view.spread.x_range == (0.0, last.histograms[0].edges[-1])
    assert view.spread.y_range[1] >= max(h.counts.max() for h in last.histograms)


def test_near_zeros_are_not_zeros(shown):
    weights = ([[0.0, 0.0005, 0.5, 1.0]], [[0.0], [0.0], [0.2], [0.0004]])
    view = shown()
    view.show_snapshot(snapshot_of(weights))
    assert [bar.opts["height"] for bar in view.bars] == [25.0, 50.0]
    assert [bar.opts["height"] for bar in view.near_bars] == [25.0, 25.0]
    assert [bar.opts["y0"] for bar in view.near_bars] == [25.0, 50.0]
    assert heights(view, 0).sum() == 3
    assert heights(view, 1).sum() == 2
    assert view.legend.texts == (
        "layer 1: 25 % zero, 25 % near",
        "layer 2: 50 % zero, 25 % near",
        "near: 0 < |w| < 0.001",
    )
    assert view.near_bars[0].opts["brush"].color().alpha() < 100 < view.bars[0].opts["brush"].color().alpha()


def test_raising_lambda_empties_the_histogram_into_the_bars(shown):
    run = build_trainer(preset("gauss-noise").settings.with_values(lam=0.0))
    run.advance(200 * 20)
    view = shown()
    view.show_snapshot(dataclasses.replace(run.snapshot(), stopped="epochs"))
    top, full = view.spread.y_range[1], sum(heights(view, layer).sum() for layer in (0, 1))
    assert full == 96
    run.apply("lam", 0.05)
    run.advance(200 * 100)
    view.show_snapshot(dataclasses.replace(run.snapshot(), stopped="epochs"))
    assert sum(heights(view, layer).sum() for layer in (0, 1)) < 12
    assert view.bars[0].opts["height"] > 85
    assert view.spread.y_range[1] >= top


def test_the_axis_of_counts_holds_unless_bars_are_very_low(shown):
    view = shown()
    low, high = np.full((10, 10), 0.5), np.linspace(0.001, 0.999, 100).reshape(10, 10)
    ends = np.full((10, 1), 0.5)
    view.show_snapshot(snapshot_of((low, ends), rows_seen=1))
    top = view.spread.y_range[1]
    assert top >= 108
    view.show_snapshot(snapshot_of((high, ends), rows_seen=2))
    assert 10 < view.spread.y_range[1] < top
    held = view.spread.y_range[1]
    view.show_snapshot(snapshot_of((high * 0.9, ends * 0), rows_seen=3))
    assert view.spread.y_range[1] <= held
    view.show_snapshot(snapshot_of((high, ends * 0), rows_seen=0))
    assert view.spread.y_range[1] < 8


def test_all_zero_and_tiny_and_huge_weights(shown):
    view = shown()
    for scale in (0.0, 1e-9, 1e6):
        view.show_snapshot(snapshot_of(([[scale, -scale]], [[scale], [0.0]])))
        edges = view.spread.x_range
        assert edges[1] >= scale
        ticks = view.spread._axes["bottom"]._tickLevels[0]
        assert 2 <= len(ticks) <= 12
    view.show_snapshot(snapshot_of(([[0.0, 0.0]], [[0.0], [0.0]])))
    assert [bar.opts["height"] for bar in view.bars] == [100.0, 100.0]
    assert view.legend.texts[0] == "layer 1: 100 % zero, 0 % near"


@pytest.mark.parametrize("n_layers", range(1, 8))
@pytest.mark.parametrize("size", [(365, 348), (225, 258)])
def test_one_to_seven_layers(qtbot, shown, n_layers, size):
    hidden = (6,) * (n_layers - 1)
    run = build_trainer(preset("gauss-noise").settings.with_values(hidden=hidden, epochs=3))
    run.advance(600)
    view = shown(size)
    view.show_snapshot(dataclasses.replace(run.snapshot(), stopped="epochs"))
    assert len(view.bars) == len(view.labels) == len(view.outlines) == n_layers
    assert len({curve.opts["pen"].color().name() for curve in view.outlines}) == n_layers
    assert len(view.legend.texts) == n_layers + 1
    qtbot.waitUntil(lambda: view.spread.size_px[1] > 50)
    assert view.legend.height() <= 90
    view._fit_numbers()
    is_shown = [label.isVisible() for label in view.labels]
    assert is_shown == [view.shares.size_px[0] / n_layers >= NUMBER_PX] * n_layers
    assert QFontMetricsF(text_font(TICK_PX)).horizontalAdvance("100") <= NUMBER_PX


def test_shares_are_never_rounded_to_all_or_nothing():
    assert share_text(0, 80) == "0"
    assert share_text(80, 80) == "100"
    assert share_text(1, 10_000) == "1"
    assert share_text(9_999, 10_000) == "99"
    assert share_text(0, 0) == "0"


def test_skipped_snapshots_and_clearing(qtbot, shown):
    run = build_trainer(preset("gauss-noise").settings)
    view = shown()
    assert view.is_empty
    for _ in range(5):
        run.advance(200)
        view.show_snapshot(run.snapshot())
    assert view._throttle.is_waiting
    last = run.snapshot()
    qtbot.waitUntil(lambda: heights(view, 0).tolist() == last.histograms[0].counts.tolist())
    view.show_records(())
    view.set_palette(LIGHT)
    assert view.bars[0].opts["brush"].color().name() == LIGHT.layers[0]
    assert heights(view, 0).tolist() == last.histograms[0].counts.tolist()
    view.clear()
    assert view.is_empty
    assert view.legend.texts == ()
