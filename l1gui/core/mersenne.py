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
def next_word(state):
    """Next 32 random bits; advances the state."""
    position = state[_N]
    if position >= _N:
        for k in range(_N):
            bits = (state[k] & 0x80000000) | (state[(k + 1) % _N] & 0x7FFFFFFF)
            word = state[(k + _M) % _N] ^ (bits >> 1)
            if bits & 1:
                word ^= 0x9908B0DF
            state[k] = word
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
    for i in range(order.size - 1, 0, -1):
        bound = i + 1
        drop = 32
        rest = bound
        while rest > 0:
            rest >>= 1
            drop -= 1
        j = next_word(state) >> drop
        while j >= bound:
            j = next_word(state) >> drop
        swap = order[i]
        order[i] = order[j]
        order[j] = swap
