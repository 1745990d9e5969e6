"""What a table of text is like: encoding, delimiter, decimal mark, header; found out, or as the settings say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from l1gui.data.tables.encoding import Encoding, decode_head, find_encoding
from l1gui.data.tables.errors import TableError
from l1gui.data.tables.header import column_names, has_header
from l1gui.data.tables.numbers import find_decimal
from l1gui.data.tables.rows import DELIMITERS, Row, Rows, check_widths, find_delimiter, lines_of
from l1gui.settings import TableSettings

SAMPLE_LINES, MARK_ROWS, SAMPLE_ROWS = 400, 500, 2_000
"""Lines that tell the delimiter, rows that tell decimal mark and header, rows of a preview."""
SMALL = 2**16
NEEDED = "a table needs at least two rows of data"
MAX_COLUMNS = 10_000
_HINT = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """How a table of text is to be read.

    Attributes
    ----------
    encoding : Encoding
        Of the text.
    delimiter, decimal : str
        Names, as the settings have them.
    has_header : bool
        Whether the first row names the columns.
    is_hinted : bool
        Whether the first line is a spreadsheet's ``sep=;`` and no row.
    names : tuple of str
        Of the columns, each another.
    n_trailing : int
        Empty cells at the end of each row, from delimiters that end the lines.
    sample, starts : list of rows, list of int
        The first rows, without the header, and the lines that they begin in.
    row_bytes : float
        Mean length of those rows.
    notes : tuple of str
        What was guessed or made.
    """

    encoding: Encoding
    delimiter: str
    decimal: str
    has_header: bool
    is_hinted: bool
    names: tuple[str, ...]
    n_trailing: int
    sample: list[Row]
    starts: list[int]
    row_bytes: float
    notes: tuple[str, ...]

    def check_widths(self, rows: list[Row], starts: list[int]) -> None:
        """TableError for the first row that has not as many cells as the header or, without one, the first row."""
        first = "the header" if self.has_header else f"line {self.starts[0]:,}"
        check_widths(rows, starts, len(self.names) + self.n_trailing, first)


def sniff(head: bytes, is_whole: bool, table: TableSettings) -> Sniffed:
    """Find out what the settings leave open, from the first bytes of a text.

    Raises
    ------
    TableError
        When it is no text, or empty, or of one column, or of far too many.
    """
    encoding, text = _text_of(head, table)
    lines = _lines_of(text, is_whole)
    hint = _HINT.fullmatch(lines[0])
    lines = lines[hint is not None :]
    delimiter = _delimiter(lines, table.delimiter, hint[1] if hint is not None else "")
    source = Rows(lines, delimiter, is_whole=is_whole)
    rows, starts = source.take(SAMPLE_ROWS)
    if not rows:
        raise TableError(f"it holds no row; {NEEDED}")
    check_columns(rows, delimiter)
    decimal, notes = table.decimal, []
    if decimal == "auto":
        decimal, note = find_decimal((cell for row in rows[:MARK_ROWS] for cell in row), delimiter)
        notes += [note] if note else []
    is_header = table.header == "yes" or (table.header == "auto" and has_header(rows[:MARK_ROWS], decimal))
    names, n_trailing, made = columns_of(rows, is_header)
    read = sum(map(len, lines[: source.n_lines])) / len(text) * len(head)
    return Sniffed(
        encoding=encoding,
        delimiter=delimiter,
        decimal=decimal,
        has_header=is_header,
        is_hinted=hint is not None,
        names=names,
        n_trailing=n_trailing,
        sample=rows[is_header:],
        starts=[start + (hint is not None) for start in starts[is_header:]],
        row_bytes=read / len(rows),
        notes=(*notes, *made),
    )


def _text_of(head: bytes, table: TableSettings) -> tuple[Encoding, str]:
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0") and len(head) < SMALL:
        raise TableError(f"it is empty; {NEEDED}")
    encoding = find_encoding(head, table.encoding)
    return encoding, decode_head(head, encoding)


def _lines_of(text: str, is_whole: bool) -> list[str]:
    lines = list(lines_of(text))
    if not is_whole:
        lines.pop()  # cut off somewhere
    if not lines:
        raise TableError(
            f"its first line has more than {len(text):,} characters, so that is no table; put each row on a line"
        )
    return lines


def _delimiter(lines: list[str], wanted: str, hinted: str) -> str:
    if wanted != "auto":
        return wanted
    named = {sign: name for name, sign in DELIMITERS.items()}
    return named[hinted] if hinted in named else find_delimiter(lines[:SAMPLE_LINES])


def check_columns(rows: list[Row], delimiter: str = "") -> None:
    """TableError when the rows have one column only, or far too many."""
    width = max(map(len, rows))
    if width == 1:
        needed = "a table needs at least an input and a target"
        if not delimiter:
            raise TableError(f"it has one column only; {needed}")
        raise TableError(
            f"it has one column only, if its delimiter is the {delimiter}; {needed}: name its delimiter (--delimiter)",
            "delimiter",
        )
    if width > MAX_COLUMNS:
        raise TableError(f"it has {width:,} columns; up to {MAX_COLUMNS:,} are read: make a smaller table of it")


def columns_of(rows: list[Row], is_header: bool) -> tuple[tuple[str, ...], int, list[str]]:
    """Names of the columns, how many empty cells end each row of data, and notes."""
    body = rows[1:] if is_header else rows
    if not body:
        raise TableError(f"it has one row only, taken for the columns' names, and no data; {NEEDED}")
    width = len(body[0])
    n_trailing = 0
    is_even = all(len(row) == width for row in body)
    while is_even and n_trailing < width - 1 and not any(row[width - n_trailing - 1].strip() for row in body):
        n_trailing += 1
    if not is_header:
        # A single row tells nothing of a column: its last cells may be missing.
        n_trailing = n_trailing if len(body) > 1 else 0
        names, notes = column_names(width - n_trailing)
        return names, n_trailing, notes
    header = rows[0]
    named = max((k + 1 for k, cell in enumerate(header) if cell.strip()), default=len(header))
    n_trailing = min(n_trailing, max(0, width - named))
    # Where header and rows do not fit each other, the header's width is what the rows are held to.
    n_names = width - n_trailing if named <= width - n_trailing <= len(header) else len(header)
    names, notes = column_names(header[:n_names])
    return names, n_trailing if n_names == width - n_trailing else 0, notes
