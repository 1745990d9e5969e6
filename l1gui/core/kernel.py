"""The compiled training loops: forward, backward, update, for any depth, method, loss and activation.

Each layer is a row of the table that `network.Layout` makes: counts, padded counts, and where the layer's weights,
biases and values start. Inner loops run over whole padded rows, so that they can fill vector registers; sums run
in the article's order (input by input), so that results equal its scalar loops bit for bit.

What the loops work on comes in groups. `codes`, int64: `BATCH` and the names after it. `numbers`, float64: the live
ones, `ETA` and the names after it. `scratch`, shape (4, n_values): a row's values, its values before dropout, its
dropout factors, its signals; each laid out as the table says. All other arrays have the parameters' type.
"""

from __future__ import annotations

import math

import numpy as np

from l1gui.core.compiled import compiled
from l1gui.core.losses import activate, output_signals, output_values, times_slope
from l1gui.core.mersenne import next_word
from l1gui.core.penalties import penalised_step

N_IN, N_OUT, PAD_IN, PAD_OUT, WEIGHTS_AT, BIASES_AT, VALUES_AT = range(7)
BATCH, LOSS, ACTIVATION, OUTPUT, CARRIES, SHUFFLES = range(6)
N_CODES = 6
ETA, LAM, ALPHA, DROPOUT, JITTER, MAX_NORM, STRENGTH, THRESHOLD, RATE, DECAY, IS_UNSCALED = range(11)
N_NUMBERS = 11
VALUES, WHOLE, FACTORS, SIGNALS = range(4)
N_SCRATCH = 4


@compiled
def forward(params, table, activation, scratch, is_dropping):  # noqa: C901 - plain loops
    """Run one row through the network; its values hold the padded inputs at their start, and get the layers' outputs.

    Those of the last layer are the logits: `losses.output_values` makes the outputs of them.

    With dropout, the hidden units' values as they were go to `WHOLE`, and are then multiplied by `FACTORS`.
    """
    values = scratch[VALUES]
    zero = values.dtype.type(0.0)
    n_layers = table.shape[0]
    source_at = 0
    for layer in range(n_layers):
        n_in, n_out, width = table[layer, N_IN], table[layer, N_OUT], table[layer, PAD_OUT]
        at, biases_at, values_at = table[layer, WEIGHTS_AT], table[layer, BIASES_AT], table[layer, VALUES_AT]
        source = values[source_at : source_at + n_in]
        target = values[values_at : values_at + width]
        biases = params[biases_at : biases_at + width]
        for j in range(width):
            target[j] = zero
        for i in range(n_in):
            x = source[i]
            weights = params[at + i * width : at + (i + 1) * width]
            for j in range(width):
                target[j] += x * weights[j]
        for j in range(width):
            target[j] += biases[j]
        if layer < n_layers - 1:
            activate(activation, target, n_out)
            if is_dropping:
                for j in range(values_at, values_at + n_out):
                    scratch[WHOLE, j] = values[j]
                    values[j] *= scratch[FACTORS, j]
        source_at = values_at


@compiled
def backward(params, table, activation, scratch, is_dropping):
    """From the output signals down: fill the signals of every hidden layer."""
    signals = scratch[SIGNALS]
    values = scratch[WHOLE] if is_dropping else scratch[VALUES]
    for layer in range(table.shape[0] - 1, 0, -1):
        n_in, n_out, width = table[layer, N_IN], table[layer, N_OUT], table[layer, PAD_OUT]
        at, above_at, below_at = table[layer, WEIGHTS_AT], table[layer, VALUES_AT], table[layer - 1, VALUES_AT]
        above = signals[above_at : above_at + width]
        below = signals[below_at : below_at + n_in]
        for i in range(n_in):
            weights = params[at + i * width : at + (i + 1) * width]
            total = signals.dtype.type(0.0)
            for j in range(n_out):
                total += above[j] * weights[j]
            below[i] = total
        if is_dropping:
            for i in range(n_in):
                below[i] *= scratch[FACTORS, below_at + i]
        times_slope(activation, values[below_at : below_at + n_in], below, n_in)


@compiled
def add_gradients(table, scratch, gradients, is_first):  # noqa: C901 - plain loops
    """Add one row's gradients to the batch's; the batch's first row replaces what was there."""
    values, signals = scratch[VALUES], scratch[SIGNALS]
    source_at = 0
    for layer in range(table.shape[0]):
        n_in, width = table[layer, N_IN], table[layer, PAD_OUT]
        at, biases_at, values_at = table[layer, WEIGHTS_AT], table[layer, BIASES_AT], table[layer, VALUES_AT]
        above = signals[values_at : values_at + width]
        bias_gradients = gradients[biases_at : biases_at + width]
        if is_first:
            for i in range(n_in):
                x = values[source_at + i]
                row = gradients[at + i * width : at + (i + 1) * width]
                for j in range(width):
                    row[j] = x * above[j]
            for j in range(width):
                bias_gradients[j] = above[j]
        else:
            for i in range(n_in):
                x = values[source_at + i]
                row = gradients[at + i * width : at + (i + 1) * width]
                for j in range(width):
                    row[j] += x * above[j]
            for j in range(width):
                bias_gradients[j] += above[j]
        source_at = values_at


@compiled
def add_row(params, table, codes, target, scratch, gradients, is_dropping, is_first):
    """Add the gradients of the row whose inputs are in the scratch's values, and whose outputs should be `target`."""
    last = table.shape[0] - 1
    n_out, out_at, width = table[last, N_OUT], table[last, VALUES_AT], table[last, PAD_OUT]
    forward(params, table, codes[ACTIVATION], scratch, is_dropping)
    o = scratch[VALUES, out_at : out_at + width]
    output_values(codes[OUTPUT], o, n_out)
    output_signals(codes[LOSS], codes[OUTPUT], o, target, scratch[SIGNALS, out_at : out_at + width], n_out)
    backward(params, table, codes[ACTIVATION], scratch, is_dropping)
    add_gradients(table, scratch, gradients, is_first)


@compiled
def average(gradients, n_rows):
    """Make the mean of `n_rows` rows' gradients of their sum."""
    if n_rows > 1:
        share = gradients.dtype.type(1.0) / gradients.dtype.type(n_rows)
        for i in range(gradients.size):
            gradients[i] *= share


@compiled
def scale_back(w, n_in, width, longest):
    """Max-norm: scale each unit's incoming weights, a column of `w`, back to the length `longest`."""
    for j in range(width):
        squares = 0.0
        for i in range(n_in):
            squares += np.float64(w[i * width + j]) ** 2
        if squares > longest * longest:
            factor = w.dtype.type(longest / math.sqrt(squares))
            for i in range(n_in):
                w[i * width + j] *= factor


@compiled
def update_layers(params, table, gradients, methods, memory, centre, tally, n_rows, numbers, is_epoch_end):
    """One update of every layer from the sums of `n_rows` rows' gradients."""
    average(gradients, n_rows)
    rate = params.dtype.type(numbers[ETA])
    for layer in range(table.shape[0]):
        n_in, n_out, width = table[layer, N_IN], table[layer, N_OUT], table[layer, PAD_OUT]
        at, biases_at = table[layer, WEIGHTS_AT], table[layer, BIASES_AT]
        penalised_step(
            methods[layer], params[at:biases_at], gradients[at:biases_at], memory[at:biases_at], centre[at:biases_at],
            tally[layer], numbers[ETA], numbers[LAM], numbers[ALPHA], n_out, width, is_epoch_end,
        )  # fmt: skip
        if numbers[MAX_NORM] > 0.0:
            scale_back(params[at:biases_at], n_in, width, numbers[MAX_NORM])
        biases = params[biases_at : biases_at + width]
        bias_gradients = gradients[biases_at : biases_at + width]
        for j in range(width):
            biases[j] -= rate * bias_gradients[j]


@compiled
def gauss(state):
    """A number from N(0, 1), of two random words (Box & Muller 1958)."""
    radius = math.sqrt(-2.0 * math.log((next_word(state) + 1.0) / 4294967296.0))
    return radius * math.cos(2.0 * math.pi * next_word(state) / 4294967296.0)


@compiled
def disturb(table, state, scratch, dropout, jitter):
    """Add noise to a row's inputs and draw the hidden units' dropout factors, input by input, then unit by unit."""
    real = scratch.dtype.type
    if jitter > 0.0:
        for i in range(table[0, N_IN]):
            scratch[VALUES, i] += real(jitter * gauss(state))
    if dropout > 0.0:
        # Those that stay make up for those that are out, so that nothing is to be scaled afterwards.
        factor = real(1.0 / (1.0 - dropout))
        for layer in range(table.shape[0] - 1):
            values_at = table[layer, VALUES_AT]
            for j in range(values_at, values_at + table[layer, N_OUT]):
                is_out = next_word(state) < dropout * 4294967296.0
                scratch[FACTORS, j] = real(0.0) if is_out else factor


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
        See the module.
    methods : int64 array of shape (n_layers,)
        Codes of `penalties`.
    memory, centre, tally : arrays of shapes (n_stored,), (n_stored,) and (n_layers, 2)
        State of the penalty method: `penalties.penalised_step`; the tally and the memory are float64.
    pending : array of shape (n_stored,)
        Sum of the gradients of the rows since the last update; its padding must be 0.
    carried : int64 array of shape (1,)
        How many rows these are.
    """
    n_in = table[0, PAD_IN]
    dropout, jitter = numbers[DROPOUT], numbers[JITTER]
    is_dropping = dropout > 0.0
    batch, n_rows, in_batch = codes[BATCH], order.size, carried[0]
    for position in range(start, stop):
        row = order[position]
        scratch[VALUES, :n_in] = inputs[row]
        if is_dropping or jitter > 0.0:
            disturb(table, random_state, scratch, dropout, jitter)
        add_row(params, table, codes, targets[row], scratch, pending, is_dropping, in_batch == 0)
        in_batch += 1
        is_epoch_end = position == n_rows - 1
        if (position + 1) % batch == 0 or (is_epoch_end and codes[CARRIES] == 0):
            update_layers(params, table, pending, methods, memory, centre, tally, in_batch, numbers, is_epoch_end)
            in_batch = 0
    carried[0] = in_batch


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
    last = table.shape[0] - 1
    out_at, n_in = table[last, VALUES_AT], table[0, PAD_IN]
    for row in range(inputs.shape[0]):
        scratch[VALUES, :n_in] = inputs[row]
        forward(params, table, codes[ACTIVATION], scratch, False)
        if not is_logits:
            output_values(codes[OUTPUT], scratch[VALUES, out_at:], out.shape[1])
        for k in range(out.shape[1]):
            out[row, k] = scratch[VALUES, out_at + k]
