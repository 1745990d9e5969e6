"""Words from outside made fit for a label: names as plain text on one line, tool tips without markup, numbers short."""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Sequence

NO_TEST = "no test rows"
LONGEST_NAME = 200
LEAST_PLAIN, MOST_PLAIN, MILLION = 1e-3, 1e9, 1e6
DIGITS = 4

_DIRECTIONS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_MARKS = "\u200e\u200f\u061c"


def plain(name: str) -> str:
    """A name as it is shown: one line, and what would turn the text around it or is not seen as a box."""
    letters = []
    for letter in name[:LONGEST_NAME]:
        is_turning = letter in _MARKS or unicodedata.bidirectional(letter) in _DIRECTIONS
        if letter.isspace():
            letters.append(" ")
        elif is_turning or not letter.isprintable():
            letters.append("\N{REPLACEMENT CHARACTER}")
        else:
            letters.append(letter)
    text = "".join(letters).strip() or "(no name)"
    return text if len(name) <= LONGEST_NAME else f"{text}…"


def plain_names(names: Sequence[str]) -> tuple[str, ...]:
    """Each of some names as it is shown."""
    return tuple(map(plain, names))


def tip(text: str) -> str:
    """A tool tip that shows a text as it is: Qt takes one that looks like HTML for HTML."""
    if "<" not in text:
        return text
    return "<qt>" + html.escape(text).replace("\n", "<br>") + "</qt>"


def number_text(value: float) -> str:
    """A number in about four digits, as in 1,234 or 0.01234 or 2.345M."""
    if not math.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    if not LEAST_PLAIN <= abs(value) < MOST_PLAIN:
        return f"{value:.{DIGITS - 1}g}"
    if abs(value) >= MILLION:
        return f"{value / MILLION:,.{DIGITS}g}M"
    decimals = max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
