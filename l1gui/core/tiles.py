"""Tiles: some rows of a matrix by some columns, which stay in registers while a product is summed up.

As in `lanes`, what is here runs uncompiled, and `simd_tiles` has it as instructions. There the tile's shape is what the
machine's registers hold. Whatever the shape, each number is summed in the same order, so its bits are the same.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from l1gui.core.lanes import LANES

TILE_ROWS = 8
"""Most rows of a tile; arrays have room for whole tiles."""
LARGEST, SMALLEST = 2.0**990, 2.0**-900
"""Between these products of float64 are split without loss."""


def wide_tile(array):
    """Zeros of the type of `array`, as many columns as go well into the registers."""
    return np.zeros((TILE_ROWS, 4 * LANES), dtype=array.dtype)


def middle_tile(array):
    """Zeros of the type of `array`, half as many columns; never less than eight."""
    return np.zeros((TILE_ROWS, 2 * LANES), dtype=array.dtype)


def narrow_tile(array):
    """Zeros of the type of `array`, eight columns."""
    return np.zeros((TILE_ROWS, LANES), dtype=array.dtype)


def rows_of(tile):
    """Number of a tile's rows."""
    return tile.shape[0]


def columns_of(tile):
    """Number of a tile's columns, a multiple of eight."""
    return tile.shape[1]


def places(tile, at, step):
    """Where the numbers of a tile are in an array."""
    return at + step * np.arange(tile.shape[0])[:, None] + np.arange(tile.shape[1])


def tile_from(array, at, step, tile):
    """A tile of the shape of `tile` from an array: its first row begins at `at`, the rows are `step` apart."""
    return array.reshape(-1)[places(tile, at, step)]


def put_tile(tile, array, at, step):
    """Put a tile into an array, likewise."""
    array.reshape(-1)[places(tile, at, step)] = tile


def column_and_row(tile, a, a_at, row_step, b, b_at):
    """Numbers of `a` that are `row_step` apart, as a column, and neighbours of `b`, as a row."""
    column = a.reshape(-1)[a_at + row_step * np.arange(tile.shape[0])]
    return column[:, None], b.reshape(-1)[b_at : b_at + tile.shape[1]]


def add_products(tile, a, a_at, row_step, b, b_at):
    """Add to each number of the tile that of `column_and_row` in its row times that in its column."""
    column, row = column_and_row(tile, a, a_at, row_step, b, b_at)
    return tile + column * row


def fuse_products(tile, a, a_at, row_step, b, b_at):
    """`add_products`, rounded once, where the machine has an instruction for that: `multiply_add`."""
    column, row = column_and_row(tile, a, a_at, row_step, b, b_at)
    return multiply_add(column, row, tile)


def add_row(tile, array, at):
    """Add a row, neighbours in `array`, to each of the tile's."""
    return tile + array.reshape(-1)[at : at + tile.shape[1]]


def scaled(tile, factor):
    """The tile times a single number of its type."""
    return tile * factor


# -- fused multiply-add, which NumPy lacks


def multiply_add(x, y, total):
    """``x * y + total``, rounded once, as IEEE 754 defines the fused operation."""
    with np.errstate(all="ignore"):
        if total.dtype == np.float32:
            # The product of two is exact in double precision.
            return odd_sum(x.astype(np.float64) * y, total.astype(np.float64)).astype(np.float32)
        return multiply_add_doubles(*np.broadcast_arrays(x, y, total))


def two_sum(a, b):
    """The rounded sum, and what rounding took away (Knuth 1969)."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def odd_sum(a, b):
    """The sum, of its two neighbours the one with an odd last bit where it is not exact (Boldo & Melquiond 2008).

    Rounded again, to fewer bits, it gives what a single rounding does.
    """
    total, missed = two_sum(a, b)
    bits = total.view(np.int64)
    is_even = np.isfinite(total) & (missed != 0.0) & (bits & 1 == 0)
    return np.where(is_even, bits + np.where((missed > 0.0) == (total > 0.0), 1, -1), bits).view(np.float64)


def two_product(x, y):
    """The rounded product, and what rounding took away (Dekker 1971)."""
    halves = []
    for factor in (x, y):
        scaled_up = 134217729.0 * factor  # 2^27 + 1
        high = scaled_up - (scaled_up - factor)
        halves += [high, factor - high]
    product = x * y
    x_high, x_low, y_high, y_low = halves
    return product, ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low


def multiply_add_doubles(x, y, total):
    """`multiply_add` of float64."""
    product, low = two_product(x, y)
    carried, lower = two_sum(total, low)
    high, middle = two_sum(product, carried)
    fused = np.where(product == 0.0, product + total, high + odd_sum(middle, lower))
    is_product_finite = np.isfinite(x) & np.isfinite(y)
    is_finite = is_product_finite & np.isfinite(total)
    is_safe = (abs(x) < LARGEST) & (abs(y) < LARGEST) & (abs(product) < LARGEST) & (abs(total) < LARGEST)
    is_safe &= (abs(product) > SMALLEST) | (x == 0.0) | (y == 0.0)
    # A finite product that is too large for its type is still nothing beside infinity.
    fused = np.where(is_finite, fused, np.where(is_product_finite, total, product + total))
    for at in zip(*np.nonzero(is_finite & ~is_safe), strict=True):
        fused[at] = exact_multiply_add(float(x[at]), float(y[at]), float(total[at]))
    return fused


def exact_multiply_add(x, y, total):
    """`multiply_add` of single finite numbers, by fractions."""
    exact = Fraction(x) * Fraction(y) + Fraction(total)
    if exact == 0:
        # Opposite numbers give +0, zeros what their signs say.
        return x * y + total if x * y == 0.0 and total == 0.0 else 0.0
    try:
        size = float(abs(exact))
    except OverflowError:
        size = math.inf
    return size if exact > 0 else -size
