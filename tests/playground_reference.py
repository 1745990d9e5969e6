"""Plain scalar re-implementation of TensorFlow Playground's training, an independent reference for the tests.

Nothing here is shared with the program: one double at a time, in the order a simple hand-written program would take
them. `playground_runs.json` beside this file holds what the Playground's own page obtained: commit 02469bd of
github.com/tensorflow/playground with d3 3.5.17 and seedrandom 2.4.4, opened by each link under Node 20 in jsdom, its
own step called `epoch` times, its own losses and links read out. Columns of a result: epoch, training loss, test loss,
dead links, all links.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

Function = Callable[[float], float]


def _sigmoid(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value)) if value > -700.0 else 0.0


ACTIVATIONS: dict[str, tuple[Function, Function]] = {
    "tanh": (math.tanh, lambda value: 1.0 - math.tanh(value) * math.tanh(value)),
    "relu": (lambda value: value if value > 0.0 else 0.0, lambda value: 0.0 if value <= 0.0 else 1.0),
    "sigmoid": (_sigmoid, lambda value: _sigmoid(value) * (1.0 - _sigmoid(value))),
    "linear": (lambda value: value, lambda _value: 1.0),
}


class Row(NamedTuple):
    """Inputs of the network, and the label: -1, 1, or any number."""

    inputs: Sequence[float]
    label: float


class Unit:
    """A hidden or the output unit, with its incoming links."""

    def __init__(self, weights: Sequence[float], bias: float, activation: str) -> None:
        self.weights, self.bias = list(weights), bias
        self.is_dead = [False] * len(self.weights)
        self.function, self.derivative = ACTIVATIONS[activation]
        self.total = self.output = self.slope = 0.0
        self.forget()

    def forget(self) -> None:
        """Begin the sums of a batch."""
        self.n_rows, self.bias_sum, self.weight_sums = 0, 0.0, [0.0] * len(self.weights)

    def forward(self, inputs: Sequence[float]) -> None:
        """Compute the output."""
        self.total = self.bias
        for weight, value in zip(self.weights, inputs, strict=True):
            self.total += weight * value
        self.output = self.function(self.total)

    def backward(self, error: float, inputs: Sequence[float]) -> None:
        """Add a row's gradient to the sums, `error` being the loss's derivative by the output."""
        self.slope = error * self.derivative(self.total)
        self.bias_sum += self.slope
        self.n_rows += 1
        for k, value in enumerate(inputs):
            self.weight_sums[k] += self.slope * value

    def update(self, learn_rate: float, lam: float, penalty: str) -> None:
        """Move bias and living links by the mean gradient, then the links by the penalty."""
        self.bias -= learn_rate * self.bias_sum / self.n_rows
        for k, old in enumerate(self.weights):
            if self.is_dead[k]:
                continue
            moved = old - learn_rate / self.n_rows * self.weight_sums[k]
            pull = {"none": 0.0, "L1": float((old > 0.0) - (old < 0.0)), "L2": old}[penalty]
            shrunk = moved - learn_rate * lam * pull
            self.is_dead[k] = penalty == "L1" and moved * shrunk < 0.0
            self.weights[k] = 0.0 if self.is_dead[k] else shrunk
        self.forget()


class Run:
    """A network in training. `weights` is a list of layers, each a list of units, each a list of incoming weights."""

    def __init__(
        self,
        weights: Sequence[Sequence[Sequence[float]]],
        biases: Sequence[Sequence[float]],
        *,
        activation: str = "tanh",
        output: str = "tanh",
        learn_rate: float = 0.03,
        batch: int = 10,
        penalty: str = "none",
        lam: float = 0.0,
    ) -> None:
        kinds = [activation] * (len(weights) - 1) + [output]
        self.layers = [
            [Unit(w, b, kind) for w, b in zip(layer, layer_biases, strict=True)]
            for layer, layer_biases, kind in zip(weights, biases, kinds, strict=True)
        ]
        self.learn_rate, self.batch, self.penalty, self.lam = learn_rate, batch, penalty, lam

    def forward(self, inputs: Sequence[float]) -> float:
        """The network's one output."""
        for layer in self.layers:
            for unit in layer:
                unit.forward(inputs)
            inputs = [unit.output for unit in layer]
        return inputs[0]

    def backward(self, row: Row) -> None:
        """Add the gradient of (output - label)^2 / 2 to the sums, after a forward pass of the same row."""
        errors = [self.layers[-1][0].output - row.label]
        for k in range(len(self.layers) - 1, -1, -1):
            layer = self.layers[k]
            inputs = [unit.output for unit in self.layers[k - 1]] if k else row.inputs
            for unit, error in zip(layer, errors, strict=True):
                unit.backward(error, inputs)
            errors = []
            for source in range(len(inputs)):
                error = 0.0
                for unit in layer:
                    error += unit.weights[source] * unit.slope
                errors.append(error)

    def train_epoch(self, rows: Sequence[Row]) -> None:
        """Go through the rows once, in their order.

        Batches are counted anew from the first row of each epoch. The rows after the last full batch make no update:
        their gradients stay in the sums, so that the next epoch's first update is the mean over them and its batch.
        """
        for k, row in enumerate(rows, start=1):
            self.forward(row.inputs)
            self.backward(row)
            if k % self.batch == 0:
                for layer in self.layers:
                    for unit in layer:
                        unit.update(self.learn_rate, self.lam, self.penalty)

    def loss(self, rows: Sequence[Row]) -> float:
        """Mean of (output - label)^2 / 2, the penalty left out."""
        total = 0.0
        for row in rows:
            total += 0.5 * (self.forward(row.inputs) - row.label) ** 2
        return total / len(rows)

    @property
    def n_links(self) -> int:
        """Number of weights."""
        return sum(len(unit.weights) for layer in self.layers for unit in layer)

    @property
    def n_dead(self) -> int:
        """Number of links that are dead for good."""
        return sum(sum(unit.is_dead) for layer in self.layers for unit in layer)
