"""Settings: limits, text, JSON and TOML both ways, and what is said when something cannot be."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.settings import LIVE, SPECS, RunSettings, SettingError, part_of

ids = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=12)
run_settings = st.builds(
    lambda **values: RunSettings().with_values(**values),
    source=ids,
    hidden=st.lists(st.integers(1, 512), max_size=6).map(tuple),
    activation=ids,
    epochs=st.integers(1, 1_000_000),
    learn_rate=st.floats(1e-6, 100.0),
    batch=st.integers(1, 100_000),
    seed=st.integers(0, 2**32 - 1),
    method=ids,
    lam=st.floats(0.0, 100.0),
)


@given(run_settings)
def test_json_and_toml_round_trip(settings):
    assert RunSettings.from_json(settings.to_json()) == settings
    assert RunSettings.from_toml(settings.to_toml()) == settings


@pytest.mark.parametrize("name", list(SPECS))
def test_every_setting_is_described_and_its_default_allowed(name):
    spec = SPECS[name]
    assert spec.label
    assert spec.help.endswith(".")
    spec.check(name, RunSettings().value(name))
    if spec.kind in ("int", "float"):
        for limit in (spec.low, spec.high):
            spec.check(name, limit)
            assert f"{limit:,}" in spec.limits or f"{limit:g}" in spec.limits


NUMBERS = [name for name, spec in SPECS.items() if spec.kind in ("int", "float")]


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, "8", None, True, [1], -1e-9, 1e999])
def test_nonsense_is_refused_with_the_limits(name, bad):
    with pytest.raises(SettingError, match=SPECS[name].label) as caught:
        RunSettings().with_values(**{name: bad})
    assert SPECS[name].limits in str(caught.value)
    assert caught.value.field == name


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["", " ", "abc", "nan", "inf", "-1", "1e999", "0x10", "1,5", "--5", "1" * 400])
def test_nonsense_text_is_refused(name, text):
    with pytest.raises(SettingError) as caught:
        SPECS[name].parse(name, text)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "sizes"), [("8", (8,)), ("16,8", (16, 8)), (" 16 , 8 ", (16, 8)), ("none", ()), ("None", ())]
)
def test_hidden_sizes_from_text(text, sizes):
    assert SPECS["hidden"].parse("hidden", text) == sizes


@pytest.mark.parametrize("text", ["", "0", "513", "8,,8", "-1", "1,1,1,1,1,1,1", "8;8", "many"])
def test_hidden_sizes_that_cannot_be(text):
    with pytest.raises(SettingError, match="up to 6 layers"):
        SPECS["hidden"].parse("hidden", text)


@given(st.floats(0.0, 100.0))
def test_floats_survive_text(lam):
    assert SPECS["lam"].parse("lam", repr(lam)) == lam


def test_only_live_settings_are_marked_live():
    assert set(LIVE) == {
        "epochs", "learn_rate", "method", "lam", "alpha", "dropout", "jitter", "max_norm", "threshold", "decay"
    }  # fmt: skip


def test_settings_are_frozen_and_compare():
    settings = RunSettings()
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.penalty.lam = 1.0
    assert settings.with_values(lam=0.5) != settings
    assert settings.with_values(lam=0.5).value("lam") == 0.5
    assert settings.penalty.lam == 3e-3
    assert part_of("lam") == "penalty"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ('{"schema": 99}', "schema 99"),
        ('{"nonsense": {}}', "no group"),
        ('{"penalty": {"lamda": 1}}', "no setting 'lamda'"),
        ('{"penalty": {"epochs": 1}}', "no setting 'epochs'"),
        ('{"penalty": 3}', "no group"),
        ('{"penalty": {"lam": "0.1"}}', "Lambda must be"),
        ('{"penalty": {"lam": NaN}}', "Lambda must be"),
    ],
)
def test_wrong_json_is_refused_with_the_cause(text, said):
    with pytest.raises(SettingError, match=said):
        RunSettings.from_json(text)


def test_wrong_toml_is_refused_with_the_cause():
    with pytest.raises(SettingError, match="line 2"):
        RunSettings.from_toml("[penalty]\nlam = = 1\n")


def test_what_is_missing_keeps_the_base():
    base = RunSettings().with_values(epochs=7)
    assert RunSettings.from_toml("[penalty]\nlam = 0.5\n", base) == base.with_values(lam=0.5)
