"""Getting the compiled loops ready, and falling back to uncompiled ones, visibly, where they cannot be had.

``python -m l1gui.core.warm`` fills the compile cache at set-up, so that the first launch trains at once.
"""

from __future__ import annotations

import sys
import threading
import time

import numpy as np

from l1gui.core import compiled, epochs, kernel, measures, mersenne
from l1gui.core.losses import CROSS_ENTROPY, SOFTMAX_OUTPUT, TANH
from l1gui.core.penalties import CUMULATIVE, L1_TERM

_lock = threading.Lock()
_notice: str | None = None


def compile_notice() -> str:
    """Why the loops run uncompiled, in a sentence for the user; empty when they are compiled or not needed yet."""
    return _notice or ""


def prepare() -> str:
    """Make the loops ready, once a process, and return `compile_notice`. Takes seconds when nothing is cached."""
    global _notice  # noqa: PLW0603 - one process has one set of loops
    with _lock:
        if _notice is None:
            _notice = _prepare()
        return _notice


def _prepare() -> str:
    if compiled.is_switched_off():
        return f"The training loops run uncompiled ({compiled.SWITCH} is off): correct, but far slower."
    expected = _exercise()
    for is_last_try in (False, True):
        try:
            compiled.switch_on()
            if not np.allclose(_exercise(), expected, rtol=1e-4, atol=1e-6):
                raise ArithmeticError("compiled and uncompiled loops disagree")  # noqa: TRY301 - same remedy as a crash
        except Exception as error:  # noqa: BLE001 - whatever stops the compiler, the program still trains
            compiled.switch_off()
            if is_last_try:
                cause = (str(error).splitlines() or [""])[0]
                return (
                    "The training loops run uncompiled, correct but far slower: Numba does not work here "
                    f"({type(error).__name__}: {cause})."
                )
            # Most often a damaged cache: once more without it.
            compiled.clear_cache()
        else:
            return ""
    return ""


def _exercise() -> list[float]:
    """Call every loop once on a 2-3-2 network, with the types that training uses, and return what they computed."""
    table = np.array([(2, 3, 8, 8, 0, 64, 8), (3, 2, 8, 8, 72, 136, 16)], dtype=np.int64)
    params = np.zeros(144, dtype=np.float32)
    for start, n_in, n_out in ((0, 2, 3), (72, 3, 2)):
        for i in range(n_in):
            params[start + 8 * i : start + 8 * i + n_out] = np.linspace(-0.5, 0.7, n_out) + 0.1 * i
    inputs = np.zeros((6, 8), dtype=np.float32)
    inputs[:, 0], inputs[:, 1] = np.linspace(-1, 1, 6), np.linspace(1, 0, 6) ** 2
    classes = np.array([0, 1, 0, 1, 1, 0], dtype=np.int64)
    targets = np.zeros((6, 8), dtype=np.float32)
    targets[np.arange(6), classes] = 1
    order = np.arange(6, dtype=np.int64)
    state = np.arange(625, dtype=np.int64)
    mersenne.shuffle(state, order)
    codes = np.array([2, CROSS_ENTROPY, TANH, SOFTMAX_OUTPUT, 0, 1], dtype=np.int64)
    numbers = np.array([0.1, 0.01, 0.5, 0.2, 0.1, 3.0, 0.01, 1e-3, 0.1, 0.2, 0.0])
    kernel.set_rate(numbers, 3)
    methods, terms = np.full(2, CUMULATIVE, dtype=np.int64), np.full(2, L1_TERM, dtype=np.int64)
    memory, centre, tally, stopping = np.zeros(144), params.copy(), np.zeros((2, 2)), np.array([3.0, 1e9, 0, 0, 0])
    scratch, gradients = np.zeros((kernel.N_SCRATCH, 24), dtype=np.float32), np.zeros(144, dtype=np.float32)
    pending, carried = gradients.copy(), np.zeros(1, dtype=np.int64)
    kernel.train_rows(
        params, table, inputs, targets, order, 0, 6, state, codes, numbers, methods, memory, centre, tally, pending,
        carried, scratch,
    )  # fmt: skip
    rows = (inputs, classes, targets) * 3
    measured, kept = np.zeros((1, len(measures.COLUMNS))), params.copy()
    epochs.train_epochs(
        params, table, rows, order, state, codes, numbers, methods, terms, memory, centre, tally, pending,
        carried, stopping, kept, scratch, gradients, measured,
    )  # fmt: skip
    measures.measure(params, table, rows, codes, numbers, terms, scratch, gradients, measured[0], True)
    measures.add_all_gradients(params, table, inputs, targets, codes, scratch, gradients)
    residual = measures.kkt_residual(params, table, gradients, terms, 0.01, 0.5)
    epochs.watch(stopping, 0.5, params, kept)
    checks = [float(kernel.all_finite(params)), float(epochs.is_kkt_due(20)), residual]
    out = np.zeros((6, 2), dtype=np.float32)
    kernel.predict_rows(params, table, codes, inputs, out, scratch, False)
    return [*params.tolist(), *order.tolist(), *measured[0].tolist(), *checks, *out.ravel().tolist()]


if __name__ == "__main__":
    started = time.monotonic()
    notice = prepare()
    sys.stdout.write(f"{notice or 'The training loops are compiled.'} ({time.monotonic() - started:.1f} s)\n")
