"""What the loops do with a row's sums: values, signals, loss, class; `losses` says what there is.

A row that is trained on alone has its outputs beside each other, eight in a vector. Rows that go together are taken
eight at a time as columns: a vector has the same output of each. Both add in the same order, so the bits are the same.
"""

from __future__ import annotations

import numpy as np

from l1gui.core.compiled import inlined
from l1gui.core.elementary import exp, sigmoid, tanh
from l1gui.core.lanes import (
    LANES,
    add_lanes,
    copy_transposed,
    first,
    largest,
    largest_of_four,
    load,
    rounded_as,
    select,
    store,
    sum_lanes,
    wide,
    zeros,
)
from l1gui.core.losses import CROSS_ENTROPY, LINEAR_OUTPUT, SIGMOID_OUTPUT, SOFTMAX_OUTPUT, SQUARED, TANH_OUTPUT


@inlined
def signal_of(code, output, o, t, mean, one):
    """Derivative of the loss by a sum (article's form: the softmax Jacobian's diagonal only).

    `o` is the output, `t` its target, `mean` the sum of ``o (o - t)`` over all outputs, `one` is 1.
    """
    if code == CROSS_ENTROPY or output == LINEAR_OUTPUT:
        signal = o - t
    elif output == TANH_OUTPUT:
        signal = (o - t) * (one - o * o)
    elif code == SQUARED and output == SOFTMAX_OUTPUT:
        signal = o * ((o - t) - mean)
    else:
        # From left to right, as the article multiplies: rounding is part of an exact reproduction.
        signal = (o - t) * (one - o) * o
    return signal


# -- one row


@inlined
def top_of(sums, least, n):
    """The largest of the first `n` of eight sums; `least` is minus infinity, in their type."""
    masked = select(first(n), sums, least)
    return largest_of_four(masked) if n <= LANES // 2 else largest(masked)


@inlined
def powers_of(sums, top, n):
    """Exponentials of the first `n` of eight sums less the largest sum, in double; 0 for those after."""
    return select(first(n), exp(sums - top), 0.0)


@inlined
def softmax(values, at, n):
    """Softmax of the `n` sums at `at`, in place; in double, the largest subtracted."""
    least = values.dtype.type(-np.inf)
    top = least
    for k in range(0, n, LANES):
        top = max(top, top_of(load(values, at + k), least, n - k))
    total = 0.0
    for k in range(0, n, LANES):
        total = add_lanes(total, powers_of(load(values, at + k), top, n - k), n - k)
    for k in range(0, n, LANES):
        store(values, at + k, powers_of(load(values, at + k), top, n - k) / total)


@inlined
def outputs_of(output, sums, least, n):
    """What `n` outputs, up to eight, make of their sums, in registers; `least` as in `top_of`."""
    if output == SOFTMAX_OUTPUT:
        e = powers_of(sums, top_of(sums, least, n), n)
        return rounded_as(e / sum_lanes(e, n), sums)
    if output == SIGMOID_OUTPUT:
        return sigmoid(sums)
    return tanh(sums) if output == TANH_OUTPUT else sums


@inlined
def finish_row(code, output, values, at, targets, targets_at, signals, n):
    """Make outputs of a row's `n` sums at `at`, in place, and put their signals at the same place of `signals`."""
    zero, one = values.dtype.type(0.0), values.dtype.type(1.0)
    if n <= LANES:
        o, t = outputs_of(output, load(values, at), values.dtype.type(-np.inf), n), load(targets, targets_at)
        mean = add_lanes(zero, select(first(n), o * (o - t), zero), n) if code == SQUARED else zero
        store(values, at, o)
        store(signals, at, select(first(n), signal_of(code, output, o, t, mean, one), zero))
        return
    if output == SOFTMAX_OUTPUT:
        softmax(values, at, n)
    mean = zero
    if code == SQUARED:
        for k in range(0, n, LANES):
            o, t = load(values, at + k), load(targets, targets_at + k)
            mean = add_lanes(mean, select(first(n - k), o * (o - t), zero), n - k)
    for k in range(0, n, LANES):
        o, t = load(values, at + k), load(targets, targets_at + k)
        store(signals, at + k, select(first(n - k), signal_of(code, output, o, t, mean, one), zero))


# -- eight rows, as columns


@inlined
def take_columns(values, at, width, columns):
    """Make columns of eight rows of `width` numbers, from `at` on."""
    for j in range(0, width, LANES):
        copy_transposed(values, at + j, width, columns, LANES * j, LANES)


@inlined
def put_columns(columns, values, at, width):
    """Make eight rows of `width` numbers, from `at` on, of columns."""
    for j in range(0, width, LANES):
        copy_transposed(columns, LANES * j, LANES, values, at + j, width)


@inlined
def softmax_columns(columns, powers, n):
    """`softmax` of `n` columns, in place."""
    top = load(columns, 0)
    for k in range(1, n):
        value = load(columns, LANES * k)
        top = select(value > top, value, top)
    total = zeros(powers)
    for k in range(n):
        e = exp(load(columns, LANES * k) - top)
        store(powers, LANES * k, e)
        total += e
    for k in range(n):
        store(columns, LANES * k, load(powers, LANES * k) / total)


@inlined
def output_columns(output, columns, powers, n):
    """Make outputs of the `n` columns of sums, in place; `powers` is written in."""
    if output == SOFTMAX_OUTPUT:
        softmax_columns(columns, powers, n)
    elif output == SIGMOID_OUTPUT:
        store(columns, 0, sigmoid(load(columns, 0)))
    elif output == TANH_OUTPUT:
        store(columns, 0, tanh(load(columns, 0)))


@inlined
def signal_columns(code, output, columns, wanted, n):
    """Make signals of the `n` columns of outputs, in place, given those of the targets."""
    one = columns.dtype.type(1.0)
    mean = zeros(columns)
    if code == SQUARED:
        for k in range(n):
            o, t = load(columns, LANES * k), load(wanted, LANES * k)
            mean += o * (o - t)
    for k in range(n):
        o, t = load(columns, LANES * k), load(wanted, LANES * k)
        store(columns, LANES * k, signal_of(code, output, o, t, mean, one))


@inlined
def judge_columns(code, output, columns, wanted, n, found):
    """Put into `found`, float64, eight rows' losses, and then the classes that the outputs tell, -1 of a number.

    Of cross-entropy it is what the logarithm is to be taken of.
    """
    total = zeros(found)
    for k in range(n):
        o, t = wide(load(columns, LANES * k)), wide(load(wanted, LANES * k))
        if code != CROSS_ENTROPY:
            total += 0.5 * ((o - t) * (o - t))
        elif n > 1:
            total += t * o
        else:
            total += t * o + (1.0 - t) * (1.0 - o)
    store(found, 0, total)
    top = load(columns, 0)
    best = zeros(found)
    if output == SOFTMAX_OUTPUT:
        for k in range(1, n):
            value = load(columns, LANES * k)
            best = select(value > top, np.float64(k), best)
            top = select(value > top, value, top)
    elif output == LINEAR_OUTPUT:
        best = best - 1.0
    else:
        middle = columns.dtype.type(0.5 if output == SIGMOID_OUTPUT else 0.0)
        best = select(top > middle, 1.0, best)
    store(found, LANES, best)
