"""How well the defaults do on real tables, beside scikit-learn's multi-layer perceptron; writes docs/tables.md.

    .venv/bin/python benchmarks/tables.py [--splits 20] [--write]

Both learn from the same training rows, scaled alike, with their defaults and no tuning, and are judged on the same
test rows (a quarter, stratified), split anew for every seed. The standard error is that of the mean over the splits.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LinearRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor

from l1gui.data.dataset import Dataset
from l1gui.data.presets import load_data, preset
from l1gui.data.tables.suggest import suggested_settings
from l1gui.runs import run_to_end

TABLES = ("iris", "wine", "breast-cancer", "digits", "friedman")
TARGET = Path(__file__).parents[1] / "docs" / "tables.md"


@dataclass(frozen=True, slots=True)
class Result:
    """One split: ours, theirs (accuracy, or R2 of a number), and how small ours is."""

    ours: float
    theirs: float
    zeros: float
    live_inputs: int
    n_inputs: int


def theirs_of(data: Dataset, seed: int) -> float:
    """What scikit-learn's perceptron gets."""
    kind = MLPRegressor if data.is_numeric else MLPClassifier
    targets, tests = data.train_targets, data.test_targets
    if data.is_numeric:  # scaled, or it would learn next to nothing
        mean, spread = targets.mean(), targets.std()
        targets, tests = (targets - mean) / spread, (tests - mean) / spread
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return float(kind(random_state=seed).fit(data.train_inputs, targets).score(data.test_inputs, tests))


def result_of(name: str, seed: int) -> Result:
    """Both on one split."""
    settings = preset(name).settings.with_values(seed=seed)
    if settings.table.file:
        settings = settings.with_values(split_seed=seed)
    data = load_data(settings)
    suggested = suggested_settings(data, settings)
    # Of generated data too, what would be suggested for a table of that size.
    settings = suggested.with_values(source=settings.data.source)
    last = run_to_end(settings, dataset=data).last
    ours = last.test.accuracy if last.test.r2 is None else last.test.r2
    counts = last.counts
    return Result(ours, theirs_of(data, seed), counts.zero / counts.count, counts.live_inputs, last.sizes[0])


def linear_floor(name: str) -> float | None:
    """R2 of least squares, of a numeric target: what a network must be worth."""
    data = load_data(preset(name).settings)
    if not data.is_numeric:
        return None
    return float(
        LinearRegression().fit(data.train_inputs, data.train_targets).score(data.test_inputs, data.test_targets)
    )


def line_of(name: str, results: list[Result]) -> str:
    """A row of the table."""
    ours, theirs = (np.array([getattr(each, which) for each in results]) for which in ("ours", "theirs"))
    errors = [values.std(ddof=1) / np.sqrt(len(values)) for values in (ours, theirs)]
    is_number = name == "friedman"
    scale, unit = (1.0, "R2") if is_number else (100.0, "%")
    cells = [
        f"{scale * values.mean():.{3 if is_number else 2}f} ± {scale * error:.{3 if is_number else 2}f}"
        for values, error in zip((ours, theirs), errors, strict=True)
    ]
    verdict = "yes" if ours.mean() >= theirs.mean() - errors[1] else "NO"
    live, n_inputs = np.mean([each.live_inputs for each in results]), results[0].n_inputs
    zeros = 100 * np.mean([each.zeros for each in results])
    return f"| `{name}` | {unit} | {cells[0]} | {cells[1]} | {verdict} | {zeros:.0f} % | {live:.1f} of {n_inputs} |"


def page(n_splits: int) -> str:
    """The whole page."""
    lines = [
        "# How well the defaults do on real tables",
        "",
        f"Made by `benchmarks/tables.py`: {n_splits} random splits, a quarter of the rows held back (stratified by",
        "class), the same rows and the same scaling for both. l1gui learns with what it suggests for a table of",
        "that size; scikit-learn is `MLPClassifier()` or `MLPRegressor()` with its defaults.",
        "Then: whether l1gui is within one standard error of scikit-learn's mean, or better; and how small its network",
        "is.",
        "",
        "| table | measure | l1gui | scikit-learn | within one standard error | weights exactly zero | live inputs |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name in TABLES:
        results = [result_of(name, seed) for seed in range(n_splits)]
        lines.append(line_of(name, results))
        sys.stderr.write(lines[-1] + "\n")
    floor = linear_floor("friedman")
    lines += [
        "",
        f"`friedman` is generated (Friedman 1991); least squares gets an R2 of {floor:.3f} on its first split.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description="Defaults on real tables, beside scikit-learn.")
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="write docs/tables.md")
    arguments = parser.parse_args()
    text = page(arguments.splits)
    if arguments.write:
        TARGET.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
