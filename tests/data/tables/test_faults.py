"""FAULTS rows 1, 5 to 9, 31: tables that cannot be learned from are refused, or warned of, exactly."""

import numpy as np
import pytest

from l1gui.data.tables import text
from l1gui.data.tables.columns import MAX_CODED
from l1gui.data.tables.errors import TableError


def body(n, line=lambda k: f"{k}.5,{'ab'[k % 2]}"):
    return "".join(line(k) + "\n" for k in range(n))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it is empty; a table needs at least two rows of data"),
        ("\n \r\n\n", "it is empty"),
        ("\ufeff", "it is empty"),
        ("a,b,c\n", "one row only, taken for the columns' names"),
        ("a,b\n,\n", "one row only"),
        ("a,y\n1,x\n", "it has 1 row of data; a table needs at least two"),
        ("y\n1\n2\n", "it has one column only"),
        (",,\n,,\n", "it holds no row"),
    ],
)
def test_row_1_too_little_is_refused_with_what_is_needed(refused, content, said):
    assert said in refused(content)


def test_row_1_two_rows_are_enough(load):
    data = load("a,y\n1,x\n2,z\n", test_share=0.5)
    assert len(data.train_inputs) == 2
    assert len(data.test_inputs) == 0


def test_row_1_too_few_rows_left_to_train_on(refused):
    said = refused("a,y,s\n1,x,train\n2,z,test\n3,x,test\n", split_column="s", target="y")
    assert "1 row of 3 left to train on; at least two are needed" in said


GAPS = "a,b,y\n1,x,p\n,y,q\n3,x,p\ninf,?,q\n5,y,\n6,N/A,q\n7,x,p\n8,y,q\n"


def test_row_5_missing_cells_are_counted_and_told_with_row_and_column(refused):
    said = refused(GAPS)
    assert said.startswith("t.csv: 5 missing cells: 'a' 2 (first: row 2 (line 3)), 'b' 2 (first: row 4 (line 5)), ")
    assert "'y' 1 (first: row 5 (line 6)); 1 of them not finite, such as 'inf' in row 4 (line 5), column 'a'" in said
    assert "--missing drop, mean or mode" in said


def test_row_5_rows_with_missing_cells_are_dropped(load):
    data = load(GAPS, missing="drop", test_share=0.0, scaling="none")
    assert data.train_inputs[:, 0].tolist() == [1, 3, 7, 8]
    assert data.notes[0].startswith("4 rows (50 %) dropped for missing cells: 'a' 2")
    assert [column.fill for column in data.columns] == [None, None]


def test_row_5_missing_cells_are_filled_from_the_training_rows(load):
    text = (
        "a,b,s,y\n1,x,train,p\n,y,train,q\n3,x,train,p\ninf,?,train,q\n5,y,train,\n6,N/A,test,q\n7,x,train,p\n"
        "8,y,test,q\n"
    )
    data = load(text, missing="mean", split_column="s", scaling="none")
    # Trained on: 1, missing, 3, missing, 7. The row without a target cannot be filled.
    assert data.train_inputs[:, 0].tolist() == pytest.approx([1, 11 / 3, 3, 11 / 3, 7])
    assert data.test_inputs[:, 0].tolist() == [6, 8]
    assert data.columns[0].fill == pytest.approx(11 / 3)
    assert data.columns[1].fill == "x"
    assert data.train_inputs[:, 1].tolist() == [0, 1, 0, 0, 0]
    assert data.test_inputs[:, 1].tolist() == [0, 1]
    assert any(note.startswith("1 row (12 %) dropped for missing cells: ") for note in data.notes)
    assert any(note.startswith("4 missing cells filled with the training rows' mean") for note in data.notes)


def test_row_5_the_mode_is_the_most_frequent_number_and_of_two_the_smaller(load):
    data = load("a,y\n1,p\n2,q\n2,p\n1,q\n,p\n9,q\n", missing="mode", test_share=0.0, scaling="none")
    assert data.columns[0].fill == 1
    assert data.train_inputs[4, 0] == 1


def test_row_5_all_rows_dropped(refused):
    said = refused("a,b,y\n1,,p\n,2,q\n3,,p\n,4,q\n", missing="drop")
    assert "0 rows of 4 left to train on" in said


def test_row_5_a_minus_is_a_class_beside_a_plus(load):
    data = load("a,y\n1,+\n2,-\n3,+\n4,-\n", test_share=0.0)
    assert data.class_names == ("+", "-")


def test_row_6_text_in_row_99_999_of_a_column_of_numbers(refused, load):
    cells = [f"{k / 8}" for k in range(100_000)]
    cells[99_998] = "tree"
    text = "a,b,y\n" + "".join(f"{k % 7},{cell},{'pq'[k % 2]}\n" for k, cell in enumerate(cells))
    said = refused(text)
    assert "row 99,999 (line 100,000), column 'b': 'tree' is not a number: mend the cell" in said
    assert "--categorical b" in said
    few = text.replace(".", "").replace(f",{cells[5]},", ",5,")
    assert f"more than {1000:,} categories" in refused(few, categorical=("b",))
    # A column of few different values can be made categorical, and then is.
    few = "a,b,y\n" + "".join(f"{k % 7},{'tree' if k == 99_998 else k % 3},{'pq'[k % 2]}\n" for k in range(100_000))
    assert "row 99,999" in refused(few)
    data = load(few, categorical=("b",), test_share=0.0)
    assert data.input_names == ("a", "b=0", "b=1", "b=2", "b=tree")
    assert data.train_inputs[:, 4].sum() == 1


def test_row_6_texts_behind_many_numbers(refused, monkeypatch):
    monkeypatch.setattr(text, "CHUNK_CELLS", 1_000)
    said = refused("a,y\n" + "".join(f"{k}.5,{k % 2}\n" for k in range(5_000)) + "tree,1\n" * 6_000)
    assert "row 5,001 (line 5,002), column 'a': 'tree' is not a number (6,000 such cells in that column)" in said


def test_row_7_one_class_only(refused):
    said = refused("a,y\n" + body(20, lambda k: f"{k},same"))
    assert "all 15 training rows are of one class, 'same' in column 'y': two are needed" in said
    said = refused("a,y\n" + body(20, lambda k: f"{k},4.5"))
    assert "column 'y', to be learned, is 4.5 in every row" in said


def test_row_7_a_class_with_one_row_is_told_and_trained_on(load):
    data = load("a,y\n" + body(20) + "3,rare\n")
    assert "1 class with one training row only: 'rare'." in data.notes
    assert data.class_names == ("a", "b", "rare")
    assert (data.train_targets == 2).sum() == 1


def test_row_7_many_classes_are_told_and_far_too_many_refused(load, refused):
    data = load("a,y\n" + body(1_500, lambda k: f"{k},c{k % 500}"))
    assert data.n_classes == 500
    assert any(note.startswith("500 classes: each is an output of its own.") for note in data.notes)
    said = refused("a,y\n" + body(4_000, lambda k: f"{k},c{k % 1200}"))
    assert "column 'y', to be learned, has 1,200 classes; up to 1,000 can be" in said
    said = refused("a,y\n" + body(9_000, lambda k: f"{k},c{k % 3000}"))
    assert f"has more than {MAX_CODED:,} classes" in said
    said = refused("a,y\n" + body(9_000, lambda k: f"{k},{k % 3000}"), target_kind="class")
    assert "has 3,000 classes" in said


def test_row_7_a_target_of_free_text_is_hardly_one_of_classes(refused, load):
    text = "a,y\n" + body(60, lambda k: f"{k},name {k if k < 50 else k - 10}")
    assert "has 50 different texts, in 60 rows, and they are hardly classes: choose another" in refused(text)
    prices = "a,y\n" + body(60, lambda k: f'{k},"${k + 1},000"')
    assert "has numbers with signs, such as '$1,000': take the signs away" in refused(prices)
    assert load(text, target_kind="class").n_classes == 50


def test_row_7_constant_and_empty_columns_are_told_and_left_out(load, refused):
    data = load("a,c,d,e,y\n" + body(10, lambda k: f"{k},7,x,,{'ab'[k % 2]}"))
    assert data.input_names == ("a",)
    assert "Column 'e' was left out: it holds no value." in data.notes
    assert "Columns 'c', 'd' were left out: they hold one value only." in data.notes
    said = refused("c,d,y\n" + body(10, lambda k: f"7,x,{'ab'[k % 2]}"))
    assert "no input is left" in said
    assert "'c', 'd'" in said


def test_row_7_constant_in_the_training_rows_alone(load):
    text = "a,b,s,y\n" + body(10, lambda k: f"{k},{max(k - 7, 0)},{'train' if k < 8 else 'test'},{'ab'[k % 2]}")
    data = load(text, split_column="s", target="y")
    assert data.input_names == ("a",)
    assert "Left out, because they hold one value only in the training rows: 'b'." in data.notes


def test_row_7_double_column_names_are_told_and_told_apart(load):
    data = load("a,a,,y\n" + body(10, lambda k: f"{k},{-k},{k * k},{'ab'[k % 2]}"))
    assert data.input_names == ("a", "a (2)", "column 3")
    assert "A column's name comes again: 'a' (called 'a (2)' here)." in data.notes
    assert "A column has no name: called 'column 3' here." in data.notes


def test_row_7_a_target_that_is_not_there(refused, load):
    text = "a,b,y\n" + body(10, lambda k: f"{k},{-k},{'pq'[k % 2]}")
    assert "there is no column 'z' to be learned; there are 'a', 'b', 'y': choose the target" in refused(
        text, target="z"
    )
    assert "there is no column 4; there are 3" in refused(text, target="4")
    assert "there is no column 0" in refused(text, target="0")
    assert load(text, target="2").target_name == "b"
    assert load(text, target=" y ").target_name == "y"
    assert "column 'b' is to be learned and cannot be left out" in refused(text, target="b", left_out=("b",))
    assert "there is no column 'z'; there are" in refused(text, split_column="z")
    assert "there is no column 'z'; there are" in refused(text, categorical=("z",))


def test_row_7_columns_that_cannot_be_inputs_are_refused_with_advice(refused, load):
    text = "id,when,name,a,y\n" + body(
        50, lambda k: f"{k + 1},2020-{k % 12 + 1:02}-{k % 28 + 1:02},person {k},{k * k % 17},{'ab'[k % 2]}"
    )
    said = refused(text)
    assert "of its 50 rows, columns 'when' (dates), 'name' (50 different texts) cannot be learned from" in said
    assert "leave them out (--left-out when,name)" in said
    data = load(text, left_out=("when", "name"))
    assert data.input_names == ("id", "a")
    assert "Column 'id' counts the rows: leave it out (--left-out id)." in data.notes
    said = refused("t,a,y\n" + body(5_000, lambda k: f"text {k},{k % 9},{'ab'[k % 2]}"))
    assert f"column 't' (more than {MAX_CODED:,} different texts) cannot be learned from as it is" in said


@pytest.mark.parametrize(
    "form", ["{d:02}.{m:02}.2021", "{m}/{d}/21", "2021-{m:02}-{d:02}T10:{d:02}:00Z", "{d} Mar 2{m:03}"]
)
def test_row_7_dates_are_known_in_many_forms(refused, form):
    text = "t,a,y\n" + body(300, lambda k: f"{form.format(d=k % 28 + 1, m=k % 12 + 1)},{k % 9},{'ab'[k % 2]}")
    assert "'t' (dates)" in refused(text)


def test_row_7_numbers_with_signs_are_no_categories(refused, load):
    def text(cell):
        return "a,p,y\n" + body(60, lambda k: f"{k},{cell(k)},{'pq'[k % 2]}")

    for cell in (lambda k: f"{k}%", lambda k: f'"${k},{k + 100}.50"', lambda k: f"{k}.5 €", lambda k: f"-£{k}"):
        said = refused(text(cell))
        assert "column 'p' (numbers with signs, such as '" in said
        assert "take the signs away) cannot be learned from as it is: leave it out (--left-out p)" in said
    assert len(load(text(lambda k: f"{k % 5}%")).input_names) == 6


def test_row_7_no_input_is_left(refused):
    assert "no column is left as an input" in refused("a,y\n" + body(10), left_out=("a",))
    assert "no column is left to be learned" in refused("a,y\n" + body(10), left_out=("a", "y"))
    assert "there is no column or input 'b' to leave out; there are 'a'" in refused("a,y\n" + body(10), left_out=("b",))


def test_row_8_a_class_in_the_test_rows_only_counts_as_wrong(load):
    text = "a,y,s\n" + body(9, lambda k: f"{k},{'ab'[k % 2]},train") + "3,new,test\n4,a,test\n5,other,test\n"
    data = load(text, split_column="s", target="y")
    assert data.class_names == ("a", "b")
    assert data.test_targets.tolist() == [-1, 0, -1]
    assert "2 test rows of classes that no training row has ('new', 'other'): they count as wrong." in data.notes


def test_row_8_classes_by_number_in_the_test_rows_only(load):
    text = "a,y,s\n" + body(9, lambda k: f"{k},{k % 2},train") + "3,7,test\n4,1,validation\n"
    data = load(text, split_column="s", target="y")
    assert data.class_names == ("0", "1")
    assert data.test_targets.tolist() == [-1]
    assert data.validation_targets.tolist() == [1]


def test_row_8_a_category_in_the_test_rows_only_is_none(load):
    text = "a,c,y,s\n" + body(9, lambda k: f"{k},{'uvw'[k % 3]},{'ab'[k % 2]},train") + "3,new,a,test\n4,v,b,test\n"
    data = load(text, split_column="s", target="y", scaling="none")
    assert data.input_names == ("a", "c=u", "c=v", "c=w")
    assert data.test_inputs[:, 1:].tolist() == [[0, 0, 0], [0, 1, 0]]
    assert "Column 'c' has categories that no training row has, which count as none: 'new'." in data.notes


@pytest.mark.parametrize("size", ["e30", "e-30"])
def test_row_9_very_large_and_small_numbers_are_warned_of_and_scale(load, size):
    text = "money,share,y\n" + body(20, lambda k: f"{k + 1}{size},0.{k + 10},{'ab'[k % 2]}")
    data = load(text, scaling="none")
    assert len(data.notes) == 1
    assert "column 'money' reaches" in data.notes[0] or "column 'money' 2e-29" in data.notes[0]
    assert "--scaling standard" in data.notes[0]
    scaled = load(text)
    assert scaled.notes == ()
    assert np.abs(scaled.train_inputs).max() < 3
    assert scaled.train_inputs.std(axis=0) == pytest.approx([1, 1], abs=1e-5)


def test_row_9_money_beside_shares_is_warned_of(load):
    text = "money,share,y\n" + body(20, lambda k: f"{k * 1000},0.0{k + 10},{'ab'[k % 2]}")
    assert "Unscaled, column 'money' reaches" in load(text, scaling="none").notes[0]
    calm = "a,b,y\n" + body(20, lambda k: f"{k % 5},0.{k + 10},{'ab'[k % 2]}")
    assert load(calm, scaling="none").notes == ()


def test_row_9_numbers_that_single_precision_does_not_hold(refused, load):
    text = "a,y\n" + body(20, lambda k: f"{k + 1}e200,{'ab'[k % 2]}")
    assert "column 'a': the number is too large for float32: choose a scaling" in refused(text, scaling="none")
    assert load(text, scaling="none", precision="double").train_inputs.dtype == np.float64
    for scaling in ("standard", "minmax"):
        data = load(text, scaling=scaling, missing="mean")
        assert np.isfinite(data.train_inputs).all()
        assert np.isfinite(data.test_inputs).all()


TRAIN = "a,c,b,y\n" + body(12, lambda k: f"{k},{'uvw'[k % 3]},{k * k},{'pq'[k % 2]}")


def test_row_31_other_files_are_matched_by_name(load, write):
    test = write("y,extra,b,c,a\np,9,100,u,5\nnew,9,4,z,6\n", "test.csv")
    validation = write("b;c;a;y\n1,5;u;2,5;q\n", "valid.csv")
    data = load(TRAIN, test_file=test, validation_file=validation, scaling="none")
    assert data.input_names == ("a", "c=u", "c=v", "c=w", "b")
    assert len(data.train_inputs) == 12
    assert data.test_inputs.tolist() == [[5, 1, 0, 0, 100], [6, 0, 0, 0, 4]]
    assert data.test_targets.tolist() == [0, -1]
    assert data.validation_inputs.tolist() == [[2.5, 1, 0, 0, 1.5]]
    assert data.validation_targets.tolist() == [1]
    assert any("'new'" in note for note in data.notes)
    assert any("'z'" in note for note in data.notes)


def test_row_31_other_columns_are_refused_with_the_difference(load, write):
    test = write("a,c,other,y\n1,u,2,p\n", "test.csv")
    with pytest.raises(
        TableError, match=r"test\.csv: it lacks 'b', and has 'other' instead: the columns go by their names"
    ):
        load(TRAIN, test_file=test)
    test = write("a,c,b,y\n1,u,tree,p\n", "test.csv")
    with pytest.raises(TableError, match=r"test\.csv: row 1 \(line 2\), column 'b': 'tree' is not a number"):
        load(TRAIN, test_file=test)
    test = write("a,c,b,y\n1,u,,p\n", "test.csv")
    with pytest.raises(TableError, match=r"test\.csv: 1 missing cell: 'b' 1 \(first: row 1 \(line 2\)\)"):
        load(TRAIN, test_file=test)
    with pytest.raises(TableError, match=r"test\.csv: no row of it can be used"):
        load(TRAIN, test_file=test, missing="drop")
    assert load(TRAIN, test_file=test, missing="mean", scaling="none").test_inputs[0, 4] == pytest.approx(506 / 12)
