"""Tables in Parquet files, where pyarrow is installed."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np

from l1gui.data.tables.archive import Array, add_array, head_of_arrays
from l1gui.data.tables.columns import Builder, estimated_bytes
from l1gui.data.tables.errors import TableError, listed
from l1gui.data.tables.header import column_names
from l1gui.data.tables.memory import check_memory
from l1gui.data.tables.raw import HEAD_ROWS, Plan, RawTable, Reading
from l1gui.data.tables.sniff import MAX_COLUMNS
from l1gui.data.tables.stream import Watch, look_over

BATCH_CELLS = 400_000


def read_parquet(path: Path, plan: Plan, watch: Watch, most_rows: int | None = None) -> RawTable:
    """Read a .parquet file, batch by batch.

    Parameters are those of `read_text`.

    Raises
    ------
    TableError
        Without the file's name, when it cannot be read, or pyarrow is not installed.
    """
    try:
        arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise TableError("Parquet files are read with pyarrow, which is not installed: pip install pyarrow") from error
    seen = look_over(path, watch.part(0.0, 0.1))
    try:
        # Neither threads of its own, nor a map of a file that may shrink under it.
        with parquet.ParquetFile(path, memory_map=False, pre_buffer=False) as file:
            table = _read(file, plan, watch.part(0.1, 1.0), most_rows)
    except (arrow.ArrowException, ValueError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0][:100]
        raise TableError(f"it is no whole Parquet file ({said}): save it again") from error
    seen.check_unchanged()
    builders, head, notes, n_all = table
    return RawTable(
        columns=tuple(builder.finish() for builder in builders),
        n_rows=min(n_all, most_rows or n_all),
        lines=None,
        head=head,
        reading=Reading(),
        notes=tuple(notes),
        digest=seen.digest,
        estimated_rows=n_all,
    )


def _read(
    file: Any, plan: Plan, watch: Watch, most_rows: int | None
) -> tuple[list[Builder], tuple[tuple[str, ...], ...], list[str], int]:
    n_rows, kept = file.metadata.num_rows, file.schema_arrow.names
    if not n_rows or not kept:
        raise TableError("it holds no row; a table needs at least two rows of data")
    if len(kept) > MAX_COLUMNS:
        raise TableError(f"it has {len(kept):,} columns; up to {MAX_COLUMNS:,} are read: make a smaller table of it")
    nested = [field.name for field in file.schema_arrow if field.type.num_fields]
    if nested:
        raise TableError(f"its columns {listed(nested)} hold lists or records, not cells: save the table without them")
    check_memory(estimated_bytes(n_rows, len(kept)), f"this table of {n_rows:,} rows and {len(kept):,} columns")
    names, notes = column_names(kept)
    builders = [Builder(name, mode, "point") for name, mode in zip(names, plan(names), strict=True)]
    head: tuple[tuple[str, ...], ...] = ()
    done = 0
    for batch in file.iter_batches(batch_size=max(1, BATCH_CELLS // len(kept)), use_threads=False):
        left = n_rows if most_rows is None else most_rows - done
        arrays = [_array(column)[:left] for column in batch.columns]
        if not head:
            head = head_of_arrays([array[:HEAD_ROWS] for array in arrays])
        for builder, array in zip(builders, arrays, strict=True):
            add_array(builder, array)
        done += len(arrays[0])
        watch.step(done / n_rows)
        if most_rows is not None and done >= most_rows:
            break
    return builders, head, notes, n_rows


def _array(column: Any) -> Array:
    """A column's cells as floats, a missing one NaN, or as texts, a missing one empty."""
    arrow = importlib.import_module("pyarrow")
    kind = column.type
    if arrow.types.is_integer(kind) or arrow.types.is_floating(kind) or arrow.types.is_boolean(kind):
        return np.array(
            [np.nan if cell is None else float(cell) for cell in column.to_pylist()]
            if column.null_count or arrow.types.is_boolean(kind)
            else column.to_numpy(zero_copy_only=False),
            dtype=np.float64,
        )
    if arrow.types.is_decimal(kind):
        return np.array([np.nan if cell is None else float(cell) for cell in column.to_pylist()])
    return np.array(["" if cell is None else str(cell) for cell in column.to_pylist()], dtype=object)
