"""Scaling and fills from the training rows alone; categories as inputs; further rows encoded the same way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.data.dataset import Column, Scaling
from l1gui.data.presets import load_data
from l1gui.data.tables.errors import TableError
from l1gui.data.tables.fit import fit_scaling
from l1gui.data.tables.kinds import sort_key
from l1gui.data.tables.match import encode_rows, match_names, unseen
from l1gui.settings import RunSettings

TEXT = "a,c,b,d,y,s\n" + "".join(
    f"{k},{'uvw'[k % 3]},{k * k},{'no' if k % 4 else 'yes'},{'pq'[k % 2]},{'train' if k < 30 else 'test'}\n"
    for k in range(40)
)


FLOATS = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=20)


def loaded(load, **values):
    return load(TEXT, split_column="s", target="y", **values)


def test_scaling_is_fitted_on_the_training_rows_alone(load):
    data = loaded(load)
    a, b = np.arange(40.0), np.arange(40.0) ** 2
    assert data.scaling.offset.tolist() == pytest.approx([a[:30].mean(), 0, 0, 0, b[:30].mean(), 0])
    assert data.scaling.scale.tolist() == pytest.approx([a[:30].std(), 1, 1, 1, b[:30].std(), 1])
    assert data.train_inputs[:, [0, 4]].mean(axis=0) == pytest.approx([0, 0], abs=1e-6)
    assert data.train_inputs[:, [0, 4]].std(axis=0) == pytest.approx([1, 1], rel=1e-6)
    assert data.test_inputs[:, 0] == pytest.approx((a[30:] - a[:30].mean()) / a[:30].std(), rel=1e-6)
    small = loaded(load, scaling="minmax")
    assert small.train_inputs.min() == 0
    assert small.train_inputs.max() == 1
    assert small.test_inputs[:, 0] == pytest.approx(a[30:] / 29)
    assert loaded(load, scaling="none").train_inputs[:, 4].tolist() == b[:30].tolist()


@given(FLOATS, st.sampled_from(["standard", "minmax"]))
def test_scaling_of_whatever_numbers_is_finite(values, scaling):
    values = np.array(values)
    if np.abs(values).max() > 1e307:
        values = values / 100
    offset, scale = fit_scaling(values, scaling)
    assert np.isfinite([offset, scale]).all()
    assert scale > 0
    with np.errstate(over="raise", invalid="raise"):
        scaled = (values - offset) / scale
    assert np.abs(scaled).max() <= len(values)


def test_scaling_of_one_value_is_one():
    for scaling in ("standard", "minmax", "none"):
        assert fit_scaling(np.full(4, 0.1), scaling)[1] == 1.0


def test_three_categories_are_three_inputs_and_two_are_one(load):
    data = loaded(load)
    assert data.input_names == ("a", "c=u", "c=v", "c=w", "b", "d=yes")
    assert data.train_inputs[:6, 1:4].tolist() == np.tile(np.eye(3), (2, 1)).tolist()
    assert data.train_inputs[:6, 5].tolist() == [1, 0, 0, 0, 1, 0]
    assert data.columns == (
        Column("a"), Column("c", ("u", "v", "w")), Column("b"), Column("d", ("yes",), rest=("no",))
    )  # fmt: skip


def test_numbers_can_be_categories_and_keep_their_order(load):
    text = "a,b,y\n" + "".join(f"{(2, 10, 1)[k % 3]},{k},{'pq'[k % 2]}\n" for k in range(12))
    data = load(text, categorical=("a",), test_share=0.0)
    assert data.input_names == ("a=1", "a=2", "a=10", "b")
    assert data.train_inputs[0, :3].tolist() == [0, 1, 0]


def test_categories_and_classes_are_sorted_as_people_do():
    texts = ["item 10", "b", "10", "item 9", "A", "-1", "item 009x", "2.5"]
    assert sorted(texts, key=sort_key) == ["-1", "2.5", "10", "A", "b", "item 9", "item 009x", "item 10"]
    assert sorted(["1" * 5_000 + "x", "2x"], key=sort_key) == ["2x", "1" * 5_000 + "x"]


def test_columns_and_single_inputs_are_left_out_by_name(load):
    data = loaded(load, left_out=("a", "c=v", "d"))
    assert data.input_names == ("c=u", "c=w", "b")
    assert data.columns[0] == Column("c", ("u", "w"), rest=("v",))
    assert data.train_inputs[1, :2].tolist() == [0, 0]


def test_a_name_with_spaces_round_it_is_the_same(load):
    assert loaded(load, left_out=("  a ",)).input_names[0] == "c=u"


def test_a_pruned_table_still_says_how_it_was_encoded(load):
    data = loaded(load)
    rows = {line.split(",")[0]: line.split(",")[:4] for line in TEXT.splitlines()[1:31]}
    small = data.with_inputs([1, 3, 4])
    assert [column.name for column in small.columns] == ["c", "b"]
    assert small.columns[0] == Column("c", ("u", "w"), rest=("v",))
    found = encode_rows(small.columns, small.scaling, [[row[1], row[2]] for row in rows.values()])
    assert np.array_equal(found, small.train_inputs)
    assert data.with_inputs([0, 1, 2, 3]).columns == data.columns[:2]
    assert data.with_inputs([4, 0]).columns == ()


@pytest.mark.parametrize("missing", ["refuse", "mean", "mode"])
@pytest.mark.parametrize("scaling", ["none", "standard", "minmax"])
def test_further_rows_are_encoded_as_the_table_was(load, missing, scaling):
    data = loaded(load, missing=missing, scaling=scaling)
    rows = [line.split(",")[:4] for line in TEXT.splitlines()[1:31]]
    assert np.array_equal(encode_rows(data.columns, data.scaling, rows), data.train_inputs)
    numbers = [[float(a), c, int(b), d] for a, c, b, d in rows]
    assert np.array_equal(encode_rows(data.columns, data.scaling, numbers), data.train_inputs)
    double = loaded(load, missing=missing, scaling=scaling, precision="double")
    assert double.train_inputs.dtype == np.float64
    assert np.array_equal(encode_rows(data.columns, data.scaling, rows, dtype=np.float64), double.train_inputs)


def test_missing_cells_of_further_rows_are_filled_where_training_learned_to(load):
    data = loaded(load, missing="mean", scaling="none")
    filled = encode_rows(data.columns, data.scaling, [["", None, "NA", "?"]])
    assert filled.tolist() == [[14.5, 1, 0, 0, pytest.approx(285.16666), 0]]
    with pytest.raises(
        TableError, match="row 1, column 'a': the cell is missing, and training did not learn to fill it"
    ):
        encode_rows(loaded(load).columns, data.scaling, [["", "u", 1, "no"]])


def test_strange_cells_of_further_rows_are_told(load):
    data = loaded(load, scaling="none")
    rows = [[1, "new", 2, "perhaps"], [1, "u", 2, "no"]]
    assert encode_rows(data.columns, data.scaling, rows).tolist() == [[1, 0, 0, 0, 2, 0], [1, 1, 0, 0, 2, 0]]
    assert unseen(data.columns, rows) == {"c": ("new",), "d": ("perhaps",)}
    assert encode_rows(data.columns, data.scaling, [["1,5", "u", "2", "no"]], decimal="comma")[0, 0] == 1.5
    for cell in ("tree", "1e400", "0x1", float("inf")):
        with pytest.raises(TableError, match="row 2, column 'b'"):
            encode_rows(data.columns, data.scaling, [rows[1], [1, "u", cell, "no"]])
    with pytest.raises(TableError, match="row 1 has 3 cells; there are 4 columns"):
        encode_rows(data.columns, data.scaling, [[1, "u", 2]])


def test_row_31_columns_are_matched_by_name_or_the_difference_is_told():
    assert match_names(["b", "a"], [" a ", "x", "b"]) == [2, 0]
    with pytest.raises(TableError, match="it lacks 'b', and has 'x' instead"):
        match_names(["a", "b"], ["a", "x"])


def test_targets_of_classes_and_numbers(load):
    def kind(cells, **values):
        text = "a,y\n" + "".join(f"{k},{cell}\n" for k, cell in enumerate(cells))
        return load(text, test_share=0.0, **values)

    assert kind(["1", "0"] * 5).class_names == ("0", "1")
    assert kind(["3.0", "1", "2"] * 5).class_names == ("1", "2", "3")
    assert kind(["10", "9", "x"] * 5, target_kind="class").class_names == ("9", "10", "x")
    assert kind(["0.5", "1"] * 5).is_numeric
    assert kind([str(k) for k in range(10)]).is_numeric
    assert not kind([str(k % 10) for k in range(20)]).is_numeric
    assert kind([str(k % 21) for k in range(210)]).is_numeric
    assert kind(["1", "0"] * 5, target_kind="number").is_numeric
    assert kind(["0.5", "1.5"] * 5, target_kind="class").class_names == ("0.5", "1.5")
    assert kind(["b", "a"] * 5).train_targets.dtype == np.int64
    assert kind(["b", "a"] * 5).train_targets.tolist() == [1, 0] * 5


def test_a_stray_text_among_classes_that_are_numbers_is_told(refused):
    text = "a,y\n" + "".join(f"{k},{k % 3}\n" for k in range(12)) + "12,x\n"
    assert "row 13 (line 14), column 'y': 'x' is not a number: mend the cell, or take each value" in refused(text)
    said = refused("a,y\n" + "1,u\n2,v\n" * 5, target_kind="number")
    assert "row 1 (line 2), column 'y': 'u' is not a number (10 such cells in that column)" in said


def test_a_number_is_scaled_where_there_are_hidden_layers(load):
    text = "a,y\n" + "".join(f"{k},{3 * k + 0.5}\n" for k in range(40))
    numbers = 3 * np.arange(40.0) + 0.5
    data = load(text)
    assert data.target_scaling.scale[0] != 1
    assert data.train_targets.mean() == pytest.approx(0, abs=1e-12)
    assert data.train_targets.std() == pytest.approx(1)
    back = [data.target_scaling.to_raw(value, 0) for value in (*data.train_targets, *data.test_targets)]
    assert sorted(back) == pytest.approx(numbers.tolist())
    linear = load(text, hidden=())
    assert sorted([*linear.train_targets, *linear.test_targets]) == numbers.tolist()
    assert linear.train_inputs.dtype == np.float64
    assert data.train_inputs.dtype == np.float32
    assert load(text, hidden=(), precision="single").train_inputs.dtype == np.float32
    assert load(text, hidden=(), target_scaling="standard").train_targets.std() == pytest.approx(1)
    assert load(text, target_scaling="none").target_scaling.scale[0] == 1
    assert (data.is_numeric, data.class_names, data.target_name) == (True, (), "y")


def test_the_type_of_the_inputs_can_be_asked_for():
    from l1gui.data.tables.load import load_table

    settings = RunSettings().with_values(source="table", file="bundled:wine")
    single, double = load_table(settings), load_table(settings, dtype=np.float64)
    assert double.train_inputs.dtype == np.float64
    assert np.array_equal(double.train_inputs.astype(np.float32), single.train_inputs)
    assert isinstance(load_data(settings).scaling, Scaling)
