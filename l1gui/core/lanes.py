"""Eight numbers at once: what the loops are written in.

`load` takes eight neighbours of an array, in C order whatever its shape. The operators ``+ - * / < > == & |`` and the
functions here work on each of the eight by itself, and round as a single number's do. Uncompiled, eight numbers
are a NumPy vector and the functions do what they say here; for the compiler, `simd` has each as an instruction. A
single number in an expression must be of the vector's type, as in ``real(0.5) * load(values, 0)``.
"""

from __future__ import annotations

import numpy as np

from l1gui.core.compiled import inlined

LANES = 8


def load(array, at):
    """The eight numbers of `array` from `at` on."""
    return array.reshape(-1)[at : at + LANES].copy()


def store(array, at, eight):
    """Put eight numbers into `array` from `at` on, rounded to its type."""
    array.reshape(-1)[at : at + LANES] = eight


def spread(array, at):
    """Eight times the number of `array` at `at`."""
    return np.repeat(array.reshape(-1)[at], LANES)


def zeros(array):
    """Eight zeros of the type of `array`."""
    return np.zeros(LANES, dtype=array.dtype)


def first(n):
    """Condition that holds for the first `n` of eight, or for all."""
    return np.arange(LANES) < n


def select(condition, yes, no):
    """`yes` where the condition holds, else `no`."""
    return np.where(condition, yes, no)


def wide(eight):
    """The numbers in double precision."""
    return eight.astype(np.float64)


def rounded_as(eight, other):
    """The numbers `eight` in the precision of `other`."""
    return eight.astype(other.dtype)


def is_single(eight):
    """Whether the numbers are of single precision."""
    return eight.dtype == np.float32


def plus_product(total, x, y, is_loose):  # noqa: ARG001 - NumPy has but one way
    """``total + x * y``; where `is_loose`, rounded once by a machine that can: see `elementary`."""
    return total + x * y


def magnitude(eight):
    """Absolute values."""
    return np.abs(eight)


def sign(eight):
    """Sign of each number; of 0 and of NaN it is 0."""
    return (eight > 0).astype(eight.dtype) - (eight < 0).astype(eight.dtype)


def with_sign(eight, other):
    """The magnitudes of `eight` with the signs of `other`."""
    return np.copysign(eight, other)


def power_of_two(whole):
    """2 to the power of whole numbers from -1022 to 1023, in double precision."""
    return np.ldexp(1.0, np.where(np.isfinite(whole), whole, 0.0).astype(np.int64))


def lane(eight, k):
    """The number `k` of the eight; k is written as a constant."""
    return eight[k]


def square_root(value):
    """Square roots of eight numbers, or of a single one, by an instruction and not a call."""
    return np.sqrt(value)


def largest(eight):
    """The largest of the eight; of no meaning where one is NaN."""
    return eight.max()


def largest_of_four(eight):
    """The largest of the first four; of no meaning where one is NaN."""
    return eight[: LANES // 2].max()


def sum_by_halves(eight):
    """The sum of the eight: of their two halves, then of that one's, then of two numbers."""
    four = eight[:4] + eight[4:]
    two = four[:2] + four[2:]
    return two[0] + two[1]


def transposed(array, at, step):
    """Eight vectors: the first, second, ... numbers of the eight rows that begin at `at`, `step` apart."""
    flat = array.reshape(-1)
    return tuple(np.array([flat[at + k * step : at + k * step + LANES] for k in range(LANES)]).T.copy())


@inlined
def copy_transposed(source, at, step, target, target_at, target_step):
    """Copy a square of eight rows of eight numbers, rows becoming columns; rows are `step` and `target_step` apart."""
    a, b, c, d, e, f, g, h = transposed(source, at, step)
    store(target, target_at, a)
    store(target, target_at + target_step, b)
    store(target, target_at + 2 * target_step, c)
    store(target, target_at + 3 * target_step, d)
    store(target, target_at + 4 * target_step, e)
    store(target, target_at + 5 * target_step, f)
    store(target, target_at + 6 * target_step, g)
    store(target, target_at + 7 * target_step, h)


@inlined
def add_lanes(total, eight, n):
    """`total` plus the first `n` of the numbers one after the other, as a plain loop adds them; those after are 0."""
    total = (((total + lane(eight, 0)) + lane(eight, 1)) + lane(eight, 2)) + lane(eight, 3)
    if n > LANES // 2:
        total = (((total + lane(eight, 4)) + lane(eight, 5)) + lane(eight, 6)) + lane(eight, 7)
    return total


@inlined
def sum_lanes(eight, n):
    """The sum of the first `n` of the numbers, one after the other; those after are 0."""
    total = ((lane(eight, 0) + lane(eight, 1)) + lane(eight, 2)) + lane(eight, 3)
    if n > LANES // 2:
        total = (((total + lane(eight, 4)) + lane(eight, 5)) + lane(eight, 6)) + lane(eight, 7)
    return total
