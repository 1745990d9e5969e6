"""Bounds on lambda that can be proved: from there on the network whose weights are all 0 is the best there is.

A network without weights says the same of every row: the mean of the targets, by its output biases. Where the loss is
convex in the output's sums, moving a weight away from 0 gains at most its gradient there; so no weight is worth a
lambda that is above all of these gradients. With hidden units that answer within 1, these are bounded by the mean
miss of the targets alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from l1gui.core.penalties import ELASTIC_TERM, L1_TERM, penalty_method
from l1gui.core.task import Rows
from l1gui.settings import RunSettings

CHUNK = 1_000_000
"""Numbers that are worked on at a time, so that memory stays small."""
BOUNDED_ACTIVATIONS = ("tanh", "sigmoid")


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound on lambda.

    Attributes
    ----------
    lam : float
        As the run's method takes lambda.
    formula, reason : str
        What it is, and for what it is proved.
    is_proved, is_exact : bool
        Whether this run is of that kind; whether just below it a weight is not 0.
    """

    lam: float
    formula: str
    reason: str
    is_proved: bool
    is_exact: bool


def zero_bound(classes: npt.NDArray[np.int64]) -> float:
    """Lambda from which on the all-zero network is provably the best: max over classes of 2 p (1 - p).

    p are the shares of the classes. Proved for cross-entropy and hidden units that answer within 1, all weights
    penalised by L1; never above 0.5.
    """
    shares = np.bincount(classes) / max(1, len(classes))
    return float((2.0 * shares * (1.0 - shares)).max(initial=0.0))


def number_bound(targets: npt.NDArray[np.float64]) -> float:
    """The same for a number, a linear output and squared error: the mean of |y - mean y|."""
    return float(np.abs(targets - targets.mean()).mean())


def lasso_bound(inputs: npt.NDArray[np.generic], targets: npt.NDArray[np.generic], n_classes: int = 0) -> float:
    """Lambda from which on all weights of a network without a hidden layer are 0: max |X^T (y - mean y)| / n.

    Of classes, y are a column for each, 1 for the rows of that class and else 0; then it is proved for cross-entropy.
    Exact: just below it a weight moves.

    Parameters
    ----------
    inputs : array of shape (n_rows, n_inputs)
        What the network sees.
    targets : array of shape (n_rows,)
        Numbers as they are learned, or classes.
    n_classes : int
        0 for numbers.
    """
    n_rows, n_inputs = inputs.shape
    columns = np.arange(max(1, n_classes))
    mean = np.bincount(targets, minlength=n_classes) / n_rows if n_classes else targets.mean(dtype=np.float64)
    sums = np.zeros((n_inputs, len(columns)))
    step = max(1, CHUNK // max(1, n_inputs + len(columns)))
    for start in range(0, n_rows, step):
        some = slice(start, start + step)
        own = (targets[some, None] == columns) if n_classes else targets[some, None]
        sums += np.asarray(inputs[some], dtype=np.float64).T @ (own - mean)
    return float(np.abs(sums).max(initial=0.0) / max(1, n_rows))


def provable_bound(settings: RunSettings, train: Rows, n_classes: int) -> Bound | None:
    """The bound for a run, from its training rows; None where its penalty is not L1's, or none is known."""
    method, network = penalty_method(settings.penalty.method), settings.network
    is_mix = method.term == ELASTIC_TERM and settings.penalty.alpha > 0
    if not (method.term == L1_TERM or is_mix) or not method.is_real:
        return None
    is_convex = settings.training.loss == "cross-entropy" or not n_classes
    is_exact = not network.hidden
    if is_exact and not is_convex:
        return None
    is_proved = is_convex and (is_exact or network.activation in BOUNDED_ACTIVATIONS)
    inputs, targets = train
    if is_exact:
        bound, formula = lasso_bound(inputs, targets, n_classes), "max |X^T (y - mean y)| / n"
        reason = "exact without a hidden layer" + (", for cross-entropy" if n_classes else ": the lasso's lambda_max")
    else:
        bound = zero_bound(targets) if n_classes else number_bound(targets)
        formula = "2 p (1 - p), p a class's share" if n_classes else "mean of |y - mean y|"
        reason = f"proved for {'cross-entropy' if n_classes else 'a number'} and tanh or sigmoid"
    scale = 1.0 / settings.penalty.alpha if is_mix else settings.training.learn_rate if method.is_unscaled else 1.0
    return Bound(bound * scale, formula, reason, is_proved, is_exact)
