"""Losses and activations: one table entry each, with the compiled code that the kernel calls.

Rows are single; `o` are the outputs, `t` the targets, of which the first `n` count. Several outputs are a softmax, and
the target is one-hot; a single output is the sigmoid of one logit, and the target is 1 for class 1. The arrays are
float32, or float64 where a test wants to know the mathematics apart from the rounding.
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


SQUARED_ARTICLE, SQUARED, CROSS_ENTROPY = range(3)
TANH, RELU, SIGMOID, LINEAR = range(4)

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
            "1/2 sum (o - t)^2, output signal by the full softmax Jacobian",
            "The true gradient of the squared error behind a softmax.",
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
def output_values(values, n):
    """Softmax of the first `n` values, or the sigmoid of a single one, in place; in double, the largest subtracted."""
    real = values.dtype.type
    if n == 1:
        values[0] = real(0.5 * (1.0 + math.tanh(0.5 * np.float64(values[0]))))
        return
    largest = values[0]
    for k in range(1, n):
        largest = max(largest, values[k])
    total = 0.0
    for k in range(n):
        total += math.exp(np.float64(values[k] - largest))
    for k in range(n):
        values[k] = real(math.exp(np.float64(values[k] - largest)) / total)


@compiled
def output_signals(code, o, t, signals, n):
    """Derivative of a row's loss by the logits (article's form: the softmax Jacobian's diagonal only)."""
    if code == CROSS_ENTROPY:
        for k in range(n):
            signals[k] = o[k] - t[k]
    elif code == SQUARED and n > 1:
        mean = o[0] * (o[0] - t[0])
        for k in range(1, n):
            mean += o[k] * (o[k] - t[k])
        for k in range(n):
            signals[k] = o[k] * ((o[k] - t[k]) - mean)
    else:
        one = o.dtype.type(1.0)
        for k in range(n):
            # From left to right, as the article multiplies: rounding is part of an exact reproduction.
            signals[k] = (o[k] - t[k]) * (one - o[k]) * o[k]


@compiled
def row_loss(code, o, target_class, n):
    """Loss of one row in double, the penalty not included."""
    if code == CROSS_ENTROPY:
        value = np.float64(o[target_class]) if n > 1 else np.float64(o[0])
        if n == 1 and target_class == 0:
            value = 1.0 - value
        # The smallest float32 bounds the logarithm where the output underflowed to 0; NaN passes through.
        if value < 1e-45:  # noqa: PLR2004 - max would hide NaN
            value = np.float64(1e-45)
        return -math.log(value)
    total = 0.0
    for k in range(n):
        difference = np.float64(o[k])
        if k == target_class if n > 1 else target_class == 1:
            difference -= 1.0
        total += difference * difference
    return 0.5 * total
