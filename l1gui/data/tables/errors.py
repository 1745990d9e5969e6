"""What is said of a table that cannot be read, and of where in it the trouble lies."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from l1gui.faults import FileError, cause_of, printable, shown

MAX_SHOWN = 40
MAX_LISTED = 8


class TableError(FileError):
    """A table that cannot become rows to learn from; `field` names the setting that may help, or is empty."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Cancelled(Exception):  # noqa: N818 - no fault: somebody thought better of it
    """The reading of a table was called off."""


@contextmanager
def about(path: Path) -> Iterator[None]:
    """Put a file's name before what is said of it, and make every trouble with it one."""
    try:
        yield
    except FileError as error:
        raise TableError(f"{shown(path)}: {error}", getattr(error, "field", "")) from error
    except OSError as error:
        raise TableError(f"{shown(path)} cannot be read: {cause_of(error)}.") from error
    except MemoryError as error:
        raise TableError(f"{shown(path)}: there is not enough memory for it; make a smaller table of it.") from error


def quoted(text: str) -> str:
    """A name or a cell as a message shows it."""
    return f"'{printable(text, MAX_SHOWN)}'"


def listed(names: Sequence[str], most: int = MAX_LISTED) -> str:
    """Names in a row, the first few of them."""
    words = ", ".join(quoted(name) for name in names[:most])
    return words if len(names) <= most else f"{words} and {len(names) - most:,} more"


def flag(setting: str, *values: str) -> str:
    """How a setting is given on the command line, as in ``--left-out 'city,street name'``."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return f"--{setting.replace('_', '-')} {shlex.quote(printable(line.getvalue(), 200))}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun, as in "1 row" and "2 rows"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
