"""The network: layer sizes, the flat parameter vector and its views, initialisation, the forward pass.

All parameters are one vector, of float32. Layer by layer it holds the weights, a matrix with a row per input and a
column per output, both padded to a multiple of 8, then the biases, padded likewise. The padding is 0 and stays
0, so that loops may run over whole vectors of 8.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core import entries, kernel
from l1gui.core.lanes import LANES
from l1gui.core.losses import SIGMOID_OUTPUT, SOFTMAX_OUTPUT, TANH_OUTPUT
from l1gui.settings import NetworkSettings, RunSettings
from l1gui.spec import SettingError

Floats = npt.NDArray[np.float32]

PLAYGROUND_STARTS = ("playground", "playground-zero")
"""Initialisations that only the data's random numbers can draw: `runs.build_trainer` gives them to the trainer."""

INITIALIZATIONS = {
    "uniform": "uniform in +- the range, weights and biases (the article's start, range 0.01)",
    "xavier": "Xavier uniform: +- sqrt(6 / (inputs + outputs)), biases 0 (Glorot & Bengio 2010)",
    "he": "He uniform, for ReLU: +- sqrt(6 / inputs), biases 0 (He et al. 2015)",
    PLAYGROUND_STARTS[0]: "TensorFlow Playground's, of its data: weights uniform in +- 0.5, biases 0.1",
    PLAYGROUND_STARTS[1]: "TensorFlow Playground's other start: all weights and biases 0",
}

PRECISIONS: dict[str, type] = {"single": np.float32, "double": np.float64}

SLICE_ROWS, SLICE_WEIGHTS = 20_000, 20_000_000
"""Most rows, and rows times weights, that are trained on without a look at anything else."""


def sizes_of(weights: Sequence[npt.NDArray[Any]]) -> tuple[int, ...]:
    """Layer sizes, inputs first, of a network with these weights, each of shape (n_in, n_out)."""
    return (weights[0].shape[0], *(w.shape[1] for w in weights))


def sizes_text(sizes: Sequence[int]) -> str:
    """Layer sizes as people write them, as in 10-8-4."""
    return "-".join(map(str, sizes))


def padded(size: int) -> int:
    """`size` rounded up to a multiple of 8."""
    return (size + 7) // 8 * 8


@dataclass(frozen=True, eq=True)
class Layout:
    """Where everything is in the flat vector of a network with these layer sizes, inputs first."""

    sizes: tuple[int, ...]

    @property
    def n_layers(self) -> int:
        """Number of layers of weights."""
        return len(self.sizes) - 1

    @cached_property
    def table(self) -> npt.NDArray[np.int64]:
        """Row per layer, for the kernel: columns as `entries.N_IN` and the names after it say."""
        rows, at, values_at = [], 0, padded(self.sizes[0])
        for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False):
            biases_at = at + padded(n_in) * padded(n_out)
            rows.append((n_in, n_out, padded(n_in), padded(n_out), at, biases_at, values_at))
            at = biases_at + padded(n_out)
            values_at += padded(n_out)
        return np.array(rows, dtype=np.int64)

    @property
    def n_stored(self) -> int:
        """Length of the flat vector, padding included."""
        last = self.table[-1]
        return int(last[entries.BIASES_AT] + last[entries.PAD_OUT])

    @property
    def n_values(self) -> int:
        """Length of a scratch vector that holds every layer's values, the inputs' included."""
        last = self.table[-1]
        return int(last[entries.VALUES_AT] + last[entries.PAD_OUT])

    def scratch(self, dtype: npt.DTypeLike) -> entries.Scratch:
        """What the loops need to write in, for a network of this layout."""
        n_values, out_width = entries.BLOCK * self.n_values, padded(self.sizes[-1])
        sizes = (*[n_values] * 4, self.n_stored, entries.BLOCK * out_width, *[LANES * out_width] * 2)
        arrays = [np.zeros(size, dtype=dtype) for size in sizes]
        arrays += [np.zeros(LANES * out_width), np.zeros(2 * LANES)]
        return entries.Scratch(*map(entries.aligned, arrays))

    @property
    def n_weights(self) -> int:
        """Number of weights, biases not counted."""
        return sum(a * b for a, b in zip(self.sizes, self.sizes[1:], strict=False))

    @property
    def n_parameters(self) -> int:
        """Number of weights and biases."""
        return self.n_weights + sum(self.sizes[1:])

    @property
    def slice_rows(self) -> int:
        """Rows to train on between two looks at whether to stop: some hundredths of a second."""
        return max(1, min(SLICE_ROWS, SLICE_WEIGHTS // self.n_weights))

    def weights(self, params: Floats, layer: int) -> Floats:
        """View of a layer's weights, shape (n_in, n_out)."""
        n_in, n_out, pad_in, pad_out, at, _, _ = (int(entry) for entry in self.table[layer])
        return params[at : at + pad_in * pad_out].reshape(pad_in, pad_out)[:n_in, :n_out]

    def biases(self, params: Floats, layer: int) -> Floats:
        """View of a layer's biases, shape (n_out,)."""
        at = int(self.table[layer, entries.BIASES_AT])
        return params[at : at + self.sizes[layer + 1]]

    def pack(
        self, weights: Sequence[npt.ArrayLike], biases: Sequence[npt.ArrayLike], dtype: npt.DTypeLike = np.float32
    ) -> Any:
        """Flat vector of the given layers, of the given type; ValueError when a shape does not fit."""
        params: npt.NDArray[Any] = np.zeros(self.n_stored, dtype=dtype)
        for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
            w_view, b_view = self.weights(params, layer), self.biases(params, layer)
            if np.shape(w) != w_view.shape or np.shape(b) != b_view.shape:
                raise ValueError(f"layer {layer + 1} must be {w_view.shape[0]} x {w_view.shape[1]}")
            w_view[...] = w
            b_view[...] = b
        return params

    def fits(self, params: Floats) -> bool:
        """Whether a flat vector is one of this layout: of its length, its padding 0."""
        if params.shape != (self.n_stored,):
            return False
        layers = range(self.n_layers)
        weights, biases = [self.weights(params, k) for k in layers], [self.biases(params, k) for k in layers]
        repacked = self.pack(weights, biases, params.dtype)
        return bool(np.array_equal(repacked, params))

    def parameters(self, params: Floats) -> Floats:
        """Copy without the padding: each layer's weights, row by row, then its biases."""
        parts = []
        for layer in range(self.n_layers):
            parts += [self.weights(params, layer).ravel(), self.biases(params, layer)]
        return np.concatenate(parts)

    def all_weights(self, params: Floats) -> Floats:
        """Copy of all weights without biases or padding, layer by layer, row by row."""
        return np.concatenate([self.weights(params, layer).ravel() for layer in range(self.n_layers)])


def precision_of(settings: RunSettings, *, is_numeric: bool) -> type:
    """Type of a run's parameters: as the settings say, or double where single cannot give what is promised.

    That is a Playground run, whose figures are known to ten digits, and a linear network for a number, whose weights
    are the coefficients of the lasso.
    """
    if settings.training.precision in PRECISIONS:
        return PRECISIONS[settings.training.precision]
    is_exact = settings.network.initialization in PLAYGROUND_STARTS or (is_numeric and not settings.network.hidden)
    return PRECISIONS["double" if is_exact else "single"]


def initialization(name: str) -> str:
    """The name itself; SettingError when there is no such initialisation."""
    if name not in INITIALIZATIONS:
        raise SettingError(
            "initialization", f"there is no initialization {name!r}; choose one of {', '.join(INITIALIZATIONS)}"
        )
    return name


def initial_parameters(
    layout: Layout, network: NetworkSettings, source: random.Random, dtype: npt.DTypeLike = np.float32
) -> Any:
    """Start of a run, drawn from `source` in the article's order: per layer the weights row by row, then the biases.

    Raises
    ------
    SettingError
        When the initialisation's name is unknown.
    """
    kind = initialization(network.initialization)
    if kind in PLAYGROUND_STARTS:
        raise SettingError("initialization", "only a Playground set has the random numbers of a Playground start")
    weights, biases = [], []
    for n_in, n_out in zip(layout.sizes, layout.sizes[1:], strict=False):
        is_uniform = kind == "uniform"
        bound = network.init_range if is_uniform else math.sqrt(6.0 / (n_in if kind == "he" else n_in + n_out))
        drawn = [2.0 * bound * source.random() - bound for _ in range(n_in * n_out)]
        weights.append(np.array(drawn).reshape(n_in, n_out))
        biases.append([2.0 * bound * source.random() - bound if is_uniform else 0.0 for _ in range(n_out)])
    return layout.pack(weights, biases, dtype)


def pad_rows(rows: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> Any:
    """Writable copy of shape (n_rows, padded(n_columns)) and the given type, C order, the padding 0."""
    array = np.asarray(rows, dtype=dtype)
    wide: npt.NDArray[Any] = np.zeros((array.shape[0], padded(array.shape[1])), dtype=dtype)
    wide[:, : array.shape[1]] = array
    return wide


def outputs(
    layout: Layout,
    activation_code: int,
    params: npt.NDArray[Any],
    inputs: npt.ArrayLike,
    output_code: int = SOFTMAX_OUTPUT,
    *,
    is_logits: bool = False,
) -> npt.NDArray[Any]:
    """Outputs of some rows, or the sums that these are made of, (n_rows, n_outputs), in the parameters' precision."""
    rows = pad_rows(inputs, params.dtype)
    out = np.zeros((rows.shape[0], layout.sizes[-1]), dtype=params.dtype)
    codes = np.zeros(entries.N_CODES, dtype=np.int64)
    codes[entries.ACTIVATION], codes[entries.OUTPUT] = activation_code, output_code
    # The kernel is compiled for writable arrays; a snapshot's are not.
    own = params if params.flags.writeable else params.copy()
    kernel.predict_rows(own, layout.table, codes, rows, out, layout.scratch(params.dtype), is_logits)
    return out


def class_shares(out: npt.NDArray[Any], output_code: int) -> npt.NDArray[Any]:
    """Share of every class, shape (..., n_classes), from outputs of shape (..., n_outputs); of numbers, these."""
    if output_code not in (SIGMOID_OUTPUT, TANH_OUTPUT):
        return out
    second = out if output_code == SIGMOID_OUTPUT else 0.5 * (out + 1.0)
    return np.concatenate([1.0 - second, second], axis=-1)
