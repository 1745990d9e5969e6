"""Weights as a table: layer, from, to, kind, value, with a row per weight and bias.

A row of kind "activation" after each hidden layer names its activation, so that the table is the whole network.
"""

from __future__ import annotations

import csv
import io
from typing import Any, BinaryIO

import numpy as np

from l1gui.files.atomic import FileError
from l1gui.files.model import Model, build_model
from l1gui.files.reading import decoded

CSV_COLUMNS = ["layer", "from", "to", "kind", "value"]
CSV_ACTIVATION = "activation"
RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def _unit_names(model: Model) -> list[list[str]]:
    hidden = [[f"h{k + 1}.{unit + 1}" for unit in range(size)] for k, size in enumerate(model.sizes[1:-1])]
    return [list(model.input_names), *hidden, list(model.class_names)]


def _safe_cell(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(RISKY_STARTS) else text


def _plain_cell(text: str) -> str:
    return text[1:] if text.startswith("'") else text


def write_csv(model: Model, stream: BinaryIO) -> None:
    """Write a network as a table."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    names = _unit_names(model)
    for k, (w, b) in enumerate(zip(model.weights, model.biases, strict=True)):
        sources, targets = map(_safe_cell, names[k]), [_safe_cell(name) for name in names[k + 1]]
        for source, row in zip(sources, w, strict=True):
            writer.writerows(
                [k + 1, source, target, "weight", repr(float(v))] for target, v in zip(targets, row, strict=True)
            )
        writer.writerows([k + 1, "", target, "bias", repr(float(v))] for target, v in zip(targets, b, strict=True))
        if k < len(model.weights) - 1:
            writer.writerow([k + 1, "", "", CSV_ACTIVATION, model.activation])
    stream.write(text.getvalue().encode("utf-8", errors="surrogatepass"))


def read_csv(content: bytes) -> Model:
    """The network in a table; FileError, without the file's name, when there is none."""
    rows = csv.reader(io.StringIO(decoded(content), newline=""))
    try:
        if next(rows, None) != CSV_COLUMNS:
            raise FileError(f"its first line is not {','.join(CSV_COLUMNS)}: it is no table of weights")
        return _model_of_rows(rows)
    except csv.Error as error:
        raise FileError(f"line {rows.line_num}: {error}") from error


def _model_of_rows(rows: Any) -> Model:
    values: dict[tuple[int, str], list[tuple[str, str, float]]] = {}
    activations = set()
    for row in rows:
        if not row:
            continue
        if len(row) != len(CSV_COLUMNS):
            raise FileError(f"line {rows.line_num} has {len(row)} cells instead of {len(CSV_COLUMNS)}")
        layer, source, target, kind, value = row
        if kind == CSV_ACTIVATION:
            activations.add(value)
            continue
        if kind not in ("weight", "bias") or not layer.isascii() or not layer.isdigit():
            raise FileError(f"line {rows.line_num} is neither a weight nor a bias of a layer")
        try:
            number = float(value)
        except ValueError:
            raise FileError(f"line {rows.line_num}: {value[:30]!r} is not a number") from None
        values.setdefault((int(layer), kind), []).append((source, target, number))
    if len(activations) > 1:
        raise FileError("its hidden layers have different activations")
    return _model_of_values(values, activations.pop() if activations else "tanh")


def _model_of_values(values: dict[tuple[int, str], list[tuple[str, str, float]]], activation: str) -> Model:
    layers = sorted({layer for layer, _ in values})
    if not layers or layers != list(range(1, len(layers) + 1)):
        raise FileError("its layers are not numbered from 1")
    weights, biases = [], []
    for layer in layers:
        own_biases, own_weights = values.get((layer, "bias"), []), values.get((layer, "weight"), [])
        n_out = len(own_biases)
        if not n_out or not own_weights or len(own_weights) % n_out:
            raise FileError(f"layer {layer} has {len(own_weights)} weights and {n_out} biases, which do not fit")
        targets = [target for _, target, _ in own_biases]
        for start in range(0, len(own_weights), n_out):
            block = own_weights[start : start + n_out]
            if [target for _, target, _ in block] != targets or len({source for source, _, _ in block}) != 1:
                raise FileError(f"the weights of layer {layer} are not in order: input by input, each to all units")
        weights.append(np.array([v for _, _, v in own_weights]).reshape(-1, n_out))
        biases.append(np.array([v for _, _, v in own_biases]))
    n_out = len(biases[0])
    meta = {
        "activation": activation,
        "input_names": [_plain_cell(source) for source, _, _ in values[1, "weight"][::n_out]],
        "class_names": [_plain_cell(target) for _, target, _ in values[layers[-1], "bias"]],
    }
    return build_model(weights, biases, meta)
