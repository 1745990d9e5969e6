"""The controls by themselves: what they show, what they let through, what they keep to themselves."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton

from l1gui.app.controls.column import ControlColumn
from l1gui.app.field_grid import ProblemLine
from l1gui.app.fields import parsed, stepped, value_text
from l1gui.app.lambda_dial import (
    LAMBDA_FLOOR,
    LAMBDA_TOP,
    N_STEPS,
    LambdaDial,
    lambda_at,
    position_of,
    scale_for,
    top_for,
)
from l1gui.app.states import SPEEDS, RunState
from l1gui.core.combinations import CHOICES, check_combination
from l1gui.core.penalties import METHODS
from l1gui.data.presets import preset, presets
from l1gui.settings import SPECS, RunSettings, SettingError

GERMAN = QLocale(QLocale.Language.German)


@pytest.fixture
def column(qtbot):
    made = ControlColumn()
    qtbot.addWidget(made)
    made.show_settings(RunSettings())
    return made


def test_dial_starts_with_off_and_covers_its_range():
    assert lambda_at(0) == 0.0
    assert lambda_at(1) == LAMBDA_FLOOR
    assert lambda_at(N_STEPS) == LAMBDA_TOP
    values = [lambda_at(position) for position in range(N_STEPS + 1)]
    assert values == sorted(set(values))
    assert [position_of(value) for value in values] == list(range(N_STEPS + 1))


@given(st.floats(LAMBDA_FLOOR, LAMBDA_TOP))
def test_dial_is_never_more_than_a_step_off(lam):
    assert lambda_at(position_of(lam)) == pytest.approx(lam, rel=0.025)


@given(st.floats(0, 100))
def test_every_lambda_has_a_position(lam):
    assert 0 <= position_of(lam) <= N_STEPS
    assert (position_of(lam) == 0) == (lam == 0)


def test_dial_and_field_follow_each_other(qtbot):
    dial = LambdaDial()
    qtbot.addWidget(dial)
    heard = []
    dial.edited.connect(lambda *what: heard.append(what))
    dial.show_value(0.01)
    assert heard == []
    assert dial.field.text() == "0.01"
    dial.slider.setValue(0)
    assert heard == [("lam", 0.0)]
    assert dial.field.text() == "0"
    dial.field.selectAll()
    qtbot.keyClicks(dial.field, "7.5")
    qtbot.keyClick(dial.field, Qt.Key.Key_Return)
    assert heard[-1] == ("lam", 7.5)
    assert dial.slider.value() == N_STEPS
    assert dial.field.text() == "7.5"


@given(st.sampled_from(["lam", "learn_rate", "init_range"]), st.floats(1e-6, 10.0))
def test_values_survive_the_field_in_any_locale(name, value):
    for locale in (QLocale.c(), GERMAN):
        assert parsed(name, value_text(value, locale=locale), locale=locale) == value


def test_a_point_is_read_where_the_comma_is_usual():
    assert parsed("lam", "0,05", locale=GERMAN) == 0.05
    assert parsed("lam", "0.05", locale=GERMAN) == 0.05
    with pytest.raises(SettingError):
        parsed("lam", "0,05", locale=QLocale.c())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([n for n, s in SPECS.items() if s.kind in ("int", "float")]), st.integers(-50, 50), st.data())
def test_steps_stay_within_the_limits(name, steps, data):
    spec = SPECS[name]
    numbers = st.integers if spec.kind == "int" else st.floats
    value = data.draw(numbers(spec.low, spec.high))
    spec.check(name, stepped(spec, value, steps))


def test_showing_settings_says_nothing(column, qtbot):
    heard = []
    column.settingEdited.connect(lambda *what: heard.append(what))
    for each in presets().values():
        column.show_preset(each)
        column.show_settings(each.settings)
    column.show_settings(preset("gauss-noise").settings)
    assert heard == []
    assert column.findChild(QLineEdit, "lam").text() == "0.05"
    assert column.findChild(QComboBox, "method").currentData() == "cumulative"
    assert column.findChild(QLineEdit, "batch").text() == "10"


def test_every_method_is_offered_with_its_words(column):
    box = column.findChild(QComboBox, "method")
    offered = {box.itemData(k): k for k in range(box.count()) if box.itemData(k)}
    assert set(offered) == set(METHODS)
    for method in METHODS.values():
        assert box.itemText(offered[method.id]) == method.label
        tip = box.itemData(offered[method.id], Qt.ItemDataRole.ToolTipRole)
        assert method.formula in tip
        assert method.help in tip
    assert box.itemText(offered["as-printed"]).startswith("reproduction")


def test_hints_say_what_lambda_does(column):
    base = preset("article").settings
    column.show_settings(base.with_values(method="tack-on", lam=0.001))
    assert "lambda 0.1" in column.penalty.hint.text()
    column.show_settings(base.with_values(method="none"))
    assert "no effect" in column.penalty.hint.text()


@pytest.mark.parametrize(
    ("state", "words", "is_steppable"),
    [
        (RunState.PREPARING, "Preparing…", False),
        (RunState.READY, "Train", True),
        (RunState.RUNNING, "Pause", True),
        (RunState.PAUSED, "Continue", True),
        (RunState.FINISHED, "Train again", False),
        (RunState.DIVERGED, "Train again", False),
        (RunState.FAILED, "Train again", False),
    ],
)
def test_buttons_say_what_comes_next(column, state, words, is_steppable):
    column.show_state(state)
    train = column.findChild(QPushButton, "train")
    assert train.text() == words
    assert train.isEnabled() == (state is not RunState.PREPARING)
    assert column.findChild(QPushButton, "step").isEnabled() == is_steppable


def test_buttons_and_speed_tell(column, qtbot):
    column.show_state(RunState.READY)
    for name, signal in (
        ("train", column.trainToggled),
        ("reset", column.resetRequested),
        ("export", column.exportRequested),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(column.findChild(QPushButton, name), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(column.speedChosen) as heard:
        column.findChild(QComboBox, "speed").activated.emit(3)
    assert heard.args == [SPEEDS[3]]


def test_up_and_down_step_a_field(column, qtbot):
    epochs = column.findChild(QLineEdit, "epochs")
    heard = []
    column.settingEdited.connect(lambda *what: heard.append(what))
    qtbot.keyClick(epochs, Qt.Key.Key_Up)
    qtbot.keyClick(epochs, Qt.Key.Key_Down)
    assert heard == [("epochs", 501), ("epochs", 500)]


def test_every_field_says_its_limits(column):
    for name in ("epochs", "learn_rate", "batch", "seed", "hidden", "lam"):
        field = column.findChild(QLineEdit, name)
        assert SPECS[name].limits in field.toolTip()
        assert field.accessibleName()


def refusing(name, value):
    raise SettingError(name, f"not {value} now")


def test_what_cannot_go_together_is_refused_where_it_is_typed(qtbot, column):
    column.set_check(refusing)
    heard = []
    column.settingEdited.connect(lambda *what: heard.append(what))
    column.show()
    field = column.regularization.fields["patience"]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "900")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    problems = [line.text() for line in column.regularization.findChildren(ProblemLine) if line.text()]
    assert problems == ["Not 900 now"]
    mode = column.penalty.mode
    mode.setCurrentIndex(mode.findData("group"))
    mode.activated.emit(mode.currentIndex())
    assert mode.currentData() == "cumulative"
    assert column.penalty.problem.text() == "Not group now"
    assert heard == []


def test_alpha_shows_where_it_counts(column):
    assert column.penalty.mix.isHidden()
    column.show_settings(RunSettings().with_values(method="elastic", alpha=0.25))
    assert not column.penalty.mix.isHidden()
    assert column.penalty.mix.fields["alpha"].text() == "0.25"


def test_planar_data_have_settings_and_others_have_none(column):
    heard = []
    column.settingEdited.connect(lambda *what: heard.append(what))
    assert column.data.generated.isHidden()
    column.show_settings(preset("xor").settings.with_values(derived=("x2^2",)))
    assert not column.data.generated.isHidden()
    checks = {check.accessibleName(): check for check in column.data.planar_inputs.checks.values()}
    assert [name for name, check in checks.items() if check.isChecked()] == ["Derived input x2^2"]
    checks["Derived input x1*x2"].click()
    assert heard == [("derived", ("x2^2", "x1*x2"))]


@given(st.integers(-2, 5))
def test_a_dial_for_numbers_has_the_same_steps_elsewhere(power):
    top = 0.5 * 10.0**power
    values = [lambda_at(position, top) for position in range(N_STEPS + 1)]
    assert values == pytest.approx([2 * top * lambda_at(position) for position in range(N_STEPS + 1)], rel=6e-3)
    assert [position_of(value, top) for value in values] == list(range(N_STEPS + 1))


@given(st.floats(0, 1e6))
def test_every_mark_has_a_place_on_its_dial(lam):
    top = top_for(lam)
    assert top >= lam
    assert top == LAMBDA_TOP or top < 11 * lam
    texts = scale_for(top)
    assert list(texts) == sorted(texts)
    assert max(map(len, texts.values())) <= 8


def test_a_dial_that_ends_elsewhere_keeps_its_lambda(qtbot):
    dial = LambdaDial()
    qtbot.addWidget(dial)
    heard = []
    dial.edited.connect(lambda *what: heard.append(what))
    dial.show_value(2.0)
    assert dial.slider.value() == N_STEPS
    dial.set_top(50.0)
    assert dial.slider.value() == position_of(2.0, 50.0) < N_STEPS
    assert dial.field.text() == "2"
    assert "to 50 on" in dial.slider.toolTip()
    assert heard == []
    dial.slider.setValue(N_STEPS)
    assert heard == [("lam", 50.0)]


def test_what_is_seldom_changed_is_folded_away(column, qtbot):
    column.show()
    panel = column.network
    assert panel.more.isHidden()
    assert panel.fold.words.text() == ""
    panel.fold.button.click()
    assert not panel.more.isHidden()
    heard = []
    column.settingEdited.connect(lambda *what: heard.append(what))
    for name, choices in CHOICES.items():
        box = column.findChild(QComboBox, name)
        assert tuple(box.itemData(k) for k in range(box.count())) == choices
        box.setCurrentIndex(1)
        box.activated.emit(1)
    assert heard == [(name, choices[1]) for name, choices in CHOICES.items()]
    panel.fold.button.click()
    column.show_settings(RunSettings().with_values(order="as-given", precision="double"))
    assert panel.more.isHidden()
    assert panel.fold.words.text() == "order as-given, precision double"


def test_truncated_cannot_go_with_leftovers_that_carry(column):
    def check(name, value):
        check_combination(RunSettings().with_values(method="truncated", **{name: value}))

    column.set_check(check)
    box = column.findChild(QComboBox, "leftovers")
    box.activated.emit(box.findData("carry"))
    said = [line.text() for line in column.network.findChildren(ProblemLine) if line.text()]
    assert len(said) == 1
    assert said[0].startswith("Truncated pays at an epoch's last update")
