"""What is known of a setting besides its value: limits, label, help; and the error for a value that cannot be."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, fields
from typing import Any, TypeGuard

MAX_HIDDEN_LAYERS = 6
MAX_LAYER_UNITS = 512
MAX_TEXT = 4_096


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
        "int", "float", "name", "names" (a tuple of them), "sizes" (a tuple of layer sizes), "text" or "texts" (a tuple
        of them, none empty).
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
        if self.kind in _LIMITS_IN_WORDS:
            return _LIMITS_IN_WORDS[self.kind]
        return (
            f"{'a whole number' if self.kind == 'int' else 'a number'} from {_plain(self.low)} to {_plain(self.high)}"
        )

    def check(self, name: str, value: object) -> None:
        """Raise SettingError unless `value` is of this kind and within the limits."""
        if not self._allows(value):
            raise SettingError(name, f"{self.label} must be {self.limits}; got {shown(value)}")

    def _allows(self, value: object) -> bool:
        if self.kind in ("name", "text"):
            return _is_text(value) and (self.kind == "text" or bool(value))
        if self.kind in ("names", "texts"):
            return (
                isinstance(value, tuple)
                and all(_is_text(name) and name for name in value)
                and len(set(value)) == len(value)
            )
        if self.kind == "sizes":
            return (
                isinstance(value, tuple)
                and len(value) <= MAX_HIDDEN_LAYERS
                and all(is_int(size) and 1 <= size <= MAX_LAYER_UNITS for size in value)
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
            elif self.kind == "names":
                value = () if text.lower() == "none" else tuple(part.strip() for part in text.split(","))
            elif self.kind == "texts":
                # As a line of CSV, so that a name with a comma in it can be quoted.
                value = () if text.lower() in ("", "none") else tuple(next(csv.reader([text], skipinitialspace=True)))
            elif self.kind == "sizes":
                value = () if text.lower() == "none" else tuple(int(part) for part in text.split(","))
        except (ValueError, csv.Error):
            raise SettingError(name, f"{self.label} must be {self.limits}; got {shown(text)}") from None
        self.check(name, value)
        return value


_LIMITS_IN_WORDS = {
    "name": "a name from its list",
    "names": "names with commas between, or none",
    "text": f"a text of up to {MAX_TEXT:,} characters",
    "texts": "names with commas between (one with a comma in it in double quotes), or none",
}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and "\0" not in value


def is_int(value: object) -> TypeGuard[int]:
    """Whether a value is a whole number, which Python's True is not here."""
    return isinstance(value, int) and not isinstance(value, bool)


def shown(value: object) -> str:
    """A value as a message shows it, cut to a message's width."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 - the width of a message


def _plain(number: float | None) -> str:
    if number is None:
        return "any"
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


def setting(default: Any, spec: Spec) -> Any:
    """A dataclass field with its spec."""
    return field(default=default, metadata={"spec": spec})


class SettingsPart:
    """A group of settings that checks itself against its fields' specs; made a frozen dataclass by its subclasses."""

    def __post_init__(self) -> None:
        for each in fields(self):  # type: ignore[arg-type]
            each.metadata["spec"].check(each.name, getattr(self, each.name))
