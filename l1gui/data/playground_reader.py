"""What a link of TensorFlow Playground says, key by key, read as the Playground's page reads it.

A link holds its settings behind the '#', as key=value with '&' between. A value that the page would not run as it
stands is refused, in one line with the key and what is allowed; what else a person should know is noted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from urllib.parse import quote, unquote

from l1gui.data.playground import DERIVED, PLANE
from l1gui.settings import SPECS
from l1gui.spec import SettingError, shown

HOST = "playground.tensorflow.org"
MAX_LINK = 10_000
MAX_SHOWN = 40
NO_SEED = "0.50000"

SET_KEYS = {"classification": "dataset", "regression": "regDataset"}
INPUT_KEYS = {
    "x": "x1", "y": "x2", "xTimesY": "x1*x2", "xSquared": "x1^2", "ySquared": "x2^2", "sinX": "sin x1",
    "sinY": "sin x2",
}  # fmt: skip
LACKING = ("cosX", "cosY")
NUMBER_KEYS = ("batchSize", "learningRate", "regularizationRate", "noise", "networkShape", "percTrainData")
DISPLAY_KEYS = ("showTestData", "discretize", "hideText", "tutorial", "collectStats")
HIDE = "_hide"
KEYS = {
    "activation", "regularization", "problem", "seed", "initZero", *SET_KEYS.values(), *NUMBER_KEYS, *INPUT_KEYS,
    *LACKING, *DISPLAY_KEYS,
}  # fmt: skip

MOST_UNITS = 8
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
# A browser writes all else in a link's last part as percent signs and hexadecimal digits.
KEPT_BY_BROWSERS = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"<>`')


def assignments(text: str) -> dict[str, str]:
    """Keys and values of a link, as they stand; of a key that comes twice the last one counts.

    The whole address, or its part with the settings; HTML's escapes and space around it do no harm.

    Raises
    ------
    SettingError
        When the text is no Playground link.
    """
    if len(text) > MAX_LINK:
        raise SettingError("link", f"this is too long for a Playground link: {len(text):,} characters")
    link = re.sub(r"[\t\r\n]", "", text).strip().strip("<>\"'")
    link = link.replace("®", "&reg")  # what HTML makes of a bare &regularization
    while (plain := re.sub(r"&(amp|#38|#x26);", "&", link, flags=re.IGNORECASE)) != link:
        link = plain
    if "#" not in link and "%23" in link:
        link = unquote(link)
    address, mark, part = link.partition("#")
    if not mark and (begin := re.search(r"(?:^|[/?&])(?=\w+=)", link)):
        address, part = link[: begin.start()], link[begin.end() :]
    pairs = [each.split("=") for each in part.split("&")]
    values = {pair[0]: pair[1] for pair in pairs if len(pair) > 1 and pair[0]}
    # x and y alone may be anybody's.
    if HOST not in address.lower() and not (KEYS - {"x", "y"}) & set(values):
        raise SettingError(
            "link",
            f"this is no TensorFlow Playground link: {shown(text)}; copy what the address bar of {HOST} shows, with "
            "its settings after the '#', such as activation=tanh",
        )
    return values


class LinkReader:
    """The values of a link, asked for key by key.

    Attributes
    ----------
    notes : list of str
        What a person should know, a line each.
    """

    def __init__(self, text: str) -> None:
        self._values = assignments(text)
        self.notes: list[str] = []

    def _text(self, key: str) -> str:
        """A key's value, empty when it is missing."""
        return unquote(self._values.get(key, "")).strip()

    def _refusal(self, key: str, allowed: str) -> SettingError:
        return SettingError("link", f"Playground link: {key}={_cut(self._text(key))} cannot be; allowed: {allowed}")

    def _tell(self, key: str, said: str) -> None:
        self.notes.append(f"{_cut(key)}={_cut(self._text(key))}: {said}")

    def choice(self, key: str, names: Sequence[str], default: str | None = None) -> str:
        """One of some names; the first when the key is missing and there is no other default."""
        name = self._text(key) or default or names[0]
        if name not in names:
            raise self._refusal(key, ", ".join(names))
        return name

    def is_on(self, key: str, *, default: bool) -> bool:
        """Whether a key is on; as in the Playground only 'false' is off."""
        text = self._text(key)
        if text not in ("", "true", "false"):
            self._tell(key, "counts as true, as in the Playground; allowed: true, false")
        return text != "false" if text else default

    def whole(self, key: str, default: int, limits: tuple[int, int], usual: int | None = None) -> int:
        """A whole number within the limits; told when it is above what the Playground's own control has."""
        text, (low, high) = self._text(key), limits
        value = _number(text) if text else default
        if value is None or value != round(value) or not low <= value <= high:
            raise self._refusal(key, f"a whole number from {low} to {high}")
        if usual is not None and value > usual:
            self._tell(key, f"beyond the Playground's own control, {low} to {usual}; the run obeys the link")
        return int(value)

    def real(self, key: str, default: float, name: str, usual: tuple[float, float]) -> float:
        """A number within the limits of the setting `name`; told when it lies outside the Playground's choices."""
        text, spec = self._text(key), SPECS[name]
        value = _number(text) if text else default
        if (
            value is None
            or (spec.low is not None and value < spec.low)
            or (spec.high is not None and value > spec.high)
        ):
            raise self._refusal(key, spec.limits)
        if not usual[0] <= value <= usual[1]:
            low, high = (f"{each:.5f}".rstrip("0").rstrip(".") for each in usual)
            self._tell(key, f"outside the Playground's choices, {low} to {high}; the run obeys the link")
        return value

    def shape(self) -> tuple[int, ...]:
        """Units of each hidden layer; an empty value is no hidden layer."""
        key, text = "networkShape", self._text("networkShape")
        if key not in self._values:
            return (4, 2)
        numbers = [_number(each.strip()) for each in text.split(",")] if text else []
        units = tuple(int(each) if each is not None and each == round(each) else 0 for each in numbers)
        try:
            SPECS["hidden"].check("hidden", units)
        except SettingError:
            raise self._refusal(key, SPECS["hidden"].limits) from None
        if max(units, default=0) > MOST_UNITS:
            self._tell(key, f"beyond the Playground's own controls, 1 to {MOST_UNITS} units; the run obeys the link")
        return units

    def seed(self) -> str:
        """The seed as a browser hands it to the page."""
        seed = self._values.get("seed", "")
        if not seed.strip():
            self.notes.append(f"seed: the link has none, so the Playground draws one at each visit; here {NO_SEED}")
            return NO_SEED
        return quote(seed, safe=KEPT_BY_BROWSERS, errors="replace")

    def inputs(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Inputs derived of x1 and x2, and those of the two that are left out; hidden ones are not there."""
        on = set()
        for key, name in INPUT_KEYS.items():
            if self.is_on(key, default=name in PLANE):
                if self._text(key + HIDE) == "true":
                    self._tell(key + HIDE, f"the input {name} is hidden, and the Playground trains without it")
                else:
                    on.add(name)
        if not on:
            raise SettingError(
                "link", f"Playground link: every input is off; one must be true of {', '.join(INPUT_KEYS)}"
            )
        return tuple(name for name in DERIVED if name in on), tuple(name for name in PLANE if name not in on)

    def tell_the_rest(self) -> None:
        """Note keys that have no effect, those of the display aside."""
        for key in self._values:
            if key in LACKING:
                if self.is_on(key, default=False):
                    self._tell(key, "there is no such input, here or in today's Playground; ignored")
            elif key not in KEYS and not key.endswith(HIDE):
                self._tell(key, "the Playground has no such key; ignored")


def _number(text: str) -> float | None:
    value = float(text) if NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else None


def _cut(text: str) -> str:
    """A text for a line of a message: short, nothing in it that breaks the line."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return plain if len(plain) <= MAX_SHOWN else plain[: MAX_SHOWN - 3] + "..."
