"""The compiled loops: forward, backward, update, penalty, for any depth, method, loss and activation.

Each layer is a row of the table that `network.Layout` makes: counts, padded counts, and where the layer's weights,
biases and values start. Inner loops run over whole padded rows, so that they can fill vector registers; sums run
in the article's order (input by input), so that results equal its scalar loops bit for bit.
"""

from __future__ import annotations

import math

import numpy as np

from l1gui.core.compiled import compiled
from l1gui.core.losses import activate, output_signals, row_loss, softmax, times_slope
from l1gui.core.mersenne import shuffle
from l1gui.core.penalties import penalised_step

N_IN, N_OUT, PAD_IN, PAD_OUT, WEIGHTS_AT, BIASES_AT, VALUES_AT = range(7)
TRAIN_LOSS, TRAIN_CORRECT, TEST_LOSS, TEST_CORRECT, ABS_SUM, ZERO, BELOW = range(7)
N_MEASURED = 7


@compiled
def forward(params, table, activation, values):
    """Run one row through the network; `values` holds the padded inputs at its start, and gets the layers' outputs."""
    n_layers = table.shape[0]
    source_at = 0
    for layer in range(n_layers):
        n_in, n_out, width = table[layer, N_IN], table[layer, N_OUT], table[layer, PAD_OUT]
        at, biases_at, values_at = table[layer, WEIGHTS_AT], table[layer, BIASES_AT], table[layer, VALUES_AT]
        source = values[source_at : source_at + n_in]
        target = values[values_at : values_at + width]
        biases = params[biases_at : biases_at + width]
        for j in range(width):
            target[j] = np.float32(0.0)
        for i in range(n_in):
            x = source[i]
            weights = params[at + i * width : at + (i + 1) * width]
            for j in range(width):
                target[j] += x * weights[j]
        for j in range(width):
            target[j] += biases[j]
        if layer < n_layers - 1:
            activate(activation, target, n_out)
        else:
            softmax(target, n_out)
        source_at = values_at


@compiled
def backward(params, table, activation, values, signals):
    """From the output signals down: fill `signals`, laid out as `values`, for every hidden layer."""
    for layer in range(table.shape[0] - 1, 0, -1):
        n_in, n_out, width = table[layer, N_IN], table[layer, N_OUT], table[layer, PAD_OUT]
        at, above_at, below_at = table[layer, WEIGHTS_AT], table[layer, VALUES_AT], table[layer - 1, VALUES_AT]
        above = signals[above_at : above_at + width]
        below = signals[below_at : below_at + n_in]
        for i in range(n_in):
            weights = params[at + i * width : at + (i + 1) * width]
            total = np.float32(0.0)
            for j in range(n_out):
                total += above[j] * weights[j]
            below[i] = total
        times_slope(activation, values[below_at : below_at + n_in], below, n_in)


@compiled
def add_gradients(table, values, signals, gradients, is_first):  # noqa: C901 - plain loops
    """Add one row's gradients to the batch's; the batch's first row replaces what was there."""
    source_at = 0
    for layer in range(table.shape[0]):
        n_in, width = table[layer, N_IN], table[layer, PAD_OUT]
        at, biases_at, values_at = table[layer, WEIGHTS_AT], table[layer, BIASES_AT], table[layer, VALUES_AT]
        above = signals[values_at : values_at + width]
        bias_gradients = gradients[biases_at : biases_at + width]
        for i in range(n_in):
            x = values[source_at + i]
            row = gradients[at + i * width : at + (i + 1) * width]
            if is_first:
                for j in range(width):
                    row[j] = x * above[j]
            else:
                for j in range(width):
                    row[j] += x * above[j]
        if is_first:
            for j in range(width):
                bias_gradients[j] = above[j]
        else:
            for j in range(width):
                bias_gradients[j] += above[j]
        source_at = values_at


@compiled
def update_layers(params, table, gradients, methods, paid, owed, n_rows, eta, lam):
    """One update of every layer from the sums of `n_rows` rows' gradients."""
    if n_rows > 1:
        share = np.float32(1.0) / np.float32(n_rows)
        for i in range(gradients.size):
            gradients[i] *= share
    rate = np.float32(eta)
    for layer in range(table.shape[0]):
        at, biases_at, width = table[layer, WEIGHTS_AT], table[layer, BIASES_AT], table[layer, PAD_OUT]
        owed[layer] += eta * lam
        penalised_step(
            methods[layer], params[at:biases_at], gradients[at:biases_at], paid[at:biases_at], owed[layer], eta, lam
        )
        biases = params[biases_at : biases_at + width]
        bias_gradients = gradients[biases_at : biases_at + width]
        for j in range(width):
            biases[j] -= rate * bias_gradients[j]


@compiled
def train_rows(
    params, table, inputs, targets, order, start, stop, batch, loss, activation, methods, paid, owed, eta, lam,
    values, signals, gradients,
):  # fmt: skip
    """Train on the rows ``order[start:stop]``, an update after each `batch` of them and after the last.

    Parameters
    ----------
    params : float32 array of shape (n_stored,)
        Changed in place, as are `paid`, `owed` and the scratch arrays.
    table : int64 array of shape (n_layers, 7)
        `network.Layout.table`.
    inputs, targets : float32 arrays of shape (n_rows, padded width)
        Rows and their one-hot classes.
    order : int64 array of shape (n_rows,)
        Visiting order.
    start, stop, batch : int
        Rows of this call; `start` must begin a batch.
    loss, activation : int
        Codes of `losses`.
    methods : int64 array of shape (n_layers,)
        Codes of `penalties`.
    paid, owed : float64 arrays of shapes (n_stored,) and (n_layers,)
        State of the penalty method.
    eta, lam : float
        Learning rate and penalty strength.
    values, signals : float32 arrays of shape (n_values,)
        Scratch.
    gradients : float32 array of shape (n_stored,)
        Scratch; its padding must be 0.
    """
    last = table.shape[0] - 1
    n_out, out_at, width = table[last, N_OUT], table[last, VALUES_AT], table[last, PAD_OUT]
    n_in = table[0, PAD_IN]
    in_batch = 0
    for position in range(start, stop):
        row = order[position]
        values[:n_in] = inputs[row]
        forward(params, table, activation, values)
        output_signals(loss, values[out_at : out_at + width], targets[row], signals[out_at : out_at + width], n_out)
        backward(params, table, activation, values, signals)
        add_gradients(table, values, signals, gradients, in_batch == 0)
        in_batch += 1
        if in_batch == batch or position == stop - 1:
            update_layers(params, table, gradients, methods, paid, owed, in_batch, eta, lam)
            in_batch = 0


@compiled
def evaluate_rows(params, table, loss, activation, inputs, classes, values):
    """Sum of the rows' losses (float, penalty not included) and how many are classified right."""
    last = table.shape[0] - 1
    n_out, out_at, n_in = table[last, N_OUT], table[last, VALUES_AT], table[0, PAD_IN]
    total = 0.0
    correct = 0
    for row in range(inputs.shape[0]):
        values[:n_in] = inputs[row]
        forward(params, table, activation, values)
        o = values[out_at : out_at + n_out]
        best = 0
        for k in range(1, n_out):
            if o[k] > o[best]:
                best = k
        if best == classes[row]:
            correct += 1
        total += row_loss(loss, o, classes[row], n_out)
    return total, correct


@compiled
def weight_sums(params, table, threshold):
    """Sum and largest of the magnitudes of all weights (double), exact zeros, and those below the threshold."""
    total = 0.0
    largest = 0.0
    zero = 0
    below = 0
    for layer in range(table.shape[0]):
        n_in, n_out, width, at = (
            table[layer, N_IN],
            table[layer, N_OUT],
            table[layer, PAD_OUT],
            table[layer, WEIGHTS_AT],
        )
        for i in range(n_in):
            for j in range(n_out):
                magnitude = abs(np.float64(params[at + i * width + j]))
                total += magnitude
                largest = max(largest, magnitude)
                zero += magnitude == 0.0
                below += magnitude < threshold
    return total, largest, zero, below


@compiled
def all_finite(params):
    """Whether no parameter is infinite or not a number."""
    for i in range(params.size):  # noqa: SIM110 - compiled, a loop is faster than a generator
        if not math.isfinite(params[i]):
            return False
    return True


@compiled
def measure(
    params, table, inputs, classes, test_inputs, test_classes, loss, activation, threshold, values, measured
):  # fmt: skip
    """Fill `measured`, float64 of shape (7,), with what the history keeps of an epoch; see `TRAIN_LOSS` and so on."""
    total, correct = evaluate_rows(params, table, loss, activation, inputs, classes, values)
    measured[TRAIN_LOSS], measured[TRAIN_CORRECT] = total / inputs.shape[0], correct
    total, correct = evaluate_rows(params, table, loss, activation, test_inputs, test_classes, values)
    measured[TEST_LOSS], measured[TEST_CORRECT] = total / max(1, test_inputs.shape[0]), correct
    abs_sum, _, zero, below = weight_sums(params, table, threshold)
    measured[ABS_SUM], measured[ZERO], measured[BELOW] = abs_sum, zero, below


@compiled
def train_epochs(
    params, table, inputs, classes, targets, test_inputs, test_classes, order, random_state, threshold, measured,
    batch, loss, activation, methods, paid, owed, eta, lam, values, signals, gradients,
):  # fmt: skip
    """Shuffle, train and measure as many epochs as `measured` has rows; returns how many ended with finite numbers.

    One call makes many small epochs, so that the interpreter is not asked in between. Parameters are those of
    `shuffle`, `train_rows` and `measure`; `measured` has the shape (n_epochs, 7). After an epoch that is not finite
    the state is of no use: go back to a checkpoint.
    """
    for epoch in range(measured.shape[0]):
        shuffle(random_state, order)
        train_rows(
            params, table, inputs, targets, order, 0, order.size, batch, loss, activation, methods, paid, owed, eta,
            lam, values, signals, gradients,
        )  # fmt: skip
        now = measured[epoch]
        measure(
            params, table, inputs, classes, test_inputs, test_classes, loss, activation, threshold, values, now
        )  # fmt: skip
        if not (all_finite(params) and math.isfinite(now[TRAIN_LOSS]) and math.isfinite(now[TEST_LOSS])):
            return epoch
    return measured.shape[0]


@compiled
def predict_rows(params, table, activation, inputs, out, values):
    """Fill `out`, shape (n_rows, n_outputs), with the softmax outputs of the padded rows `inputs`."""
    last = table.shape[0] - 1
    out_at, n_in = table[last, VALUES_AT], table[0, PAD_IN]
    for row in range(inputs.shape[0]):
        values[:n_in] = inputs[row]
        forward(params, table, activation, values)
        for k in range(out.shape[1]):
            out[row, k] = values[out_at + k]
