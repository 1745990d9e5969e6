"""Weights as a NumPy archive: W1, b1, W2, b2 and so on, and `meta`, a JSON text. Nothing is unpickled.

The archive is read by hand, member by member, because NumPy's own reader trusts what the file says of its size, and
evaluates the arrays' headers.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy_format

from l1gui.data.npy import read_npy
from l1gui.files.atomic import FileError, printable
from l1gui.files.checks import build_model
from l1gui.files.model import Model, meta_dict
from l1gui.files.reading import MAX_MEMBERS, all_of, first_line, json_object

Matrix = npt.NDArray[Any]

MAX_BYTES = 32 * 2**20
"""Largest archive, unpacked too, that is read."""
MAX_NUMBERS = 8_000_000
"""Most weights and biases that are written: these, as float32, and what describes them can be read again."""
DIRECTORY_ENTRY = b"PK\x01\x02"


def write_npz(model: Model, stream: BinaryIO) -> None:
    """Write a network as an archive."""
    arrays: dict[str, Matrix] = {}
    for k, (w, b) in enumerate(zip(model.weights, model.biases, strict=True)):
        arrays[f"W{k + 1}"], arrays[f"b{k + 1}"] = w, b
    meta = json.dumps(meta_dict(model), ensure_ascii=False, allow_nan=False)
    arrays["meta"] = np.array(meta.encode("utf-8", errors="replace").decode("utf-8"))
    # What numpy.savez does; its allow_pickle is not there in NumPy 2.0.
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                npy_format.write_array(member, np.asarray(array, order="C"), allow_pickle=False)


def read_npz(stream: BinaryIO) -> Model:
    """The network in an archive; FileError, without the file's name, when there is none."""
    content = all_of(stream, MAX_BYTES)
    # Before the directory is read: each of its entries costs a hundred times what it takes in the file.
    n_members = content.count(DIRECTORY_ENTRY)
    if n_members > MAX_MEMBERS + 1:
        raise FileError(f"it holds {n_members:,} arrays; a network has at most {MAX_MEMBERS}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            arrays = _members(archive)
    except (
        zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError, NotImplementedError, RuntimeError, KeyError,
        OverflowError, OSError,
    ) as error:  # fmt: skip
        raise FileError(f"it is not a whole NumPy archive ({first_line(error)})") from error
    meta: dict[str, Any] = {}
    if "meta" in arrays:
        text = arrays.pop("meta")
        if text.dtype.kind != "U" or text.ndim:
            raise FileError("its meta entry is not a text")
        meta = json_object(_text_in(text))
    n_layers = len(arrays) // 2
    wanted = {f"{kind}{k + 1}" for kind in "Wb" for k in range(n_layers)}
    if not arrays or set(arrays) != wanted:
        raise FileError("it does not hold W1, b1, W2, b2 and so on")
    layers = range(1, n_layers + 1)
    return build_model([arrays[f"W{k}"] for k in layers], [arrays[f"b{k}"] for k in layers], meta)


def _text_in(array: Matrix) -> str:
    # By Python's own decoder: NumPy makes strings of any code points, such as no string may have.
    encoding = "utf-32-be" if array.dtype.str.startswith(">") else "utf-32-le"
    try:
        return array.tobytes().decode(encoding).rstrip("\0")
    except UnicodeDecodeError as error:
        raise FileError("its meta entry is not a text") from error


def _members(archive: zipfile.ZipFile) -> dict[str, Matrix]:
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise FileError(f"it unpacks to more than {MAX_BYTES:,} bytes")
    arrays: dict[str, Matrix] = {}
    for entry in entries:
        name = entry.filename
        if not name.endswith(".npy") or "/" in name or "\\" in name:
            raise FileError(f"its member {printable(name, 40)!r} is not an array of a network")
        if name.removesuffix(".npy") in arrays:
            raise FileError(f"it holds {printable(name, 40)!r} twice")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Python unpacks the others in pieces of any size, whatever the directory says.
            raise FileError("it is packed in a way that NumPy does not use")
        with archive.open(entry) as member:
            packed = member.read(MAX_BYTES)
        arrays[name.removesuffix(".npy")] = read_npy(packed)
    return arrays
