"""Writes `resources/tables`: the real tables that come with the program, from scikit-learn's package data.

``python docs/make_tables.py``; a test checks that the files are what this makes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine

TARGET = Path(__file__).parents[1] / "resources" / "tables"
TABLES: dict[str, tuple[Callable[[], Any], str]] = {
    "iris": (load_iris, "species"),
    "wine": (load_wine, "cultivar"),
    "breast-cancer": (load_breast_cancer, "diagnosis"),
    "digits": (load_digits, "digit"),
}
"""Loader of every table, and the name of its class column."""


def plain(value: float) -> str:
    """A number without a needless point."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def table(name: str) -> str:
    """A table as CSV: a header, a row per row, the class last, by its name."""
    load, target_name = TABLES[name]
    found = load()
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow([*found.feature_names, target_name])
    for row, target in zip(found.data.tolist(), found.target.tolist(), strict=True):
        writer.writerow([*map(plain, row), found.target_names[target]])
    return lines.getvalue()


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    for each in TABLES:
        (TARGET / f"{each}.csv").write_text(table(each), encoding="utf-8")
