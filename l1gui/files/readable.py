"""Weights as readable JSON, a line for each input's weights, with everything that is known of the run."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from l1gui.files.atomic import FileError
from l1gui.files.checks import build_model
from l1gui.files.model import Model, meta_dict
from l1gui.files.reading import all_of, decoded, json_object

MAX_BYTES = 44 * 2**20
"""Largest file that is read."""


def write_json(model: Model, stream: BinaryIO) -> None:
    """Write a network as JSON."""
    head = json.dumps(meta_dict(model), indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
    # A float32 as a double's shortest text comes back as the same float32.
    layers = []
    for w, b in zip(model.weights, model.biases, strict=True):
        rows = ",\n    ".join(json.dumps(row, allow_nan=False) for row in w.tolist())
        biases = json.dumps(b.tolist(), allow_nan=False)
        layers.append(f'  {{\n   "weights": [\n    {rows}\n   ],\n   "biases": {biases}\n  }}')
    text = head + ',\n "layers": [\n' + ",\n".join(layers) + "\n ]\n}\n"
    stream.write(text.encode("utf-8", errors="replace"))


def read_json(stream: BinaryIO) -> Model:
    """The network in a JSON text; FileError, without the file's name, when there is none."""
    document = json_object(decoded(all_of(stream, MAX_BYTES)))
    layers = document.pop("layers", None)
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise FileError("its JSON has no list of layers: it is no weights file of l1gui")
    weights = [_numbers(layer.get("weights")) for layer in layers]
    biases = [_numbers(layer.get("biases")) for layer in layers]
    if len(weights) == 1 and not weights[0].size:
        weights[0] = weights[0].reshape(0, biases[0].size)
    return build_model(weights, biases, document)


def _numbers(found: Any) -> npt.NDArray[Any]:
    """A list, or a list of lists, of numbers as an array."""
    try:
        array = np.array(found)
    except ValueError as error:  # rows of different lengths
        raise FileError("its layers are not tables of numbers") from error
    if not isinstance(found, list) or array.dtype.kind not in "fiu":
        raise FileError("its layers are not tables of numbers")
    return array
