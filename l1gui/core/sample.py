"""A sample of rows that stays the same: what is drawn of more rows than can be seen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

MOST_POINTS = 2_000
"""Rows that a plot shows as points."""


def sample_rows(n_rows: int, most: int = MOST_POINTS) -> npt.NDArray[np.int64]:
    """Numbers of up to `most` of so many rows, in mixed order, so that the first of them are a sample too.

    All of them, in their order, where they are no more than that.
    """
    if n_rows <= most:
        return np.arange(n_rows)
    return np.random.default_rng(0).permutation(n_rows)[:most]
