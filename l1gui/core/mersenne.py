"""CPython's Mersenne Twister in compiled form, so that the kernel shuffles exactly as ``random.Random`` does.

The state is an int64 array of 625: the generator's 624 words, then its position. Source: Matsumoto & Nishimura
1998, and the way CPython's ``random`` draws from it.
"""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt

from l1gui.core.compiled import compiled, inlined

_N = 624
_M = 397


def mersenne_state(source: random.Random) -> npt.NDArray[np.int64]:
    """State of a ``random.Random`` as an int64 array of shape (625,); the two go on alike from here."""
    return np.array(source.getstate()[1], dtype=np.int64)


@inlined
def twist(state):
    """Make the next 624 words."""
    for k in range(_N):
        after = k + 1 if k < _N - 1 else 0
        later = k + _M if k < _N - _M else k + _M - _N
        bits = (state[k] & 0x80000000) | (state[after] & 0x7FFFFFFF)
        state[k] = state[later] ^ (bits >> 1) ^ (0x9908B0DF * (bits & 1))


@inlined
def next_word(state):
    """Next 32 random bits; advances the state."""
    position = state[_N]
    if position >= _N:
        twist(state)
        position = 0
    word = state[position]
    state[_N] = position + 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C5680
    word ^= (word << 15) & 0xEFC60000
    return word ^ (word >> 18)


@compiled
def shuffle(state, order):
    """Shuffle `order` in place as ``random.Random.shuffle`` does (up to 2**32 elements)."""
    drop = 0
    for i in range(order.size - 1, 0, -1):
        # As many bits as i + 1 has, drawn again until they are a number up to i.
        while (i + 1) >> (31 - drop) == 0:
            drop += 1
        j = next_word(state) >> drop
        while j > i:
            j = next_word(state) >> drop
        swap = order[i]
        order[i] = order[j]
        order[j] = swap
