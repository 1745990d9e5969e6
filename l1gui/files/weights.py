"""Weights in files: NumPy archive, JSON, and a table; written in one step, read with suspicion.

Whatever is in a file, reading it runs no code, unpickles nothing, and takes bounded memory.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy_format

from l1gui.files.atomic import FileError, cause_of, shown, write_atomically
from l1gui.files.model import Model, build_model, meta_dict
from l1gui.settings import MAX_HIDDEN_LAYERS, SettingError

MAX_BYTES = 64 * 2**20
"""Largest weights file, unpacked too, that is read."""
CSV_COLUMNS = ["layer", "from", "to", "kind", "value"]
RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
MAX_MEMBERS = 2 * (MAX_HIDDEN_LAYERS + 1) + 1
CSV_ACTIVATION = "activation"

Matrix = npt.NDArray[Any]


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


# -- NumPy archive ------------------------------------------------------------------------------------------------


def _write_npz(model: Model, stream: BinaryIO) -> None:
    arrays: dict[str, Matrix] = {}
    for k, (w, b) in enumerate(zip(model.weights, model.biases, strict=True)):
        arrays[f"W{k + 1}"], arrays[f"b{k + 1}"] = w, b
    arrays["meta"] = np.array(json.dumps(meta_dict(model), ensure_ascii=False))
    np.savez(stream, allow_pickle=False, **arrays)


def _read_npz(content: bytes) -> Model:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            arrays = _members(archive)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError, KeyError) as error:
        raise FileError(f"it is not a whole NumPy archive ({_first_line(error)})") from error
    meta: dict[str, Any] = {}
    if "meta" in arrays:
        text = arrays.pop("meta")
        if text.dtype.kind != "U" or text.ndim:
            raise FileError("its meta entry is not a text")
        meta = _json_object(str(text))
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


# -- JSON ---------------------------------------------------------------------------------------------------------


def _write_json(model: Model, stream: BinaryIO) -> None:
    # A float32 as a double's shortest text comes back as the same float32.
    layers = [
        {"weights": [[float(v) for v in row] for row in w], "biases": [float(v) for v in b]}
        for w, b in zip(model.weights, model.biases, strict=True)
    ]
    document = meta_dict(model) | {"layers": layers}
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    stream.write(text.encode("utf-8", errors="surrogatepass"))


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FileError(f"its JSON gives {key[:40]!r} twice")
        found[key] = value
    return found


def _no_constant(name: str) -> None:
    raise FileError(f"its JSON holds {name}, which is no finite number")


def _json_object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except RecursionError as error:
        raise FileError("its JSON is nested too deep") from error
    except ValueError as error:
        raise FileError(f"its JSON is damaged ({_first_line(error)})") from error
    if not isinstance(found, dict):
        raise FileError("its JSON is not an object")
    return found


def _read_json(content: bytes) -> Model:
    document = _json_object(_decoded(content))
    layers = document.get("layers")
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise FileError("its JSON has no list of layers: it is no weights file of l1gui")
    try:
        weights = [np.array(layer["weights"], dtype=np.float64) for layer in layers]
        biases = [np.array(layer["biases"], dtype=np.float64) for layer in layers]
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise FileError("its layers are not tables of numbers") from error
    return build_model(list(weights), list(biases), document)


# -- table --------------------------------------------------------------------------------------------------------


def _unit_names(model: Model) -> list[list[str]]:
    hidden = [[f"h{k + 1}.{unit + 1}" for unit in range(size)] for k, size in enumerate(model.sizes[1:-1])]
    return [list(model.input_names), *hidden, list(model.class_names)]


def _safe_cell(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(RISKY_STARTS) else text


def _plain_cell(text: str) -> str:
    return text[1:] if text.startswith("'") else text


def _write_csv(model: Model, stream: BinaryIO) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    names = _unit_names(model)
    for k, (w, b) in enumerate(zip(model.weights, model.biases, strict=True)):
        sources, targets = map(_safe_cell, names[k]), [_safe_cell(name) for name in names[k + 1]]
        for source, row in zip(sources, w, strict=True):
            writer.writerows(
                [k + 1, source, target, "weight", repr(float(v))] for target, v in zip(targets, row, strict=True)
            )
        writer.writerows([k + 1, "", target, "bias", repr(float(v))] for target, v in zip(targets, b, strict=True))
        if k < len(model.weights) - 1:
            writer.writerow([k + 1, "", "", CSV_ACTIVATION, model.activation])
    stream.write(text.getvalue().encode("utf-8", errors="surrogatepass"))


def _read_csv(content: bytes) -> Model:
    rows = csv.reader(io.StringIO(_decoded(content), newline=""))
    try:
        if next(rows, None) != CSV_COLUMNS:
            raise FileError(f"its first line is not {','.join(CSV_COLUMNS)}: it is no table of weights")
        return _model_of_rows(rows)
    except csv.Error as error:
        raise FileError(f"line {rows.line_num}: {error}") from error


def _model_of_rows(rows: Any) -> Model:
    values: dict[tuple[int, str], list[tuple[str, str, float]]] = {}
    activations = set()
    for row in rows:
        if not row:
            continue
        if len(row) != len(CSV_COLUMNS):
            raise FileError(f"line {rows.line_num} has {len(row)} cells instead of {len(CSV_COLUMNS)}")
        layer, source, target, kind, value = row
        if kind == CSV_ACTIVATION:
            activations.add(value)
            continue
        if kind not in ("weight", "bias") or not layer.isascii() or not layer.isdigit():
            raise FileError(f"line {rows.line_num} is neither a weight nor a bias of a layer")
        try:
            number = float(value)
        except ValueError:
            raise FileError(f"line {rows.line_num}: {value[:30]!r} is not a number") from None
        values.setdefault((int(layer), kind), []).append((source, target, number))
    if len(activations) > 1:
        raise FileError("its hidden layers have different activations")
    return _model_of_values(values, activations.pop() if activations else "tanh")


def _model_of_values(values: dict[tuple[int, str], list[tuple[str, str, float]]], activation: str) -> Model:
    layers = sorted({layer for layer, _ in values})
    if not layers or layers != list(range(1, len(layers) + 1)):
        raise FileError("its layers are not numbered from 1")
    weights, biases = [], []
    for layer in layers:
        own_biases, own_weights = values.get((layer, "bias"), []), values.get((layer, "weight"), [])
        n_out = len(own_biases)
        if not n_out or not own_weights or len(own_weights) % n_out:
            raise FileError(f"layer {layer} has {len(own_weights)} weights and {n_out} biases, which do not fit")
        targets = [target for _, target, _ in own_biases]
        for start in range(0, len(own_weights), n_out):
            block = own_weights[start : start + n_out]
            if [target for _, target, _ in block] != targets or len({source for source, _, _ in block}) != 1:
                raise FileError(f"the weights of layer {layer} are not in order: input by input, each to all units")
        weights.append(np.array([v for _, _, v in own_weights]).reshape(-1, n_out))
        biases.append(np.array([v for _, _, v in own_biases]))
    n_out = len(biases[0])
    meta = {
        "activation": activation,
        "input_names": [_plain_cell(source) for source, _, _ in values[1, "weight"][::n_out]],
        "class_names": [_plain_cell(target) for _, target, _ in values[layers[-1], "bias"]],
    }
    return build_model(weights, biases, meta)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"it is not UTF-8 text (byte {error.start:,})") from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:100]


_FORMATS: dict[str, tuple[Callable[[Model, BinaryIO], None], Callable[[bytes], Model]]] = {
    ".npz": (_write_npz, _read_npz),
    ".json": (_write_json, _read_json),
    ".csv": (_write_csv, _read_csv),
}
