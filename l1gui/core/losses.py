"""Losses, activations and kinds of output: one table entry each, with the compiled code that the kernel calls.

Rows are single; `o` are the outputs, `t` the targets, of which the first `n` count. A softmax has an output for each
class, and one-hot targets. Of two classes a sigmoid's target is 0 or 1, and a tanh's -1 or 1. A linear output is for
numbers. The arrays are float32 or float64.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from l1gui.core.compiled import inlined
from l1gui.core.elementary import exp, sigmoid, tanh
from l1gui.core.lanes import LANES, add_lanes, first, lane, largest, load, select, store, wide
from l1gui.spec import SettingError


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss as the user meets it; `code` is what the kernel branches on, once a row."""

    id: str
    code: int
    label: str
    formula: str
    help: str


@dataclass(frozen=True, slots=True)
class Activation:
    """A hidden activation; `code` is what the kernel branches on, once a layer."""

    id: str
    code: int
    label: str
    formula: str


@dataclass(frozen=True, slots=True)
class Output:
    """What the last layer's sums go through; `code` is what the kernel branches on, once a row.

    Attributes
    ----------
    losses : tuple of str
        The losses that it can be trained with.
    lowest : float
        Target of class 0 where one output tells two classes; that of class 1 is 1.
    """

    id: str
    code: int
    formula: str
    losses: tuple[str, ...]
    lowest: float = 0.0


SQUARED_ARTICLE, SQUARED, CROSS_ENTROPY = range(3)
TANH, RELU, SIGMOID, LINEAR = range(4)
SOFTMAX_OUTPUT, SIGMOID_OUTPUT, TANH_OUTPUT, LINEAR_OUTPUT = range(4)

LOSSES = {
    loss.id: loss
    for loss in (
        Loss(
            "squared-article",
            SQUARED_ARTICLE,
            "squared (article)",
            "1/2 sum (o - t)^2, output signal (o - t)(1 - o) o",
            "As the article's demo has it: the softmax derivative keeps only its diagonal.",
        ),
        Loss(
            "squared",
            SQUARED,
            "squared error",
            "1/2 sum (o - t)^2, output signal by the output's full Jacobian",
            "The true gradient of the squared error; of a number, and behind a softmax, sigmoid or tanh.",
        ),
        Loss(
            "cross-entropy",
            CROSS_ENTROPY,
            "cross-entropy",
            "-sum t log o, output signal o - t",
            "The usual loss for classes; learns faster than squared error where outputs are badly wrong.",
        ),
    )
}

ACTIVATIONS = {
    activation.id: activation
    for activation in (
        Activation("tanh", TANH, "tanh", "tanh(x)"),
        Activation("relu", RELU, "ReLU", "max(0, x)"),
        Activation("sigmoid", SIGMOID, "sigmoid", "1 / (1 + exp(-x))"),
        Activation("linear", LINEAR, "linear", "x"),
    )
}

OUTPUTS = {
    output.id: output
    for output in (
        Output("softmax", SOFTMAX_OUTPUT, "exp(z_k) / sum exp(z)", ("cross-entropy", "squared", "squared-article")),
        Output("sigmoid", SIGMOID_OUTPUT, "1 / (1 + exp(-z))", ("cross-entropy", "squared", "squared-article")),
        Output("tanh", TANH_OUTPUT, "tanh(z)", ("squared",), lowest=-1.0),
        Output("linear", LINEAR_OUTPUT, "z", ("squared",)),
    )
}
AUTO = "auto"
N_CLASSES_OF_ONE_OUTPUT = 2


def output_of(kind: str, n_classes: int, loss_id: str) -> Output:
    """Table entry of a network's output.

    Parameters
    ----------
    kind : str
        The setting: a name, or `AUTO`.
    n_classes : int
        Of the target; 0 for a number.
    loss_id : str
        The loss that it is to be trained with.

    Raises
    ------
    SettingError
        When there is none of that name, or it cannot go with the target or the loss.
    """
    if kind != AUTO and kind not in OUTPUTS:
        raise SettingError("output_kind", f"there is no output {kind!r}; choose one of {AUTO}, {', '.join(OUTPUTS)}")
    found = OUTPUTS[kind if kind != AUTO else "softmax" if n_classes else "linear"]
    if (found.code == LINEAR_OUTPUT) == bool(n_classes):
        wanted = "classes, which take auto, softmax, sigmoid or tanh" if n_classes else "a number, which takes auto"
        raise SettingError("output_kind", f"a {found.id} output is not for this target: it is {wanted}")
    if found.code in (SIGMOID_OUTPUT, TANH_OUTPUT) and n_classes != N_CLASSES_OF_ONE_OUTPUT:
        raise SettingError("output_kind", f"one {found.id} output tells two classes apart; here are {n_classes:,}")
    if loss(loss_id).id not in found.losses:
        raise SettingError(
            "loss", f"the loss {loss_id} cannot go with a {found.id} output; choose {' or '.join(found.losses)}"
        )
    return found


def loss(loss_id: str) -> Loss:
    """Table entry of a loss; SettingError when there is none of that name."""
    if loss_id not in LOSSES:
        raise SettingError("loss", f"there is no loss {loss_id!r}; choose one of {', '.join(LOSSES)}")
    return LOSSES[loss_id]


def activation(activation_id: str) -> Activation:
    """Table entry of an activation; SettingError when there is none of that name."""
    if activation_id not in ACTIVATIONS:
        raise SettingError(
            "activation", f"there is no activation {activation_id!r}; choose one of {', '.join(ACTIVATIONS)}"
        )
    return ACTIVATIONS[activation_id]


@inlined
def powers(values, at, top, n):
    """exp of the first `n` of eight sums less the largest sum, in double; 0 for those after."""
    return select(first(n), exp(load(values, at) - top), 0.0)


@inlined
def softmax(values, at, n):
    """Softmax of the `n` values at `at`, in place; in double, the largest subtracted."""
    least = values.dtype.type(-np.inf)
    top = values[at]
    for k in range(0, n, LANES):
        top = max(top, largest(select(first(n - k), load(values, at + k), least)))
    if n <= LANES:
        e = powers(values, at, top, n)
        store(values, at, e / add_lanes(0.0, e, n))
        return
    total = 0.0
    for k in range(0, n, LANES):
        total = add_lanes(total, powers(values, at + k, top, n - k), n - k)
    for k in range(0, n, LANES):
        store(values, at + k, powers(values, at + k, top, n - k) / total)


@inlined
def output_values(output, values, at, n):
    """Make outputs of the `n` sums at `at`, in place."""
    if output == SOFTMAX_OUTPUT:
        softmax(values, at, n)
    elif output == SIGMOID_OUTPUT:
        store(values, at, sigmoid(load(values, at)))
    elif output == TANH_OUTPUT:
        store(values, at, tanh(load(values, at)))


@inlined
def output_signals(code, output, values, at, targets, targets_at, signals, n):
    """Derivative of a row's loss by the sums (article's form: the softmax Jacobian's diagonal only).

    The outputs are the `n` values at `at`, where the signals go too.
    """
    zero, one = values.dtype.type(0.0), values.dtype.type(1.0)
    is_squared_softmax = code == SQUARED and output == SOFTMAX_OUTPUT
    mean = zero
    if is_squared_softmax:
        for k in range(0, n, LANES):
            o, t = load(values, at + k), load(targets, targets_at + k)
            mean = add_lanes(mean, select(first(n - k), o * (o - t), zero), n - k)
    for k in range(0, n, LANES):
        o, t = load(values, at + k), load(targets, targets_at + k)
        miss = o - t
        if code == CROSS_ENTROPY or output == LINEAR_OUTPUT:
            signal = miss
        elif output == TANH_OUTPUT:
            signal = miss * (one - o * o)
        elif is_squared_softmax:
            signal = o * (miss - mean)
        else:
            # From left to right, as the article multiplies: rounding is part of an exact reproduction.
            signal = miss * (one - o) * o
        store(signals, at + k, select(first(n - k), signal, zero))


@inlined
def row_loss(code, values, at, targets, targets_at, n):
    """Loss of one row in double, the penalty not included; outputs and targets are the `n` at `at` and `targets_at`."""
    total = 0.0
    if code == CROSS_ENTROPY:
        for k in range(0, n, LANES):
            o, t = wide(load(values, at + k)), wide(load(targets, targets_at + k))
            total = add_lanes(total, select(first(n - k), t * o, 0.0), n - k)
        if n == 1 and lane(load(targets, targets_at), 0) == 0:
            total = 1.0 - np.float64(values[at])
        # The smallest float32 bounds the logarithm where the output underflowed to 0; NaN passes through.
        if total < 1e-45:  # noqa: PLR2004, PLR1730 - max would hide NaN
            total = 1e-45
        return -math.log(total)
    for k in range(0, n, LANES):
        miss = wide(load(values, at + k)) - wide(load(targets, targets_at + k))
        total = add_lanes(total, select(first(n - k), miss * miss, 0.0), n - k)
    return 0.5 * total


@inlined
def chosen_class(output, values, at, n):
    """The class that a row's outputs, the `n` values at `at`, tell; -1 of a number."""
    if output == SOFTMAX_OUTPUT:
        best = 0
        for k in range(1, n):
            if values[at + k] > values[at + best]:
                best = k
        return best
    if output == LINEAR_OUTPUT:
        return -1
    return 1 if values[at] > (0.5 if output == SIGMOID_OUTPUT else 0.0) else 0
