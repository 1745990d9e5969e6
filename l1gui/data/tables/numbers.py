"""Numbers in text: what is one, what stands for a missing one, and which decimal mark they have."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "+nan", "-nan", "null", "-", "--", "?"))
"""Cells that stand for a missing one, in lower case and without spaces around."""
_INFINITE = frozenset(sign + word for sign in ("", "+", "-") for word in ("inf", "infinity", "1.#inf"))
_HEX = re.compile(r"[+-]?0x[0-9a-f]+", re.IGNORECASE)
_NAN_FOR = {cell: "nan" for word in MISSING for cell in (word, word.upper(), word.capitalize())} | {"N/a": "nan"}

_EXPONENT = r"(?:[eE][+-]?\d+)?"
_SPACES = " \u00a0\u2009\u202f'\u2019"
_PLAIN = {
    mark: re.compile(rf"[+-]?(?:\d+{sign}?\d*|{sign}\d+){_EXPONENT}", re.ASCII)
    for mark, sign in (("point", r"\."), ("comma", ","))
}
_GROUPED = {
    mark: re.compile(
        rf"[+-]?[1-9]\d{{0,2}}([{other}{_SPACES}])\d{{3}}(?:\1\d{{3}})*(?:{sign}\d*)?{_EXPONENT}", re.ASCII
    )
    for mark, sign, other in (("point", r"\.", ","), ("comma", ",", "."))
}
"""Whole numbers with a mark between each three digits, such as 1,234,567.8."""
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
"""A number whose only mark may be a decimal or a thousands mark, such as 1,234."""


class Kind(IntEnum):
    """What a cell of a column of numbers is."""

    NUMBER, MISSING, NOT_FINITE, TOO_LARGE, HEX, TEXT = range(6)


WORDS = {
    Kind.MISSING: "is missing",
    Kind.NOT_FINITE: "is not finite",
    Kind.TOO_LARGE: "is too large for double precision",
    Kind.HEX: "is hexadecimal",
    Kind.TEXT: "is not a number",
}
Floats = npt.NDArray[np.float64]


def read_number(cell: str, decimal: str) -> tuple[Kind, float]:
    """What a cell is, and its value: NaN unless it is a finite number."""
    text = cell.strip()
    low = text.lower()
    if low in MISSING:
        return Kind.MISSING, math.nan
    if low in _INFINITE:
        return Kind.NOT_FINITE, math.nan
    if not _PLAIN[decimal].fullmatch(text):
        grouped = _GROUPED[decimal].fullmatch(text)
        if grouped is None:
            return (Kind.HEX if _HEX.fullmatch(text) else Kind.TEXT), math.nan
        text = text.replace(grouped[1], "")
    value = float(text.replace(",", "."))
    return (Kind.NUMBER, value) if math.isfinite(value) else (Kind.TOO_LARGE, math.nan)


@dataclass(slots=True)
class Odd:
    """Cells of one kind in a column: how many, and the first one's row (from 0) and text."""

    count: int = 0
    row: int = -1
    text: str = ""


@dataclass(slots=True)
class Odds:
    """What there is in a column besides numbers."""

    by_kind: dict[Kind, Odd] = field(default_factory=lambda: {kind: Odd() for kind in Kind})

    def add(self, kind: Kind, row: int, text: str, count: int = 1) -> None:
        """Count cells of a kind, of which this is the first."""
        odd = self.by_kind[kind]
        if not odd.count or row < odd.row:
            odd.row, odd.text = row, text[:100]
        odd.count += count


def read_numbers(cells: Sequence[str], decimal: str, odds: Odds, first_row: int) -> Floats:
    """Values of cells, NaN where there is no finite number; what is odd is counted in `odds`."""
    values = _fast(cells, decimal)
    if values is None:
        return _slow(cells, decimal, odds, first_row)
    missing, infinite = np.flatnonzero(np.isnan(values)), np.flatnonzero(np.isinf(values))
    if len(missing):
        odds.add(Kind.MISSING, first_row + int(missing[0]), cells[int(missing[0])], len(missing))
    for at in infinite.tolist():
        odds.add(read_number(cells[at], decimal)[0], first_row + at, cells[at])
        values[at] = math.nan
    return values


def plain_numbers(cells: Sequence[str], decimal: str) -> Floats:
    """Values of cells as far as they are told at once; those not finite are to be looked at."""
    values = _fast(cells, decimal)
    return np.full(len(cells), math.nan) if values is None else values


def _fast(cells: Sequence[str], decimal: str) -> Floats | None:
    """Values by Python's own reading of numbers; None where that is not strict or not able."""
    joined = "\n".join(cells)
    if not joined.isascii() or "_" in joined or (decimal == "comma" and "." in joined):
        return None
    if decimal == "comma":
        # A cell with a line's end in it would come apart.
        cells = joined.replace(",", ".").split("\n") if joined.count("\n") == len(cells) - 1 else cells
    try:
        return _floats(cells)
    except ValueError:
        pass
    try:
        return _floats([_NAN_FOR.get(cell, cell) for cell in cells])
    except ValueError:
        return None


def _floats(cells: Sequence[str]) -> Floats:
    return np.fromiter(map(float, cells), np.float64, len(cells))


def _slow(cells: Sequence[str], decimal: str, odds: Odds, first_row: int) -> Floats:
    values = np.empty(len(cells))
    for at, cell in enumerate(cells):
        kind, values[at] = read_number(cell, decimal)
        if kind is not Kind.NUMBER:
            odds.add(kind, first_row + at, cell)
    return values


def find_decimal(cells: Iterable[str], delimiter: str) -> tuple[str, str]:
    """Decimal mark of a table, and a note where that is a guess.

    A number such as 1.5 or 1,234.5 tells; one such as 1,234 does not, whose mark may stand before thousands. Where all
    are of that sort, a comma is a decimal mark if cells are separated by something else than commas.
    """
    sure = {"point": 0, "comma": 0}
    unsure = {"point": "", "comma": ""}
    for cell in cells:
        text = cell.strip()
        if "." not in text and "," not in text:
            continue
        if _EITHER.fullmatch(text):
            mark = "comma" if "," in text else "point"
            unsure[mark] = unsure[mark] or text
            continue
        for mark in sure:
            sure[mark] += bool(_PLAIN[mark].fullmatch(text) or _GROUPED[mark].fullmatch(text))
    if sure["point"] or sure["comma"]:
        mark = "comma" if sure["comma"] > sure["point"] else "point"
        return mark, _both(mark) if sure["point"] and sure["comma"] else ""
    if unsure["comma"]:
        mark = "point" if unsure["point"] or delimiter == "comma" else "comma"
        return mark, _guessed(unsure["comma"], mark)
    return "point", _guessed(unsure["point"], "point") if unsure["point"] and delimiter == "semicolon" else ""


def _both(mark: str) -> str:
    return f"Numbers with a point and numbers with a comma occur; the decimal {mark} is more frequent and was taken."


def _guessed(text: str, mark: str) -> str:
    read = read_number(text, mark)[1]
    other = "point" if mark == "comma" else "comma"
    return (
        f"Cells such as {text!r} can be read in two ways; it was taken for {read:g}. With --decimal {other} it is "
        f"{read_number(text, other)[1]:g}."
    )
