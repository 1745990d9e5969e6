"""Seconds and peak memory of importing a table of 100,000 rows x 100 columns, and of a preview of it.

``python benchmarks/tables_import.py [rows] [columns]``; the table is made in a temporary folder. Numbers with six
digits, one column in ten of a few texts, one cell in a hundred missing, so that what is slower is in it.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from l1gui.data.presets import load_data
from l1gui.data.tables.preview import preview
from l1gui.settings import RunSettings


def write_table(path: Path, n_rows: int, n_columns: int, gaps: float) -> None:
    """Write a table whose last column is a class."""
    generator = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join([*(f"x{k + 1}" for k in range(n_columns - 1)), "y"]) + "\n")
        for _ in range(n_rows):
            cells = [f"{value:.6g}" for value in generator.standard_normal(n_columns)]
            for k in range(0, n_columns - 1, 10):
                cells[k] = ["red", "green", "blue"][int(generator.integers(3))]
            if gaps:
                for k in np.flatnonzero(generator.uniform(size=n_columns - 1) < gaps):
                    cells[k] = ""
            cells[-1] = "pq"[int(generator.integers(2))]
            file.write(",".join(cells) + "\n")


def main() -> None:
    """Make the tables, import them, print."""
    n_rows, n_columns = (int(word) for word in (*sys.argv[1:], 100_000, 100)[:2])
    with tempfile.TemporaryDirectory() as folder:
        for gaps in (0.0, 0.01):
            path = Path(folder) / f"gaps-{gaps}.csv"
            write_table(path, n_rows, n_columns, gaps)
            settings = RunSettings().with_values(source="table", file=str(path), missing="mean")
            wall, cpu = time.perf_counter(), time.process_time()
            preview(settings.table)
            previewed = time.perf_counter() - wall
            wall, cpu = time.perf_counter(), time.process_time()
            data = load_data(settings)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
            print(
                f"{n_rows:,} x {n_columns:,} ({path.stat().st_size / 1e6:.0f} MB, {gaps:.0%} missing): preview "
                f"{previewed:.2f} s, import {wall:.2f} s ({cpu:.2f} s of CPU), {data.n_inputs:,} inputs, peak memory "
                f"{peak / 1e6:.0f} MB"
            )


if __name__ == "__main__":
    main()
