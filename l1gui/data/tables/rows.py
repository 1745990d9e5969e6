"""Rows of cells out of lines of text, each with the line that it begins in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from l1gui.data.tables.errors import TableError, counted

DELIMITERS = {"tab": "\t", "semicolon": ";", "pipe": "|", "comma": ",", "space": " "}
"""Sign of every delimiter; of two that fit equally well the first is taken."""
_END = "\x1aend"
"""A line put behind the last; a quote left open swallows it."""
_SPACES = re.compile(r'("(?:[^"]|"")*")| +')

Row = list[str]


class Rows:
    """Rows of cells; blank lines, and lines that hold no more than delimiters, are left out and counted.

    Parameters
    ----------
    lines : iterable of str
        Each with its line's end.
    delimiter : str
        Name of the delimiter.
    is_whole : bool
        Whether the lines go on to the table's end, so that a quote still open there is an error.
    """

    def __init__(self, lines: Iterable[str], delimiter: str, *, is_whole: bool = True) -> None:
        self._is_whole = is_whole
        self._is_spaced = delimiter == "space"
        if self._is_spaced:
            lines = _single_spaces(lines)
        self._reader = csv.reader(
            chain(lines, [_END]), delimiter=DELIMITERS[delimiter], skipinitialspace=not self._is_spaced
        )
        self.n_blank = 0
        self._is_done = False

    @property
    def n_lines(self) -> int:
        """Lines read so far."""
        return self._reader.line_num

    def take(self, n_rows: int) -> tuple[list[Row], list[int]]:
        """The next rows and the lines that they begin in; none at the end."""
        rows: list[Row] = []
        starts: list[int] = []
        reader = self._reader
        while len(rows) < n_rows and not self._is_done:
            start = reader.line_num + 1
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise TableError(_said_of(error, start)) from None
            if row is None or row == [_END]:
                self._is_done = True
            elif row[-1:] and row[-1].endswith(_END):
                self._is_done = True
                if self._is_whole:
                    raise TableError(f'a quote (") opened in line {start:,} is never closed: close it or take it away')
            elif not (row and row[0].strip()) and not any(cell.strip() for cell in row):
                self.n_blank += 1
            else:
                rows.append(row)
                starts.append(start)
        return rows, starts


def _said_of(error: csv.Error, line: int) -> str:
    if "limit" in str(error):
        return (
            f'a cell in line {line:,} has more than {csv.field_size_limit():,} characters: a quote (") may not be '
            "closed there"
        )
    return f"line {line:,} cannot be taken apart ({error}): mend that line"


def _single_spaces(lines: Iterable[str]) -> Iterator[str]:
    """Lines with single spaces between their cells; what is in quotes is kept."""
    is_open = False
    for line in lines:
        was_open, is_open = is_open, is_open ^ bool(line.count('"') % 2)
        if was_open or is_open:
            yield line
        else:
            yield _SPACES.sub(lambda found: found[1] or " ", line.strip(" \r\n")) + "\n"


def check_widths(rows: list[Row], starts: list[int], width: int, first: str) -> None:
    """TableError for the first row that has not as many cells as `first`, which is a header or a line."""
    if set(map(len, rows)) <= {width}:
        return
    row, start = next((row, start) for row, start in zip(rows, starts, strict=True) if len(row) != width)
    raise TableError(
        f"line {start:,} has {counted(len(row), 'cell')} and {first} has {width:,}: mend that line, or choose another "
        "delimiter (--delimiter)",
        "delimiter",
    )


def lines_of(text: str) -> Iterator[str]:
    """Lines of a text with their ends, which are those of files and no others."""
    start = 0
    for found in re.finditer(r"\r\n|\n|\r", text):
        yield text[start : found.end()]
        start = found.end()
    if start < len(text):
        yield text[start:]


def find_delimiter(lines: list[str]) -> str:
    """What gives most rows the same number of cells, two or more; a comma when nothing does.

    Spaces are taken for delimiters only where nothing else is one: they stand in names and between dates and times.
    """
    agreement = {name: _agreement(lines, name) for name in DELIMITERS}
    spaced = agreement.pop("space")
    best = max(agreement, key=lambda name: agreement[name])
    if agreement[best]:
        return best
    return "space" if spaced else "comma"


def _agreement(lines: list[str], delimiter: str) -> float:
    """Share of the rows that have the most frequent number of cells; 0 where that is one cell."""
    try:
        rows, _ = Rows(lines, delimiter, is_whole=False).take(len(lines))
    except TableError:
        return 0.0
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
    return widths.count(usual) / len(widths) if usual > 1 else 0.0
