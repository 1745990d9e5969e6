"""From what a file holds to a model: everything is checked before it is believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core.combinations import check_choices
from l1gui.core.losses import LINEAR_OUTPUT, N_CLASSES_OF_ONE_OUTPUT, OUTPUTS, SOFTMAX_OUTPUT
from l1gui.core.losses import activation as known_activation
from l1gui.core.network import sizes_text
from l1gui.data.dataset import Column
from l1gui.files.atomic import FileError, printable
from l1gui.files.model import SCHEMA, Model, Target, numbered
from l1gui.files.reading import MAX_DEPTH
from l1gui.settings import RunSettings
from l1gui.spec import MAX_HIDDEN_LAYERS, MAX_LAYER_UNITS, is_int

MAX_UNITS = 100_000
"""Most inputs or outputs."""
EXACT_WHOLE = 2**53
"""Whole numbers up to this one are told apart in double precision."""

Matrix = npt.NDArray[Any]


def build_model(weights: Sequence[Matrix], biases: Sequence[Matrix], meta: Mapping[str, Any]) -> Model:
    """A model from what a file holds; FileError, without the file's name, when the parts do not fit each other.

    What `meta` leaves out gets a plain default: tanh, names by number, no scaling, no settings.

    Raises
    ------
    FileError
        When shapes, values or descriptions are not those of one network.
    SettingError
        When the settings are none of this program.
    """
    sizes = _checked_sizes([w.shape for w in weights], [b.shape for b in biases])
    _check_schema(meta, sizes)
    activation = meta.get("activation", "tanh")
    if not isinstance(activation, str):
        raise FileError("its activation is not a name")
    known_activation(activation)
    output, n_classes = _output(meta, sizes)
    is_double = meta.get("precision") == "double"
    scaling = _mapping(meta, "scaling")
    metrics = _mapping(meta, "metrics")
    check_plain(metrics)
    return Model(
        weights=tuple(checked_array(w, f"W{k + 1}", is_double=is_double) for k, w in enumerate(weights)),
        biases=tuple(checked_array(b, f"b{k + 1}", is_double=is_double) for k, b in enumerate(biases)),
        activation=activation,
        input_names=_names(meta.get("input_names"), numbered("x", 1, sizes[0])),
        class_names=_names(meta.get("class_names"), numbered("class ", 0, n_classes)),
        offset=_floats(scaling.get("offset"), 0.0, sizes[0]),
        scale=_floats(scaling.get("scale"), 1.0, sizes[0]),
        output=output,
        target=_target(_mapping(meta, "target")),
        columns=_columns(meta.get("columns")),
        settings=_settings(meta.get("settings"), sizes, activation),
        origin=_known_settings(meta.get("origin")),
        pruned=_pruned(meta.get("pruned")),
        metrics=metrics,
        events=_events(meta.get("events")),
    )


def _checked_sizes(weight_shapes: Sequence[tuple[int, ...]], bias_shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Layer sizes, when the shapes are those of one network."""
    if not weight_shapes or len(weight_shapes) != len(bias_shapes):
        raise FileError("it does not hold one weight matrix and one bias vector per layer")
    if len(weight_shapes) > MAX_HIDDEN_LAYERS + 1:
        raise FileError(f"it holds {len(weight_shapes)} layers; up to {MAX_HIDDEN_LAYERS + 1} can be read")
    for k, (w, b) in enumerate(zip(weight_shapes, bias_shapes, strict=True)):
        is_layer = len(w) == 2 and len(b) == 1 and w[1] > 0 and max(w) <= MAX_UNITS  # noqa: PLR2004
        # No inputs: a network of which pruning has left only the outputs.
        is_layer = is_layer and (w[0] > 0 or len(weight_shapes) == 1)
        if not is_layer or b[0] != w[1] or (k and w[0] != weight_shapes[k - 1][1]):
            raise FileError(f"the shapes of its layer {k + 1} do not fit: W{k + 1} {w}, b{k + 1} {b}")
    sizes = (weight_shapes[0][0], *(w[1] for w in weight_shapes))
    if any(size > MAX_LAYER_UNITS for size in sizes[1:-1]):
        raise FileError(f"it has hidden layers of {max(sizes[1:-1]):,} units; up to {MAX_LAYER_UNITS} can be read")
    return sizes


def checked_array(array: Matrix, name: str, *, is_double: bool = False) -> Matrix:
    """An array as read-only float32, or float64, in C order; FileError when that would change or hide a value."""
    if array.dtype.kind not in "fiu":
        raise FileError(f"{name} holds {printable(str(array.dtype), 20)} values, not numbers")
    precision, dtype = ("double", np.float64) if is_double else ("single", np.float32)
    with np.errstate(all="ignore"):
        kept = np.array(array, dtype=dtype, order="C")
    if not np.isfinite(kept).all():
        raise FileError(f"{name} holds values that are not finite in {precision} precision")
    # Compared in double precision, in which large whole numbers would look alike.
    is_large = array.dtype.kind in "iu" and (int(array.max()) > EXACT_WHOLE or int(array.min()) < -EXACT_WHOLE)
    if is_large or (array.dtype != dtype and not np.array_equal(kept, array)):
        raise FileError(f"{name} holds values that {precision} precision cannot hold exactly")
    kept.setflags(write=False)
    return kept


def check_plain(value: Any, depth: int = MAX_DEPTH) -> None:
    """FileError when a value from JSON is nested deep, or holds a number or a text that cannot be written again."""
    if isinstance(value, float) and not isfinite(value):
        raise FileError("it holds a measure that is no finite number")
    if isinstance(value, str):
        _check_text(value)
    if isinstance(value, dict | list):
        if not depth:
            raise FileError("its JSON is nested too deep")
        for each in [*value, *value.values()] if isinstance(value, dict) else value:
            check_plain(each, depth - 1)


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise FileError("it holds half a character") from error


def _check_schema(meta: Mapping[str, Any], sizes: tuple[int, ...]) -> None:
    schema = meta.get("schema", SCHEMA)
    if not isinstance(schema, int) or not 1 <= schema <= SCHEMA:
        raise FileError(
            f"it is of schema {printable(str(schema), 20)}, and this program reads up to {SCHEMA}: update l1gui"
        )
    if meta.get("sizes", list(sizes)) != list(sizes):
        raise FileError(f"its arrays are those of a {sizes_text(sizes)} network, and it says otherwise")


def _output(meta: Mapping[str, Any], sizes: tuple[int, ...]) -> tuple[str, int]:
    """Name of the output and number of classes; FileError when the network's last layer cannot be that."""
    output = meta.get("output", "softmax")
    if not isinstance(output, str) or output not in OUTPUTS:
        raise FileError(f"its outputs go through {printable(str(output), 20)!r}, not one of {', '.join(OUTPUTS)}")
    if OUTPUTS[output].code == SOFTMAX_OUTPUT:
        return output, sizes[-1]
    if sizes[-1] != 1:
        raise FileError(f"it has {sizes[-1]} outputs, and a {output} output is one")
    return output, 0 if OUTPUTS[output].code == LINEAR_OUTPUT else N_CLASSES_OF_ONE_OUTPUT


def _target(found: Mapping[str, Any]) -> Target:
    name, plain = found.get("name", "class"), Target()
    numbers = found.get("offset", plain.offset), found.get("scale", plain.scale)
    if not isinstance(name, str) or not all(map(_is_finite, numbers)) or not numbers[1]:
        raise FileError("what it says of its target is not what this program writes")
    _check_text(name)
    return Target(name, float(numbers[0]), float(numbers[1]))


def _columns(found: Any) -> tuple[Column, ...]:
    if found is None:
        return ()
    if not isinstance(found, list):
        raise FileError("its columns are no list")
    return tuple(_column(each) for each in found)


def _column(found: Any) -> Column:
    if isinstance(found, Mapping):
        check_plain(found)
        name, fill = found.get("name"), found.get("fill")
        categories, rest = found.get("categories", []), found.get("rest", [])
        if isinstance(name, str) and isinstance(categories, list) and isinstance(rest, list):
            is_filled = fill is None or isinstance(fill, str) or _is_finite(fill)
            if is_filled and all(isinstance(text, str) for text in (*categories, *rest)):
                return Column(name, tuple(categories), fill, tuple(rest))
    raise FileError("what it says of its columns is not what this program writes")


def _mapping(meta: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = meta.get(key)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise FileError(f"its {key} is not what this program writes")
    return found


def _settings(found: Any, sizes: tuple[int, ...], activation: str) -> RunSettings | None:
    settings = _known_settings(found)
    if settings and (settings.network.hidden != sizes[1:-1] or settings.network.activation != activation):
        raise FileError("its settings are those of another network")
    return settings


def _known_settings(found: Any) -> RunSettings | None:
    if found is None:
        return None
    if not isinstance(found, Mapping):
        raise FileError("its settings are not what this program writes")
    check_plain(found)
    settings = RunSettings.from_dict(found)
    check_choices(settings)
    return settings


def _pruned(found: Any) -> Mapping[str, Any]:
    if found is None:
        return {}
    lists = [found.get(key) for key in ("sizes", "inputs")] if isinstance(found, Mapping) else [None]
    if not all(isinstance(each, list) and all(_is_count(number) for number in each) for each in lists):
        raise FileError("what it says of its pruning is not what this program writes")
    check_plain(found)
    return dict(found)


def _events(found: Any) -> tuple[Mapping[str, Any], ...]:
    events = [] if found is None else found
    if not isinstance(events, list):
        raise FileError("its events are not what this program writes")
    for event in events:
        if not isinstance(event, Mapping) or set(event) != {"row", "field", "value"} or not _is_count(event["row"]):
            raise FileError("its events are not what this program writes")
        check_plain(event, 2)
    return tuple(events)


def _is_count(value: Any) -> bool:
    return is_int(value) and value >= 0


def _names(names: Any, default: tuple[str, ...]) -> tuple[str, ...]:
    if names is None:
        return default
    n = len(default)
    if not isinstance(names, list) or len(names) != n or not all(isinstance(name, str) for name in names):
        raise FileError(f"it names another number of inputs or classes than the {n} it has")
    check_plain(names)
    return tuple(names)


def _floats(values: Any, default: float, n: int) -> tuple[float, ...]:
    """Offsets (default 0) or scales (default 1) of the inputs; scales divide, so that none may be 0."""
    if values is None:
        return (default,) * n
    is_list = isinstance(values, list) and len(values) == n
    if not is_list or not all(_is_finite(value) and (value or not default) for value in values):
        raise FileError(f"its scaling does not give {n} finite numbers, scales not 0")
    return tuple(float(value) for value in values)


def _is_finite(value: Any) -> bool:
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False
