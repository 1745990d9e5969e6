"""Tiles: compiled as uncompiled, bit for bit, whatever their shape; fused multiply-adds are exact."""

import math
from fractions import Fraction

import numba
import numpy as np
import pytest

from l1gui.core import batches, build, tiles

DTYPES = [np.float32, np.float64]


@pytest.fixture(autouse=True, scope="module")
def _registered():
    build.register_parts()


def exactly(x, y, total, dtype):
    """The one rounding of ``x * y + total``, by fractions or, of what is not finite, by plain arithmetic."""
    if not all(map(math.isfinite, (x, y, total))):
        return dtype(total if math.isfinite(x) and math.isfinite(y) else x * y + total)
    exact = Fraction(x) * Fraction(y) + Fraction(total)
    if exact == 0:
        return dtype(x * y + total) if x * y == 0 and total == 0 else dtype(0)
    # To a whole number of the last place, halves to even; the exponent's range is float32's or float64's.
    digits, least, largest = (24, -149, 2.0**127) if dtype is np.float32 else (53, -1074, 2.0**1023)
    size = math.floor(math.log2(abs(exact.numerator)) - math.log2(exact.denominator))
    place = max(least, size + 1 - digits)
    while place > least and abs(exact) < Fraction(2) ** (place + digits - 1):
        place -= 1
    while abs(exact) >= Fraction(2) ** (place + digits):
        place += 1
    rounded = round(exact / Fraction(2) ** place) * Fraction(2) ** place
    if abs(rounded) >= 2 * Fraction(largest):
        return dtype(math.inf if exact > 0 else -math.inf)
    return dtype(rounded if rounded else math.copysign(0.0, 1.0 if exact > 0 else -1.0))


def numbers(dtype, n=4_000):
    """x, y and what is added: of all sizes, often such that nearly all of it cancels, or that a rounding is a tie."""
    source = np.random.default_rng(4)
    reach = 140 if dtype is np.float32 else 1_060

    def some(reach):
        whole = source.integers(-(2**24), 2**24, n) * 2.0 ** source.integers(-reach, 24, n) / 2.0**12
        return np.where(
            source.random(n) < 0.5, source.normal(size=n) * 2.0 ** source.integers(-reach, reach // 2, n), whole
        )

    with np.errstate(all="ignore"):
        x, y = some(reach // 2).astype(dtype), some(reach // 2).astype(dtype)
        near = -(x * y) * dtype(1.0 + 2.0**-20) ** source.integers(-2, 3, n).astype(dtype)
        total = np.where(source.random(n) < 0.4, near, some(reach).astype(dtype))
    special = np.array(
        [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, np.finfo(dtype).max, np.finfo(dtype).tiny, 5e-45]
    )
    a, b, c = (array.ravel().astype(dtype) for array in np.meshgrid(special, special, special))
    return np.concatenate([x, a]), np.concatenate([y, b]), np.concatenate([total, c]).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_multiply_add_rounds_once(dtype):
    x, y, total = numbers(dtype)
    got = tiles.multiply_add(x, y, total)
    assert got.dtype == dtype
    with np.errstate(all="ignore"):
        expected = np.array([exactly(*map(float, each), dtype) for each in zip(x, y, total, strict=True)])
    assert np.array_equal(got, expected, equal_nan=True)
    assert np.array_equal(np.signbit(got[got == 0]), np.signbit(expected[got == 0]))
    with np.errstate(all="ignore"):
        plain = x * y + total
    assert (plain != got).sum() > 200 + np.isnan(got).sum(), "the numbers do not tell the two apart"


@pytest.mark.usefixtures("_fusing")
@pytest.mark.parametrize("dtype", DTYPES)
def test_multiply_add_as_the_instruction(dtype):
    x, y, total = numbers(dtype)

    def fuse(x, y, total, out):
        zero = tiles.narrow_tile(x)
        for at in range(x.size):
            # All rows are at the first one: only its first number counts.
            tile = tiles.fuse_products(tiles.tile_from(total, at, 0, zero), x, at, 0, y, at)
            tiles.put_tile(tile, out, at, 0)

    room = np.zeros(8, dtype)
    x, y, total = (np.concatenate([each, room]) for each in (x, y, total))
    got = np.zeros(x.size, dtype)
    numba.njit(error_model="numpy")(fuse)(x[:-8], y, total, got)
    assert np.array_equal(got[:-8], tiles.multiply_add(x, y, total)[:-8], equal_nan=True)


def product(a, b, c, n, width, n_rows, is_adding, share):
    batches.multiply(a, 3, n, 1, n, b, 5, width, 2, c, 8, n_rows, is_adding, share, False)


def fused_product(a, b, c, n, width, n_rows, is_adding, share):
    batches.multiply(a, 3, n, 1, n, b, 5, width, 2, c, 8, n_rows, is_adding, share, True)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("is_fused", [False, True])
def test_products_compiled_as_uncompiled(is_fused, dtype, request):
    """Of all widths up to those that need every shape of a tile, and by hand."""
    if is_fused:
        request.getfixturevalue("_fusing")
    source = np.random.default_rng(5)
    function = fused_product if is_fused else product
    fast = numba.njit(error_model="numpy")(function)
    for width in range(8, 72, 8):
        n_rows, n = int(source.integers(1, 20)), int(source.integers(1, 12))
        a, b, c = (source.normal(size=size).astype(dtype) for size in (24 * n + 3, n * width + 72, 24 * width + 8))
        share, is_adding = dtype(source.random()), bool(source.random() < 0.5)
        one, other = c.copy(), c.copy()
        function(a, b, one, n, width, n_rows, is_adding, share)
        fast(a, b, other, n, width, n_rows, is_adding, share)
        assert np.array_equal(one[: 8 + n_rows * width], other[: 8 + n_rows * width])
        left, right = a[3 : 3 + n * n_rows].reshape(n_rows, n), b[5 : 5 + n * width].reshape(n, width)
        expected = left.astype(np.float64) @ right + b[2 : 2 + width]
        expected += c[8 : 8 + n_rows * width].reshape(n_rows, width) if is_adding else 0.0
        assert one[8 : 8 + n_rows * width] == pytest.approx(share * expected.ravel(), rel=1e-4, abs=1e-5)
