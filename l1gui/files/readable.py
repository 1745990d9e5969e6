"""Weights as readable JSON, with everything that is known of the run."""

from __future__ import annotations

import json
from typing import BinaryIO

import numpy as np

from l1gui.files.atomic import FileError
from l1gui.files.model import Model, build_model, meta_dict
from l1gui.files.reading import decoded, json_object


def write_json(model: Model, stream: BinaryIO) -> None:
    """Write a network as JSON."""
    # A float32 as a double's shortest text comes back as the same float32.
    layers = [
        {"weights": [[float(v) for v in row] for row in w], "biases": [float(v) for v in b]}
        for w, b in zip(model.weights, model.biases, strict=True)
    ]
    document = meta_dict(model) | {"layers": layers}
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    stream.write(text.encode("utf-8", errors="surrogatepass"))


def read_json(content: bytes) -> Model:
    """The network in a JSON text; FileError, without the file's name, when there is none."""
    document = json_object(decoded(content))
    layers = document.get("layers")
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise FileError("its JSON has no list of layers: it is no weights file of l1gui")
    try:
        weights = [np.array(layer["weights"], dtype=np.float64) for layer in layers]
        biases = [np.array(layer["biases"], dtype=np.float64) for layer in layers]
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise FileError("its layers are not tables of numbers") from error
    return build_model(list(weights), list(biases), document)
