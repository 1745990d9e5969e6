"""What each penalty method gives on the article's data: accuracy, zeros, dead units, means of many seeds.

    .venv/bin/python benchmarks/methods.py [--seeds 20] [--json]

The article's recipe (10-8-4, 500 epochs, learning rate 0.01, lambda 0.001), but tested on 10,000 rows of the same
generator, because 40 rows tell no two methods apart. The figures are in docs/methods.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from multiprocessing import get_context

import numpy as np

from l1gui.core.penalties import METHODS
from l1gui.data.article import more_rows
from l1gui.data.presets import load_data, preset
from l1gui.runs import run_to_end

N_TEST, TEST_SEED = 10_000, 1_000
COLUMNS = ("test", "train", "zero", "below", "dead", "constant", "live", "kkt")
HEADINGS = ("test %", "train %", "exact zeros of 112", "abs < 1e-3", "dead units of 8", "constant units", "live inputs",
            "KKT residual")  # fmt: skip


def figures_of(method: str, seed: int, lam: float) -> tuple[float, ...]:
    """One run's figures, in the order of `COLUMNS`."""
    settings = preset("article").settings.with_values(method=method, seed=seed, lam=lam)
    inputs, classes = more_rows(N_TEST, TEST_SEED)
    dataset = replace(load_data(settings), test_inputs=inputs, test_targets=classes)
    last = run_to_end(settings, dataset=dataset).last
    counts = last.counts
    return (
        100 * last.test.accuracy, 100 * last.train.accuracy, counts.zero, counts.below_threshold, counts.dead_units,
        counts.constant_units, counts.live_inputs, last.kkt,
    )  # fmt: skip


def one(task: tuple[str, int, float]) -> tuple[float, ...]:
    """`figures_of`, for a pool."""
    return figures_of(*task)


def table(methods: list[str], n_seeds: int, lam: float, jobs: int) -> dict[str, dict[str, tuple[float, float]]]:
    """Mean and standard error of every column, by method."""
    tasks = [(method, seed, lam) for method in methods for seed in range(n_seeds)]
    with get_context("spawn").Pool(jobs) as pool:
        found = np.array(pool.map(one, tasks, chunksize=2)).reshape(len(methods), n_seeds, len(COLUMNS))
    means, errors = found.mean(axis=1), found.std(axis=1, ddof=min(1, n_seeds - 1)) / np.sqrt(n_seeds)
    return {
        method: {
            name: (float(mean), float(error)) for name, mean, error in zip(COLUMNS, means[k], errors[k], strict=True)
        }
        for k, method in enumerate(methods)
    }


def markdown(found: dict[str, dict[str, tuple[float, float]]]) -> str:
    """The table for docs/methods.md; behind the accuracy its standard error."""
    lines = ["| method | " + " | ".join(HEADINGS) + " |", "| --- |" + " --- |" * len(HEADINGS)]
    for method, figures in found.items():
        cells = []
        for name, (mean, error) in figures.items():
            digits = 4 if name == "kkt" else 1
            cells.append(f"{mean:.{digits}f}" + (f" ± {error:.1f}" if name == "test" else ""))
        lines.append(f"| `{method}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20, help="runs a method (20)")
    parser.add_argument("--lam", type=float, default=1e-3, help="lambda (0.001)")
    parser.add_argument("--methods", default=",".join(METHODS), help="methods, with commas between (all)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    flags = parser.parse_args()
    found = table(flags.methods.split(","), flags.seeds, flags.lam, flags.jobs)
    sys.stdout.write(json.dumps(found, indent=2) + "\n" if flags.json else markdown(found))


if __name__ == "__main__":
    main()
