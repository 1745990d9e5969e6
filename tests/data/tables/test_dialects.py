"""FAULTS rows 2 and 4: delimiters, quotes, ragged rows, lines that hold nothing, headers and names."""

import pytest

from l1gui.data.tables.columns import Mode
from l1gui.data.tables.header import column_names, has_header
from l1gui.data.tables.read import read_table
from l1gui.data.tables.rows import DELIMITERS, find_delimiter
from l1gui.settings import TableSettings


def table_of(write, content, name="t.csv", **values):
    raw = read_table(write(content, name), TableSettings(**values), lambda names: [Mode.TEXT] * len(names))
    rows = zip(*([([*column.texts, ""])[code] for code in column.codes] for column in raw.columns), strict=True)
    return [column.name for column in raw.columns], [list(row) for row in rows], raw


@pytest.mark.parametrize("delimiter", list(DELIMITERS))
def test_row_4_delimiters_are_found_out(write, delimiter):
    sign = DELIMITERS[delimiter]
    lines = [sign.join(cells) for cells in (("a", "b", "c"), ("1", "x", "2.5"), ("2", "y", "3.5"), ("3", "z", "4"))]
    names, rows, raw = table_of(write, "\n".join(lines))
    assert names == ["a", "b", "c"]
    assert rows == [["1", "x", "2.5"], ["2", "y", "3.5"], ["3", "z", "4"]]
    assert raw.reading.delimiter == delimiter


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["1,5;2,5;x", "2,5;3,5;y"], "semicolon"),
        (["date,n", "2020-01-01 10:00,5", "2020-01-02 11:00,6"], "comma"),
        (["a,b", "x;y,1", "z,2", "u;v,3"], "comma"),
        (["a b,c", "New York,1", "San Francisco,2", "Bonn,3"], "comma"),
        (["a\tb", "1,5\t2,5"], "tab"),
        (["only", "one", "column"], "comma"),
        (["a,b,c", "1,2,3", "1,2", "1,2,3"], "comma"),
    ],
)
def test_row_4_the_delimiter_is_what_makes_rows_alike(lines, delimiter):
    assert find_delimiter([f"{line}\n" for line in lines]) == delimiter


def test_row_4_a_named_delimiter_is_obeyed(write):
    names, rows, _ = table_of(write, "a;b,c;d\n1;2,3;4\n2;3,4;5\n", delimiter="comma")
    assert names == ["a;b", "c;d"]
    assert rows == [["1;2", "3;4"], ["2;3", "4;5"]]


def test_row_4_a_spreadsheets_hint_is_no_row(write):
    names, rows, raw = table_of(write, "sep=|\na|b\n1|x\n2|y\n")
    assert (names, rows) == (["a", "b"], [["1", "x"], ["2", "y"]])
    assert raw.lines.tolist() == [3, 4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_row_2_quotes_blank_lines_and_spaces(write, end):
    lines = ['a, "b c" ,d', "", '1,"x, y",  z  ', '2,"say ""hi""",w', "   ", '3,"two', 'lines",v', ",,", "4,u,t"]
    names, rows, raw = table_of(write, end.join(lines) + end)
    assert names == ["a", "b c", "d"]
    assert rows == [["1", "x, y", "z"], ["2", 'say "hi"', "w"], ["3", f"two{end}lines", "v"], ["4", "u", "t"]]
    assert raw.lines.tolist() == [3, 4, 6, 9]
    assert raw.notes == ("3 lines without a value were skipped.",)


def test_row_2_ragged_rows_are_refused_with_line_and_counts(refused):
    said = refused("a,b,c\n1,2,x\n1,2,3,y\n1,2,x\n")
    assert "line 3 has 4 cells and the header has 3" in said
    assert "line 4 has 2 cells and the header has 3" in refused("a,b,c\n1,2,x\n1,2,y\n1,x\n")
    assert "line 2 has 2 cells and line 1 has 3" in refused("1,2,3\n1,2\n3,4,5\n", header="no")
    assert "line 2 has 4 cells and the header has 3" in refused("a,b,c\n1,2,3,x\n1,2,x\n")
    assert "line 3 has 3 cells and the header has 1" in refused("A title\n\na,b,c\n1,2,x\n2,3,y\n")
    # A row that does not fit is told before a column that is not there.
    assert "line 3 has 2 cells and the header has 3" in refused("a,b,c\n1,2,x\n1,2\n", target="z")


def test_row_2_a_ragged_row_far_inside_is_told_too(refused):
    said = refused("a,b,c\n" + "1,2,x\n" * 250_000 + "1,2\n")
    assert "line 250,002 has 2 cells and the header has 3" in said


@pytest.mark.parametrize(
    "text",
    ["a,b,c,\n1,2,x,\n2,3,y,\n", "a,b,c\n1,2,x,\n2,3,y,\n", "a,b,c,,\n1,2,x,,\n2,3,y,,\n", "a,b,c,\n1,2,x\n2,3,y\n"],
)
def test_row_2_delimiters_that_end_every_line_make_no_column(write, text):
    names, rows, _ = table_of(write, text)
    assert names == ["a", "b", "c"]
    assert rows == [["1", "2", "x"], ["2", "3", "y"]]


def test_row_2_what_stands_behind_such_delimiters_is_not_lost(refused):
    text = "a,b,c,\n" + "1,2,x,\n" * 3_000 + "1,2,x,9\n"
    assert "line 3,002 has 4 cells and the others have 3" in refused(text)


def test_row_2_a_last_column_that_is_often_empty_stays(write):
    names, rows, _ = table_of(write, "a,b,c\n1,x,\n2,y,\n3,z,\n")
    assert names == ["a", "b", "c"]
    assert rows == [["1", "x", ""], ["2", "y", ""], ["3", "z", ""]]


def test_row_2_a_quote_never_closed_is_told_with_its_line(refused):
    assert "opened in line 3 is never closed" in refused('a,b\n1,x\n2,"y\n3,z\n4,x\n')
    long = 'a,b\n1,x\n2,"y\n' + "3,z\n" * 100_000
    assert "cell in line 3 has more than 131,072 characters" in refused(long)


def test_lines_and_columns_beyond_all_measure_are_refused(refused):
    assert "first line has more than" in refused("x" * 3_000_000)
    assert "has 10,001 columns; up to 10,000" in refused(",".join(["1"] * 10_001) + "\n")
    text = "a,b\n" + "1,2\n" * 400_000 + "1" * 34_000_000
    assert "a line of it has more than 33,554,432 bytes" in refused(text)


@pytest.mark.parametrize(
    ("rows", "has"),
    [
        (["a,b", "1,2"], True),
        (["1,2", "3,4"], False),
        (["5.1,3.5,setosa", "4.9,3,setosa"], False),
        (["name,kind", "ann,x", "bob,y", "eve,x"], True),
        (["ann,x", "bob,y", "ann,x"], False),
        ([",a", "0,1.5", "1,2.5"], True),
        (["x1,x2,y", "1,,a", ",2,b"], True),
        (["1,2,?", "3,4,5"], False),
        (["1,2,abc", "3,4,5", "5,6,7"], False),
    ],
)
def test_headers_are_found_out(rows, has):
    assert has_header([row.split(",") for row in rows], "point") is has


def test_a_header_can_be_asked_for_or_denied(write):
    names, rows, raw = table_of(write, "1,2\n3,4\n", header="yes")
    assert (names, rows) == (["1", "2"], [["3", "4"]])
    names, rows, raw = table_of(write, "a,b\nc,d\n", header="no")
    assert (names, rows) == (["column 1", "column 2"], [["a", "b"], ["c", "d"]])
    assert "The first row is data: the columns go by number." in raw.notes


def test_row_7_double_and_empty_names_are_mended_and_told():
    names, notes = column_names(["x", "", "x", " y\n z ", "x (3)", "x"])
    assert names == ("x", "column 2", "x (3)'", "y z", "x (3)", "x (6)")
    assert len(set(names)) == len(names)
    assert "'column 2'" in notes[0]
    assert "'x' (called \"x (3)'\" here)" in notes[1] or "'x' (called 'x (3)'' here)" in notes[1]
