"""From a file's name to the table in it, by the file's ending."""

from __future__ import annotations

import hashlib
from pathlib import Path

from l1gui.data.tables.archive import read_archive
from l1gui.data.tables.errors import TableError, about, listed
from l1gui.data.tables.parquet import read_parquet
from l1gui.data.tables.raw import Plan, RawTable
from l1gui.data.tables.stream import Watch, look_over
from l1gui.data.tables.text import read_text
from l1gui.data.tables.workbook import read_workbook
from l1gui.resources import resource
from l1gui.settings import TableSettings

BUNDLED = "bundled:"
ENDINGS = (".csv", ".tsv", ".txt", ".npz", ".xlsx", ".xlsm", ".parquet")
"""Endings to be offered; whatever has another is read as text."""
_OTHERS = {".xls": "an old workbook: save it as .xlsx", ".ods": "an OpenDocument sheet: save it as .xlsx or .csv"}


def bundled() -> tuple[str, ...]:
    """Names of the tables that come with the program, as in ``bundled:iris``."""
    return tuple(sorted(path.stem for path in resource("tables").glob("*.csv")))


def table_path(file: str) -> Path:
    """Path of a table by the setting; TableError for a name that no table here has."""
    if not file.startswith(BUNDLED):
        return Path(file).expanduser()
    name = file.removeprefix(BUNDLED)
    if name not in bundled():
        raise TableError(f"there is no table {listed([name])} here; there are {', '.join(bundled())}", "file")
    return resource(f"tables/{name}.csv")


def read_table(
    file: str, table: TableSettings, plan: Plan, watch: Watch | None = None, most_rows: int | None = None
) -> RawTable:
    """Read a table.

    Parameters
    ----------
    file : str
        Its path, or ``bundled:NAME``.
    table : TableSettings
        How it is to be read.
    plan : callable
        From the columns' names to what is wanted of each.
    watch : Watch, optional
        Is told the share read.
    most_rows : int, optional
        Stop after so many rows.

    Raises
    ------
    TableError
        In one line that begins with the file's name.
    """
    path, watch = table_path(file), watch or Watch()
    with about(path):
        ending = path.suffix.lower()
        if ending in _OTHERS:
            raise TableError(f"it is {_OTHERS[ending]}")
        if ending == ".npz":
            return read_archive(path, plan, watch, most_rows)
        if ending == ".parquet":
            return read_parquet(path, plan, watch, most_rows)
        if ending in (".xlsx", ".xlsm"):
            return read_workbook(path, table, plan, watch, most_rows)
        return read_text(path, table, plan, watch, most_rows)


def joined_digest(digests: list[str]) -> str:
    """One SHA-256 for one or more files': its own, or that of theirs in a row."""
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def files_of(table: TableSettings) -> list[str]:
    """The files that the settings name: the table, then those of the validation and the test rows."""
    return [file for file in (table.file, table.validation_file, table.test_file) if file]


def fingerprint(table: TableSettings) -> str:
    """SHA-256 of the files that the settings name, without taking them apart; TableError when one cannot be read."""
    digests = []
    for file in files_of(table):
        path = table_path(file)
        with about(path):
            digests.append(look_over(path, Watch()).digest)
    return joined_digest(digests)
