"""Tables in workbooks (.xlsx), where python-calamine is installed; its memory is bounded by a look beforehand."""

from __future__ import annotations

import importlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

from l1gui.data.tables.columns import Builder, number_text
from l1gui.data.tables.errors import TableError, counted, listed, quoted
from l1gui.data.tables.header import has_header
from l1gui.data.tables.memory import check_memory
from l1gui.data.tables.raw import HEAD_ROWS, Plan, RawTable, Reading
from l1gui.data.tables.rows import Row
from l1gui.data.tables.sniff import MARK_ROWS, NEEDED, check_columns, columns_of
from l1gui.data.tables.stream import BLOCK, Watch, head_of, look_over
from l1gui.settings import TableSettings

MAX_MEMBERS, MAX_UNPACKED, MAX_TEXT = 10_000, 2**30, 2**21
BYTES_PER_CELL = 150
"""What a cell of a sheet costs while it is read: as a value of the library and as one of Python's."""
ZIP, DIRECTORY_ENTRY = b"PK\x03\x04", b"PK\x01\x02"
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,4})(\d{1,10})["']""")
_CELL, _ROW = re.compile(rb"<(?:\w+:)?c[\s>/]"), re.compile(rb"<(?:\w+:)?row[\s>/]")


def read_workbook(path: Path, table: TableSettings, plan: Plan, watch: Watch, most_rows: int | None = None) -> RawTable:
    """Read a sheet of a workbook.

    Parameters are those of `read_text`; of the settings, sheet and header.

    Raises
    ------
    TableError
        Without the file's name, when it cannot be read, or python-calamine is not installed.
    """
    try:
        calamine = importlib.import_module("python_calamine")
    except ImportError as error:
        raise TableError(
            "workbooks are read with python-calamine, which is not installed: pip install python-calamine; or save the "
            "sheet as .csv"
        ) from error
    seen = look_over(path, watch.part(0.0, 0.1), DIRECTORY_ENTRY)
    if seen.n_marks > MAX_MEMBERS:
        raise TableError(f"it has {seen.n_marks:,} parts; up to {MAX_MEMBERS:,} are read")
    if head_of(path, len(ZIP))[0] != ZIP:
        raise TableError("it is no .xlsx workbook; save it again as .xlsx, or the sheet as .csv")
    try:
        with path.open("rb") as stream:
            check_sizes(stream, watch.part(0.1, 0.4))
            stream.seek(0)
            rows, sheets = _sheet(calamine, stream, table.sheet)
    except (calamine.CalamineError, zipfile.BadZipFile, zlib.error, ValueError, EOFError, RuntimeError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0][:100]
        raise TableError(f"it is no whole workbook ({said}): save it again as .xlsx, or the sheet as .csv") from error
    seen.check_unchanged()
    return _table(rows, sheets, table, plan, watch.part(0.4, 1.0), most_rows, seen.digest)


def _table(
    rows: list[tuple[int, Row]],
    sheets: tuple[str, ...],
    table: TableSettings,
    plan: Plan,
    watch: Watch,
    most_rows: int | None,
    digest: str,
) -> RawTable:
    if not rows:
        raise TableError(f"its sheet holds no row; {NEEDED}; choose another sheet (--sheet)", "sheet")
    sample = [row for _, row in rows[:MARK_ROWS]]
    check_columns(sample)
    is_header = table.header == "yes" or (table.header == "auto" and has_header(sample, "point"))
    names, _, notes = columns_of([row for _, row in rows], is_header)
    body = rows[is_header:]
    used = body[:most_rows]
    builders = [Builder(name, mode, "point") for name, mode in zip(names, plan(names), strict=True)]
    for k, builder in enumerate(builders):
        builder.add([row[k] for _, row in used])
        watch.step((k + 1) / len(builders))
    notes += [f"The first of {counted(len(sheets), 'sheet')} was read."] * (len(sheets) > 1 and not table.sheet)
    return RawTable(
        columns=tuple(builder.finish() for builder in builders),
        n_rows=len(used),
        lines=np.array([number for number, _ in used], dtype=np.int64),
        head=tuple(tuple(row[: len(names)]) for _, row in used[:HEAD_ROWS]),
        reading=Reading(has_header=is_header, sheets=sheets),
        notes=tuple(notes),
        digest=digest,
        estimated_rows=len(body),
    )


def _sheet(calamine: Any, stream: IO[bytes], name: str) -> tuple[list[tuple[int, Row]], tuple[str, ...]]:
    """Rows of a sheet that hold something, as texts, each with its number; and the names of all sheets."""
    with calamine.CalamineWorkbook.from_filelike(stream) as workbook:
        sheets = tuple(workbook.sheet_names)
        if not sheets:
            raise TableError("it has no sheet")
        if name and name not in sheets:
            raise TableError(f"it has no sheet {quoted(name)}; it has {listed(sheets)}", "sheet")
        sheet = workbook.get_sheet_by_name(name or sheets[0])
        first = sheet.start[0] + 1 if sheet.start else 1
        rows = [(first + k, [_text(cell) for cell in row]) for k, row in enumerate(sheet.iter_rows())]
    return [(number, row) for number, row in rows if any(cell.strip() for cell in row)], sheets


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return number_text(cell)
    return str(cell)


def check_sizes(stream: IO[bytes], watch: Watch) -> None:
    """TableError when the parts unpack to too much, or a sheet spans more cells than memory holds.

    The library puts a sheet into a rectangle from its first cell to its last, so that two cells far apart are enough to
    use up all memory; and it unpacks whatever there is.
    """
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        _check_kind({entry.filename.lower() for entry in entries})
        n_bytes = 0
        for k, entry in enumerate(entries):
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise TableError("it is packed in a way that workbooks are not; save it again as .xlsx")
            span = _Span()  # of any part: which ones are sheets is what the file says
            for block in _unpacked(archive, entry):
                n_bytes += len(block)
                if n_bytes > MAX_UNPACKED:
                    raise TableError(
                        f"it unpacks to more than {MAX_UNPACKED:,} bytes; save the sheet as .csv, which may be larger"
                    )
                span.add(block)
            check_memory(span.n_cells * BYTES_PER_CELL + 3 * n_bytes, f"its sheet of {span.n_cells:,} cells")
            watch.step((k + 1) / len(entries))


def _check_kind(names: set[str]) -> None:
    """TableError unless these are the parts of an .xlsx: others would be read in ways that nobody looked at here."""
    is_other = any(name.endswith("workbook.bin") or name in ("content.xml", "mimetype") for name in names)
    if "xl/workbook.xml" not in names or is_other:
        raise TableError("it is no .xlsx workbook; save it again as .xlsx, or the sheet as .csv")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as member:
        while block := member.read(BLOCK):
            yield block


class _Span:
    """How many cells the rectangle of a sheet has at most, from the places that its cells say they have."""

    def __init__(self) -> None:
        self._tail = b""
        self._n_cells = self._n_placed = self._n_rows = self._n_numbered = 0
        self._last_column = self._last_row = 0

    def add(self, block: bytes) -> None:
        """Take the next bytes of the sheet."""
        text = self._tail + block
        end = text.rfind(b">") + 1
        text, self._tail = text[:end], text[end:]
        if len(self._tail) > MAX_TEXT:
            raise TableError("it holds a text of absurd length; save the sheet as .csv")
        self._n_cells += len(_CELL.findall(text))
        self._n_rows += len(_ROW.findall(text))
        places = _PLACE.findall(text)
        n_placed = sum(bool(letters) for letters, _ in places)
        self._n_placed += n_placed
        self._n_numbered += len(places) - n_placed
        self._last_row = max([self._last_row, *(int(digits) for _, digits in places)])
        self._last_column = max([self._last_column, *(_column(letters) for letters in {each for each, _ in places})])

    @property
    def n_cells(self) -> int:
        """Cells from the first to the last; those without a place come after the others."""
        rows = self._last_row + max(0, self._n_rows - self._n_numbered)
        columns = self._last_column + max(0, self._n_cells - self._n_placed)
        return rows * columns


def _column(letters: bytes) -> int:
    """Number of a column, from 1, by its letters; 0 of none."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - ord("A") + 1
    return number
