"""A trained network as it is saved and loaded: weights, names, scaling, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core.losses import ACTIVATIONS
from l1gui.core.network import Layout
from l1gui.core.record import Evaluation, Snapshot, frozen_copy
from l1gui.data.dataset import Dataset
from l1gui.files.atomic import FileError
from l1gui.settings import MAX_HIDDEN_LAYERS, RunSettings

SCHEMA = 1
MAX_UNITS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A network to keep.

    Attributes
    ----------
    weights, biases : tuples of read-only float32 arrays
        Per layer, shapes (n_in, n_out) and (n_out,).
    activation : str
        Of the hidden layers; the outputs go through a softmax.
    input_names, class_names : tuples of str
        For people.
    offset, scale : tuples of float
        Inputs are ``(raw - offset) / scale``.
    settings : RunSettings or None
        Of the run that made it, live changes included; None when the file does not say.
    metrics : mapping
        What was measured when it was saved.
    events : tuple of mappings
        Live changes: row, field, value.
    """

    weights: tuple[npt.NDArray[np.float32], ...]
    biases: tuple[npt.NDArray[np.float32], ...]
    activation: str
    input_names: tuple[str, ...]
    class_names: tuple[str, ...]
    offset: tuple[float, ...]
    scale: tuple[float, ...]
    settings: RunSettings | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Mapping[str, Any], ...] = ()

    @property
    def sizes(self) -> tuple[int, ...]:
        """Layer sizes, inputs first."""
        return (self.weights[0].shape[0], *(w.shape[1] for w in self.weights))

    def flat_parameters(self) -> npt.NDArray[np.float32]:
        """All parameters as the engine's flat vector."""
        return Layout(self.sizes).pack(self.weights, self.biases)


def evaluation_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Counts and loss of an evaluation as plain values."""
    return {
        "rows": evaluation.rows,
        "correct": evaluation.correct,
        "accuracy": evaluation.accuracy,
        "loss": evaluation.loss,
    }


def counts_dict(snapshot: Snapshot) -> dict[str, Any]:
    """Size and sparsity of a snapshot's weights as plain values."""
    counts = snapshot.counts
    return {
        "count": counts.count,
        "zero": counts.zero,
        "below_threshold": counts.below_threshold,
        "threshold": counts.threshold,
        "abs_sum": counts.abs_sum,
        "abs_max": counts.abs_max,
        "dead_units": counts.dead_units,
        "constant_units": counts.constant_units,
        "live_inputs": counts.live_inputs,
        "effective_parameters": counts.effective_parameters,
    }


def model_of(snapshot: Snapshot, dataset: Dataset) -> Model:
    """The network of a snapshot, with its data's names and scaling."""
    return Model(
        weights=tuple(frozen_copy(w) for w in snapshot.weights),
        biases=tuple(frozen_copy(b) for b in snapshot.biases),
        activation=snapshot.settings.network.activation,
        input_names=dataset.input_names,
        class_names=dataset.class_names,
        offset=tuple(float(value) for value in dataset.scaling.offset),
        scale=tuple(float(value) for value in dataset.scaling.scale),
        settings=snapshot.settings,
        metrics={
            "epoch": snapshot.epoch,
            "rows_seen": snapshot.rows_seen,
            "train": evaluation_dict(snapshot.train),
            "test": evaluation_dict(snapshot.test),
            "weights": counts_dict(snapshot),
        },
        events=tuple({"row": e.row, "field": e.field, "value": e.value} for e in snapshot.events),
    )


def meta_dict(model: Model) -> dict[str, Any]:
    """Everything of a model but its arrays, as plain values."""
    return {
        "schema": SCHEMA,
        "program": "l1gui",
        "sizes": list(model.sizes),
        "activation": model.activation,
        "output": "softmax",
        "input_names": list(model.input_names),
        "class_names": list(model.class_names),
        "scaling": {"offset": list(model.offset), "scale": list(model.scale)},
        "settings": model.settings.to_dict() if model.settings is not None else None,
        "metrics": dict(model.metrics),
        "events": [dict(event) for event in model.events],
    }


def checked_array(array: npt.NDArray[Any], name: str) -> npt.NDArray[np.float32]:
    """An array as read-only float32 in C order; FileError when that would change or hide a value."""
    if array.dtype.kind not in "fiu":
        raise FileError(f"{name} holds {array.dtype} values, not numbers")
    with np.errstate(all="ignore"):
        exact = array.astype(np.float32)
    if not np.isfinite(exact).all():
        raise FileError(f"{name} holds values that are not finite in single precision")
    if not np.array_equal(exact.astype(np.float64), array.astype(np.float64)):
        raise FileError(f"{name} holds values that single precision cannot hold exactly")
    return frozen_copy(np.ascontiguousarray(exact))


def build_model(weights: list[npt.NDArray[Any]], biases: list[npt.NDArray[Any]], meta: Mapping[str, Any]) -> Model:
    """A model from what a file holds; FileError, without the file's name, when the parts do not fit each other."""
    if not weights or len(weights) != len(biases):
        raise FileError("it does not hold one weight matrix and one bias vector per layer")
    if len(weights) > MAX_HIDDEN_LAYERS + 1:
        raise FileError(f"it holds {len(weights)} layers; up to {MAX_HIDDEN_LAYERS + 1} can be read")
    checked_w = tuple(checked_array(np.asarray(w), f"W{k + 1}") for k, w in enumerate(weights))
    checked_b = tuple(checked_array(np.asarray(b), f"b{k + 1}") for k, b in enumerate(biases))
    for k, (w, b) in enumerate(zip(checked_w, checked_b, strict=True)):
        is_matrix = w.ndim == 2 and b.ndim == 1 and w.size > 0 and max(w.shape) <= MAX_UNITS  # noqa: PLR2004
        if not is_matrix or b.shape[0] != w.shape[1] or (k and w.shape[0] != checked_w[k - 1].shape[1]):
            raise FileError(f"the shapes of its layer {k + 1} do not fit: W{k + 1} {w.shape}, b{k + 1} {b.shape}")
    return Model(checked_w, checked_b, *_described(meta, checked_w[0].shape[0], checked_b[-1].shape[0]))


def _described(
    meta: Mapping[str, Any], n_inputs: int, n_outputs: int
) -> tuple[
    str, tuple[str, ...], tuple[str, ...], tuple[float, ...], tuple[float, ...], RunSettings | None,
    Mapping[str, Any], tuple[Mapping[str, Any], ...],
]:  # fmt: skip
    """The descriptive part of a model, checked; what is missing gets a plain default."""
    schema = meta.get("schema", SCHEMA)
    if not isinstance(schema, int) or schema > SCHEMA:
        raise FileError(f"it is of schema {str(schema)[:20]}, and this program reads up to {SCHEMA}: update l1gui")
    activation = meta.get("activation", "tanh")
    if activation not in ACTIVATIONS:
        raise FileError(f"its activation {str(activation)[:30]!r} is none of {', '.join(ACTIVATIONS)}")
    scaling = meta.get("scaling") or {}
    if not isinstance(scaling, Mapping):
        raise FileError("its scaling is not offset and scale")
    settings = meta.get("settings")
    metrics, events = meta.get("metrics") or {}, meta.get("events") or []
    if not isinstance(metrics, Mapping) or not isinstance(events, list):
        raise FileError("its metrics or events are not what this program writes")
    return (
        str(activation),
        _names(meta.get("input_names"), "x", n_inputs),
        _names(meta.get("class_names"), "class ", n_outputs),
        _floats(scaling.get("offset"), 0.0, n_inputs),
        _floats(scaling.get("scale"), 1.0, n_inputs),
        RunSettings.from_dict(settings) if isinstance(settings, Mapping) else None,
        metrics,
        tuple(event for event in events if isinstance(event, Mapping)),
    )


def _names(names: Any, stem: str, n: int) -> tuple[str, ...]:
    if names is None:
        return tuple(f"{stem}{k + 1 if stem == 'x' else k}" for k in range(n))
    if not isinstance(names, list) or len(names) != n or not all(isinstance(name, str) for name in names):
        raise FileError(f"it names another number of inputs or classes than the {n} it has")
    return tuple(names)


def _floats(values: Any, default: float, n: int) -> tuple[float, ...]:
    if values is None:
        return (default,) * n
    is_list = isinstance(values, list) and len(values) == n
    if not is_list or not all(isinstance(v, int | float) and np.isfinite(v) for v in values):
        raise FileError(f"its scaling does not give {n} finite numbers")
    return tuple(float(value) for value in values)
