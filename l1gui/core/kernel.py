"""The compiled training loops: rows, batches, updates, for any depth, method, loss and activation.

A batch of one row goes through `online`, larger ones through `batches`, block by block. What the loops work on comes in
groups: `entries` says which.
"""

from __future__ import annotations

import math

from l1gui.core import batches, online, outputs
from l1gui.core.compiled import compiled, inlined
from l1gui.core.entries import (
    ACTIVATION,
    ALPHA,
    BATCH,
    BIASES_AT,
    BLOCK,
    CARRIES,
    DECAY,
    DROPOUT,
    ETA,
    IS_UNSCALED,
    JITTER,
    LAM,
    LOSS,
    MAX_NORM,
    N_IN,
    N_OUT,
    OUTPUT,
    PAD_IN,
    PAD_OUT,
    RATE,
    STRENGTH,
    VALUES_AT,
    WEIGHTS_AT,
)
from l1gui.core.lanes import LANES, load, rounded_as, select, square_root, store, wide, zeros
from l1gui.core.mersenne import next_word
from l1gui.core.penalties import penalised_step


@inlined
def share_of(n_rows, array):
    """What makes a mean of a sum over `n_rows` rows, in the type of `array`."""
    real = array.dtype.type
    return real(1.0) / real(n_rows)


@inlined
def scale_back(w, n_in, width, longest):
    """Max-norm: scale each unit's incoming weights, a column of `w`, back to the length `longest`."""
    for j in range(0, width, LANES):
        squares = wide(zeros(w))
        for i in range(n_in):
            v = wide(load(w, i * width + j))
            squares += v * v
        factors = select(squares > longest * longest, longest / square_root(squares), 1.0)
        for i in range(n_in):
            v = load(w, i * width + j)
            store(w, i * width + j, v * rounded_as(factors, v))


@inlined
def update_layers(params, table, gradients, methods, memory, centre, tally, numbers, is_epoch_end):
    """One update of every layer from the mean gradients of some rows."""
    rate = params.dtype.type(numbers[ETA])
    for k in range(table.shape[0]):
        n_in, n_out, width = table[k, N_IN], table[k, N_OUT], table[k, PAD_OUT]
        at, biases_at = table[k, WEIGHTS_AT], table[k, BIASES_AT]
        end = at + n_in * width
        penalised_step(
            methods[k], params[at:end], gradients[at:end], memory[at:end], centre[at:end],
            tally[k], numbers[ETA], numbers[LAM], numbers[ALPHA], n_out, width, is_epoch_end,
        )  # fmt: skip
        if numbers[MAX_NORM] > 0.0:
            scale_back(params[at:end], n_in, width, numbers[MAX_NORM])
        for j in range(biases_at, biases_at + width, LANES):
            store(params, j, load(params, j) - rate * load(gradients, j))


@inlined
def gauss(state):
    """A number from N(0, 1), of two random words (Box & Muller 1958)."""
    radius = math.sqrt(-2.0 * math.log((next_word(state) + 1.0) / 4294967296.0))
    return radius * math.cos(2.0 * math.pi * next_word(state) / 4294967296.0)


@inlined
def disturb(table, state, values, factors, dropout, jitter, n_rows, row):
    """Add noise to a row's inputs and draw the hidden units' dropout factors, input by input, then unit by unit.

    The row is number `row` of `n_rows` in the scratch arrays.
    """
    real = values.dtype.type
    if jitter > 0.0:
        at = row * table[0, PAD_IN]
        for i in range(at, at + table[0, N_IN]):
            values[i] += real(jitter * gauss(state))
    if dropout > 0.0:
        # Those that stay make up for those that are out, so that nothing is to be scaled afterwards.
        factor = real(1.0 / (1.0 - dropout))
        for k in range(table.shape[0] - 1):
            at = n_rows * table[k, VALUES_AT] + row * table[k, PAD_OUT]
            for j in range(at, at + table[k, N_OUT]):
                is_out = next_word(state) < dropout * 4294967296.0
                factors[j] = real(0.0) if is_out else factor


@inlined
def take_row(rows, row, width, values, at):
    """Copy a row of the data, `width` numbers, into `values`."""
    for i in range(0, width, LANES):
        store(values, at + i, load(rows, row * width + i))


@compiled
def train_one_by_one(
    params, table, inputs, targets, order, start, stop, random_state, codes, numbers, methods, memory, centre, tally,
    pending, scratch,
):  # fmt: skip
    """`train_rows` with an update after every row."""
    values, wholes, factors, signals = scratch.values, scratch.wholes, scratch.factors, scratch.signals
    dropout, jitter, activation = numbers[DROPOUT], numbers[JITTER], codes[ACTIVATION]
    is_dropping = dropout > 0.0
    last = table[table.shape[0] - 1]
    for position in range(start, stop):
        row = order[position]
        take_row(inputs, row, table[0, PAD_IN], values, 0)
        if is_dropping or jitter > 0.0:
            disturb(table, random_state, values, factors, dropout, jitter, 1, 0)
        online.forward(params, table, activation, values, wholes, factors, is_dropping)
        outputs.finish_row(
            codes[LOSS], codes[OUTPUT], values, last[VALUES_AT], targets, row * last[PAD_OUT], signals, last[N_OUT]
        )
        online.backward(params, table, activation, values, wholes, factors, signals, is_dropping)
        online.set_gradients(table, values, signals, pending)
        is_epoch_end = position == order.size - 1
        update_layers(params, table, pending, methods, memory, centre, tally, numbers, is_epoch_end)


@inlined
def take_rows(rows, start, n_rows, width, values):
    """Copy the rows of the data from `start` on, `width` numbers each, into `values`."""
    for at in range(0, n_rows * width, LANES):
        store(values, at, load(rows, start * width + at))


@inlined
def forward_rows(params, table, codes, inputs, start, n_rows, scratch):
    """Run a block of rows, from `start` on, through the network as it is measured: no dropout, nothing fused."""
    values = scratch.values
    take_rows(inputs, start, n_rows, table[0, PAD_IN], values)
    batches.forward_block(
        params, table, codes[ACTIVATION], values, scratch.wholes, scratch.factors, n_rows, False, False
    )


@inlined
def finish_block(loss, output, last, n_rows, scratch):
    """`outputs.finish_row` for the block of rows in the scratch, eight at a time; `last` is the last layer."""
    values, columns, wanted = scratch.values, scratch.columns, scratch.wanted
    n_out, width = last[N_OUT], last[PAD_OUT]
    for r in range(0, n_rows, LANES):
        at = BLOCK * last[VALUES_AT] + r * width
        outputs.take_columns(values, at, width, columns)
        outputs.take_columns(scratch.targets, r * width, width, wanted)
        outputs.output_columns(output, columns, scratch.powers, n_out)
        outputs.signal_columns(loss, output, columns, wanted, n_out)
        outputs.put_columns(columns, scratch.signals, at, width)


@inlined
def add_block(params, table, codes, n_rows, scratch, gradients, is_dropping, is_first, share, is_fused):
    """Add the gradients of the block of rows in the scratch to the batch's, and multiply the sums by `share`."""
    values, wholes, factors, signals = scratch.values, scratch.wholes, scratch.factors, scratch.signals
    activation = codes[ACTIVATION]
    batches.forward_block(params, table, activation, values, wholes, factors, n_rows, is_dropping, is_fused)
    finish_block(codes[LOSS], codes[OUTPUT], table[table.shape[0] - 1], n_rows, scratch)
    batches.backward_block(
        scratch.transposed, table, activation, values, wholes, factors, signals, n_rows, is_dropping, is_fused
    )
    batches.add_gradients(table, values, signals, gradients, n_rows, is_first, share, is_fused)


@compiled
def train_in_batches(
    params, table, inputs, targets, order, start, stop, random_state, codes, numbers, methods, memory, centre, tally,
    pending, carried, scratch,
):  # fmt: skip
    """`train_rows` for batches of any size, a block of rows at a time."""
    dropout, jitter, batch = numbers[DROPOUT], numbers[JITTER], codes[BATCH]
    in_width, out_width = table[0, PAD_IN], table[table.shape[0] - 1, PAD_OUT]
    values, factors, goals = scratch.values, scratch.factors, scratch.targets
    is_dropping = dropout > 0.0
    in_batch = carried[0]
    is_updated = True
    position = start
    while position < stop:
        end = min(stop, position + BLOCK, position - position % batch + batch)
        for r in range(end - position):
            take_row(inputs, order[position + r], in_width, values, r * in_width)
            take_row(targets, order[position + r], out_width, goals, r * out_width)
        if is_dropping or jitter > 0.0:
            for r in range(end - position):
                disturb(table, random_state, values, factors, dropout, jitter, BLOCK, r)
        if is_updated:
            batches.transpose_weights(params, table, scratch.transposed)
        is_first = in_batch == 0
        in_batch += end - position
        is_epoch_end = end == order.size
        is_updated = end % batch == 0 or (is_epoch_end and codes[CARRIES] == 0)
        share = share_of(in_batch if is_updated else 1, params)
        add_block(params, table, codes, end - position, scratch, pending, is_dropping, is_first, share, True)
        position = end
        if is_updated:
            update_layers(params, table, pending, methods, memory, centre, tally, numbers, is_epoch_end)
            in_batch = 0
    carried[0] = in_batch


@compiled
def train_rows(
    params, table, inputs, targets, order, start, stop, random_state, codes, numbers, methods, memory, centre, tally,
    pending, carried, scratch,
):  # fmt: skip
    """Train on the rows ``order[start:stop]``, with an update after each batch of the epoch's rows.

    The rows of an epoch's last, smaller batch make an update too, or, with ``codes[CARRIES]``, are left for the first
    update of the next epoch, as in TensorFlow Playground.

    Parameters
    ----------
    params : array of shape (n_stored,)
        Changed in place, as are `random_state`, `memory`, `tally`, `pending`, `carried` and the scratch.
    table : int64 array of shape (n_layers, 7)
        `network.Layout.table`.
    inputs, targets : arrays of shape (n_rows, padded width)
        Rows and what the outputs should be.
    order : int64 array of shape (n_rows,)
        Visiting order.
    start, stop : int
        Rows of this call; both must lie between two batches, or at the epoch's end.
    random_state : int64 array of shape (625,)
        `mersenne.mersenne_state`; drawn from for dropout and jitter only.
    codes, numbers, scratch
        See `entries`.
    methods : int64 array of shape (n_layers,)
        Codes of `penalties`.
    memory, centre, tally : arrays of shapes (n_stored,), (n_stored,) and (n_layers, 2)
        State of the penalty method: `penalties.penalised_step`; the tally and the memory are float64.
    pending : array of shape (n_stored,)
        Sum of the gradients of the rows since the last update.
    carried : int64 array of shape (1,)
        How many rows these are.
    """
    if codes[BATCH] == 1 and carried[0] == 0:
        train_one_by_one(
            params, table, inputs, targets, order, start, stop, random_state, codes, numbers, methods, memory, centre,
            tally, pending, scratch,
        )  # fmt: skip
    else:
        train_in_batches(
            params, table, inputs, targets, order, start, stop, random_state, codes, numbers, methods, memory, centre,
            tally, pending, carried, scratch,
        )  # fmt: skip


@compiled
def set_rate(numbers, epoch):
    """Set the learning rate, and what hangs on it, for the epoch after `epoch` whole ones."""
    numbers[ETA] = numbers[RATE] / (1.0 + numbers[DECAY] * epoch)
    numbers[STRENGTH] = numbers[LAM] / numbers[ETA] if numbers[IS_UNSCALED] != 0.0 else numbers[LAM]


@compiled
def all_finite(params):
    """Whether no parameter is infinite or not a number."""
    for i in range(params.size):  # noqa: SIM110 - compiled, a loop is faster than a generator
        if not math.isfinite(params[i]):
            return False
    return True


@compiled
def predict_rows(params, table, codes, inputs, out, scratch, is_logits):
    """Fill `out`, shape (n_rows, n_outputs), with the outputs of the padded rows `inputs`, or with their sums."""
    last = table[table.shape[0] - 1]
    n_out, width = last[N_OUT], last[PAD_OUT]
    values, columns = scratch.values, scratch.columns
    for start in range(0, inputs.shape[0], BLOCK):
        n_rows = min(BLOCK, inputs.shape[0] - start)
        forward_rows(params, table, codes, inputs, start, n_rows, scratch)
        for r in range(0, n_rows, LANES):
            outputs.take_columns(values, BLOCK * last[VALUES_AT] + r * width, width, columns)
            if not is_logits:
                outputs.output_columns(codes[OUTPUT], columns, scratch.powers, n_out)
            for i in range(min(LANES, n_rows - r)):
                for k in range(n_out):
                    out[start + r + i, k] = columns[LANES * k + i]
