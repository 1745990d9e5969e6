"""Weights in files: NumPy archive, JSON, and a table; written in one step, read with suspicion.

Whatever is in a file, reading it runs no code, unpickles nothing, and takes bounded memory.
"""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from l1gui.files import npz, readable, table
from l1gui.files.atomic import FileError, cause_of, printable, shown, write_atomically
from l1gui.files.model import Model
from l1gui.files.reading import MAX_TEXT_NUMBERS
from l1gui.settings import SettingError

MESSAGE_LENGTH = 240
SNIFFED = 64


@dataclass(frozen=True, slots=True)
class _Format:
    write: Callable[[Model, BinaryIO], None]
    read: Callable[[BinaryIO], Model]
    max_bytes: int
    max_numbers: int
    """Most weights and biases that can be read again."""


_FORMATS = {
    ".npz": _Format(npz.write_npz, npz.read_npz, npz.MAX_BYTES, npz.MAX_NUMBERS),
    ".json": _Format(readable.write_json, readable.read_json, readable.MAX_BYTES, MAX_TEXT_NUMBERS),
    ".csv": _Format(table.write_csv, table.read_csv, table.MAX_BYTES, MAX_TEXT_NUMBERS),
}


def save_model(model: Model, path: Path) -> None:
    """Write a model in the format that the path's ending names; FileError when that cannot be."""
    form = _format_of(path)
    n_numbers = sum(array.size for array in (*model.weights, *model.biases))
    if n_numbers > form.max_numbers:
        advice = "Choose .npz." if n_numbers <= npz.MAX_NUMBERS else "Choose fewer hidden units."
        raise FileError(f"{shown(path)} was not written: {n_numbers:,} weights are too many for it. {advice}")
    if not all(np.isfinite(array).all() for array in (*model.weights, *model.biases)):
        raise FileError(f"{shown(path)} was not written: some weights are not finite. Train anew with smaller steps.")
    write_atomically(path, lambda stream: form.write(model, stream))


def load_model(path: Path) -> Model:
    """Read a model in the format that the path's ending names; FileError, in one line, when that cannot be."""
    form = _format_of(path)
    try:
        return _read(form, path)
    except OSError as error:
        raise FileError(f"{shown(path)} cannot be read: {cause_of(error)}.") from error
    except (FileError, SettingError) as error:
        raise FileError(f"{shown(path)} cannot be opened: {printable(str(error), MESSAGE_LENGTH)}.") from error
    except MemoryError as error:
        raise FileError(f"{shown(path)} cannot be opened: there is not enough memory for it.") from error


def _read(form: _Format, path: Path) -> Model:
    if not path.is_file():  # before it is opened: opening a pipe would wait for its other end
        raise FileError("it is no file" if path.exists() else "there is no such file")
    size = path.stat().st_size
    if size > form.max_bytes:
        raise FileError(f"it has {size:,} bytes; up to {form.max_bytes:,} are read")
    with path.open("rb") as stream:
        return form.read(stream)


def is_weights(path: Path) -> bool:
    """Whether a file is to be taken for weights, not for a table of rows; a damaged file is what its ending says."""
    ending = path.suffix.lower()
    try:
        if not path.is_file():
            return ending in _FORMATS
        if ending == ".csv":
            with path.open("rb") as stream:
                return stream.read(SNIFFED).lstrip(codecs.BOM_UTF8).startswith(",".join(table.CSV_COLUMNS).encode())
        if ending == ".npz":
            with zipfile.ZipFile(path) as archive:
                return not {"X.npy", "x.npy", "data.npy"} & set(archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError):
        return True
    return ending in _FORMATS


def endings() -> tuple[str, ...]:
    """The endings of the formats that can be written and read."""
    return tuple(_FORMATS)


def check_ending(path: Path) -> None:
    """FileError when the path's ending names no format."""
    _format_of(path)


def _format_of(path: Path) -> _Format:
    ending = path.suffix.lower()
    if ending not in _FORMATS:
        raise FileError(f"{shown(path)}: weights are saved and opened as {', '.join(_FORMATS)}; choose such an ending.")
    return _FORMATS[ending]
