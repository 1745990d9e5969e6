"""A trained network as it is saved and loaded: weights, names, scaling, and where it comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core.losses import LINEAR_OUTPUT, OUTPUTS
from l1gui.core.network import Layout, sizes_of
from l1gui.core.record import Evaluation, Snapshot, frozen_copy
from l1gui.data.dataset import Column, Dataset
from l1gui.files.atomic import FileError, printable
from l1gui.settings import RunSettings

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Target:
    """What a network tells: its name; a number is the output times `scale`, plus `offset`."""

    name: str = "class"
    offset: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A network to keep.

    Attributes
    ----------
    weights, biases : tuples of read-only float arrays
        Per layer, shapes (n_in, n_out) and (n_out,); float32, or float64 of a run in double precision.
    activation : str
        Of the hidden layers.
    input_names, class_names : tuples of str
        For people; a number has no classes.
    offset, scale : tuples of float
        Inputs are ``(raw - offset) / scale``.
    output : str
        What the outputs go through: a name of `losses.OUTPUTS`.
    target : Target
        What is learned.
    columns : tuple of Column
        How a table's columns become raw inputs; empty where each input is a column of its own.
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

    weights: tuple[npt.NDArray[Any], ...]
    biases: tuple[npt.NDArray[Any], ...]
    activation: str
    input_names: tuple[str, ...]
    class_names: tuple[str, ...]
    offset: tuple[float, ...]
    scale: tuple[float, ...]
    output: str = "softmax"
    target: Target = Target()
    columns: tuple[Column, ...] = ()
    settings: RunSettings | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Mapping[str, Any], ...] = ()
    origin: RunSettings | None = None
    pruned: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Layer sizes, inputs first."""
        return sizes_of(self.weights)

    @property
    def is_numeric(self) -> bool:
        """Whether it tells a number, not a class."""
        return OUTPUTS[self.output].code == LINEAR_OUTPUT

    @property
    def output_names(self) -> tuple[str, ...]:
        """A name for each output: its class, or what the only one tells."""
        return self.class_names if len(self.class_names) == self.sizes[-1] else (self.target.name,)

    def flat_parameters(self) -> npt.NDArray[Any]:
        """All parameters as the engine's flat vector."""
        packed: npt.NDArray[Any] = Layout(self.sizes).pack(self.weights, self.biases, self.weights[0].dtype)
        return packed


def finite(value: float) -> float | None:
    """The number, or None where it is none that JSON knows."""
    return value if isfinite(value) else None


def evaluation_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Counts and loss of an evaluation as plain values; of a number, its fit."""
    if evaluation.r2 is not None and evaluation.rmse is not None:
        fit = {"r2": finite(evaluation.r2), "rmse": finite(evaluation.rmse)}
        return {"rows": evaluation.rows, **fit, "loss": finite(evaluation.loss)}
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
    """SHA-256 of all parameters in their precision, little-endian: per layer the weights by rows, then the biases."""
    parts = np.concatenate([part.ravel() for pair in zip(weights, biases, strict=True) for part in pair])
    return hashlib.sha256(parts.astype(parts.dtype.newbyteorder("<")).tobytes()).hexdigest()


def target_of(dataset: Dataset) -> Target:
    """What a dataset teaches."""
    scaling = dataset.target_scaling
    if scaling is None:
        return Target(dataset.target_name)
    return Target(dataset.target_name, float(scaling.offset[0]), float(scaling.scale[0]))


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
        output=snapshot.output,
        target=target_of(dataset),
        columns=dataset.columns,
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
        Without the file's name, when names or target are not the data's; it says the difference.
    """
    if model.is_numeric != dataset.is_numeric:
        kinds = ("a number", "classes")
        raise FileError(f"it tells {kinds[not model.is_numeric]}, and the data have {kinds[not dataset.is_numeric]}")
    inputs = _order_of(model.input_names, dataset.input_names, numbered("x", 1, model.sizes[0]), "inputs")
    classes = _order_of(
        model.class_names, dataset.class_names, numbered("class ", 0, len(model.class_names)), "classes"
    )
    weights, biases = list(model.weights), list(model.biases)
    weights[0] = weights[0][inputs]
    if len(classes) == model.sizes[-1]:
        weights[-1], biases[-1] = weights[-1][:, classes], biases[-1][classes]
    elif classes != sorted(classes):
        # One output tells two classes; the other way round its sum has the other sign.
        weights[-1], biases[-1] = -weights[-1], -biases[-1]
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
        "output": model.output,
        "precision": "double" if model.weights[0].dtype == np.float64 else "single",
        "target": {"name": model.target.name, "offset": model.target.offset, "scale": model.target.scale},
        "columns": [
            {"name": each.name, "categories": list(each.categories), "rest": list(each.rest), "fill": each.fill}
            for each in model.columns
        ],
        "input_names": list(model.input_names),
        "class_names": list(model.class_names),
        "scaling": {"offset": list(model.offset), "scale": list(model.scale)},
        "settings": model.settings.to_dict() if model.settings is not None else None,
        "metrics": dict(model.metrics),
        "origin": model.origin.to_dict() if model.origin is not None else None,
        "events": [dict(event) for event in model.events],
    } | ({"pruned": dict(model.pruned)} if model.pruned else {})
