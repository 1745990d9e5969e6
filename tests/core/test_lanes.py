"""Eight numbers at once: compiled as uncompiled, bit for bit, and exact where it is promised."""

import math

import numba
import numpy as np
import pytest

from l1gui.core import build, elementary, lanes
from l1gui.core.lanes import LANES, load, store

SPECIAL = [0.0, -0.0, 1.0, -1.5, np.inf, -np.inf, np.nan, 1e-42, -3e-45, 3e38, 2.0**-126, 7.25, -8.0, 0.3, -0.7, 12.0]


@pytest.fixture(autouse=True, scope="module")
def _registered():
    build.register_parts()


def vectors(dtype):
    source = np.random.default_rng(8)
    with np.errstate(all="ignore"):
        return np.concatenate([SPECIAL, source.normal(size=112) * 10.0 ** source.integers(-6, 6, 112)]).astype(dtype)


def both(dtype, function, *arrays):
    """What a function of vectors, made into a loop, computes with and without the compiler."""
    results = []
    for run in (function, numba.njit(error_model="numpy")(function)):
        out = np.zeros(arrays[0].size + LANES, dtype)
        with np.errstate(all="ignore"):
            run(*arrays, out)
        results.append(out)
    return results


def assert_alike(dtype, function, *arrays):
    plain, fast = both(dtype, function, *arrays)
    assert plain.any()
    assert fast.tobytes() == plain.tobytes() or np.array_equal(fast, plain, equal_nan=True)


def add(a, b, out):
    for at in range(0, a.size, LANES):
        store(out, at, load(a, at) + load(b, at))


def subtract_product_of_sums(a, b, out):
    for at in range(0, a.size, LANES):
        total = load(a, at)
        total *= load(b, at) - a[3]
        total += a[2] / load(b, at)
        store(out, at, b[2] * total)


def compare(a, b, out):
    one, two = a.dtype.type(1), a.dtype.type(2)
    for at in range(0, a.size, LANES):
        x, y = load(a, at), load(b, at)
        store(out, at, lanes.select((x < y) | (x == y), lanes.select(x <= one, x, one), lanes.select(y > x, y, two)))


def compare_both(a, b, out):
    for at in range(0, a.size, LANES):
        x, y = load(a, at), load(b, at)
        store(out, at, lanes.select((x > y) & (y > lanes.zeros(a)), x, y))


def bits(a, b, out):
    for at in range(0, a.size, LANES):
        store(out, at, lanes.with_sign(lanes.magnitude(load(a, at)), load(b, at)) + lanes.sign(load(a, at)))


def roots(a, b, out):
    for at in range(0, a.size, LANES):
        store(out, at, lanes.square_root(lanes.magnitude(load(a, at))))


def precisions(a, b, out):
    for at in range(0, a.size, LANES):
        x = load(a, at)
        store(out, at, lanes.rounded_as(lanes.wide(x) * 0.1, x) * load(b, at))


def places(a, b, out):
    for at in range(a.size):
        out[at] = lanes.lane(lanes.spread(b, at), 5)
    store(out, 3, load(a, 1))


def first_ones(a, b, out):
    for n in range(12):
        store(out, LANES * n, lanes.select(lanes.first(n - 1), load(a, n), load(b, n)))


def sums(a, b, out):
    for n in range(1, 9):
        eight = lanes.select(lanes.first(n), lanes.load(a, 24 + LANES * n), lanes.zeros(a))
        out[n] = lanes.add_lanes(a[2], eight, n)
        out[n + LANES] = lanes.largest(load(a, 24 + LANES * n))
        out[n + 4 * LANES] = lanes.largest_of_four(load(a, 24 + LANES * n))
        out[n + 3 * LANES] = lanes.sum_lanes(eight, n)
        out[n + 2 * LANES] = lanes.sum_by_halves(load(a, 24 + LANES * n))


def squares(a, b, out):
    lanes.copy_transposed(a, 16, 9, out, 3, 10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "function",
    [
        add, subtract_product_of_sums, compare, compare_both, bits, roots, precisions, places, first_ones, sums,
        squares,
    ],
)  # fmt: skip
def test_compiled_as_uncompiled(function, dtype):
    a = vectors(dtype)
    assert_alike(dtype, function, a, np.roll(a, 5))


def test_powers_of_two():
    def powers(whole, out):
        for at in range(0, whole.size, LANES):
            store(out, at, lanes.power_of_two(load(whole, at)))

    whole = np.arange(-1022.0, 1024.0)[:2040]
    plain, fast = both(np.float64, powers, whole)
    assert plain[:2040].tolist() == [2.0**k for k in range(-1022, 1018)]
    assert np.array_equal(fast, plain)


def test_a_matrix_is_read_in_c_order():
    def copy(a, out):
        for at in range(0, a.size, LANES):
            store(out, at, load(a, at))

    a = np.arange(48.0).reshape(3, 16)
    plain, fast = both(np.float64, copy, a)
    assert plain[:48].tolist() == fast[:48].tolist() == list(range(48))


def test_transposed_is_the_transposed_square():
    a = np.arange(128.0)
    out = np.zeros(128)
    lanes.copy_transposed(a, 0, 16, out, 0, 16)
    assert np.array_equal(out.reshape(8, 16)[:, :8], a.reshape(8, 16)[:, :8].T)


def single(function):
    """An elementary function of arrays, compiled."""

    def run(a, out):
        for at in range(0, a.size, LANES):
            store(out, at, function(load(a, at)))

    return numba.njit(error_model="numpy")(run)


def test_tanh_is_exact_on_single_precision():
    """Every 997th number of single precision; all of them below 11 have been tried once, and none was off."""
    patterns = np.arange(0, 2**32, 997, dtype=np.uint32)
    x = patterns[: patterns.size // LANES * LANES].view(np.float32)
    got = np.empty_like(x)
    single(elementary.tanh)(x, got)
    with np.errstate(all="ignore"):
        expected = np.tanh(x.astype(np.float64)).astype(np.float32)
    assert np.array_equal(np.isnan(got), np.isnan(x))
    wrong = np.flatnonzero((got != expected) & ~np.isnan(x))
    # NumPy's own tanh may be off by a bit of double precision.
    assert [v for v in wrong if got[v] != np.float32(math.tanh(float(x[v])))] == []
    assert np.array_equal(np.signbit(got[~np.isnan(x)]), np.signbit(x[~np.isnan(x)]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_elementary_functions_compiled_as_uncompiled(name, dtype):
    a = vectors(dtype)
    function, got, plain = getattr(elementary, name), np.empty(128, dtype), np.empty(128, dtype)
    single(function)(a, got)
    with np.errstate(all="ignore"):
        for at in range(0, 128, LANES):
            store(plain, at, function(load(a, at)))
    assert np.array_equal(got, plain, equal_nan=True)
    assert np.isnan(got[6])
    if name == "sigmoid":
        expected = [0.5 + 0.5 * math.tanh(0.5 * v) for v in a.astype(np.float64).tolist()]
        assert got == pytest.approx(np.array(expected), abs=1e-7 if dtype == np.float32 else 1e-15, nan_ok=True)


def test_exp_and_tanh_are_accurate_to_double_precision():
    source = np.random.default_rng(1)
    x = np.concatenate([source.uniform(-700, 0, 40_000), -(10.0 ** source.uniform(-12, 2.8, 40_000)), [0.0] * 8])
    got = np.empty_like(x)
    single(elementary.exp)(x, got)
    expected = np.array([math.exp(v) for v in x])
    assert (np.abs(got - expected) / np.spacing(expected)).max() <= 2
    x = np.concatenate([source.uniform(-22, 22, 40_000), 10.0 ** source.uniform(-300, 1.3, 40_000), [0.0, -0.0] * 4])
    single(elementary.tanh)(x, got)
    expected = np.array([math.tanh(v) for v in x])
    assert (np.abs(got - expected) / np.spacing(np.abs(expected))).max() <= 4
    assert np.signbit(got[-1])


def test_exp_below_its_least_argument():
    x, got = np.array([-700.0, -701.0, -1e9, -np.inf, np.nan, -1.0, 0.0, -700.5]), np.empty(8)
    single(elementary.exp)(x, got)
    assert got[[0, 1, 2, 3, 7]].tolist() == [got[0]] * 5
    assert 0.0 < got[0] < 1e-300
    assert np.isnan(got[4])
    assert got[6] == 1.0
