"""Tables of text, read row by row: CSV and its kin."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from l1gui.data.tables.columns import Builder, estimated_bytes
from l1gui.data.tables.encoding import Encoding, wrong_encoding
from l1gui.data.tables.errors import TableError, counted
from l1gui.data.tables.memory import check_memory
from l1gui.data.tables.raw import HEAD_ROWS, Plan, RawTable, Reading
from l1gui.data.tables.rows import Row, Rows
from l1gui.data.tables.sniff import Sniffed, sniff
from l1gui.data.tables.stream import BLOCK, CONTROLS, Bytes, Watch, head_of
from l1gui.settings import TableSettings

CHUNK_CELLS = 400_000
_CONTROL_LETTERS = frozenset(map(chr, CONTROLS))


def read_text(path: Path, table: TableSettings, plan: Plan, watch: Watch, most_rows: int | None = None) -> RawTable:
    """Read a table of text.

    Parameters
    ----------
    path : Path
        Of the file.
    table : TableSettings
        Encoding, delimiter, decimal mark and header.
    plan : callable
        From the columns' names to what is wanted of each.
    watch : Watch
        Is told the share read.
    most_rows : int, optional
        Stop after so many rows.

    Raises
    ------
    TableError
        Without the file's name, when it cannot be read.
    """
    head, size = head_of(path)
    sniffed = sniff(head, size <= len(head), table)
    if most_rows is None:
        sniffed.check_widths(sniffed.sample, sniffed.starts)
    n_rows = size / max(1.0, sniffed.row_bytes)
    if most_rows is None:
        check_memory(
            estimated_bytes(n_rows, len(sniffed.names)),
            f"this table of about {n_rows:,.0f} rows and {len(sniffed.names):,} columns",
        )
    return _attempt(path, sniffed, sniffed.encoding, plan, watch, most_rows)


def _attempt(
    path: Path, sniffed: Sniffed, encoding: Encoding, plan: Plan, watch: Watch, most_rows: int | None
) -> RawTable:
    """The table read in an encoding, or in the next that it may be in."""
    try:
        return _Reader(sniffed, plan).read(path, encoding, watch, most_rows)
    except UnicodeDecodeError as error:
        if encoding.fallback is None:
            raise wrong_encoding(encoding) from error
    return _attempt(path, sniffed, encoding.fallback, plan, watch, most_rows)


@dataclass(slots=True)
class _Reader:
    """One reading of a table: what has been read of it."""

    sniffed: Sniffed
    plan: Plan
    builders: list[Builder] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    head: list[tuple[str, ...]] = field(default_factory=list)

    def read(self, path: Path, encoding: Encoding, watch: Watch, most_rows: int | None) -> RawTable:
        sniffed = self.sniffed
        modes = self.plan(sniffed.names)
        self.builders = [Builder(name, mode, sniffed.decimal) for name, mode in zip(sniffed.names, modes, strict=True)]
        with Bytes(path, watch, is_text=True, is_plain=not encoding.is_wide) as stream:
            rows = Rows(_text_lines(stream, encoding, sniffed.is_hinted), sniffed.delimiter)
            try:
                self._take(rows, most_rows)
            except TableError:
                stream.check_unchanged()  # which would be why
                raise
            if most_rows is None:
                stream.check_whole()
            digest, size = stream.digest if most_rows is None else "", stream.size
        n_rows = len(self.lines)
        is_all = most_rows is None or n_rows < most_rows
        return RawTable(
            columns=tuple(builder.finish() for builder in self.builders),
            n_rows=n_rows,
            lines=np.array(self.lines, dtype=np.int64),
            head=tuple(self.head),
            reading=Reading(encoding.name, sniffed.delimiter, sniffed.decimal, sniffed.has_header),
            notes=(*sniffed.notes, *_blanks(rows.n_blank)),
            digest=digest,
            estimated_rows=n_rows if is_all else max(n_rows, size / sniffed.row_bytes),
        )

    def _take(self, rows: Rows, most_rows: int | None) -> None:
        sniffed, offset = self.sniffed, int(self.sniffed.is_hinted)
        n_names, width = len(sniffed.names), len(sniffed.names) + sniffed.n_trailing
        if sniffed.has_header:
            rows.take(1)
        chunk = max(1, CHUNK_CELLS // width)
        while most_rows is None or len(self.lines) < most_rows:
            cells, starts = rows.take(chunk if most_rows is None else min(chunk, most_rows - len(self.lines)))
            if not cells:
                break
            starts = [start + offset for start in starts]
            sniffed.check_widths(cells, starts)
            if sniffed.n_trailing:
                _check_trailing(cells, starts, n_names)
            self.head += [tuple(row[:n_names]) for row in cells[: HEAD_ROWS - len(self.head)]]
            self.lines += starts
            for builder, column in zip(self.builders, zip(*cells, strict=True), strict=False):
                builder.add(column)


def _text_lines(stream: Bytes, encoding: Encoding, is_hinted: bool) -> Iterator[str]:
    """Lines with their ends as they are; the first one left out where it is a hint."""
    lines = _all_lines(stream, encoding)
    if is_hinted:
        next(lines, None)
    return lines


def _all_lines(stream: Bytes, encoding: Encoding) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    rest = ""
    while block := stream.read(BLOCK):
        text = decoder.decode(block)
        if encoding.is_wide and not _CONTROL_LETTERS.isdisjoint(text):
            raise TableError("it holds control characters, so this is not text: save the table as text in UTF-8")
        text = rest + text
        # A carriage return at the very end may be half of a line's end.
        end = max(text.rfind("\n"), text.rfind("\r", 0, len(text) - 1)) + 1
        yield from io.StringIO(text[:end], newline="")
        rest = text[end:]
    yield from io.StringIO(rest + decoder.decode(b"", final=True), newline="")


def _check_trailing(cells: list[Row], starts: list[int], n_names: int) -> None:
    for row, start in zip(cells, starts, strict=True):
        if any(cell.strip() for cell in row[n_names:]):
            raise TableError(
                f"line {start:,} has {counted(len(row), 'cell')} and the others have {n_names:,}: mend that line"
            )


def _blanks(n_blank: int) -> list[str]:
    return [f"{counted(n_blank, 'line')} without a value {'was' if n_blank == 1 else 'were'} skipped."] * bool(n_blank)
