"""Rows of a table in words: what they are, and that they had better be scaled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from l1gui.data.tables.errors import counted, quoted
from l1gui.data.tables.kinds import Feature
from l1gui.data.tables.split import Rows

LARGE, SMALL, UNEVEN = 1e3, 1e-3, 1e3
"""Unscaled magnitudes above and below which, or between whose columns, scaling is offered."""


def about_rows(n_rows: Mapping[str, int], n_inputs: int, learned: str) -> str:
    """Where the rows come from and what is learned, in a sentence."""
    held = "".join(f", {n_rows[role]:,} {role}" for role in ("validation", "test") if n_rows[role])
    return f"{n_rows['train']:,} training{held} rows of {counted(n_inputs, 'input')}; to be learned: {learned}."


def magnitude_note(features: Sequence[Feature], rows: Rows, scaling: str) -> list[str]:
    """A note that offers scaling, where numbers are left as they are and are very large, small or uneven."""
    if scaling != "none":
        return []
    spans = {}
    for feature in features:
        values = feature.column.values
        if values is not None:
            spans[feature.column.name] = float(np.nanmax(np.abs(values[rows])))
    if not spans:
        return []
    largest, smallest = max(spans, key=spans.__getitem__), min(spans, key=spans.__getitem__)
    high, low = spans[largest], spans[smallest]
    if high <= LARGE and low >= SMALL and high <= UNEVEN * low:
        return []
    return [
        f"Unscaled, column {quoted(largest)} reaches {high:.3g} and column {quoted(smallest)} {low:.3g}: training may "
        "diverge or stand still; --scaling standard brings all to one size."
    ]
