"""What a run is made of: frozen, validated settings, with one place for every default, limit, label and help.

The metadata of each field (`Spec`) makes the window's controls, the command line's flags and the documentation.
Names of methods, losses, activations and data sources are checked by the tables that define them (`core`,
`data`); this module only knows that they are names.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any

SCHEMA = 1
MAX_HIDDEN_LAYERS = 6
MAX_LAYER_UNITS = 512


class SettingError(ValueError):
    """A setting that cannot be: `field` names it, the message says its limits or choices."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name


@dataclass(frozen=True, slots=True)
class Spec:
    """What is known of one setting besides its value.

    Attributes
    ----------
    label, help : str
        For people. The help is one or two sentences.
    kind : str
        "int", "float", "name" or "sizes" (a tuple of layer sizes).
    low, high : float or None
        Limits, both allowed, for numbers.
    is_live : bool
        Whether it can change while a run goes on.
    is_log : bool
        Whether a slider over it should be logarithmic.
    """

    label: str
    help: str
    kind: str
    low: float | None = None
    high: float | None = None
    is_live: bool = False
    is_log: bool = False

    @property
    def limits(self) -> str:
        """The limits in words, for messages and tool tips."""
        if self.kind == "sizes":
            return f"up to {MAX_HIDDEN_LAYERS} layers of 1 to {MAX_LAYER_UNITS} units, or none"
        if self.kind == "name":
            return "a name from its list"
        return (
            f"{'a whole number' if self.kind == 'int' else 'a number'} from {_plain(self.low)} to {_plain(self.high)}"
        )

    def check(self, name: str, value: object) -> None:
        """Raise SettingError unless `value` is of this kind and within the limits."""
        if not self._allows(value):
            raise SettingError(name, f"{self.label} must be {self.limits}; got {_shown(value)}")

    def _allows(self, value: object) -> bool:
        if self.kind == "name":
            return isinstance(value, str) and bool(value)
        if self.kind == "sizes":
            return (
                isinstance(value, tuple)
                and len(value) <= MAX_HIDDEN_LAYERS
                and all(_is_int(size) and 1 <= size <= MAX_LAYER_UNITS for size in value)
            )
        if isinstance(value, bool) or not isinstance(value, int if self.kind == "int" else int | float):
            return False
        # NaN is within no limits: every comparison with it is false.
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def parse(self, name: str, text: str) -> Any:
        """Read a value as a person types it, with a point as decimal mark; SettingError when it cannot be."""
        text = text.strip()
        value: Any = text
        try:
            if self.kind == "int":
                value = int(text)
            elif self.kind == "float":
                value = float(text)
            elif self.kind == "sizes":
                value = () if text.lower() == "none" else tuple(int(part) for part in text.split(","))
        except ValueError:
            raise SettingError(name, f"{self.label} must be {self.limits}; got {_shown(text)}") from None
        self.check(name, value)
        return value


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."  # noqa: PLR2004 - the width of a message


def _plain(number: float | None) -> str:
    if number is None:
        return "any"
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


def _setting(default: Any, spec: Spec) -> Any:
    return field(default=default, metadata={"spec": spec})


class _Part:
    """A group of settings that checks itself against its fields' specs."""

    def __post_init__(self) -> None:
        for each in fields(self):  # type: ignore[arg-type]
            each.metadata["spec"].check(each.name, getattr(self, each.name))


@dataclass(frozen=True, slots=True)
class DataSettings(_Part):
    """Which rows the network learns from."""

    source: str = _setting("article", Spec("Data", "Where the rows come from.", "name"))


@dataclass(frozen=True, slots=True)
class NetworkSettings(_Part):
    """The network's shape and start; inputs and outputs follow from the data."""

    hidden: tuple[int, ...] = _setting(
        (8,), Spec("Hidden units", "Units of each hidden layer, input side first; none for no hidden layer.", "sizes")
    )
    activation: str = _setting("tanh", Spec("Activation", "What each hidden unit does to its sum.", "name"))
    initialization: str = _setting(
        "uniform",
        Spec(
            "Initialization", "uniform: weights and biases in +- the range. xavier: Xavier uniform, biases 0.", "name"
        ),
    )
    init_range: float = _setting(
        0.01, Spec("Initial range", "Bound of the uniform start, for weights and biases.", "float", 0.0, 10.0)
    )


@dataclass(frozen=True, slots=True)
class TrainingSettings(_Part):
    """How the network is trained, the penalty aside."""

    loss: str = _setting("squared-article", Spec("Loss", "What training makes small, the penalty aside.", "name"))
    epochs: int = _setting(500, Spec("Epochs", "Passes over the training rows.", "int", 1, 1_000_000, is_live=True))
    learn_rate: float = _setting(
        0.01,
        Spec(
            "Learning rate", "Length of each step down the gradient.", "float", 1e-6, 100.0, is_live=True, is_log=True
        ),
    )
    batch: int = _setting(
        1, Spec("Batch", "Rows whose mean gradient makes one update; 1 is online training.", "int", 1, 100_000)
    )
    seed: int = _setting(
        0, Spec("Seed", "Start of the random numbers; the same seed gives the same run.", "int", 0, 2**32 - 1)
    )


@dataclass(frozen=True, slots=True)
class PenaltySettings(_Part):
    """The penalty on the weights; biases are never penalised."""

    method: str = _setting(
        "cumulative", Spec("L1 mode", "How the penalty enters the update of a weight.", "name", is_live=True)
    )
    lam: float = _setting(
        3e-3,
        Spec("Lambda", "Strength of the penalty; 0 is none.", "float", 0.0, 100.0, is_live=True, is_log=True),
    )


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Everything that, with the events, determines a run's weights.

    Settings are addressed by their field's name alone (``lam``, ``epochs``): the names are unique over the parts.
    """

    data: DataSettings = DataSettings()
    network: NetworkSettings = NetworkSettings()
    training: TrainingSettings = TrainingSettings()
    penalty: PenaltySettings = PenaltySettings()

    def value(self, name: str) -> Any:
        """Value of the setting of that name; SettingError when there is none."""
        return getattr(getattr(self, part_of(name)), name)

    def with_values(self, **values: Any) -> RunSettings:
        """A copy with the named settings changed; SettingError when one cannot be."""
        by_part: dict[str, dict[str, Any]] = {}
        for name, value in values.items():
            by_part.setdefault(part_of(name), {})[name] = value
        return replace(self, **{part: replace(getattr(self, part), **changed) for part, changed in by_part.items()})

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Nested plain values, ready for JSON or TOML."""
        nested: dict[str, dict[str, Any]] = {}
        for name, part in _PART_OF.items():
            value = self.value(name)
            nested.setdefault(part, {})[name] = list(value) if isinstance(value, tuple) else value
        return nested

    def to_json(self) -> str:
        """JSON text, schema number included."""
        return json.dumps({"schema": SCHEMA, **self.to_dict()}, indent=2)

    def to_toml(self) -> str:
        """TOML text, schema number included."""
        lines = [f"schema = {SCHEMA}"]
        for part, values in self.to_dict().items():
            lines += ["", f"[{part}]"]
            # JSON writes strings, numbers and lists of numbers as TOML does, surrogate escapes apart.
            lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
        return "\n".join(lines) + "\n"

    @classmethod
    def from_dict(cls, nested: Mapping[str, Any], base: RunSettings | None = None) -> RunSettings:
        """Settings from nested plain values; what is missing keeps its value in `base` (the defaults).

        Raises
        ------
        SettingError
            For an unknown part or name, a value out of its limits, or a newer schema.
        """
        schema = nested.get("schema", SCHEMA)
        if not _is_int(schema) or schema > SCHEMA:
            raise SettingError(
                "schema", f"these settings are of schema {_shown(schema)}; this program reads up to {SCHEMA}"
            )
        known = {part.name for part, _ in _parts()}
        changed: dict[str, Any] = {}
        for part_name, values in nested.items():
            if part_name == "schema":
                continue
            if part_name not in known or not isinstance(values, Mapping):
                raise SettingError(
                    part_name, f"no group of settings is named {_shown(part_name)}: {', '.join(sorted(known))}"
                )
            for name, value in values.items():
                if name not in SPECS or part_of(name) != part_name:
                    raise SettingError(name, f"the group {part_name} has no setting {_shown(name)}")
                changed[name] = tuple(value) if isinstance(value, list) else value
        return (base or cls()).with_values(**changed)

    @classmethod
    def from_json(cls, text: str) -> RunSettings:
        """Settings from `to_json`'s text; SettingError with the cause when it is not that."""
        try:
            nested = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SettingError("json", f"these settings are not JSON: {error}") from None
        if not isinstance(nested, dict):
            raise SettingError("json", "these settings are not a JSON object")
        return cls.from_dict(nested)

    @classmethod
    def from_toml(cls, text: str, base: RunSettings | None = None) -> RunSettings:
        """Settings from TOML text; SettingError with the cause when it is not that."""
        try:
            nested = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise SettingError("toml", f"these settings are not TOML: {error}") from None
        return cls.from_dict(nested, base)


def _parts() -> Iterator[tuple[Field[Any], type]]:
    for part in fields(RunSettings):
        yield part, type(part.default)


_PART_OF = {each.name: part.name for part, part_type in _parts() for each in fields(part_type)}
SPECS: dict[str, Spec] = {each.name: each.metadata["spec"] for _, part_type in _parts() for each in fields(part_type)}
"""Spec of every setting, by its name."""
LIVE = tuple(name for name, spec in SPECS.items() if spec.is_live)
"""Names of the settings that can change while a run goes on."""


def part_of(name: str) -> str:
    """Name of the part that holds a setting; SettingError when there is no such setting."""
    if name not in _PART_OF:
        raise SettingError(name, f"there is no setting {_shown(name)}; there are {', '.join(_PART_OF)}")
    return _PART_OF[name]
