"""A trained network as it is saved and loaded: weights, names, scaling, and where it comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core.network import Layout, sizes_of
from l1gui.core.record import Evaluation, Snapshot, frozen_copy
from l1gui.data.dataset import Dataset
from l1gui.files.atomic import FileError, printable
from l1gui.settings import RunSettings

SCHEMA = 1


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
    origin : RunSettings or None
        Settings at the run's start; with the events they repeat it. None when it began with given weights.
    pruned : mapping
        What pruning did: sizes before, the numbers of the inputs that were kept. Empty when it was not done.
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
    origin: RunSettings | None = None
    pruned: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Layer sizes, inputs first."""
        return sizes_of(self.weights)

    def flat_parameters(self) -> npt.NDArray[np.float32]:
        """All parameters as the engine's flat vector."""
        packed: npt.NDArray[np.float32] = Layout(self.sizes).pack(self.weights, self.biases)
        return packed


def finite(value: float) -> float | None:
    """The number, or None where it is none that JSON knows."""
    return value if isfinite(value) else None


def evaluation_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Counts and loss of an evaluation as plain values."""
    return {
        "rows": evaluation.rows,
        "correct": evaluation.correct,
        "accuracy": evaluation.accuracy,
        "loss": finite(evaluation.loss),
    }


def counts_dict(snapshot: Snapshot) -> dict[str, Any]:
    """Size and sparsity of a snapshot's weights as plain values."""
    counts = snapshot.counts
    return {
        "count": counts.count,
        "zero": counts.zero,
        "below_threshold": counts.below_threshold,
        "threshold": counts.threshold,
        "abs_sum": finite(counts.abs_sum),
        "abs_max": finite(counts.abs_max),
        "dead_units": counts.dead_units,
        "constant_units": counts.constant_units,
        "live_inputs": counts.live_inputs,
        "effective_parameters": counts.effective_parameters,
    }


def parameters_digest(weights: Sequence[npt.NDArray[Any]], biases: Sequence[npt.NDArray[Any]]) -> str:
    """SHA-256 of all parameters as little-endian float32: per layer the weights row by row, then the biases."""
    parts = [part.ravel() for pair in zip(weights, biases, strict=True) for part in pair]
    return hashlib.sha256(np.concatenate(parts).astype("<f4").tobytes()).hexdigest()


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
            "validation": evaluation_dict(snapshot.validation) if snapshot.validation is not None else None,
            "weights": counts_dict(snapshot),
            "kkt": finite(snapshot.kkt),
        },
        origin=snapshot.origin,
        events=tuple({"row": e.row, "field": e.field, "value": e.value} for e in snapshot.events),
    )


def matched(model: Model, dataset: Dataset) -> Model:
    """The network with its inputs and classes in the order of the data's, matched by name.

    A model whose names are the plain numbered ones says nothing of the order; it is taken as it is.

    Raises
    ------
    FileError
        Without the file's name, when the names are not the data's; it says the difference.
    """
    inputs = _order_of(model.input_names, dataset.input_names, numbered("x", 1, model.sizes[0]), "inputs")
    classes = _order_of(model.class_names, dataset.class_names, numbered("class ", 0, model.sizes[-1]), "classes")
    weights, biases = list(model.weights), list(model.biases)
    weights[0] = weights[0][inputs]
    weights[-1], biases[-1] = weights[-1][:, classes], biases[-1][classes]
    return replace(
        model,
        weights=tuple(frozen_copy(w) for w in weights),
        biases=tuple(frozen_copy(b) for b in biases),
        input_names=dataset.input_names,
        class_names=dataset.class_names,
        offset=tuple(model.offset[k] for k in inputs),
        scale=tuple(model.scale[k] for k in inputs),
    )


def numbered(stem: str, first: int, n: int) -> tuple[str, ...]:
    """The names that inputs and classes have when nothing names them."""
    return tuple(f"{stem}{first + k}" for k in range(n))


def _order_of(own: Sequence[str], wanted: Sequence[str], plain: Sequence[str], what: str) -> list[int]:
    """Where each wanted name is among the own ones."""
    is_by_place = len(own) == len(wanted) and (tuple(own) == tuple(wanted) or tuple(own) == tuple(plain))
    if is_by_place:
        return list(range(len(own)))
    if sorted(own) == sorted(wanted) and len(set(own)) == len(own):
        return [own.index(name) for name in wanted]
    raise FileError(
        f"its {what} are not the data's: it has {printable(', '.join(own))}; "
        f"the data has {printable(', '.join(wanted))}"
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
        "origin": model.origin.to_dict() if model.origin is not None else None,
        "events": [dict(event) for event in model.events],
    } | ({"pruned": dict(model.pruned)} if model.pruned else {})
