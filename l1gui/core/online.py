"""One row through the network and back. Sums run input by input, output by output, as plain loops add them."""

from __future__ import annotations

from l1gui.core.activations import finish_hidden, finish_signals
from l1gui.core.compiled import inlined
from l1gui.core.entries import BIASES_AT, N_IN, N_OUT, PAD_IN, PAD_OUT, VALUES_AT, WEIGHTS_AT
from l1gui.core.lanes import LANES, load, spread, store, transposed, zeros

WIDE = 4 * LANES
"""So many outputs are summed beside each other: an addition takes longer than it takes to begin the next."""


@inlined
def sum_layer(params, layer, values, source_at):
    """A layer's sums: its weights times the values at `source_at`, plus its biases."""
    n_in, width, biases_at, target_at = layer[N_IN], layer[PAD_OUT], layer[BIASES_AT], layer[VALUES_AT]
    wide_end = width - width % WIDE
    for j in range(0, wide_end, WIDE):
        at = layer[WEIGHTS_AT] + j
        a, b, c, d = zeros(params), zeros(params), zeros(params), zeros(params)
        for i in range(source_at, source_at + n_in):
            x = spread(values, i)
            a += x * load(params, at)
            b += x * load(params, at + LANES)
            c += x * load(params, at + 2 * LANES)
            d += x * load(params, at + 3 * LANES)
            at += width
        store(values, target_at + j, a + load(params, biases_at + j))
        store(values, target_at + j + LANES, b + load(params, biases_at + j + LANES))
        store(values, target_at + j + 2 * LANES, c + load(params, biases_at + j + 2 * LANES))
        store(values, target_at + j + 3 * LANES, d + load(params, biases_at + j + 3 * LANES))
    for j in range(wide_end, width, LANES):
        at = layer[WEIGHTS_AT] + j
        total = zeros(params)
        for i in range(source_at, source_at + n_in):
            total += spread(values, i) * load(params, at)
            at += width
        store(values, target_at + j, total + load(params, biases_at + j))


@inlined
def forward(params, table, activation, values, wholes, factors, is_dropping):
    """Run one row through the network; `values` hold its padded inputs, and get the layers' outputs.

    Those of the last layer are its sums: `outputs.finish_row` makes the outputs of them.

    With dropout, the hidden units' values as they were go to `wholes`, and are then multiplied by `factors`.
    """
    source_at = 0
    last = table.shape[0] - 1
    for k in range(last + 1):
        layer = table[k]
        sum_layer(params, layer, values, source_at)
        source_at = layer[VALUES_AT]
        if k < last:
            finish_hidden(activation, values, wholes, factors, source_at, source_at + layer[PAD_OUT], is_dropping)


@inlined
def signals_below(params, layer, signals, below_at):
    """From the signals of a layer's outputs those of its inputs: the weights, transposed, times the signals."""
    n_in, n_out, width, above_at = layer[N_IN], layer[N_OUT], layer[PAD_OUT], layer[VALUES_AT]
    for i in range(0, n_in, LANES):
        total = zeros(params)
        for j in range(0, n_out, LANES):
            a, b, c, d, e, f, g, h = transposed(params, layer[WEIGHTS_AT] + i * width + j, width)
            above = above_at + j
            total += spread(signals, above) * a
            total += spread(signals, above + 1) * b
            total += spread(signals, above + 2) * c
            total += spread(signals, above + 3) * d
            if n_out - j > LANES // 2:
                total += spread(signals, above + 4) * e
                total += spread(signals, above + 5) * f
                total += spread(signals, above + 6) * g
                total += spread(signals, above + 7) * h
        store(signals, below_at + i, total)


@inlined
def backward(params, table, activation, values, wholes, factors, signals, is_dropping):
    """From the output signals down: fill the signals of every hidden layer."""
    for k in range(table.shape[0] - 1, 0, -1):
        start = table[k - 1, VALUES_AT]
        stop = start + table[k, PAD_IN]
        signals_below(params, table[k], signals, start)
        finish_signals(activation, values, wholes, factors, signals, start, stop, is_dropping)


@inlined
def set_gradients(table, values, signals, gradients):
    """The gradients of one row: a layer's inputs times its signals."""
    source_at = 0
    for k in range(table.shape[0]):
        layer = table[k]
        n_in, width, at, above = layer[N_IN], layer[PAD_OUT], layer[WEIGHTS_AT], layer[VALUES_AT]
        if width == LANES:
            signal = load(signals, above)
            for i in range(n_in):
                store(gradients, at + i * width, spread(values, source_at + i) * signal)
        else:
            for i in range(n_in):
                x = spread(values, source_at + i)
                for j in range(0, width, LANES):
                    store(gradients, at + i * width + j, x * load(signals, above + j))
        for j in range(0, width, LANES):
            store(gradients, layer[BIASES_AT] + j, load(signals, above + j))
        source_at = above
