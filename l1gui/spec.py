"""What is known of a setting besides its value: limits, label, help; and the error for a value that cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeGuard

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
        "int", "float", "name", "names" (a tuple of them) or "sizes" (a tuple of layer sizes).
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
        if self.kind in ("name", "names"):
            return "a name from its list" if self.kind == "name" else "names with commas between, or none"
        return (
            f"{'a whole number' if self.kind == 'int' else 'a number'} from {_plain(self.low)} to {_plain(self.high)}"
        )

    def check(self, name: str, value: object) -> None:
        """Raise SettingError unless `value` is of this kind and within the limits."""
        if not self._allows(value):
            raise SettingError(name, f"{self.label} must be {self.limits}; got {shown(value)}")

    def _allows(self, value: object) -> bool:
        if self.kind == "name":
            return isinstance(value, str) and bool(value)
        if self.kind == "names":
            return (
                isinstance(value, tuple)
                and all(isinstance(name, str) and name for name in value)
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
            elif self.kind == "sizes":
                value = () if text.lower() == "none" else tuple(int(part) for part in text.split(","))
        except ValueError:
            raise SettingError(name, f"{self.label} must be {self.limits}; got {shown(text)}") from None
        self.check(name, value)
        return value


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
