"""The curves over the epochs: what is drawn is the history, thinned or not, and the legend says where it ends."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from l1gui.app.envelope import MOST, Envelope
from l1gui.app.event_marks import event_text
from l1gui.app.theme import DARK, LIGHT
from l1gui.app.views.accuracy import AccuracyView
from l1gui.app.views.loss import LossView
from l1gui.core.history import COLUMNS, HistoryView
from l1gui.core.record import LiveChange, RunRecord
from l1gui.data.presets import preset
from l1gui.runs import build_trainer, run_to_end

VIEWS = (LossView, AccuracyView)


def trainer(name="article", **values):
    return build_trainer(preset(name).settings.with_values(**values))


@pytest.fixture
def shown(qtbot):
    def make(view_class, size=(365, 348)):
        view = view_class()
        qtbot.addWidget(view)
        view.set_palette(DARK)
        view.resize(*size)
        view.show()
        return view

    return make


def show(view, snapshot):
    """As the last snapshot of a run: drawn at once."""
    view.show_snapshot(dataclasses.replace(snapshot, stopped="epochs"))


def with_history(snapshot, **columns):
    """The snapshot with made-up columns."""
    length = len(next(iter(columns.values())))
    table = np.zeros((length, len(COLUMNS)), dtype=np.float32)
    for name, values in columns.items():
        table[:, COLUMNS.index(name)] = values
    return dataclasses.replace(snapshot, history=HistoryView(table), epoch=length - 1)


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_the_curves_are_the_history(shown, palette):
    run = trainer(epochs=60)
    run.advance(200 * 60)
    last = run.snapshot()
    loss, accuracy = shown(LossView), shown(AccuracyView)
    for view in (loss, accuracy):
        view.set_palette(palette)
        show(view, last)
    for name, rows in (("train", 200), ("test", 40)):
        x, y = loss.curves[name].getData()
        assert x.tolist() == list(range(61))
        assert y.tolist() == last.history[f"{name}_loss"].tolist()
        _, y = accuracy.curves[name].getData()
        assert y == pytest.approx(100 * last.history[f"{name}_correct"] / rows)
        for view in (loss, accuracy):
            colour = palette.first if name == "train" else palette.second
            assert view.curves[name].opts["pen"].color().name() == colour
    x, y = loss._second.getData()
    assert y == pytest.approx(loss.curves["test"].getData()[1], abs=loss.figure.pixel_height * 1.01)


def test_the_legend_has_the_articles_counts(shown):
    last = run_to_end(preset("article").settings.with_values(method="none")).last
    accuracy, loss = shown(AccuracyView), shown(LossView)
    show(accuracy, last)
    show(loss, last)
    assert accuracy.legend.texts == ("train 94.0 % (188/200)", "test 55.0 % (22/40)")
    assert loss.legend.texts == (f"train {last.train.loss:.4f}", f"test {last.test.loss:.4f}")
    assert [item.mark for item in loss.legend.items] == ["line", "thick"]


def test_it_says_that_the_penalty_is_not_in_the_loss(shown):
    assert "without the penalty" in shown(LossView).plot.getPlotItem().getAxis("bottom").labelText


@pytest.mark.parametrize("view_class", VIEWS)
def test_nothing_looks_empty_before_the_first_epoch(shown, view_class):
    view = shown(view_class)
    assert view.is_empty
    assert view.hint.text() == "no run yet"
    show(view, trainer().snapshot())
    assert not view.is_empty
    assert view.waiting.isVisible()
    assert len(view.dots.data) == 2
    run = trainer()
    run.advance(400)
    show(view, run.snapshot())
    assert not view.waiting.isVisible()
    assert len(view.dots.data) == 0
    view.clear()
    assert view.is_empty
    assert view.legend.texts == ()
    assert len(view.curves["train"].getData()[0]) == 0


def test_a_skipped_snapshot_is_drawn_in_the_end(qtbot, shown):
    view, run = shown(LossView), trainer()
    for _ in range(20):
        run.advance(200)
        view.show_snapshot(run.snapshot())
    assert view._throttle.is_waiting
    qtbot.waitUntil(lambda: len(view.curves["train"].getData()[0]) == 21)


def test_kept_runs_are_dashed_and_named(shown):
    view = shown(LossView)
    records = tuple(
        RunRecord(label, part.last.settings, part.last)
        for label in ("no penalty", "other")
        for part in [run_to_end(preset("article").settings.with_values(method="none", epochs=30))]
    )
    run = trainer()
    run.advance(200 * 10)
    show(view, run.snapshot())
    view.show_records(records)
    assert view.legend.texts[2:] == ("no penalty (kept)", "other (kept)")
    assert [item.mark for item in view.legend.items[2:]] == ["dash", "dots"]
    assert len(view._kept) == 4
    assert view._kept[0].getData()[1].tolist() == records[0].last.history["train_loss"].tolist()
    patterns = [curve.opts["pen"].dashPattern() for curve in view._kept]
    assert patterns[0] == patterns[1] != patterns[2]
    assert not view.curves["train"].opts["pen"].dashPattern()
    assert view.figure.x_range[1] >= 30
    view.show_records(())
    assert view._kept == []
    assert len(view.legend.texts) == 2


def test_another_run_starts_the_curves_anew(shown):
    view = shown(AccuracyView)
    run = trainer(epochs=50)
    run.advance(200 * 50)
    show(view, run.snapshot(run_id=1))
    other = trainer(epochs=40, seed=3)
    other.advance(200 * 40)
    show(view, other.snapshot(run_id=2))
    assert view.curves["train"].getData()[1] == pytest.approx(other.history.view()["train_correct"] / 2)


def test_log_axes(shown):
    view, run = shown(LossView), trainer(epochs=200)
    run.advance(200 * 200)
    last = run.snapshot()
    show(view, last)
    view.log_epochs.setChecked(True)
    view.log_value.setChecked(True)
    x, y = view.curves["train"].getData()
    losses = last.history["train_loss"].astype(np.float64)
    assert 10 ** x[-1] == pytest.approx(200)
    assert 10 ** y[-1] == pytest.approx(losses[-1])
    assert np.isin(np.round(10**y, 9), np.round(losses, 9)).all()
    ticks = [text for _, text in view.plot.getPlotItem().getAxis("bottom")._tickLevels[0]]
    assert ticks[:2] == ["1", "10"]
    assert not AccuracyView.can_log_value
    view.log_epochs.setChecked(False)
    view.log_value.setChecked(False)
    assert view.curves["train"].getData()[1].tolist() == losses.tolist()


def test_ranges_move_in_steps(shown):
    view, run = shown(LossView), trainer(epochs=100_000)
    ranges = set()
    for _ in range(60):
        run.advance(200)
        show(view, run.snapshot())
        assert view.figure.x_range[1] >= run.epoch
        assert view.figure.y_range[1] >= run.history.view()["train_loss"].max()
        ranges.add((view.figure.x_range, view.figure.y_range))
    assert len(ranges) <= 8


def test_a_million_epochs_keep_every_spike(shown):
    rng = np.random.default_rng(0)
    losses = (1 / np.arange(1, 1_000_001) ** 0.2 + rng.uniform(0, 0.01, 1_000_000)).astype(np.float32)
    losses[700_123] = 3.0
    view = shown(LossView)
    show(view, with_history(trainer().snapshot(), train_loss=losses, test_loss=losses / 2))
    x, y = view.curves["train"].getData()
    assert len(x) <= 2 * view.plot.width() + 1
    assert y.max() == 3.0
    assert y.min() == losses.min()
    assert (x[-1], y[-1]) == (999_999, losses[-1])
    assert x[y.argmax()] == pytest.approx(700_123, abs=1_000_000 / view.plot.width())
    view.log_epochs.setChecked(True)
    x, y = view.curves["train"].getData()
    assert len(x) <= 2 * view.plot.width() + 1
    assert y.max() == 3.0


@given(st.lists(st.integers(1, 3 * MOST), min_size=1, max_size=6), st.booleans())
def test_a_grown_envelope_is_that_of_the_whole(lengths, is_log):
    ends = np.cumsum(lengths)
    column = np.random.default_rng(len(lengths)).normal(size=ends[-1])
    grown, whole = Envelope(is_log=is_log), Envelope(is_log=is_log)
    for end in ends:
        grown.extend(column[:end])
    whole.extend(column)
    for a, b in zip(grown.points(300), whole.points(300), strict=True):
        assert a.tolist() == b.tolist()
    seen = column[1:] if is_log and len(column) > 1 else column
    assert (grown.low, grown.high) == (seen.min(), seen.max())
    assert grown.points(300)[1][-1] == column[-1]


def test_extending_looks_at_new_values_only():
    column = np.random.default_rng(0).uniform(1, 2, size=1_000_000)
    envelope = Envelope()
    envelope.extend(column[:-1])
    old = column.copy()
    old[: len(old) // 2] = np.nan  # were they read again, the least would not be a number
    envelope.extend(old)
    assert envelope.low == column.min()
    assert envelope.least_positive == column.min()


def test_live_changes_are_marked_where_they_happened(shown):
    loss, accuracy, run = shown(LossView), shown(AccuracyView), trainer()
    run.advance(200 * 100)
    run.apply("lam", 0.05)
    run.advance(200 * 100)
    for view in (loss, accuracy):
        show(view, run.snapshot())
        x, y = view.marks.lines.getData()
        assert x.tolist() == [100, 100]
        assert tuple(y) == view.figure.y_range
        assert view.marks.texts == ("λ 0.05",)
    loss.log_epochs.setChecked(True)
    assert loss.marks.lines.getData()[0] == pytest.approx([2, 2])


def test_labels_of_many_changes_do_not_overlap(qtbot, shown):
    view, run = shown(LossView, size=(225, 230)), trainer(epochs=400)
    for k in range(60):
        run.advance(200)
        run.apply("lam", 0.001 * (k + 1))
    show(view, run.snapshot())
    qtbot.waitUntil(lambda: view.figure.size_px[0] > 100)
    view.marks.place()
    labels = [label for label in view.marks.labels if label.isVisible()]
    assert labels[0].toPlainText() == "λ 0.06"
    boxes = sorted((box.left(), box.right()) for box in (label.sceneBoundingRect() for label in labels))
    assert all(left >= right - 1 for (_, right), (left, _) in zip(boxes, boxes[1:], strict=False))
    assert boxes[0][0] >= 0
    assert boxes[-1][1] <= view.plot.width() + 1


def test_changes_in_words():
    assert event_text(LiveChange(0, "lam", 0.05)) == "λ 0.05"
    assert event_text(LiveChange(0, "learn_rate", 0.1)) == "rate 0.1"
    assert event_text(LiveChange(0, "method", "proximal")) == "mode proximal"


@pytest.mark.parametrize("is_log", [False, True])
def test_the_cursor_reads_the_values(qtbot, shown, is_log):
    loss, accuracy, run = shown(LossView), shown(AccuracyView), trainer(epochs=100)
    run.advance(200 * 100)
    last = run.snapshot()
    for view, texts in (
        (loss, [f"train {last.history['train_loss'][50]:.4f}", f"test {last.history['test_loss'][50]:.4f}"]),
        (accuracy, [f"{n} {last.history[f'{n}_correct'][50] * s:.1f} %" for n, s in (("train", 0.5), ("test", 2.5))]),
    ):
        show(view, last)
        view.log_epochs.setChecked(is_log)
        box = view.figure.item.getViewBox()
        place = box.mapViewToScene(QPointF(math.log10(50) if is_log else 50, 0))
        qtbot.mouseMove(view.plot.viewport(), place.toPoint())
        view.note.read_at(place)
        assert view.note.is_shown
        assert view.note.text.toPlainText().split("\n") == ["epoch 50", *texts]
        view.note.read_at(QPointF(box.sceneBoundingRect().left() - 30, 20))
        assert not view.note.is_shown


def test_large_and_tiny_losses_fit(shown):
    view = shown(LossView)
    assert view.number_text(12345.678) == "12,346"
    assert view.number_text(0.000012) == "1.2e-05"
    assert view.number_text(0.0) == "0.0000"
