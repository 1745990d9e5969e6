"""Weights in files: NumPy archive, JSON, and a table; written in one step, read with suspicion.

Whatever is in a file, reading it runs no code, unpickles nothing, and takes bounded memory.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from l1gui.files.atomic import FileError, cause_of, shown, write_atomically
from l1gui.files.model import Model
from l1gui.files.npz import read_npz, write_npz
from l1gui.files.readable import read_json, write_json
from l1gui.files.reading import MAX_BYTES
from l1gui.files.table import read_csv, write_csv
from l1gui.settings import SettingError


def save_model(model: Model, path: Path) -> None:
    """Write a model in the format that the path's ending names; FileError when that cannot be."""
    write = _format_of(path)[0]
    write_atomically(path, lambda stream: write(model, stream))


def load_model(path: Path) -> Model:
    """Read a model in the format that the path's ending names; FileError, in one line, when that cannot be."""
    read = _format_of(path)[1]
    try:
        return read(_content(path))
    except OSError as error:
        raise FileError(f"{shown(path)} cannot be read: {cause_of(error)}.") from error
    except (FileError, SettingError) as error:
        raise FileError(f"{shown(path)} cannot be opened: {error}.") from error


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise FileError("it is no file" if path.exists() else "there is no such file")
    if path.stat().st_size > MAX_BYTES:
        raise FileError(f"it has {path.stat().st_size:,} bytes; up to {MAX_BYTES:,} are read")
    return path.read_bytes()


def endings() -> tuple[str, ...]:
    """The endings of the formats that can be written and read."""
    return tuple(_FORMATS)


def check_ending(path: Path) -> None:
    """FileError when the path's ending names no format."""
    _format_of(path)


def _format_of(path: Path) -> tuple[Callable[[Model, BinaryIO], None], Callable[[bytes], Model]]:
    ending = path.suffix.lower()
    if ending not in _FORMATS:
        raise FileError(f"{shown(path)}: weights are saved and opened as {', '.join(_FORMATS)}; choose such an ending.")
    return _FORMATS[ending]


_FORMATS: dict[str, tuple[Callable[[Model, BinaryIO], None], Callable[[bytes], Model]]] = {
    ".npz": (write_npz, read_npz),
    ".json": (write_json, read_json),
    ".csv": (write_csv, read_csv),
}
