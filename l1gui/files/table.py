"""Weights as a table: layer, from, to, kind, value, with a row per weight and bias.

A row of kind "activation" after each hidden layer names its activation, so that the table is the whole network; a
table without such rows is read as one of tanh. A number may have lost digits in a spreadsheet: it is read as the
nearest in single precision.
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from l1gui.files.atomic import FileError, printable
from l1gui.files.checks import MAX_UNITS, build_model
from l1gui.files.model import Model
from l1gui.files.reading import MAX_TEXT_NUMBERS, first_line
from l1gui.spec import MAX_HIDDEN_LAYERS, MAX_LAYER_UNITS

CSV_COLUMNS = ["layer", "from", "to", "kind", "value"]
CSV_ACTIVATION, CSV_OUTPUT = "activation", "output"
RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
"""What spreadsheets take for the start of a formula, in wide letters too; and our own mark."""
MAX_BYTES = 96 * 2**20
"""Largest file that is read; it is read line by line."""
MAX_LINE = 100_000
MAX_LINES = MAX_TEXT_NUMBERS + 10
MAX_NAMES = 2 * MAX_UNITS + MAX_HIDDEN_LAYERS * MAX_LAYER_UNITS
_KINDS = {"weight", "bias"}
_LAYERS = {str(number): number for number in range(1, MAX_HIDDEN_LAYERS + 2)}
_LEAST, _MOST = 2.0**-150, 2.0**128 - 2.0**103
"""Magnitudes from which on a number becomes 0, or infinite, as the nearest in single precision."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def _unit_names(model: Model) -> list[list[str]]:
    hidden = [[f"h{k + 1}.{unit + 1}" for unit in range(size)] for k, size in enumerate(model.sizes[1:-1])]
    return [list(model.input_names), *hidden, list(model.output_names)]


def _safe_cell(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(RISKY_STARTS) else text


def _plain_cell(text: str) -> str:
    return text.removeprefix("'")


def write_csv(model: Model, stream: BinaryIO) -> None:
    """Write a network as a table."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    names = _unit_names(model)
    for k, (w, b) in enumerate(zip(model.weights, model.biases, strict=True)):
        sources, targets = map(_safe_cell, names[k]), [_safe_cell(name) for name in names[k + 1]]
        for source, row in zip(sources, w.tolist(), strict=True):
            writer.writerows([k + 1, source, to, "weight", repr(v)] for to, v in zip(targets, row, strict=True))
        writer.writerows([k + 1, "", to, "bias", repr(v)] for to, v in zip(targets, b.tolist(), strict=True))
        if k < len(model.weights) - 1:
            writer.writerow([k + 1, "", "", CSV_ACTIVATION, model.activation])
    if model.output != "softmax":
        writer.writerow([len(model.weights), "", "", CSV_OUTPUT, model.output])
    stream.write(text.getvalue().encode("utf-8", errors="replace"))


@dataclass(slots=True)
class _Layer:
    """What the rows of one layer say, in their order."""

    weights: array[float] = field(default_factory=lambda: array("d"))
    biases: array[float] = field(default_factory=lambda: array("d"))
    sources: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)

    def add(self, kind: str, source: str, target: str, number: float) -> None:
        """Take a row in."""
        if kind == "bias":
            self.units.append(target)
            self.biases.append(number)
        else:
            self.sources.append(source)
            self.targets.append(target)
            self.weights.append(number)


def read_csv(stream: BinaryIO) -> Model:
    """The network in a table; FileError, without the file's name, when there is none."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    rows = csv.reader(_lines(text), strict=True)
    try:
        if next(rows, None) != CSV_COLUMNS:
            raise FileError(f"its first line is not {','.join(CSV_COLUMNS)}: it is no table of weights")
        layers, functions = _layers_of(rows)
    except csv.Error as error:
        raise FileError(f"line {rows.line_num}: {first_line(error)}") from error
    except UnicodeDecodeError as error:
        raise FileError(f"it is not UTF-8 text (after line {rows.line_num})") from error
    finally:
        text.detach()
    return _model_of(layers, functions)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    n_lines = 0
    while line := text.readline(MAX_LINE):
        n_lines += 1
        if len(line) == MAX_LINE or n_lines > MAX_LINES:
            raise FileError(f"line {n_lines}: its lines are longer, or more, than those of a table of weights")
        yield line


def _layers_of(rows: Any) -> tuple[list[_Layer], dict[str, str]]:
    """Layers by number, and activation and output where they are given."""
    layers: list[_Layer] = []
    functions: dict[str, str] = {}
    names: dict[str, str] = {}
    for row in filter(None, rows):
        if len(row) != len(CSV_COLUMNS):
            raise FileError(f"line {rows.line_num} has {len(row)} cells instead of {len(CSV_COLUMNS)}")
        number, source, target, kind, value = row
        if kind in (CSV_ACTIVATION, CSV_OUTPUT):
            if functions.setdefault(kind, value) != value:
                raise FileError("its hidden layers have different activations")
            continue
        if kind not in _KINDS or number not in _LAYERS:
            raise FileError(f"line {rows.line_num} is neither a weight nor a bias of a layer from 1 to {len(_LAYERS)}")
        while len(layers) < _LAYERS[number]:
            layers.append(_Layer())
        # Each name is kept once, however often it stands in the table.
        source, target = names.setdefault(source, source), names.setdefault(target, target)
        if len(names) > MAX_NAMES:
            raise FileError(f"line {rows.line_num}: it names more units than a network has")
        layers[_LAYERS[number] - 1].add(kind, source, target, _number_in(value, rows.line_num))
    return layers, functions


def _number_in(text: str, line: int) -> float:
    text = text.strip(" ")
    if not _NUMBER.fullmatch(text):
        raise FileError(f"line {line}: {printable(text, 30)!r} is not a finite number")
    number = float(text)
    if abs(number) >= _MOST or (number and abs(number) <= _LEAST):
        raise FileError(f"line {line}: {printable(text, 30)!r} is beyond single precision")
    return number


def _model_of(layers: list[_Layer], functions: dict[str, str]) -> Model:
    if not layers or not all(layer.units or layer.weights for layer in layers):
        raise FileError("its layers are not numbered from 1")
    weights: list[npt.NDArray[Any]] = []
    biases: list[npt.NDArray[Any]] = []
    for number, layer in enumerate(layers, start=1):
        n_out, n_weights = len(layer.units), len(layer.weights)
        is_constant = not n_weights and len(layers) == 1
        if not n_out or not (n_weights or is_constant) or n_weights % n_out:
            raise FileError(f"layer {number} has {n_weights} weights and {n_out} biases, which do not fit")
        _check_order(number, layer, layers[number - 2].units if number > 1 else layer.sources[::n_out])
        weights.append(np.array(layer.weights).astype(np.float32).reshape(-1, n_out))
        biases.append(np.array(layer.biases).astype(np.float32))
    names = [_plain_cell(name) for name in layers[-1].units]
    is_one = functions.get(CSV_OUTPUT, "softmax") != "softmax"
    meta = {
        "input_names": [_plain_cell(name) for name in layers[0].sources[:: len(layers[0].units)]],
        **({"target": {"name": names[0]}} if is_one else {"class_names": names}),
        **functions,
    }
    return build_model(weights, biases, meta)


def _check_order(number: int, layer: _Layer, inputs: list[str]) -> None:
    """FileError unless the weights go input by input, in the order of `inputs`, each to all units in their order."""
    n_out = len(layer.units)
    for start in range(0, len(layer.weights), n_out):
        block = slice(start, start + n_out)
        if layer.targets[block] != layer.units or layer.sources[block].count(layer.sources[start]) != n_out:
            raise FileError(f"the weights of layer {number} are not in order: input by input, each to all units")
    if layer.sources[::n_out] != inputs:
        raise FileError(f"the weights of layer {number} do not start at the units of the layer before, in their order")
