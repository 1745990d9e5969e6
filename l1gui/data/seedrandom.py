"""The random numbers of TensorFlow Playground: those that seedrandom 2.4 makes of a text, by RC4."""

from __future__ import annotations

import numpy as np

BYTES = 256
FIRST_BYTES = 6
"""Bytes that a number begins with; more follow until it fills a double's mantissa."""
FILLED, OVERFULL = 1 << 52, 1 << 53
SMEAR = 19


def _key(seed: str) -> list[int]:
    """The seed's UTF-16 units as bytes, those from the 257th on mixed into the first."""
    units = np.frombuffer(seed.encode("utf-16-le", "surrogatepass"), dtype="<u2").tolist()
    key, mixed = [0] * min(max(len(units), 1), BYTES), 0
    for k, unit in enumerate(units):
        mixed ^= key[k % BYTES] * SMEAR
        key[k % BYTES] = (mixed + unit) % BYTES
    return key


class SeedRandom:
    """The stream of numbers that ``Math.seedrandom(seed)`` gives ``Math.random()``.

    The seed is a text: "0.5" and "0.50000" begin different streams.
    """

    __slots__ = ("_box", "_i", "_j")

    def __init__(self, seed: str) -> None:
        key = _key(seed)
        box, j = list(range(BYTES)), 0
        for i in range(BYTES):
            j = (j + box[i] + key[i % len(key)]) % BYTES
            box[i], box[j] = box[j], box[i]
        self._box, self._i, self._j = box, 0, 0
        self._number(BYTES)  # RC4's first bytes betray its key: they are thrown away

    def _number(self, n_bytes: int) -> int:
        """The next bytes as one number, the first of them the highest."""
        box, i, j, number = self._box, self._i, self._j, 0
        for _ in range(n_bytes):
            i = (i + 1) & 255
            a = box[i]
            j = (j + a) & 255
            b = box[j]
            box[i], box[j] = b, a
            number = number << 8 | box[(a + b) & 255]
        self._i, self._j = i, j
        return number

    def random(self) -> float:
        """The next number from [0, 1), with 52 or more random bits."""
        number, below, tail = self._number(FIRST_BYTES), 1 << 8 * FIRST_BYTES, 0
        while number < FILLED:
            number, below, tail = number + tail << 8, below << 8, self._number(1)
        while number >= OVERFULL:
            number, below, tail = number >> 1, below >> 1, tail >> 1
        return (number + tail) / below

    def uniform(self, low: float, high: float) -> float:
        """The next number from [low, high)."""
        return self.random() * (high - low) + low
