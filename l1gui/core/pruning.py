"""Pruning: the smaller network that answers as the given one does, without what its zeros have made useless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core import warm
from l1gui.core.activations import activate
from l1gui.core.losses import activation
from l1gui.core.metrics import reach
from l1gui.core.network import Layout, outputs, pad_rows, sizes_of, sizes_text

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Pruned:
    """A pruned network.

    Attributes
    ----------
    weights, biases : tuples of arrays
        Per layer, shapes (n_in, n_out) and (n_out,), of the type of the network given. Where no input leads to an
        output any more, one layer is left, of shape (0, n_out): its biases are the answer to every row.
    kept : tuple of int64 arrays
        Per layer, inputs first: the numbers that its units had in the network given. The index map.
    sizes_before : tuple of int
        Layer sizes of the network given.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    kept: tuple[npt.NDArray[np.int64], ...]
    sizes_before: tuple[int, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Layer sizes, inputs first."""
        return sizes_of(self.weights)

    @property
    def is_constant(self) -> bool:
        """Whether no input is left."""
        return self.sizes[0] == 0


def prune(weights: Sequence[Array], biases: Sequence[Array], activation_id: str) -> Pruned:
    """Drop units without outgoing weights, fold units without incoming ones into the next biases, drop dead inputs.

    Done until nothing changes, in one pass: what stays lies on a path of nonzero weights from an input to an output.
    What a folded unit answers, its activation of its bias, is the same for every row: ``b_next += phi(b) * W_out``.
    Outputs are never removed.

    Parameters
    ----------
    weights, biases : sequences of arrays
        Per layer, shapes (n_in, n_out) and (n_out,), all of one float type.
    activation_id : str
        Of the hidden layers.
    """
    sizes = sizes_of(weights)
    from_inputs, to_outputs = reach(weights)
    kept = [np.flatnonzero(a & b) for a, b in zip(from_inputs, to_outputs, strict=True)]
    kept[-1] = np.arange(sizes[-1])
    folded = [np.array(b, dtype=np.float64) for b in biases]
    code = activation(activation_id).code
    for layer in range(len(weights) - 1):
        constant = np.flatnonzero(~from_inputs[layer + 1])
        if constant.size:
            answers = pad_rows([folded[layer][constant]], biases[layer].dtype)
            activate(code, answers, 0, answers.size)
            found = answers[0, : constant.size].astype(np.float64)
            folded[layer + 1] += found @ np.asarray(weights[layer + 1], np.float64)[constant]
    dtype = weights[0].dtype
    if not all(units.size for units in kept):
        none = np.zeros(0, dtype=np.int64)
        return Pruned((np.zeros((0, sizes[-1]), dtype),), (folded[-1].astype(dtype),), (none, kept[-1]), sizes)
    return Pruned(
        tuple(np.ascontiguousarray(w[np.ix_(a, b)]) for w, a, b in zip(weights, kept, kept[1:], strict=False)),
        tuple(b[units].astype(dtype) for b, units in zip(folded, kept[1:], strict=True)),
        tuple(units.astype(np.int64) for units in kept),
        sizes,
    )


def logits(weights: Sequence[Array], biases: Sequence[Array], activation_id: str, inputs: npt.ArrayLike) -> Array:
    """What goes into the output, shape (n_rows, n_outputs), by the compiled forward pass in the weights' precision."""
    warm.prepare()
    layout = Layout(sizes_of(weights))
    params = layout.pack(weights, biases, weights[0].dtype)
    return outputs(layout, activation(activation_id).code, params, inputs, is_logits=True)


@dataclass(frozen=True, slots=True)
class PruneCheck:
    """How the pruned network's answers differ on some rows: largest change of a sum, rows of another class."""

    n_rows: int
    largest_change: float
    n_other_class: int


def _classes(sums: Array, *, is_numeric: bool) -> Array:
    """Class of each row of sums; of numbers all are 0."""
    if is_numeric:
        return np.zeros(len(sums), dtype=np.int64)
    return (sums[:, 0] > 0).astype(np.int64) if sums.shape[1] == 1 else sums.argmax(axis=1)


def check_pruned(
    weights: Sequence[Array],
    biases: Sequence[Array],
    activation_id: str,
    pruned: Pruned,
    inputs: npt.ArrayLike,
    *,
    is_numeric: bool = False,
) -> PruneCheck:
    """Compare a network with its pruned form on `inputs`, shape (n_rows, n_inputs of the network given)."""
    rows = np.asarray(inputs)
    before = logits(weights, biases, activation_id, rows)
    after = logits(pruned.weights, pruned.biases, activation_id, rows[:, pruned.kept[0]])
    change = float(np.abs(before.astype(np.float64) - after).max(initial=0.0))
    is_other = _classes(before, is_numeric=is_numeric) != _classes(after, is_numeric=is_numeric)
    return PruneCheck(len(rows), change, int(is_other.sum()))


def pruned_text(pruned: Pruned, check: PruneCheck) -> str:
    """What pruning did, in a line, as in ``10-8-4 -> 10-3-4, largest change 0``."""
    before, after = sizes_text(pruned.sizes_before), sizes_text(pruned.sizes)
    text = f"{before} -> {after}, largest change {check.largest_change:.3g}"
    if check.n_other_class:
        text += f", another class on {check.n_other_class:,} of {check.n_rows:,} rows"
    return text
