"""Some rows through the network and back together: products of small matrices, tile by tile.

Each number is summed in the same order as in `online`. So a batch's gradient is that of its rows one by one, to the
bit, unless products are fused with sums (``is_fused``), which training in batches does: it rounds less and takes half
the time. Rows are counted in whole tiles: those beyond the last are computed along, and never looked at.
"""

from __future__ import annotations

from l1gui.core.activations import finish_hidden, finish_signals
from l1gui.core.compiled import inlined
from l1gui.core.entries import BIASES_AT, BLOCK, N_IN, N_OUT, PAD_IN, PAD_OUT, VALUES_AT, WEIGHTS_AT
from l1gui.core.lanes import LANES, copy_transposed, load, store, zeros
from l1gui.core.tiles import (
    add_products,
    add_row,
    columns_of,
    fuse_products,
    middle_tile,
    narrow_tile,
    put_tile,
    rows_of,
    scaled,
    tile_from,
    wide_tile,
)

NO_BIASES = -1


@inlined
def multiply_tile(tile, a, a_at, row_step, step, n, b, b_at, width, is_fused):
    """Add a product to a tile of the result; see `multiply`."""
    for _ in range(n):
        if is_fused:
            tile = fuse_products(tile, a, a_at, row_step, b, b_at)
        else:
            tile = add_products(tile, a, a_at, row_step, b, b_at)
        a_at += step
        b_at += width
    return tile


@inlined
def multiply_columns(
    zero, start, a, a_at, row_step, step, n, b, b_at, width, biases_at, c, c_at, n_rows, is_adding, share, is_fused
):
    """The columns from `start` on that tiles like `zero` can be made of, and where these end; see `multiply`."""
    end = width - (width - start) % columns_of(zero)
    for j in range(start, end, columns_of(zero)):
        for i in range(0, n_rows, rows_of(zero)):
            at = c_at + i * width + j
            tile = zero
            if is_adding:
                tile = tile_from(c, at, width, zero)
            tile = multiply_tile(tile, a, a_at + i * row_step, row_step, step, n, b, b_at + j, width, is_fused)
            if biases_at != NO_BIASES:
                tile = add_row(tile, b, biases_at + j)
            put_tile(scaled(tile, share), c, at, width)
    return end


@inlined
def multiply(a, a_at, row_step, step, n, b, b_at, width, biases_at, c, c_at, n_rows, is_adding, share, is_fused):
    """``c = share (a b + biases)``, or ``c = share (c + a b + biases)``, all in row-major order within flat arrays.

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
    biases_at : int
        Where in `b` a row begins that is added to each of the result, or `NO_BIASES`.
    c, c_at, n_rows : array and ints
        The result, where it begins, and its rows, which are rounded up to a multiple of 8.
    is_adding : bool
        Whether the product is added to the result.
    share : float
        What the sum is multiplied by in the end.
    is_fused : bool
        Whether each product and sum is rounded once.
    """
    j = multiply_columns(
        wide_tile(c), 0, a, a_at, row_step, step, n, b, b_at, width, biases_at, c, c_at, n_rows, is_adding, share,
        is_fused,
    )  # fmt: skip
    j = multiply_columns(
        middle_tile(c), j, a, a_at, row_step, step, n, b, b_at, width, biases_at, c, c_at, n_rows, is_adding, share,
        is_fused,
    )  # fmt: skip
    multiply_columns(
        narrow_tile(c), j, a, a_at, row_step, step, n, b, b_at, width, biases_at, c, c_at, n_rows, is_adding, share,
        is_fused,
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
def forward_block(params, table, activation, values, wholes, factors, n_rows, is_dropping, is_fused):
    """`online.forward` for a block of rows."""
    one = values.dtype.type(1.0)
    source_at = 0
    last = table.shape[0] - 1
    for k in range(last + 1):
        n_in, pad_in, width, start = table[k, N_IN], table[k, PAD_IN], table[k, PAD_OUT], BLOCK * table[k, VALUES_AT]
        stop = start + n_rows * width
        multiply(
            values, source_at, pad_in, 1, n_in, params, table[k, WEIGHTS_AT], width, table[k, BIASES_AT], values, start,
            n_rows, False, one, is_fused,
        )  # fmt: skip
        if k < last:
            finish_hidden(activation, values, wholes, factors, start, stop, is_dropping)
        source_at = start


@inlined
def backward_block(transposed, table, activation, values, wholes, factors, signals, n_rows, is_dropping, is_fused):
    """`online.backward` for a block of rows."""
    one = values.dtype.type(1.0)
    for k in range(table.shape[0] - 1, 0, -1):
        n_out, pad_in, width, at = table[k, N_OUT], table[k, PAD_IN], table[k, PAD_OUT], BLOCK * table[k, VALUES_AT]
        start = BLOCK * table[k - 1, VALUES_AT]
        stop = start + n_rows * pad_in
        multiply(
            signals, at, width, 1, n_out, transposed, table[k, WEIGHTS_AT], pad_in, NO_BIASES, signals, start, n_rows,
            False, one, is_fused,
        )  # fmt: skip
        finish_signals(activation, values, wholes, factors, signals, start, stop, is_dropping)


@inlined
def add_gradients(table, values, signals, gradients, n_rows, is_first, share, is_fused):
    """Add the gradients of a block of rows to the batch's, and multiply the sums by `share`.

    The batch's first rows replace what was there.
    """
    source_at = 0
    for k in range(table.shape[0]):
        n_in, pad_in, width, start = table[k, N_IN], table[k, PAD_IN], table[k, PAD_OUT], BLOCK * table[k, VALUES_AT]
        multiply(
            values, source_at, 1, pad_in, n_rows, signals, start, width, NO_BIASES, gradients, table[k, WEIGHTS_AT],
            n_in, not is_first, share, is_fused,
        )  # fmt: skip
        for j in range(0, width, LANES):
            at = table[k, BIASES_AT] + j
            total = zeros(gradients) if is_first else load(gradients, at)
            for r in range(n_rows):
                total += load(signals, start + r * width + j)
            store(gradients, at, total * share)
        source_at = start
