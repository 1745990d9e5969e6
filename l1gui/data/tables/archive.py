"""Tables in NumPy archives: X and y, read member by member with suspicion; nothing is unpickled."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.data.npy import read_npy
from l1gui.data.tables.columns import Builder, estimated_bytes, number_text
from l1gui.data.tables.errors import TableError, listed
from l1gui.data.tables.header import column_names
from l1gui.data.tables.memory import check_memory
from l1gui.data.tables.raw import HEAD_ROWS, Plan, RawTable, Reading
from l1gui.data.tables.sniff import MAX_COLUMNS
from l1gui.data.tables.stream import Watch, look_over

Array = npt.NDArray[Any]

MAX_MEMBERS = 1_000
DIRECTORY_ENTRY = b"PK\x01\x02"
INPUTS = ("X", "x", "data", "inputs", "features")
TARGETS = ("y", "Y", "target", "targets", "labels")
INPUT_NAMES = ("feature_names", "input_names", "names", "columns")
CLASS_NAMES = ("target_names", "class_names")
MATRIX = 2


def read_archive(path: Path, plan: Plan, watch: Watch, most_rows: int | None = None) -> RawTable:
    """Read a .npz file: an array X with a row per row and, beside it, y; or one array per column.

    Parameters are those of `read_text`.

    Raises
    ------
    TableError
        Without the file's name, when it cannot be read.
    """
    seen = look_over(path, watch.part(0.0, 0.5), DIRECTORY_ENTRY)
    if seen.n_marks > MAX_MEMBERS:
        raise TableError(f"it holds {seen.n_marks:,} arrays; up to {MAX_MEMBERS:,} are read")
    arrays = _arrays_in(path)
    seen.check_unchanged()
    columns, notes = _columns(arrays)
    names, made = column_names([name for name, _ in columns])
    n_rows = len(columns[0][1])
    check_memory(estimated_bytes(n_rows, len(columns)), f"this table of {n_rows:,} rows and {len(columns):,} columns")
    builders = [Builder(name, mode, "point") for name, mode in zip(names, plan(names), strict=True)]
    used = slice(0, most_rows)
    for k, (builder, (_, values)) in enumerate(zip(builders, columns, strict=True)):
        add_array(builder, values[used])
        watch.step(0.5 + 0.5 * (k + 1) / len(columns))
    return RawTable(
        columns=tuple(builder.finish() for builder in builders),
        n_rows=min(n_rows, most_rows or n_rows),
        lines=None,
        head=head_of_arrays([values for _, values in columns]),
        reading=Reading(),
        notes=(*notes, *made),
        digest=seen.digest,
        estimated_rows=n_rows,
    )


def _arrays_in(path: Path) -> dict[str, Array]:
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            return _Members(archive).read()
    except (
        zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError, NotImplementedError, RuntimeError, KeyError,
        OverflowError,
    ) as error:  # fmt: skip
        said = (str(error).splitlines() or [type(error).__name__])[0][:100]
        raise TableError(f"it is not a whole NumPy archive ({said}): save X and y with numpy.savez again") from error


def add_array(builder: Builder, values: Array) -> None:
    """Give a column its cells, numbers or texts."""
    if values.dtype.kind in "fiu":
        builder.add_numbers(values)
    elif values.dtype.kind == "b":
        builder.add_numbers(values.astype(np.float64))
    else:
        builder.add(values.tolist())


def head_of_arrays(columns: Sequence[Array]) -> tuple[tuple[str, ...], ...]:
    """The first rows as text."""
    cells = [
        [number_text(float(cell)) if values.dtype.kind in "fiub" else str(cell) for cell in values[:HEAD_ROWS].tolist()]
        for values in columns
    ]
    return tuple(zip(*cells, strict=True))


class _Members:
    """The arrays of an archive that are wanted."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            name = entry.filename.removesuffix(".npy")
            if name in self._entries:
                raise TableError(f"it holds {listed([name])} twice")
            self._entries[name] = entry

    def read(self) -> dict[str, Array]:
        """X and y and names, by those names; or each array by its own."""
        names = {
            wanted: next((name for name in known if name in self._entries), "")
            for wanted, known in (
                ("X", INPUTS), ("y", TARGETS), ("input names", INPUT_NAMES), ("class names", CLASS_NAMES),
            )
        }  # fmt: skip
        if names["X"]:
            return {wanted: self._array(name) for wanted, name in names.items() if name}
        arrays = {f"={name}": self._array(name) for name in self._entries}
        shapes = {array.shape for array in arrays.values()}
        if len(arrays) < MATRIX or len(shapes) != 1 or any(len(shape) != 1 for shape in shapes):
            raise TableError(
                f"it holds {listed(list(self._entries)) or 'nothing'}: a table is an array X with a row per row and an "
                "array y, or one array of one length per column"
            )
        return arrays

    def _array(self, name: str) -> Array:
        entry = self._entries[name]
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Python unpacks the others in pieces of any size, whatever the directory says.
            raise TableError("it is packed in a way that NumPy does not use; save it with numpy.savez again")
        check_memory(3.0 * entry.file_size, f"its array {listed([name])}")
        with self._archive.open(entry) as member:
            array = read_npy(member.read(entry.file_size))
        if array.dtype.kind == "U":
            # By Python's own decoder: NumPy makes strings of any code points, such as no string may have.
            array.tobytes().decode("utf-32-be" if array.dtype.str.startswith(">") else "utf-32-le")
        return array


def _columns(arrays: dict[str, Array]) -> tuple[list[tuple[str, Array]], list[str]]:
    """Names and cells of the columns, the target last."""
    if "X" not in arrays:
        return [(name.removeprefix("="), array) for name, array in arrays.items()], []
    inputs, notes = arrays["X"], []
    if not inputs.ndim or not inputs.size:
        raise TableError("its array X is empty; a table needs at least two rows of data")
    if inputs.ndim > MATRIX:
        notes.append(f"X has the shape {inputs.shape}: each row's numbers were put in one line.")
    inputs = inputs.reshape(len(inputs), -1)
    if inputs.shape[1] >= MAX_COLUMNS:
        raise TableError(f"its X has {inputs.shape[1]:,} columns; up to {MAX_COLUMNS:,} are read")
    names = [str(name) for name in arrays.get("input names", np.zeros(0)).ravel().tolist()]
    if len(names) != inputs.shape[1]:
        names = [f"x{k + 1}" for k in range(inputs.shape[1])]
    columns = [(name, inputs[:, k]) for k, name in enumerate(names)]
    if "y" in arrays:
        columns.append(("target", _target(arrays, len(inputs))))
    return columns, notes


def _target(arrays: dict[str, Array], n_rows: int) -> Array:
    target = arrays["y"]
    if target.size != n_rows or not target.ndim or len(target) != n_rows:
        raise TableError(f"its X has {n_rows:,} rows and its y the shape {target.shape}: y needs one value a row")
    target, classes = target.ravel(), arrays.get("class names", np.zeros(0)).ravel()
    is_numbered = target.dtype.kind in "iu" and classes.dtype.kind == "U"
    if is_numbered and len(classes) and target.min() >= 0 and target.max() < len(classes):
        return classes[target]
    return target
