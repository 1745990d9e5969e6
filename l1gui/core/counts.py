"""The compiled counts of a network's weights: sizes, zeros, and what they leave of the network."""

from __future__ import annotations

import math

import numpy as np

from l1gui.core.compiled import compiled, inlined
from l1gui.core.entries import BIASES_AT, N_IN, N_OUT, PAD_OUT, VALUES_AT, WEIGHTS_AT
from l1gui.core.lanes import LANES, add_lanes, first, largest, load, magnitude, select, store, wide, zeros


@compiled
def weight_sums(params, table, threshold):
    """Sums of all weights' magnitudes and of their squares (double), exact zeros, and those below the threshold."""
    nothing = wide(zeros(params))
    total, squares, zero, below = nothing, nothing, nothing, nothing
    n_padding = 0
    for layer in range(table.shape[0]):
        n_in, width = table[layer, N_IN], table[layer, PAD_OUT]
        n_padding += n_in * (width - table[layer, N_OUT])
        for at in range(table[layer, WEIGHTS_AT], table[layer, WEIGHTS_AT] + n_in * width, LANES):
            size = magnitude(wide(load(params, at)))
            total = total + size
            squares = squares + size * size
            zero = zero + select(size == 0.0, 1.0, nothing)
            below = below + select((size < threshold) | (size == 0.0), 1.0, nothing)
    return (
        add_lanes(0.0, total, LANES),
        add_lanes(0.0, squares, LANES),
        int(add_lanes(0.0, zero, LANES)) - n_padding,
        int(add_lanes(0.0, below, LANES)) - n_padding,
    )


@compiled
def largest_weight(params, table):
    """The largest magnitude of a weight."""
    top = zeros(params)
    for layer in range(table.shape[0]):
        for at in range(table[layer, WEIGHTS_AT], table[layer, BIASES_AT], LANES):
            size = magnitude(load(params, at))
            top = select(size > top, size, top)
    return np.float64(largest(top))


@compiled
def group_norms(params, table):
    """Sum over all inputs and units of the norm of their outgoing weights times the root of their number."""
    total = 0.0
    for layer in range(table.shape[0]):
        n_out, width, at = table[layer, N_OUT], table[layer, PAD_OUT], table[layer, WEIGHTS_AT]
        for i in range(table[layer, N_IN]):
            squares = 0.0
            for j in range(n_out):
                squares += np.float64(params[at + i * width + j]) ** 2
            total += math.sqrt(squares * n_out)
    return total


@inlined
def mark_from_inputs(params, table, marks):
    """Mark with 1 the units that an input leads to by nonzero weights."""
    zero = zeros(params)
    one = zero + params.dtype.type(1.0)
    marks[:] = 0.0
    marks[: table[0, N_IN]] = 1.0
    source_at = 0
    for layer in range(table.shape[0]):
        width, at, values_at = table[layer, PAD_OUT], table[layer, WEIGHTS_AT], table[layer, VALUES_AT]
        for i in range(table[layer, N_IN]):
            if marks[source_at + i] != 0:
                for j in range(0, width, LANES):
                    is_none = load(params, at + i * width + j) == zero
                    store(marks, values_at + j, select(is_none, load(marks, values_at + j), one))
        source_at = values_at


@inlined
def mark_to_outputs(params, table, marks):
    """Mark with 1 the units that lead to an output by nonzero weights."""
    zero = zeros(params)
    last = table.shape[0] - 1
    marks[:] = 0.0
    marks[table[last, VALUES_AT] : table[last, VALUES_AT] + table[last, N_OUT]] = 1.0
    for layer in range(last, -1, -1):
        width, at, values_at = table[layer, PAD_OUT], table[layer, WEIGHTS_AT], table[layer, VALUES_AT]
        source_at = table[layer - 1, VALUES_AT] if layer > 0 else 0
        for i in range(table[layer, N_IN]):
            found = zero
            for j in range(0, width, LANES):
                is_none = load(params, at + i * width + j) == zero
                found = select(is_none, found, found + load(marks, values_at + j))
            if largest(found) > 0:
                marks[source_at + i] = 1.0


@inlined
def columns_without(params, at, n_in, width, n_out):
    """How many of the first `n_out` columns of a layer's weights hold zeros only."""
    zero = zeros(params)
    one = zero + params.dtype.type(1.0)
    count = 0.0
    for j in range(0, width, LANES):
        is_empty = zero == zero  # noqa: PLR0124 - all true
        for i in range(n_in):
            is_empty = is_empty & (load(params, at + i * width + j) == zero)
        count = add_lanes(count, wide(select(is_empty & first(n_out - j), one, zero)), LANES)
    return int(count)


@inlined
def rows_and_links(params, at, n_in, width, is_live, source_at, is_used, used_at):
    """How many rows of a layer's weights hold zeros only, and how many weights join units that are in use.

    Of a row that is when the entry of `is_live` is not 0, of a column when that of `is_used` is.
    """
    zero = zeros(params)
    one = zero + params.dtype.type(1.0)
    links = wide(zero)
    n_empty = 0
    for i in range(n_in):
        any_weight, found = zero, zero
        for j in range(0, width, LANES):
            is_none = load(params, at + i * width + j) == zero
            any_weight = select(is_none, any_weight, one)
            found = select(is_none, found, found + load(is_used, used_at + j))
        n_empty += largest(any_weight) == 0
        if is_live[source_at + i] != 0:
            links += wide(found)
    return n_empty, int(add_lanes(0.0, links, LANES))


@compiled
def structure(params, table, scratch):
    """Dead units, constant units, live inputs, and effective parameters: `record.WeightCounts` says what they are."""
    from_inputs, to_outputs = scratch.values, scratch.wholes
    mark_from_inputs(params, table, from_inputs)
    mark_to_outputs(params, table, to_outputs)
    dead, constant, live, effective = 0, 0, 0, 0
    last = table.shape[0] - 1
    source_at = 0
    for i in range(table[0, N_IN]):
        live += to_outputs[i] != 0
    for layer in range(last + 1):
        n_in, n_out, width = table[layer, N_IN], table[layer, N_OUT], table[layer, PAD_OUT]
        at, values_at = table[layer, WEIGHTS_AT], table[layer, VALUES_AT]
        if layer < last:
            # From here on: the units that are in use, on a path from an input to an output.
            for j in range(values_at, values_at + width, LANES):
                store(to_outputs, j, load(to_outputs, j) * load(from_inputs, j))
            constant += columns_without(params, at, n_in, width, n_out)
        n_empty, n_links = rows_and_links(params, at, n_in, width, from_inputs, source_at, to_outputs, values_at)
        dead += n_empty if layer > 0 else 0
        effective += n_links
        for j in range(values_at, values_at + n_out):
            effective += to_outputs[j] != 0
        source_at = values_at
    return dead, constant, live, effective
