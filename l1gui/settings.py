"""What a run is made of: frozen, validated settings, one place for every default, limit, label and help.

The metadata of each field (`Spec`) makes the window's controls, the command line's flags and the documentation. Names
of methods, losses, activations and data sources are checked by the tables that define them (`core`, `data`).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, replace
from typing import Any

from l1gui.spec import SettingError, Spec, is_int, setting, shown

__all__ = ["LIVE", "SPECS", "RunSettings", "SettingError", "Spec", "part_of"]

SCHEMA = 1


class _Part:
    """A group of settings that checks itself against its fields' specs."""

    def __post_init__(self) -> None:
        for each in fields(self):  # type: ignore[arg-type]
            each.metadata["spec"].check(each.name, getattr(self, each.name))


@dataclass(frozen=True, slots=True)
class DataSettings(_Part):
    """Which rows the network learns from."""

    source: str = setting("article", Spec("Data", "Where the rows come from.", "name"))
    rows: int = setting(200, Spec("Rows", "Training rows of a planar set.", "int", 10, 100_000))
    noise: float = setting(
        0.05, Spec("Noise", "Standard deviation added to x1 and x2 of a planar set.", "float", 0.0, 2.0)
    )
    noise_inputs: int = setting(
        0, Spec("Noise inputs", "Useless inputs beside x1 and x2, from N(0, 1).", "int", 0, 100)
    )
    flipped: float = setting(
        0.0, Spec("Labels flipped", "Share of the training rows that get the wrong class.", "float", 0.0, 0.5)
    )
    derived: tuple[str, ...] = setting(
        (),
        Spec("Derived inputs", "Inputs made of x1 and x2: x1^2, x2^2, x1*x2, sin x1, sin x2; or none.", "names"),
    )


@dataclass(frozen=True, slots=True)
class NetworkSettings(_Part):
    """The network's shape and start; inputs and outputs follow from the data."""

    hidden: tuple[int, ...] = setting(
        (8,), Spec("Hidden units", "Units of each hidden layer, input side first; none for no hidden layer.", "sizes")
    )
    activation: str = setting("tanh", Spec("Activation", "What each hidden unit does to its sum.", "name"))
    initialization: str = setting(
        "uniform",
        Spec(
            "Initialization",
            "uniform: weights and biases in +- the range. xavier: Xavier uniform, he: He uniform, biases 0 in both.",
            "name",
        ),
    )
    init_range: float = setting(
        0.01, Spec("Initial range", "Bound of the uniform start, for weights and biases.", "float", 0.0, 10.0)
    )


@dataclass(frozen=True, slots=True)
class TrainingSettings(_Part):
    """How the network is trained, the penalty aside."""

    loss: str = setting("squared-article", Spec("Loss", "What training makes small, the penalty aside.", "name"))
    epochs: int = setting(500, Spec("Epochs", "Passes over the training rows.", "int", 1, 1_000_000, is_live=True))
    learn_rate: float = setting(
        0.01,
        Spec(
            "Learning rate", "Length of each step down the gradient.", "float", 1e-6, 100.0, is_live=True, is_log=True
        ),
    )
    decay: float = setting(
        0.0,
        Spec(
            "Decay",
            "After n epochs the learning rate is divided by 1 + decay * n.",
            "float",
            0.0,
            10.0,
            is_live=True,
        ),
    )
    batch: int = setting(
        1, Spec("Batch", "Rows whose mean gradient makes one update; 1 is online training.", "int", 1, 100_000)
    )
    seed: int = setting(
        0, Spec("Seed", "Start of the random numbers; the same seed gives the same run.", "int", 0, 2**32 - 1)
    )


@dataclass(frozen=True, slots=True)
class PenaltySettings(_Part):
    """The penalty on the weights; biases are never penalised."""

    method: str = setting(
        "cumulative", Spec("L1 mode", "How the penalty enters the update of a weight.", "name", is_live=True)
    )
    lam: float = setting(
        3e-3,
        Spec("Lambda", "Strength of the penalty; 0 is none.", "float", 0.0, 100.0, is_live=True, is_log=True),
    )
    alpha: float = setting(
        0.5,
        Spec(
            "Alpha", "Elastic net only: the share of L1 in its mix with L2; 1 is L1.", "float", 0.0, 1.0, is_live=True
        ),
    )


@dataclass(frozen=True, slots=True)
class RegularizationSettings(_Part):
    """What else keeps a network from learning its rows by heart; 0 is off, for each."""

    dropout: float = setting(
        0.0,
        Spec(
            "Dropout", "Share of the hidden units left out, others each row; their fellows make up for them.",
            "float", 0.0, 0.95, is_live=True,
        ),
    )  # fmt: skip
    jitter: float = setting(
        0.0,
        Spec(
            "Input jitter", "Standard deviation of the noise added to the inputs, anew each time a row is trained on.",
            "float", 0.0, 10.0, is_live=True,
        ),
    )  # fmt: skip
    max_norm: float = setting(
        0.0,
        Spec(
            "Max-norm", "Longest that the vector of a unit's incoming weights may be; each update is scaled back.",
            "float", 0.0, 1000.0, is_live=True,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoppingSettings(_Part):
    """Early stopping: part of the training rows is held out, and training ends when they are no longer served."""

    patience: int = setting(
        0,
        Spec(
            "Patience", "Epochs without a better validation loss before training stops; then the best weights are "
            "restored. 0 is no early stopping.", "int", 0, 1_000_000,
        ),
    )  # fmt: skip
    validation: float = setting(
        0.2,
        Spec(
            "Validation share", "Share of the training rows held out for early stopping; none are without it.",
            "float", 0.05, 0.5,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SparsitySettings(_Part):
    """What counts as near zero; changes what is counted, never the training."""

    threshold: float = setting(
        1e-3,
        Spec(
            "Near zero below",
            "Weights of a magnitude below it count as near zero.",
            "float",
            0.0,
            1.0,
            is_live=True,
            is_log=True,
        ),
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
    regularization: RegularizationSettings = RegularizationSettings()
    stopping: StoppingSettings = StoppingSettings()
    sparsity: SparsitySettings = SparsitySettings()

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
        if not is_int(schema) or schema > SCHEMA:
            raise SettingError(
                "schema", f"these settings are of schema {shown(schema)}; this program reads up to {SCHEMA}"
            )
        known = {part.name for part, _ in _parts()}
        changed: dict[str, Any] = {}
        for part_name, values in nested.items():
            if part_name == "schema":
                continue
            if part_name not in known or not isinstance(values, Mapping):
                raise SettingError(
                    part_name, f"no group of settings is named {shown(part_name)}: {', '.join(sorted(known))}"
                )
            for name, value in values.items():
                if name not in SPECS or part_of(name) != part_name:
                    raise SettingError(name, f"the group {part_name} has no setting {shown(name)}")
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
        raise SettingError(name, f"there is no setting {shown(name)}; there are {', '.join(_PART_OF)}")
    return _PART_OF[name]
