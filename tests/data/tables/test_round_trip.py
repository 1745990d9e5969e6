"""Any table of texts and numbers, however it is written down, is read back the same."""

import codecs
import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from l1gui.data.tables.columns import Mode
from l1gui.data.tables.numbers import MISSING
from l1gui.data.tables.read import read_table
from l1gui.data.tables.rows import DELIMITERS
from l1gui.settings import TableSettings

LETTERS = st.characters(codec="cp1252", exclude_categories=("Cc",))
WORD = st.text(LETTERS, min_size=1, max_size=8).map(str.strip).filter(lambda text: text.lower() not in MISSING and text)
# A line's end inside, and quotes and delimiters; none of which is to be taken for one.
INSIDE = st.sampled_from(['"', '""', ",", ";", "\t", "|", "\n", "\r\n", " "])
TEXT = st.one_of(WORD, st.tuples(WORD, INSIDE, WORD).map("".join))
NUMBER = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**6), 10**6).map(float))
ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with a mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "cp1252": lambda text: text.encode("cp1252"),
    "utf-16": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16, big end first": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}


@st.composite
def tables(draw):
    """Columns: of each whether it holds numbers, and its cells."""
    n_rows = draw(st.integers(1, 7))
    kinds = draw(st.lists(st.booleans(), min_size=2, max_size=4))
    return [(kind, draw(st.lists(NUMBER if kind else TEXT, min_size=n_rows, max_size=n_rows))) for kind in kinds]


def written(columns, delimiter, quoting, decimal, end):
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=DELIMITERS[delimiter], quoting=quoting, lineterminator=end)
    writer.writerow([f"name {k}" for k in range(len(columns))])
    for row in zip(*(cells for _, cells in columns), strict=True):
        writer.writerow([repr(cell).replace(".", decimal) if isinstance(cell, float) else cell for cell in row])
    return lines.getvalue()


@given(
    tables(),
    st.sampled_from(list(DELIMITERS)),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["point", "comma"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(list(ENCODINGS)),
)
def test_what_is_written_is_read(write, columns, delimiter, quoting, decimal, end, encoding):
    # Python does not quote a line's end of another sort than its own.
    quoting = csv.QUOTE_ALL if end == "\r" else quoting
    text = written(columns, delimiter, quoting, {"point": ".", "comma": ","}[decimal], end)
    settings = TableSettings(
        delimiter=delimiter, decimal=decimal, header="yes", encoding="cp1252" if encoding == "cp1252" else "auto"
    )
    path = write(ENCODINGS[encoding](text))
    raw = read_table(path, settings, lambda _names: [Mode.NUMBER if kind else Mode.TEXT for kind, _ in columns])
    assert [column.name for column in raw.columns] == [f"name {k}" for k in range(len(columns))]
    for (is_number, cells), column in zip(columns, raw.columns, strict=True):
        if is_number:
            assert column.values.tolist() == cells
        else:
            assert [column.texts[code] for code in column.codes] == [cell.strip() for cell in cells]


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), st.sampled_from(["red", "green"])), min_size=6),
    st.sampled_from(["tab", "semicolon", "pipe", "comma"]),
    st.sampled_from([".", ","]),
)
def test_plain_tables_need_no_settings(write, rows, delimiter, decimal):
    # The number in the first row has a mark that is no thousands mark.
    columns = [(True, [0.25, *(number for number, _ in rows)]), (False, ["red", *(colour for _, colour in rows)])]
    text = written(columns, delimiter, csv.QUOTE_MINIMAL, decimal, "\n")
    raw = read_table(write(text), TableSettings(), lambda names: [Mode.AUTO] * len(names))
    assert raw.reading.delimiter == delimiter
    assert raw.columns[0].values.tolist() == columns[0][1]
    assert [raw.columns[1].texts[code] for code in raw.columns[1].codes] == columns[1][1]
