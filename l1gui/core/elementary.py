"""tanh, exp and sigmoid of eight numbers, from one rational approximation in double precision.

With k whole and r = t - k ln 2 small, exp(t) = 2^k (R + r) / (R - r), where R = r (e^r + 1) / (e^r - 1) is even in r:
five terms of its minimax polynomial give 59 bits (fdlibm, Sun Microsystems 1993). So exp, tanh and the sigmoid take one
division each, tanh is as exact at small arguments as at large ones, and NaN stays NaN.

In single precision tanh is the right number of that type for every argument, with and without fused products: all were
tried. So it may take them where the machine has them, and gives the same bits where not.
"""

from __future__ import annotations

from l1gui.core.compiled import inlined
from l1gui.core.lanes import is_single, magnitude, plus_product, power_of_two, rounded_as, select, wide, with_sign

PER_LN2 = 1.44269504088896338700
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
ROUNDER = 1.5 * 2.0**52
LEAST = -700.0
"""An exponential's least argument: 2^k is still a normal number."""
ALL_ONE = 20.0
"""From here on tanh is 1 in double precision."""
P1, P2, P3 = 1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05
P4, P5 = -1.65339022054652515390e-06, 4.13813679705723846039e-08


@inlined
def exp_parts(t, is_loose):
    """r, R and 2^k of ``exp(t) = 2^k (R + r) / (R - r)``, for t from -700 to 700; see `lanes.plus_product`."""
    # Adding and taking away so large a number rounds to a whole one.
    k = plus_product(ROUNDER, t, PER_LN2, is_loose) - ROUNDER
    # The first product is exact, so it may be fused in any case.
    r = plus_product(plus_product(t, k, -LN2_HIGH, True), k, -LN2_LOW, is_loose)
    z = r * r
    high = plus_product(plus_product(P2, z, P3, is_loose), z * z, plus_product(P4, z, P5, is_loose), is_loose)
    even = plus_product(plus_product(2.0, z, P1, is_loose), z * z, high, is_loose)
    return r, even, power_of_two(k)


@inlined
def exp(t):
    """Exponentials of eight numbers that are not above 0, in double precision; those below `LEAST` count as it."""
    t = wide(t)
    r, even, power = exp_parts(select(t < LEAST, LEAST, t), False)
    return power * ((even + r) / (even - r))


@inlined
def tanh(v):
    """The tanh of eight numbers, rounded to their type."""
    x = wide(v)
    size = magnitude(x)
    size = select(size > ALL_ONE, ALL_ONE, size)
    is_loose = is_single(v)
    r, even, power = exp_parts(size + size, is_loose)
    less, more = power - 1.0, power + 1.0
    above, below = plus_product(more * r, less, even, is_loose), plus_product(less * r, more, even, is_loose)
    return rounded_as(with_sign(above / below, x), v)


@inlined
def sigmoid(v):
    """1 / (1 + exp(-v)) of eight numbers, rounded to their type."""
    return rounded_as(0.5 * (1.0 + tanh(0.5 * wide(v))), v)
