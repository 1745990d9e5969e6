"""Some rows through the network and back together: products of small matrices, a tile of 4 rows by 16 columns at once.

Each number is summed in the same order as in `online`, so that a batch's gradient is that of its rows one by one.
Rows are counted in fours: those beyond the last are computed along, and never looked at.
"""

from __future__ import annotations

from l1gui.core.activations import activate, drop, drop_signals, times_slope
from l1gui.core.compiled import inlined
from l1gui.core.entries import BIASES_AT, BLOCK, N_IN, N_OUT, PAD_IN, PAD_OUT, VALUES_AT, WEIGHTS_AT
from l1gui.core.lanes import LANES, copy_transposed, load, spread, store, zeros

TILE_ROWS, TILE_COLUMNS = 4, 2 * LANES


@inlined
def multiply_wide(a, a_at, row_step, step, n, b, b_at, width, c, c_at, is_adding):
    """A tile of 4 rows and 16 columns of ``c = a b``, or of ``c += a b``; see `multiply`."""
    p, q, r, s, t, u, v, w = zeros(c), zeros(c), zeros(c), zeros(c), zeros(c), zeros(c), zeros(c), zeros(c)
    if is_adding:
        p, q = load(c, c_at), load(c, c_at + LANES)
        r, s = load(c, c_at + width), load(c, c_at + width + LANES)
        t, u = load(c, c_at + 2 * width), load(c, c_at + 2 * width + LANES)
        v, w = load(c, c_at + 3 * width), load(c, c_at + 3 * width + LANES)
    for _ in range(n):
        left, right = load(b, b_at), load(b, b_at + LANES)
        x = spread(a, a_at)
        p += x * left
        q += x * right
        x = spread(a, a_at + row_step)
        r += x * left
        s += x * right
        x = spread(a, a_at + 2 * row_step)
        t += x * left
        u += x * right
        x = spread(a, a_at + 3 * row_step)
        v += x * left
        w += x * right
        a_at += step
        b_at += width
    store(c, c_at, p)
    store(c, c_at + LANES, q)
    store(c, c_at + width, r)
    store(c, c_at + width + LANES, s)
    store(c, c_at + 2 * width, t)
    store(c, c_at + 2 * width + LANES, u)
    store(c, c_at + 3 * width, v)
    store(c, c_at + 3 * width + LANES, w)


@inlined
def multiply_narrow(a, a_at, row_step, step, n, b, b_at, width, c, c_at, is_adding):
    """A tile of 4 rows and 8 columns; see `multiply`."""
    p, q, r, s = zeros(c), zeros(c), zeros(c), zeros(c)
    if is_adding:
        p, q = load(c, c_at), load(c, c_at + width)
        r, s = load(c, c_at + 2 * width), load(c, c_at + 3 * width)
    for _ in range(n):
        x = load(b, b_at)
        p += spread(a, a_at) * x
        q += spread(a, a_at + row_step) * x
        r += spread(a, a_at + 2 * row_step) * x
        s += spread(a, a_at + 3 * row_step) * x
        a_at += step
        b_at += width
    store(c, c_at, p)
    store(c, c_at + width, q)
    store(c, c_at + 2 * width, r)
    store(c, c_at + 3 * width, s)


@inlined
def multiply(a, a_at, row_step, step, n, b, b_at, width, c, c_at, n_rows, is_adding):
    """``c = a b``, or ``c += a b``, all in row-major order within flat arrays.

    Parameters
    ----------
    a, a_at : array and int
        The left matrix and where it begins.
    row_step, step : int
        From one row of the left matrix to the next, and from one number of a row to the next.
    n : int
        Columns of the left and rows of the right matrix.
    b, b_at, width : array and ints
        The right matrix, where it begins, and its columns, a multiple of 8, which are the result's too.
    c, c_at, n_rows : array and ints
        The result, where it begins, and its rows, which are rounded up to a multiple of 4.
    is_adding : bool
        Whether the product is added to the result.
    """
    wide_end = width - width % TILE_COLUMNS
    for j in range(0, wide_end, TILE_COLUMNS):
        for i in range(0, n_rows, TILE_ROWS):
            multiply_wide(
                a, a_at + i * row_step, row_step, step, n, b, b_at + j, width, c, c_at + i * width + j, is_adding
            )
    if wide_end < width:
        for i in range(0, n_rows, TILE_ROWS):
            multiply_narrow(
                a, a_at + i * row_step, row_step, step, n, b, b_at + wide_end, width, c, c_at + i * width + wide_end,
                is_adding,
            )  # fmt: skip


@inlined
def transpose_weights(params, table, transposed):
    """Put the weights of all layers but the first into `transposed`, a row per output."""
    for k in range(1, table.shape[0]):
        pad_in, width, at = table[k, PAD_IN], table[k, PAD_OUT], table[k, WEIGHTS_AT]
        for i in range(0, pad_in, LANES):
            for j in range(0, width, LANES):
                copy_transposed(params, at + i * width + j, width, transposed, at + j * pad_in + i, pad_in)


@inlined
def add_biases(params, biases_at, width, values, start, n_rows):
    """Add a layer's biases to the sums of some rows."""
    for r in range(n_rows):
        for j in range(0, width, LANES):
            at = start + r * width + j
            store(values, at, load(values, at) + load(params, biases_at + j))


@inlined
def forward_block(params, table, activation, values, wholes, factors, n_rows, is_dropping):
    """`online.forward` for a block of rows."""
    source_at = 0
    last = table.shape[0] - 1
    for k in range(last + 1):
        n_in, pad_in, width, start = table[k, N_IN], table[k, PAD_IN], table[k, PAD_OUT], BLOCK * table[k, VALUES_AT]
        stop = start + n_rows * width
        multiply(values, source_at, pad_in, 1, n_in, params, table[k, WEIGHTS_AT], width, values, start, n_rows, False)
        add_biases(params, table[k, BIASES_AT], width, values, start, n_rows)
        if k < last:
            activate(activation, values, start, stop)
            if is_dropping:
                drop(values, wholes, factors, start, stop)
        source_at = start


@inlined
def backward_block(transposed, table, activation, values, wholes, factors, signals, n_rows, is_dropping):
    """`online.backward` for a block of rows."""
    for k in range(table.shape[0] - 1, 0, -1):
        n_out, pad_in, width, at = table[k, N_OUT], table[k, PAD_IN], table[k, PAD_OUT], BLOCK * table[k, VALUES_AT]
        start = BLOCK * table[k - 1, VALUES_AT]
        stop = start + n_rows * pad_in
        multiply(signals, at, width, 1, n_out, transposed, table[k, WEIGHTS_AT], pad_in, signals, start, n_rows, False)
        if is_dropping:
            drop_signals(signals, factors, start, stop)
            times_slope(activation, wholes, signals, start, stop)
        else:
            times_slope(activation, values, signals, start, stop)


@inlined
def add_gradients(table, values, signals, gradients, n_rows, is_first):
    """Add the gradients of a block of rows to the batch's; the batch's first rows replace what was there."""
    source_at = 0
    for k in range(table.shape[0]):
        n_in, pad_in, width, start = table[k, N_IN], table[k, PAD_IN], table[k, PAD_OUT], BLOCK * table[k, VALUES_AT]
        multiply(
            values, source_at, 1, pad_in, n_rows, signals, start, width, gradients, table[k, WEIGHTS_AT], n_in,
            not is_first,
        )  # fmt: skip
        for j in range(0, width, LANES):
            at = table[k, BIASES_AT] + j
            total = zeros(gradients) if is_first else load(gradients, at)
            for r in range(n_rows):
                total += load(signals, start + r * width + j)
            store(gradients, at, total)
        source_at = start
