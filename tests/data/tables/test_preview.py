"""Previews: what a table is like, fast, and what would stand in the way of importing it; suggested settings."""

import pytest

from l1gui.data.presets import load_data
from l1gui.data.tables import text
from l1gui.data.tables.errors import TableError
from l1gui.data.tables.preview import preview
from l1gui.data.tables.suggest import MOST_HIDDEN, Shape, shape_of, suggested_settings
from l1gui.settings import RunSettings, TableSettings

PASSENGERS = "id;name;age;fare;class;when;survived\n" + "".join(
    f"{k + 1};person {k};{'' if k % 10 == 3 else 20 + k % 30};{k},25;{'uvw'[k % 3]};2020-01-{k % 25 + 1:02};{k % 2}\n"
    for k in range(60)
)


def test_a_preview_tells_how_the_table_is_read_and_what_its_columns_are(write):
    found = preview(TableSettings(file=write(PASSENGERS)))
    reading = found.reading
    assert (reading.encoding, reading.delimiter, reading.decimal, reading.has_header) == (
        "utf-8", "semicolon", "comma", True,
    )  # fmt: skip
    assert [(column.name, column.kind) for column in found.columns] == [
        ("id", "number"), ("name", "text"), ("age", "number"), ("fare", "number"), ("class", "category"),
        ("when", "date"), ("survived", "number"),
    ]  # fmt: skip
    assert [column.n_missing for column in found.columns] == [0, 0, 6, 0, 0, 0, 0]
    assert found.columns[4].n_different == 3
    assert found.columns[4].examples == ("u", "v", "w")
    assert found.columns[3].examples[:2] == ("0,25", "1,25")
    assert len(found.rows) == 50
    assert found.rows[0] == ("1", "person 0", "20", "0,25", "u", "2020-01-01", "0")
    assert (found.n_rows, found.estimated_rows, found.is_whole) == (60, 60, True)
    assert (found.target, found.target_kind, found.n_classes) == ("survived", "class", 2)
    assert found.left_out == ("id", "name", "when")
    assert "--left-out id,name,when" in found.notes[-1]
    assert "6 missing cells: 'age' 6 (first: row 4 (line 5))" in found.problem


def test_what_the_preview_suggests_can_be_imported(write):
    path = write(PASSENGERS)
    base = RunSettings().with_values(file=path, missing="mean")
    found = preview(base.table)
    assert found.problem == ""
    settings = suggested_settings(found, base)
    data = load_data(settings)
    assert data.input_names == ("age", "fare", "class=u", "class=v", "class=w")
    assert data.class_names == ("0", "1")
    assert settings.data.left_out == ("id", "name", "when")
    assert suggested_settings(data, settings) == settings


def test_settings_override_what_is_found_out(write):
    path = write(PASSENGERS)
    found = preview(TableSettings(file=path, delimiter="comma"))
    assert found.reading.delimiter == "comma"
    assert "line 2 has 2 cells and the header has 1" in found.problem
    found = preview(TableSettings(file=path, header="no", decimal="point"))
    assert found.columns[3].name == "column 4"
    assert found.rows[0][1] == "name"
    found = preview(TableSettings(file=path, target="fare"), left_out=("name",))
    assert (found.target, found.target_kind, found.n_classes) == ("fare", "number", 0)
    assert found.left_out == ("id", "when")
    assert preview(TableSettings(file=path, target="3")).target == "age"
    assert preview(TableSettings(file=path, categorical=("age",))).columns[2].kind == "category"


def test_rows_that_do_not_fit_are_shown_with_the_problem(write):
    found = preview(TableSettings(file=write("a,b,c\n1,2,x\n1,2\n3,4,y\n")))
    assert found.columns == ()
    assert found.rows == (("1", "2", "x"), ("1", "2"), ("3", "4", "y"))
    assert "line 3 has 2 cells and the header has 3" in found.problem
    assert found.reading.delimiter == "comma"


@pytest.mark.parametrize(
    ("content", "said"), [("", "it is empty"), (b"PK\x03\x04\0\0", "archive"), ("a\n1\n", "one column only")]
)
def test_what_cannot_be_shown_is_refused(write, content, said):
    with pytest.raises(TableError, match=said):
        preview(TableSettings(file=write(content)))
    with pytest.raises(TableError, match="there is no such file"):
        preview(TableSettings(file="nowhere.csv"))


def test_a_target_that_is_not_there_is_a_problem_and_no_more(write):
    found = preview(TableSettings(file=write(PASSENGERS), target="nothing", missing="drop"))
    assert found.target == ""
    assert "there is no column 'nothing' to be learned" in found.problem
    assert len(found.columns) == 7


def test_text_in_a_column_of_numbers_is_a_problem_and_shown(write):
    found = preview(TableSettings(file=write("a,y\n" + "1,p\n2,q\n" * 10 + "tree,p\n")))
    assert found.columns[0].kind == "numbers and texts"
    assert "row 21 (line 22), column 'a': 'tree' is not a number" in found.problem


def test_a_long_table_is_read_in_part(write, monkeypatch):
    rows = "".join(f"{k % 7}.5,{k % 11},{'p' if k < 100_000 else 'q'}\n" for k in range(200_000))
    path = write("a,b,y\n" + rows)
    read = []
    monkeypatch.setattr(text, "Bytes", lambda *args, **options: read.append(made := Bytes(*args, **options)) or made)
    found = preview(TableSettings(file=path))
    assert read[0].done < 1_500_000 < read[0].size
    assert found.n_rows == 2_000
    assert found.estimated_rows == pytest.approx(200_000, rel=0.05)
    assert not found.is_whole
    # One class so far: that says nothing of the rest.
    assert (found.target, found.problem) == ("y", "")


Bytes = text.Bytes


def test_suggestions_grow_with_the_table():
    base = RunSettings().with_values(source="table", file="bundled:iris", seed=7)
    small = suggested_settings(load_data(base), base)
    large = suggested_settings(load_data(base.with_values(file="bundled:digits")), base)
    assert small.network.hidden == (16,)
    assert large.network.hidden == (MOST_HIDDEN,)
    assert (small.training.seed, small.table.file) == (7, "bundled:iris")
    assert (small.training.loss, small.penalty.method, small.network.initialization) == (
        "cross-entropy", "cumulative", "xavier",
    )  # fmt: skip
    assert shape_of(load_data(base), base.table) == Shape(112, 4, 3)


def test_many_rows_get_fewer_epochs_and_larger_batches(write):
    path = write("a,b,c\n" + "1,2,x\n3,4,y\n" * 10_000)
    base = RunSettings().with_values(file=path)
    settings = suggested_settings(preview(base.table), base)
    assert settings.training.epochs == round(1_000_000 / 15_000)
    assert settings.training.batch == 64


def test_a_number_is_suggested_squared_error(load):
    base = RunSettings()
    data = load("a,y\n" + "".join(f"{k},{k * k}.5\n" for k in range(100)))
    assert suggested_settings(data, base).training.loss == "squared"
