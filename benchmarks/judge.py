"""The judge: the same training in double precision, as plain as NumPy allows. All that was trained is held to it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from benchmarks.works import Work

Numbers = npt.NDArray[np.float64]


def layers_of(flat: npt.ArrayLike, sizes: tuple[int, ...]) -> list[tuple[Numbers, Numbers]]:
    """Weights and biases per layer, as views of a flat vector (a copy in double precision if it is not)."""
    vector = np.asarray(flat, dtype=np.float64)
    layers, at = [], 0
    for n_in, n_out in pairwise(sizes):
        weights = vector[at : at + n_in * n_out].reshape(n_in, n_out)
        at += n_in * n_out
        layers.append((weights, vector[at : at + n_out]))
        at += n_out
    return layers


def outputs(layers: list[tuple[Numbers, Numbers]], inputs: npt.ArrayLike) -> list[Numbers]:
    """Values of every layer, the inputs first, the softmax last."""
    values = [np.asarray(inputs, dtype=np.float64)]
    for weights, biases in layers[:-1]:
        values.append(np.tanh(values[-1] @ weights + biases))
    logits = values[-1] @ layers[-1][0] + layers[-1][1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return [*values, powers / powers.sum(axis=1, keepdims=True)]


def trained(work: Work, n_updates: int, loss: str = "") -> Numbers:
    """The flat vector after so many updates; `loss` in place of the work's own, for a peer that has another."""
    start, visits = work.start_and_visits()
    flat = start.astype(np.float64)
    layers, targets = layers_of(flat, work.sizes), work.targets
    for rows in visits[: n_updates * work.batch].reshape(n_updates, work.batch):
        *hidden, o = outputs(layers, work.inputs[rows])
        signals = o - targets[rows]
        if (loss or work.loss) == "squared-article":
            signals = signals * (1 - o) * o
        for (weights, biases), values in zip(reversed(layers), reversed(hidden), strict=True):
            gradients = values.T @ signals / work.batch + work.lam * np.sign(weights)
            bias_gradients = signals.mean(axis=0)
            signals = (signals @ weights.T) * (1 - values * values)
            np.subtract(weights, work.rate * gradients, out=weights)
            np.subtract(biases, work.rate * bias_gradients, out=biases)
    return flat


def difference(got: npt.ArrayLike, expected: Numbers) -> float:
    """Largest difference of a parameter, as a share of the largest magnitude; infinite where it is no number."""
    other = np.asarray(got, dtype=np.float64)
    if other.shape != expected.shape or not np.isfinite(other).all():
        return float("inf")
    return float(np.abs(other - expected).max() / np.abs(expected).max())


def mean_loss(work: Work, flat: npt.ArrayLike, loss: str = "") -> float:
    """Mean loss of the training rows, the penalty not included."""
    o = outputs(layers_of(flat, work.sizes), work.inputs)[-1]
    if (loss or work.loss) == "squared-article":
        return float(0.5 * ((o - work.targets) ** 2).sum(axis=1).mean())
    return float(-np.log(np.maximum(o[np.arange(work.n_rows), work.classes], 1e-45)).mean())


def correct(work: Work, flat: npt.ArrayLike) -> int:
    """Training rows classified right."""
    o = outputs(layers_of(flat, work.sizes), work.inputs)[-1]
    return int((o.argmax(axis=1) == work.classes).sum())
