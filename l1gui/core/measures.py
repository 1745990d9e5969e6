"""The compiled measuring loops: what the history keeps of every epoch.

For the groups `codes`, `numbers` and `scratch`, see `entries`.
"""

from __future__ import annotations

import math

import numpy as np

from l1gui.core import batches, outputs
from l1gui.core.compiled import compiled, inlined
from l1gui.core.counts import group_norms, structure, weight_sums
from l1gui.core.entries import (
    ALPHA,
    BIASES_AT,
    BLOCK,
    ETA,
    LAM,
    LOSS,
    N_IN,
    N_OUT,
    OUTPUT,
    PAD_IN,
    PAD_OUT,
    STRENGTH,
    THRESHOLD,
    VALUES_AT,
    WEIGHTS_AT,
)
from l1gui.core.kernel import add_block, forward_rows, share_of, take_rows
from l1gui.core.lanes import LANES
from l1gui.core.losses import CROSS_ENTROPY
from l1gui.core.penalties import ELASTIC_TERM, GROUP_TERM, L1_TERM, L2_TERM

COLUMNS = (
    "train_loss", "train_correct", "validation_loss", "validation_correct", "test_loss", "test_correct", "penalty",
    "abs_sum", "zero", "below_threshold", "dead_units", "constant_units", "live_inputs", "effective_parameters", "kkt",
    "learn_rate", "lam",
)  # fmt: skip
"""What `measure` fills in, in its order."""

(
    TRAIN_LOSS, TRAIN_CORRECT, VALIDATION_LOSS, VALIDATION_CORRECT, TEST_LOSS, TEST_CORRECT, PENALTY, ABS_SUM, ZERO,
    BELOW, DEAD, CONSTANT, LIVE_INPUTS, EFFECTIVE, KKT, LEARN_RATE, LAMBDA,
) = range(17)  # fmt: skip


@inlined
def minus_logarithm(share):
    """-log of the share that an output gives its row's class."""
    # The smallest float32 bounds the logarithm where the output underflowed to 0; NaN passes through.
    return -math.log(1e-45 if share < 1e-45 else share)  # noqa: PLR2004 - max would hide NaN


@compiled
def evaluate_rows(params, table, codes, inputs, classes, targets, scratch):
    """Mean of the rows' losses (penalty not included), and how many rows are classified right.

    A class of -1 is one that the network does not know: such a row is wrong, and has no loss.
    """
    last = table[table.shape[0] - 1]
    n_out, width = last[N_OUT], last[PAD_OUT]
    values, columns, wanted, found = scratch.values, scratch.columns, scratch.wanted, scratch.found
    goals, powers, loss, output = scratch.targets, scratch.powers, codes[LOSS], codes[OUTPUT]
    total = 0.0
    correct = 0
    known = 0
    for start in range(0, inputs.shape[0], BLOCK):
        n_rows = min(BLOCK, inputs.shape[0] - start)
        forward_rows(params, table, codes, inputs, start, n_rows, scratch)
        take_rows(targets, start, n_rows, width, goals)
        for r in range(0, n_rows, LANES):
            outputs.take_columns(values, BLOCK * last[VALUES_AT] + r * width, width, columns)
            outputs.take_columns(goals, r * width, width, wanted)
            outputs.output_columns(output, columns, powers, n_out)
            outputs.judge_columns(loss, output, columns, wanted, n_out, found)
            for i in range(min(LANES, n_rows - r)):
                wanted_class = classes[start + r + i]
                if wanted_class >= 0:
                    known += 1
                    correct += found[LANES + i] == wanted_class
                    total += minus_logarithm(found[i]) if loss == CROSS_ENTROPY else found[i]
    return total / max(1, known), correct


@compiled
def add_all_gradients(params, table, inputs, targets, codes, scratch, gradients):
    """Mean gradient of the loss over all rows, dropout and jitter aside, the penalty not included."""
    batches.transpose_weights(params, table, scratch.transposed)
    for start in range(0, inputs.shape[0], BLOCK):
        n_rows = min(BLOCK, inputs.shape[0] - start)
        take_rows(inputs, start, n_rows, table[0, PAD_IN], scratch.values)
        take_rows(targets, start, n_rows, table[table.shape[0] - 1, PAD_OUT], scratch.targets)
        n_summed = inputs.shape[0] if start + n_rows == inputs.shape[0] else 1
        share = share_of(n_summed, params)
        add_block(params, table, codes, n_rows, scratch, gradients, False, start == 0, share, False)


@compiled
def weight_residual(term, w, g, lam, alpha):
    """By how much one weight misses its optimality condition; see `kkt_residual`."""
    if term == L2_TERM:
        return abs(g + lam * w)
    pull = 0.0
    if term == L1_TERM:
        pull = lam
    elif term == ELASTIC_TERM:
        pull = lam * alpha
        g += lam * (1.0 - alpha) * w
    if w == 0.0:
        return max(0.0, abs(g) - pull)
    return abs(g + pull * (1.0 if w > 0.0 else -1.0))


@compiled
def group_residual(w, g, lam):
    """Norm of what one unit's outgoing weights miss of their condition; at zero they may be pulled up to a bound."""
    squares, pulls, missed = 0.0, 0.0, 0.0
    for j in range(w.size):
        squares += np.float64(w[j]) ** 2
        pulls += np.float64(g[j]) ** 2
    bound = lam * math.sqrt(w.size)
    if squares == 0.0:
        return max(0.0, math.sqrt(pulls) - bound)
    for j in range(w.size):
        missed += (np.float64(g[j]) + bound * np.float64(w[j]) / math.sqrt(squares)) ** 2
    return math.sqrt(missed)


@compiled
def kkt_residual(params, table, gradients, terms, lam, alpha):
    """Largest miss of the optimality conditions of loss + penalty; 0 at an optimum.

    For L1: abs(g + lam * s(w)) where w is not 0, else max(0, abs(g) - lam); abs(g) for biases. `terms`, shape
    (n_layers,), are codes of `penalties`, `lam` is the objective's strength.
    """
    largest = 0.0
    for layer in range(table.shape[0]):
        n_out, width = table[layer, N_OUT], table[layer, PAD_OUT]
        at, biases_at = table[layer, WEIGHTS_AT], table[layer, BIASES_AT]
        for i in range(table[layer, N_IN]):
            start = at + i * width
            if terms[layer] == GROUP_TERM:
                w, g = params[start : start + n_out], gradients[start : start + n_out]
                largest = max(largest, group_residual(w, g, lam))
            else:
                for k in range(start, start + n_out):
                    w_k, g_k = np.float64(params[k]), np.float64(gradients[k])
                    largest = max(largest, weight_residual(terms[layer], w_k, g_k, lam, alpha))
        for j in range(n_out):
            largest = max(largest, abs(np.float64(gradients[biases_at + j])))
    return largest


@compiled
def penalty_of(params, table, terms, abs_sum, squares, lam, alpha):
    """The penalty's part of the objective, when all layers have the same term."""
    if terms[0] == L1_TERM:
        return lam * abs_sum
    if terms[0] == L2_TERM:
        return 0.5 * lam * squares
    if terms[0] == ELASTIC_TERM:
        return lam * (alpha * abs_sum + 0.5 * (1.0 - alpha) * squares)
    return lam * group_norms(params, table) if terms[0] == GROUP_TERM else 0.0


@compiled
def measure(params, table, rows, codes, numbers, terms, scratch, gradients, measured, is_kkt_wanted):
    """Fill `measured`, float64 of shape (17,), with what `COLUMNS` names.

    `rows` is a tuple of arrays: inputs, classes and targets to train on, to validate and to test with. The residual
    is NaN where it is not wanted.
    """
    inputs, classes, targets, validation_inputs, validation_classes, validation_targets = rows[:6]
    test_inputs, test_classes, test_targets = rows[6:]
    measured[TRAIN_LOSS], measured[TRAIN_CORRECT] = evaluate_rows(
        params, table, codes, inputs, classes, targets, scratch
    )
    measured[VALIDATION_LOSS], measured[VALIDATION_CORRECT] = evaluate_rows(
        params, table, codes, validation_inputs, validation_classes, validation_targets, scratch
    )
    measured[TEST_LOSS], measured[TEST_CORRECT] = evaluate_rows(
        params, table, codes, test_inputs, test_classes, test_targets, scratch
    )
    abs_sum, squares, zero, below = weight_sums(params, table, numbers[THRESHOLD])
    measured[ABS_SUM], measured[ZERO], measured[BELOW] = abs_sum, zero, below
    measured[PENALTY] = penalty_of(params, table, terms, abs_sum, squares, numbers[STRENGTH], numbers[ALPHA])
    dead, constant, live, effective = structure(params, table, scratch)
    measured[DEAD], measured[CONSTANT], measured[LIVE_INPUTS], measured[EFFECTIVE] = dead, constant, live, effective
    measured[LEARN_RATE], measured[LAMBDA] = numbers[ETA], numbers[LAM]
    measured[KKT] = np.nan
    if is_kkt_wanted:
        add_all_gradients(params, table, inputs, targets, codes, scratch, gradients)
        measured[KKT] = kkt_residual(params, table, gradients, terms, numbers[STRENGTH], numbers[ALPHA])
