"""Losses, activations and kinds of output: one table entry each, with the compiled code that the kernel calls.

Rows are single; `o` are the outputs, `t` the targets, of which the first `n` count. A softmax has an output for each
class, and one-hot targets. Of two classes a sigmoid's target is 0 or 1, and a tanh's -1 or 1. A linear output is for
numbers. The arrays are float32 or float64.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from l1gui.core.compiled import compiled
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


@compiled
def activate(code, values, n):
    """Apply an activation to the first `n` of `values`, in place; computed in double, rounded to the array's type."""
    real = values.dtype.type
    if code == TANH:
        for j in range(n):
            values[j] = real(math.tanh(np.float64(values[j])))
    elif code == RELU:
        for j in range(n):
            # Written so that NaN stays NaN: divergence must not hide behind a max.
            values[j] = max(values[j], real(0.0))
    elif code == SIGMOID:
        for j in range(n):
            values[j] = real(0.5 * (1.0 + math.tanh(0.5 * np.float64(values[j]))))


@compiled
def times_slope(code, values, signals, n):
    """Multiply `signals` by the activation's derivative, written in the activation's value."""
    one = values.dtype.type(1.0)
    if code == TANH:
        for j in range(n):
            signals[j] *= (one - values[j]) * (one + values[j])
    elif code == RELU:
        for j in range(n):
            if values[j] <= 0:
                signals[j] = one - one
    elif code == SIGMOID:
        for j in range(n):
            signals[j] *= values[j] * (one - values[j])


@compiled
def output_values(output, values, n):
    """Make outputs of the first `n` sums, in place; computed in double, a softmax with the largest subtracted."""
    real = values.dtype.type
    if output == SOFTMAX_OUTPUT:
        largest = values[0]
        for k in range(1, n):
            largest = max(largest, values[k])
        total = 0.0
        for k in range(n):
            total += math.exp(np.float64(values[k] - largest))
        for k in range(n):
            values[k] = real(math.exp(np.float64(values[k] - largest)) / total)
    elif output == SIGMOID_OUTPUT:
        values[0] = real(0.5 * (1.0 + math.tanh(0.5 * np.float64(values[0]))))
    elif output == TANH_OUTPUT:
        values[0] = real(math.tanh(np.float64(values[0])))


@compiled
def output_signals(code, output, o, t, signals, n):
    """Derivative of a row's loss by the sums (article's form: the softmax Jacobian's diagonal only)."""
    one = o.dtype.type(1.0)
    if code == CROSS_ENTROPY or output == LINEAR_OUTPUT:
        for k in range(n):
            signals[k] = o[k] - t[k]
    elif output == TANH_OUTPUT:
        signals[0] = (o[0] - t[0]) * (one - o[0] * o[0])
    elif code == SQUARED and output == SOFTMAX_OUTPUT:
        mean = o[0] * (o[0] - t[0])
        for k in range(1, n):
            mean += o[k] * (o[k] - t[k])
        for k in range(n):
            signals[k] = o[k] * ((o[k] - t[k]) - mean)
    else:
        for k in range(n):
            # From left to right, as the article multiplies: rounding is part of an exact reproduction.
            signals[k] = (o[k] - t[k]) * (one - o[k]) * o[k]


@compiled
def row_loss(code, o, t, n):
    """Loss of one row in double, the penalty not included."""
    total = 0.0
    if code == CROSS_ENTROPY:
        value = 0.0
        for k in range(n):
            value += np.float64(t[k]) * np.float64(o[k])
        if n == 1 and t[0] == 0:
            value = 1.0 - np.float64(o[0])
        # The smallest float32 bounds the logarithm where the output underflowed to 0; NaN passes through.
        if value < 1e-45:  # noqa: PLR2004, PLR1730 - max would hide NaN
            value = 1e-45
        return -math.log(value)
    for k in range(n):
        difference = np.float64(o[k]) - np.float64(t[k])
        total += difference * difference
    return 0.5 * total


@compiled
def chosen_class(output, o, n):
    """The class that a row's outputs tell; -1 of a number."""
    if output == SOFTMAX_OUTPUT:
        best = 0
        for k in range(1, n):
            if o[k] > o[best]:
                best = k
        return best
    if output == LINEAR_OUTPUT:
        return -1
    return 1 if o[0] > (0.5 if output == SIGMOID_OUTPUT else 0.0) else 0
