"""Views of a number: its surface and points on one scale, R2 and error, predicted over true, and no kept classes."""

import dataclasses
import math

import numpy as np
import pytest
from PySide6.QtGui import QColor

from l1gui.app.controls.figures import FiguresPanel
from l1gui.app.number_scale import BLEND, N_STEPS, NumberScale, ends_of
from l1gui.app.plotting import rgb
from l1gui.app.theme import DARK, LIGHT
from l1gui.app.views.accuracy import AccuracyView
from l1gui.app.views.boundary import BoundaryView
from l1gui.app.views.error import ErrorView
from l1gui.app.views.loss import LossView
from l1gui.app.views.network import NetworkView
from l1gui.app.views.predicted import PredictedView
from l1gui.core.history import COLUMNS, HistoryView
from l1gui.core.record import RunRecord
from l1gui.data.presets import preset
from l1gui.runs import build_trainer, run_to_end
from l1gui.settings import RunSettings

NUMBER = RunSettings().with_values(
    loss="squared", epochs=60, learn_rate=0.05, batch=10, lam=1e-4, initialization="xavier", method="proximal"
)


@pytest.fixture
def shown(qtbot):
    def make(view_class, dataset=None, size=(554, 462), palette=DARK):
        view = view_class()
        qtbot.addWidget(view)
        view.set_palette(palette)
        view.resize(*size)
        view.show()
        if dataset is not None:
            view.set_dataset(dataset)
        return view

    return make


def trained(dataset, **values):
    run = build_trainer(NUMBER.with_values(**values), dataset)
    run.advance(10**9)
    return run


def last_of(run, request=None):
    """The last snapshot, with what the loop would add."""
    grid = run.boundary(request) if request is not None else None
    return dataclasses.replace(run.snapshot(), grid=grid, predictions=run.predictions(), stopped="epochs")


# -- the scale --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_the_scale_goes_from_one_of_the_pair_over_pale_to_the_other(palette):
    scale = NumberScale(-2.0, 6.0, palette)
    colours = scale.colours(scale.places([-9.0, -2.0, 2.0, 6.0, 9.0]))
    assert [QColor(*map(int, colour)).name() for colour in colours] == [
        palette.first, palette.first, palette.pale, palette.second, palette.second
    ]  # fmt: skip
    assert scale.steps([-9.0, 2.0, 9.0]).tolist() == [0, N_STEPS // 2, N_STEPS - 1]
    picture = scale.tinted(np.array([[-2.0, 2.0], [6.0, 4.0]], dtype=np.float32))
    ground = np.array(rgb(palette.card), dtype=float)
    for at, name in (((0, 0), palette.first), ((0, 1), palette.pale), ((1, 0), palette.second)):
        assert picture[at] == pytest.approx(ground + BLEND * (np.array(rgb(name)) - ground), abs=1.1)


def test_the_ends_leave_a_few_extremes_out():
    numbers = np.append(np.linspace(0, 1, 1000), [1e6, -1e6])
    low, high = ends_of(numbers)
    assert -0.01 < low < 0.02
    assert 0.98 < high < 1.01
    assert ends_of(np.full(5, 3.0)) == (2.5, 3.5)
    mostly_one = np.append(np.zeros(500), 7.0)
    assert ends_of(mostly_one) == (0.0, 7.0)


def test_the_legend_has_the_numbers_at_the_ends_in_raw_units(shown, numbers):
    data = numbers()
    view = shown(BoundaryView, data)
    low, high = np.quantile(50 + 20 * data.train_targets, [0.01, 0.99])
    first, second = view.legend.items
    name, mark, number = first.text.split()
    assert (name, mark) == ("price", "≤")
    assert float(number) == pytest.approx(low, rel=1e-3)
    assert float(second.text.split()[1]) == pytest.approx(high, rel=1e-3)
    assert second.scale == (DARK.first, DARK.pale, DARK.second)
    assert view.title.text() == "Prediction"


# -- the surface ------------------------------------------------------------------------------------------------------


def test_the_surface_is_the_networks_number(shown, numbers):
    data = numbers()
    run, view = trained(data), shown(BoundaryView, data)
    snapshot = last_of(run, view.request)
    view.show_snapshot(snapshot)
    scale = NumberScale.of(data, DARK)
    assert view.image.image.tolist() == scale.tinted(snapshot.grid.outputs[:, :, 0]).tolist()
    # Low numbers and high ones lie where the data have them: in1 adds to the number.
    lower, upper = view.image.image[5].mean(axis=0), view.image.image[-5].mean(axis=0)
    assert lower[0] > upper[0]
    assert lower[2] < upper[2]


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_points_have_their_true_numbers_colour(shown, numbers, palette):
    data = numbers()
    view = shown(BoundaryView, data, palette=palette)
    assert len(view.points) == N_STEPS
    scale = NumberScale.of(data, palette)
    steps = scale.steps(data.train_targets)
    for step, item in enumerate(view.points):
        x, y = item.getData()
        own = data.train_inputs[steps == step]
        assert x == pytest.approx(10 + 3 * own[:, 0], rel=1e-6)
        assert y == pytest.approx(10 + 3 * own[:, 1], rel=1e-6)
        # Pale points are seen by their outline, which is dark in both themes.
        assert item.opts["pen"].color().lightness() < 60
    middle = QColor(*map(round, scale.colours(np.array([0.5]))[0]))
    assert view.points[N_STEPS // 2].opts["brush"].color() == middle


def test_points_of_a_number_cannot_be_edited_nor_those_of_a_table(shown, numbers, classes):
    view = shown(BoundaryView, numbers(is_table=False))
    assert view.editor.switch.isHidden()
    view.set_dataset(classes(2))
    assert view.editor.switch.isHidden()
    view.set_dataset(classes(2, is_table=False))
    assert not view.editor.switch.isHidden()
    assert view.title.text() == "Decision boundary"
    view.set_dataset(classes(2, n_rows=2_100, is_table=False))
    assert view.editor.switch.isHidden()


def test_with_one_input_the_prediction_is_a_line(shown, numbers):
    data = numbers(n_inputs=1)
    run, view = trained(data, hidden=(6,)), shown(BoundaryView, data)
    view.show_snapshot(last_of(run, view.request))
    x, y = view.line.getData()
    assert view.image.image is None
    assert view.legend.texts[-1] == "prediction"
    axis = view.plot.getPlotItem().getAxis
    assert (axis("bottom").labelText, axis("left").labelText) == ("in0", "price")
    guess = run.boundary(view.request).outputs[:, 0, 0]
    assert y == pytest.approx(50 + 20 * guess, rel=1e-5)
    assert x[[0, -1]] == pytest.approx(view.figure.x_range)
    drawn = np.concatenate([item.getData()[1] for item in view.points])
    assert sorted(drawn) == pytest.approx(sorted(50 + 20 * data.train_targets))
    view.clear()
    assert view.line.getData()[0].size == 0


def test_test_points_are_hollow_and_offered_only_where_there_are_some(shown, numbers):
    view = shown(BoundaryView, numbers())
    view.show_test.setChecked(True)
    assert len(view.points) == 2 * N_STEPS
    assert view.points[3].opts["brush"].style().name == "NoBrush"
    view.set_dataset(numbers(n_test=0))
    assert view.show_test.isHidden()
    assert sum(len(item.data) for item in view.points) == 200


# -- curves and figures -----------------------------------------------------------------------------------------------


def test_accuracy_becomes_r2_and_back(shown, numbers, classes):
    data = numbers(n_validation=40)
    view, snapshot = shown(AccuracyView, data, (365, 348)), last_of(trained(data))
    view.show_snapshot(snapshot)
    assert view.title.text() == "R²"
    assert view.curves["test"].getData()[1].tolist() == snapshot.history["test_r2"].tolist()
    assert view.curves["validation"].getData()[1].tolist() == snapshot.history["validation_r2"].tolist()
    texts = [f"{name} {getattr(snapshot, name).r2:.3f}" for name in ("train", "validation", "test")]
    assert list(view.legend.texts) == texts
    assert view.figure.y_range[0] >= -0.2
    assert view.figure.y_range[1] > 1
    view.set_dataset(classes())
    assert view.title.text() == "Accuracy"
    assert view.is_empty


def test_the_axis_of_r2_follows_curves_that_stay_far_below_zero(shown, numbers):
    data = numbers()
    view = shown(AccuracyView, data, (365, 348))
    bad = dataclasses.replace(last_of(trained(data)))
    table = bad.history.table.copy()
    table[:, COLUMNS.index("test_r2")] -= 1.6
    bad = dataclasses.replace(bad, history=HistoryView(table), test=dataclasses.replace(bad.test, r2=-0.7))
    view.show_snapshot(bad)
    assert view.figure.y_range[0] == pytest.approx(-1.0)


def test_error_is_in_the_targets_units(shown, numbers):
    data = numbers(target="<price> in €")
    view, run = shown(ErrorView, data, (365, 348)), trained(data)
    snapshot = last_of(run)
    view.show_snapshot(snapshot)
    assert view.curves["test"].getData()[1].tolist() == snapshot.history["test_rmse"].tolist()
    guess = 50 + 20 * run.predictions().test
    assert snapshot.test.rmse == pytest.approx(np.sqrt(((guess[:, 0] - guess[:, 1]) ** 2).mean()), rel=1e-4)
    assert view.plot.getPlotItem().getAxis("bottom").labelText == "epoch · RMSE of &lt;price&gt; in €"
    view.log_value.setChecked(True)
    assert 10 ** view.curves["test"].getData()[1][-1] == pytest.approx(snapshot.test.rmse)


def test_a_target_that_never_varies_has_an_error_but_no_r2(shown, numbers):
    data = numbers()
    data = dataclasses.replace(data, train_targets=np.full(200, 1.0), test_targets=np.full(60, 1.0))
    snapshot = last_of(trained(data, epochs=3))
    assert math.isnan(snapshot.test.r2)
    r2, error = shown(AccuracyView, data, (365, 348)), shown(ErrorView, data, (365, 348))
    for view in (r2, error):
        view.show_snapshot(snapshot)
    assert r2.legend.texts == ()
    assert r2.curves["test"].getData()[0].size == 0
    assert error.legend.texts[1].startswith("test ")
    figures = FiguresPanel()
    figures.show_snapshot(snapshot)
    assert figures.test.big.text() == "-"


def test_kept_runs_of_another_kind_are_not_drawn(shown, numbers):
    data = numbers()
    other = run_to_end(preset("article").settings.with_values(epochs=5))
    own = RunRecord("own", NUMBER, last_of(trained(data, epochs=20)))
    snapshot = last_of(trained(data))
    for view_class in (LossView, AccuracyView, ErrorView):
        view = shown(view_class, data, (365, 348))
        view.show_snapshot(snapshot)
        view.show_records((RunRecord("classes", other.settings, other.last), own))
        assert [text for text in view.legend.texts if "kept" in text] == ["own (kept)"]
        assert len(view._kept) == 2
        assert view.figure.y_range[1] < 100
    view = shown(AccuracyView, size=(365, 348))
    view.show_records((RunRecord("classes", other.settings, other.last), own))
    assert len(view._kept) == 2
    assert view._kept[0].getData()[1].max() > 1


def test_figures_of_a_number(qtbot, numbers):
    figures = FiguresPanel()
    qtbot.addWidget(figures)
    snapshot = last_of(trained(numbers()))
    figures.show_snapshot(snapshot)
    assert (figures.test.name.text(), figures.train.name.text()) == ("Test R²", "Train R²")
    assert figures.test.big.text() == f"{snapshot.test.r2:.3f}"
    assert float(figures.test.small.text().removeprefix("RMSE ")) == pytest.approx(snapshot.test.rmse, rel=1e-3)
    figures.show_snapshot(last_of(trained(numbers(n_test=0))))
    assert (figures.test.name.text(), figures.test.big.text(), figures.test.small.text()) == (
        "Test R²", "-", "no test rows"
    )  # fmt: skip


# -- parts of the rows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_the_validation_curve_is_thin_and_has_no_hue(shown, palette):
    run = build_trainer(preset("article").settings.with_values(patience=40, epochs=40))
    run.advance(10**9)
    snapshot = dataclasses.replace(run.snapshot(), stopped="epochs")
    for view_class, column, scale in ((LossView, "loss", 1.0), (AccuracyView, "correct", 100 / 40)):
        view = shown(view_class, size=(365, 348), palette=palette)
        view.show_snapshot(snapshot)
        curve = view.curves["validation"]
        assert curve.getData()[1] == pytest.approx(scale * snapshot.history[f"validation_{column}"])
        colour = curve.opts["pen"].color()
        assert colour.name() == palette.third
        assert max(colour.getRgb()[:3]) - min(colour.getRgb()[:3]) < 40
        assert [item.mark for item in view.legend.items] == ["line", "line", "thick"]
        assert view.legend.texts[1].startswith("validation ")
        assert view._second.getData()[0].size


def test_without_validation_rows_there_is_no_such_curve(shown):
    run = build_trainer(preset("article").settings.with_values(epochs=3))
    run.advance(10**9)
    view = shown(LossView, size=(365, 348))
    view.show_snapshot(dataclasses.replace(run.snapshot(), stopped="epochs"))
    assert view.curves["validation"].getData()[0].size == 0
    assert len(view.legend.texts) == 2


def test_no_test_rows_are_said_and_not_drawn(shown, classes):
    data = classes(n_test=0)
    run = build_trainer(NUMBER.with_values(loss="cross-entropy"), data)
    run.advance(10**9)
    snapshot = dataclasses.replace(run.snapshot(), stopped="epochs")
    for view_class in (LossView, AccuracyView):
        view = shown(view_class, data, (365, 348))
        view.show_snapshot(snapshot)
        assert view.legend.texts[-1] == "no test rows"
        assert view.curves["test"].getData()[0].size == 0
        assert view._second.getData()[0].size == 0
        assert view.curves["train"].getData()[0].size == 61
    figures = FiguresPanel()
    figures.show_snapshot(snapshot)
    assert (figures.test.big.text(), figures.test.small.text()) == ("-", "no test rows")


# -- predicted and true -----------------------------------------------------------------------------------------------


def test_predicted_over_true_in_raw_units(shown, numbers):
    data = numbers(n_rows=1_500, n_validation=30)
    run, view = trained(data), shown(PredictedView, data)
    snapshot = last_of(run)
    view.show_snapshot(snapshot)
    for name in ("train", "validation", "test"):
        x, y = view.points[name].getData()
        pairs = 50 + 20 * getattr(snapshot.predictions, name)
        assert x == pytest.approx(pairs[:, 0])
        assert y == pytest.approx(pairs[:, 1])
    assert view.legend.texts == ("train (1,000 of 1,500)", "validation", "test", "predicted = true")
    x, y = view.diagonal.getData()
    assert x.tolist() == y.tolist() == list(view.figure.x_range) == list(view.figure.y_range)
    assert view.figure.x_range[0] < (50 + 20 * data.train_targets).min()
    axis = view.plot.getPlotItem().getAxis
    assert (axis("bottom").labelText, axis("left").labelText) == ("true price", "predicted price")
    view.clear()
    assert view.is_empty
    assert view.points["train"].getData()[0].size == 0


def test_far_predictions_are_counted_not_shown(shown, numbers):
    data = numbers()
    view, snapshot = shown(PredictedView, data), last_of(trained(data))
    wild = snapshot.predictions.test.copy()
    wild[:3, 1] = [1e6, -1e6, 1e9]
    predictions = dataclasses.replace(snapshot.predictions, test=wild)
    view.show_snapshot(dataclasses.replace(snapshot, predictions=predictions))
    assert view.words.text() == "3 predictions are beyond the axis."
    low, high = (50 + 20 * data.train_targets).min(), (50 + 20 * data.train_targets).max()
    assert view.figure.y_range[1] - view.figure.y_range[0] < 3 * (high - low)


def test_axes_stay_while_everything_fits(shown, numbers):
    data = numbers()
    run, view = build_trainer(NUMBER.with_values(epochs=200), data), shown(PredictedView, data)
    ranges = set()
    for _ in range(40):
        run.advance(400)
        view.show_snapshot(last_of(run))
        ranges.add(view.figure.y_range)
    assert len(ranges) <= 3


def test_classes_have_no_predicted_numbers(shown, classes):
    view = shown(PredictedView, classes())
    run = build_trainer(preset("article").settings)
    view.show_snapshot(dataclasses.replace(run.snapshot(), predictions=run.predictions(), stopped="epochs"))
    assert view.is_empty


def test_the_output_has_the_targets_name(shown, numbers, classes):
    view = shown(NetworkView, numbers(target="price\nper unit"))
    view.show_snapshot(last_of(trained(numbers())))
    assert view.diagram.output_names == ("price per unit",)
    two = classes(2)
    run = build_trainer(NUMBER.with_values(loss="cross-entropy", output_kind="sigmoid"), two)
    view.set_dataset(two)
    view.show_snapshot(dataclasses.replace(run.snapshot(), stopped="epochs"))
    assert view.diagram.output_names == ("class 1",)
