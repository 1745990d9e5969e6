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

from l1gui.data_settings import DataSettings, TableSettings
from l1gui.spec import SettingError, Spec, is_int, shown
from l1gui.training_settings import (
    NetworkSettings,
    PenaltySettings,
    RegularizationSettings,
    SparsitySettings,
    StoppingSettings,
    TrainingSettings,
)

__all__ = [
    "LIVE", "SPECS", "DataSettings", "NetworkSettings", "RunSettings", "SettingError", "Spec", "TableSettings",
    "part_of",
]  # fmt: skip

SCHEMA = 1
DEFAULT_PRESET = "article"
TABLE = "table"
"""The source whose rows are a file's."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Everything that, with the events, determines a run's weights.

    Settings are addressed by their field's name alone (``lam``, ``epochs``): the names are unique over the parts.
    """

    data: DataSettings = DataSettings()  # noqa: RUF009 - frozen
    table: TableSettings = TableSettings()  # noqa: RUF009 - frozen
    network: NetworkSettings = NetworkSettings()  # noqa: RUF009 - frozen
    training: TrainingSettings = TrainingSettings()  # noqa: RUF009 - frozen
    penalty: PenaltySettings = PenaltySettings()  # noqa: RUF009 - frozen
    regularization: RegularizationSettings = RegularizationSettings()  # noqa: RUF009 - frozen
    stopping: StoppingSettings = StoppingSettings()  # noqa: RUF009 - frozen
    sparsity: SparsitySettings = SparsitySettings()  # noqa: RUF009 - frozen

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
