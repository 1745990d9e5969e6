"""Weights as a NumPy archive: W1, b1, W2, b2 and so on, and `meta`, a JSON text. Nothing is unpickled."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy_format

from l1gui.files.atomic import FileError
from l1gui.files.model import Model, build_model, meta_dict
from l1gui.files.reading import MAX_BYTES, MAX_MEMBERS, first_line, json_object

Matrix = npt.NDArray[Any]


def write_npz(model: Model, stream: BinaryIO) -> None:
    """Write a network as an archive."""
    arrays: dict[str, Matrix] = {}
    for k, (w, b) in enumerate(zip(model.weights, model.biases, strict=True)):
        arrays[f"W{k + 1}"], arrays[f"b{k + 1}"] = w, b
    arrays["meta"] = np.array(json.dumps(meta_dict(model), ensure_ascii=False))
    np.savez(stream, allow_pickle=False, **arrays)


def read_npz(content: bytes) -> Model:
    """The network in an archive; FileError, without the file's name, when there is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            arrays = _members(archive)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError, KeyError) as error:
        raise FileError(f"it is not a whole NumPy archive ({first_line(error)})") from error
    meta: dict[str, Any] = {}
    if "meta" in arrays:
        text = arrays.pop("meta")
        if text.dtype.kind != "U" or text.ndim:
            raise FileError("its meta entry is not a text")
        meta = json_object(str(text))
    n_layers = len(arrays) // 2
    wanted = {f"{kind}{k + 1}" for kind in "Wb" for k in range(n_layers)}
    if not arrays or set(arrays) != wanted:
        raise FileError("it does not hold W1, b1, W2, b2 and so on")
    layers = range(1, n_layers + 1)
    return build_model([arrays[f"W{k}"] for k in layers], [arrays[f"b{k}"] for k in layers], meta)


def _members(archive: zipfile.ZipFile) -> dict[str, Matrix]:
    entries = archive.infolist()
    if len(entries) > MAX_MEMBERS:
        raise FileError(f"it holds {len(entries)} arrays; a network has at most {MAX_MEMBERS}")
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise FileError(f"it unpacks to more than {MAX_BYTES:,} bytes")
    arrays = {}
    for entry in entries:
        name = entry.filename
        if not name.endswith(".npy") or "/" in name or "\\" in name:
            raise FileError(f"its member {name[:40]!r} is not an array of a network")
        # Bounded by hand: a header may lie about its size.
        with archive.open(entry) as member:
            packed = member.read(MAX_BYTES + 1)
        if len(packed) > MAX_BYTES:
            raise FileError(f"it unpacks to more than {MAX_BYTES:,} bytes")
        arrays[name.removesuffix(".npy")] = _read_npy(packed)
    return arrays


def _read_npy(packed: bytes) -> Matrix:
    stream = io.BytesIO(packed)
    version = npy_format.read_magic(stream)
    readers = {(1, 0): npy_format.read_array_header_1_0, (2, 0): npy_format.read_array_header_2_0}
    if version not in readers:
        raise ValueError(f"array format {version} is not read")
    shape, is_fortran, dtype = readers[version](stream, max_header_size=10_000)
    if dtype.hasobject or dtype.kind not in "fiuU":
        raise FileError("it holds objects instead of numbers; such files are not read, they could run code")
    count = 1
    for extent in shape:
        count *= extent
    if count * dtype.itemsize != len(packed) - stream.tell():
        raise ValueError("an array is not as long as its header says")
    flat = np.frombuffer(packed, dtype=dtype, count=count, offset=stream.tell()) if count else np.zeros(0, dtype)
    return flat.reshape(shape, order="F" if is_fortran else "C")
