"""Losses, activations and kinds of output: one table entry each; `activations` and `outputs` are their loops.

Rows are single; `o` are the outputs, `t` the targets, of which the first `n` count. A softmax has an output for each
class, and one-hot targets. Of two classes a sigmoid's target is 0 or 1, and a tanh's -1 or 1. A linear output is for
numbers. The arrays are float32 or float64.
"""

from __future__ import annotations

from dataclasses import dataclass

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
