"""Which two inputs tell most of the target by themselves: where a first look at many inputs begins."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def shares_told(inputs: npt.NDArray[Any], targets: npt.NDArray[Any], *, is_numeric: bool) -> npt.NDArray[np.float64]:
    """Share of the variance that each input has in common with the target, 0 to 1; 0 of one that does not vary.

    With a number its squared correlation, with classes the variance between them.
    """
    x = np.asarray(inputs, dtype=np.float64)
    x = x - x.mean(axis=0)
    total = (x * x).sum(axis=0)
    if is_numeric:
        y = np.asarray(targets, dtype=np.float64) - np.mean(targets)
        common = (y @ x) ** 2 / max(float(y @ y), np.finfo(float).tiny)
    else:
        order = np.argsort(targets, kind="stable")
        _, starts, sizes = np.unique(targets[order], return_index=True, return_counts=True)
        common = (np.add.reduceat(x[order], starts, axis=0) ** 2 / sizes[:, None]).sum(axis=0)
    shares: npt.NDArray[np.float64] = np.divide(common, total, out=np.zeros_like(total), where=total > 0)
    return shares


def telling_pair(inputs: npt.NDArray[Any], targets: npt.NDArray[Any], *, is_numeric: bool) -> tuple[int, int]:
    """The two inputs that tell most, in their order; the first two where there is nothing to choose.

    Inputs of two values, as categories are, come after all others: a plane of them is four points.
    """
    if inputs.shape[1] <= 2 or not len(targets):  # noqa: PLR2004 - a plane
        return 0, min(1, inputs.shape[1] - 1)
    shares = shares_told(inputs, targets, is_numeric=is_numeric)
    is_binary = ((inputs == inputs.min(axis=0)) | (inputs == inputs.max(axis=0))).all(axis=0)
    best = np.lexsort((-shares, is_binary))[:2]
    first, second = sorted(best.tolist())
    return first, second
