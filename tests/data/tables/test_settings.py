"""FAULTS row 12: settings of tables that cannot be are refused with their choices or the reason."""

import pytest

from l1gui.data.presets import check_data, load_data
from l1gui.data.tables.choices import CHOICES, check_table
from l1gui.settings import SPECS, DataSettings, RunSettings, SettingError, TableSettings


def test_every_setting_that_is_a_name_has_choices_and_its_default_is_one():
    names = {each for each in TableSettings.__dataclass_fields__ if SPECS[each].kind == "name"}
    assert names == set(CHOICES)
    for name, choices in CHOICES.items():
        assert getattr(TableSettings(), name) in choices
        assert all(words and not words.endswith(".") for words in choices.values())


@pytest.mark.parametrize("name", list(CHOICES))
def test_row_12_a_choice_that_there_is_not_is_refused_with_those_there_are(name):
    with pytest.raises(SettingError) as caught:
        check_table(TableSettings(file="t.csv", **{name: "nonsense"}))
    assert caught.value.field == name
    assert f"cannot be 'nonsense'; choose one of {', '.join(CHOICES[name])}" in str(caught.value)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"file": ""}, "file"),
        ({"test_share": 0.6, "validation_share": 0.5}, "test_share"),
        ({"split_column": "s", "test_file": "x.csv"}, "split_column"),
        ({"split_column": "s", "validation_file": "x.csv"}, "split_column"),
        ({"fingerprint": "abc"}, "fingerprint"),
        ({"fingerprint": "G" * 64}, "fingerprint"),
    ],
)
def test_row_12_settings_that_cannot_go_together(values, field):
    with pytest.raises(SettingError) as caught:
        check_table(TableSettings(**{"file": "t.csv"} | values))
    assert caught.value.field == field


@pytest.mark.parametrize("values", [{"file": "t.csv"}, {"missing": "drop"}, {"target": "y"}, {"test_share": 0.5}])
def test_settings_of_tables_are_of_no_use_for_other_data(values):
    (name,) = values
    with pytest.raises(SettingError, match="of no use for the article data") as caught:
        load_data(RunSettings().with_values(**values))
    assert caught.value.field == name
    with pytest.raises(SettingError, match="of no use for the circle data"):
        check_data(DataSettings(source="circle"), TableSettings(**values))
    check_data(DataSettings(source="circle"))


def test_settings_of_generated_data_are_of_no_use_for_tables():
    for values in ({"noise": 0.5}, {"rows": 20}, {"derived": ("x1^2",)}):
        with pytest.raises(SettingError, match="no setting of the table data"):
            load_data(RunSettings().with_values(source="table", file="bundled:iris", **values))


def test_a_table_without_a_file_is_refused():
    with pytest.raises(SettingError, match="there is no table to read"):
        load_data(RunSettings().with_values(source="table"))
