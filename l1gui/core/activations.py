"""What the loops do with hidden units: activation, slope, dropout; `losses.ACTIVATIONS` says what there is."""

from __future__ import annotations

from l1gui.core.compiled import inlined
from l1gui.core.elementary import sigmoid, tanh
from l1gui.core.lanes import LANES, load, select, store, zeros
from l1gui.core.losses import RELU, SIGMOID, TANH


@inlined
def activate(code, values, start, stop):
    """Apply an activation to the values from `start` to `stop`, in place; computed in double, rounded to their type."""
    if code == TANH:
        for at in range(start, stop, LANES):
            store(values, at, tanh(load(values, at)))
    elif code == RELU:
        for at in range(start, stop, LANES):
            v = load(values, at)
            # Written so that NaN stays NaN: divergence must not hide behind a maximum.
            store(values, at, select(v < zeros(values), zeros(values), v))
    elif code == SIGMOID:
        for at in range(start, stop, LANES):
            store(values, at, sigmoid(load(values, at)))


@inlined
def times_slope(code, values, signals, start, stop):
    """Multiply signals by the activation's derivative, written in the activation's value."""
    one = values.dtype.type(1.0)
    if code == TANH:
        for at in range(start, stop, LANES):
            v = load(values, at)
            store(signals, at, load(signals, at) * ((one - v) * (one + v)))
    elif code == RELU:
        for at in range(start, stop, LANES):
            is_out = load(values, at) <= zeros(values)
            store(signals, at, select(is_out, zeros(values), load(signals, at)))
    elif code == SIGMOID:
        for at in range(start, stop, LANES):
            v = load(values, at)
            store(signals, at, load(signals, at) * (v * (one - v)))


@inlined
def drop(values, wholes, factors, start, stop):
    """Dropout: keep values as they are in `wholes`, and multiply them by their factors."""
    for at in range(start, stop, LANES):
        whole = load(values, at)
        store(wholes, at, whole)
        store(values, at, whole * load(factors, at))


@inlined
def drop_signals(signals, factors, start, stop):
    """Dropout on the way back: multiply signals by the factors of their units."""
    for at in range(start, stop, LANES):
        store(signals, at, load(signals, at) * load(factors, at))


@inlined
def finish_hidden(code, values, wholes, factors, start, stop, is_dropping):
    """Make hidden units' values, from `start` to `stop`, of their sums: activation, and dropout where there is some."""
    activate(code, values, start, stop)
    if is_dropping:
        drop(values, wholes, factors, start, stop)


@inlined
def finish_signals(code, values, wholes, factors, signals, start, stop, is_dropping):
    """Make signals by hidden units' sums of those by their values: `finish_hidden`, on the way back."""
    if is_dropping:
        drop_signals(signals, factors, start, stop)
        times_slope(code, wholes, signals, start, stop)
    else:
        times_slope(code, values, signals, start, stop)
