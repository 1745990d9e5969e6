"""FAULTS rows 4 and 5: numbers with points, commas and thousands marks; what stands for a missing one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.data.tables.numbers import MISSING, Kind, Odds, find_decimal, read_number, read_numbers


@pytest.mark.parametrize(
    ("cell", "decimal", "value"),
    [
        ("1.5", "point", 1.5), ("1,5", "comma", 1.5), (" -2 ", "point", -2), ("+.5", "point", 0.5), ("5.", "point", 5),
        ("1e3", "point", 1000), ("1,5e-3", "comma", 0.0015), ("1,234", "point", 1234), ("1.234", "comma", 1234),
        ("1,234,567.25", "point", 1234567.25), ("1.234.567,25", "comma", 1234567.25), ("12 345", "point", 12345),
        ("1\u00a0234\u00a0567,5", "comma", 1234567.5), ("1'234.5", "point", 1234.5), ("1\u202f000", "comma", 1000),
        ("007", "point", 7), ("1e30", "point", 1e30), ("1E-30", "point", 1e-30),
    ],
)  # fmt: skip
def test_row_4_what_is_a_number(cell, decimal, value):
    kind, found = read_number(cell, decimal)
    assert kind is Kind.NUMBER
    assert found == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("cell", "decimal"),
    [
        ("1,5", "point"), ("1.5", "comma"), ("1,23,456", "point"), ("1,2345", "point"), ("12,34.5", "point"),
        ("0,123", "point"), ("1,234 567", "point"), ("1234,567", "point"), ("1.234.56", "comma"), ("1_000", "point"),
        ("١٢", "point"), ("12 %", "point"), ("$5", "point"), ("1-2", "point"), ("e5", "point"), ("1 2", "point"),
    ],
)  # fmt: skip
def test_row_4_what_is_none(cell, decimal):
    assert read_number(cell, decimal)[0] is Kind.TEXT
    odds = Odds()
    assert math.isnan(read_numbers([cell, "7"], decimal, odds, 0)[0])
    assert odds.by_kind[Kind.TEXT].count == 1


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("1e400", Kind.TOO_LARGE), ("-1e999", Kind.TOO_LARGE), ("0x1F", Kind.HEX), ("inf", Kind.NOT_FINITE),
        ("-Infinity", Kind.NOT_FINITE), ("1.#INF", Kind.NOT_FINITE), *((cell, Kind.MISSING) for cell in MISSING),
        ("NaN", Kind.MISSING), ("N/A", Kind.MISSING), ("Null", Kind.MISSING), (" - ", Kind.MISSING),
    ],
)  # fmt: skip
def test_rows_4_and_5_odd_cells_are_told_apart(cell, kind):
    for decimal in ("point", "comma"):
        assert read_number(cell, decimal)[0] is kind
    for others in (["7", "8"], ["7", "x"], ["7", "é"]):
        odds = Odds()
        values = read_numbers([*others, cell, cell], "point", odds, 100)
        assert np.isnan(values[2:]).all()
        assert odds.by_kind[kind].count == 2
        assert odds.by_kind[kind].row == 102
        assert odds.by_kind[kind].text == cell


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1), st.sampled_from(["point", "comma"]))
def test_row_4_python_s_own_numbers_are_read_to_the_last_bit(numbers, decimal):
    cells = [repr(number).replace(".", "," if decimal == "comma" else ".") for number in numbers]
    assert read_numbers(cells, decimal, Odds(), 0).tolist() == numbers
    assert [read_number(cell, decimal)[1] for cell in cells] == numbers


CELL = st.one_of(
    st.sampled_from(
        ["", "1,5", "1.5", "1,234", "1.234", "NA", "inf", "1e400", "0x1", "x", "1_0", "é", "1\n2", "-", "7"]
    ),
    st.text(max_size=4),
    st.floats().map(repr),
)


@given(st.lists(CELL, min_size=1, max_size=12), st.sampled_from(["point", "comma"]))
def test_row_4_the_fast_way_says_what_the_slow_one_says(cells, decimal):
    odds = Odds()
    values = read_numbers(cells, decimal, odds, 0)
    wanted = [read_number(cell, decimal) for cell in cells]
    assert np.array_equal(values, [value for _, value in wanted], equal_nan=True)
    for kind in Kind:
        if kind is not Kind.NUMBER:
            assert odds.by_kind[kind].count == sum(each is kind for each, _ in wanted)


@pytest.mark.parametrize(
    ("cells", "delimiter", "decimal", "is_told"),
    [
        (["1.5", "x", "2"], "comma", "point", False),
        (["1,5", "x", "2"], "semicolon", "comma", False),
        (["1,234.5", "1,234"], "comma", "point", False),
        (["1.234,5", "1.234"], "semicolon", "comma", False),
        (["1,234,567"], "semicolon", "point", False),
        (["0,123", "1,234"], "tab", "comma", False),
        (["1,234", "5,678"], "comma", "point", True),
        (["1,234", "5,678"], "semicolon", "comma", True),
        (["1.234", "5.678"], "comma", "point", False),
        (["1.234", "5.678"], "semicolon", "point", True),
        (["1.5", "2.5", "1,5"], "semicolon", "point", True),
        (["01.02.2020", "12.10.2021"], "semicolon", "point", False),
        (["1", "2"], "comma", "point", False),
    ],
)
def test_row_4_the_decimal_mark_is_found_out_and_a_guess_is_told(cells, delimiter, decimal, is_told):
    found, note = find_decimal(cells, delimiter)
    assert found == decimal
    assert bool(note) is is_told
    assert not note or note.endswith(".")


def test_row_4_an_ambiguous_mark_is_told_with_both_readings(load):
    data = load('a,y\n"1,234",x\n"5,678",y\n"1,111",x\n"2,222",y\n', test_share=0.0, scaling="none")
    assert data.train_inputs[:, 0].tolist() == [1234, 5678, 1111, 2222]
    assert "'1,234' can be read in two ways; it was taken for 1234. With --decimal comma it is 1.234." in data.notes[0]
    other = load('a,y\n"1,234",x\n"5,678",y\n"1,234",x\n"9,0",y\n', test_share=0.0, scaling="none", decimal="comma")
    assert other.train_inputs[:, 0].tolist() == pytest.approx([1.234, 5.678, 1.234, 9])
    assert other.notes == ()


def test_row_4_overflow_and_hexadecimal_numbers_are_refused_with_their_cells(refused):
    body = "".join(f"{k}.5,{k % 2}\n" for k in range(30))
    said = refused(f"a,y\n{body}1e400,1\n")
    assert "row 31 (line 32), column 'a': '1e400' is too large for double precision" in said
    said = refused(f"a,y\n{body}0x1F,1\n0x2F,1\n")
    assert "row 31 (line 32), column 'a': '0x1F' is hexadecimal (2 such cells in that column)" in said
    # However the missing ones are handled: these are not missing.
    assert "1e400" in refused(f"a,y\n{body}1e400,1\n", missing="drop")
