"""Where the time of an update goes: the loops of `core/kernel.py` part by part, on works A and C.

Each part is measured twice: by what it adds to those before it, and by what is saved when it alone is left out. Where
one waits for the other the two differ: a part that is added may run while another waits, and one that is left out may
be what all wait for. The parts are the engine's own functions, compiled by the benchmark into loops that can leave some
out; what they compute is of no use then.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.measures import interleaved, job_of  # first: it limits the threads of what comes behind it

import numba  # isort: skip

from benchmarks.peers.ours import Kernel
from benchmarks.works import work
from l1gui.core import batches, build, kernel, online, outputs
from l1gui.core.entries import BLOCK, N_OUT, PAD_IN, PAD_OUT, VALUES_AT
from l1gui.core.losses import CROSS_ENTROPY, LINEAR, SOFTMAX_OUTPUT, SQUARED_ARTICLE, TANH

ROWS, TRANSPOSED, SUMS, TANHS, OUTPUTS, BACKWARD, GRADIENTS, UPDATE = (1 << k for k in range(8))
PARTS = {
    "rows": ROWS, "weights transposed": TRANSPOSED, "forward: products, biases": SUMS, "forward: tanh": TANHS,
    "outputs, signals": OUTPUTS, "backward": BACKWARD, "gradients": GRADIENTS, "update": UPDATE,
}  # fmt: skip


def run_online(parts, params, table, inputs, targets, order, numbers, methods, memory, centre, tally, pending, scratch):
    """`kernel.train_one_by_one`, the chosen parts."""
    values, wholes, factors, signals = scratch.values, scratch.wholes, scratch.factors, scratch.signals
    activation = TANH if parts & TANHS else LINEAR
    last = table[table.shape[0] - 1]
    for position in range(order.size):
        row = order[position]
        if parts & ROWS:
            kernel.take_row(inputs, row, table[0, PAD_IN], values, 0)
        if parts & SUMS:
            online.forward(params, table, activation, values, wholes, factors, False)
        if parts & OUTPUTS:
            at, goals_at, n_out = last[VALUES_AT], row * last[PAD_OUT], last[N_OUT]
            outputs.finish_row(SQUARED_ARTICLE, SOFTMAX_OUTPUT, values, at, targets, goals_at, signals, n_out)
        if parts & BACKWARD:
            online.backward(params, table, activation, values, wholes, factors, signals, False)
        if parts & GRADIENTS:
            online.set_gradients(table, values, signals, pending)
        if parts & UPDATE:
            kernel.update_layers(params, table, pending, methods, memory, centre, tally, numbers, False)


def run_batches(  # noqa: C901 - a branch a part
    parts, params, table, inputs, targets, order, numbers, methods, memory, centre, tally, pending, scratch
):
    """`kernel.train_in_batches` with batches of a block, the chosen parts."""
    values, wholes, factors, signals = scratch.values, scratch.wholes, scratch.factors, scratch.signals
    activation = TANH if parts & TANHS else LINEAR
    last = table[table.shape[0] - 1]
    width = last[PAD_OUT]
    share = kernel.share_of(BLOCK, params)
    for start in range(0, order.size - BLOCK + 1, BLOCK):
        if parts & ROWS:
            for r in range(BLOCK):
                kernel.take_row(inputs, order[start + r], table[0, PAD_IN], values, r * table[0, PAD_IN])
                kernel.take_row(targets, order[start + r], width, scratch.targets, r * width)
        if parts & TRANSPOSED:
            batches.transpose_weights(params, table, scratch.transposed)
        if parts & SUMS:
            batches.forward_block(params, table, activation, values, wholes, factors, BLOCK, False, True)
        if parts & OUTPUTS:
            kernel.finish_block(CROSS_ENTROPY, SOFTMAX_OUTPUT, last, BLOCK, scratch)
        if parts & BACKWARD:
            batches.backward_block(
                scratch.transposed, table, activation, values, wholes, factors, signals, BLOCK, False, True
            )
        if parts & GRADIENTS:
            batches.add_gradients(table, values, signals, pending, BLOCK, True, share, True)
        if parts & UPDATE:
            kernel.update_layers(params, table, pending, methods, memory, centre, tally, numbers, False)


def profile(folder: Path, repeats: int, work_id: str, run: Any, names: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Microseconds of an update by part: added to the ones before, and saved where it is left out."""
    peer = Kernel(job_of(folder, work(work_id)))
    engine, state = peer.trainer._engine, peer.trainer._state  # noqa: SLF001 - beneath the trainer
    build.register_parts()
    options = {name: value for name, value in build.OPTIONS.items() if not name.endswith("wrapper")}
    fast = numba.njit(**options)(run)
    visits = peer._visits[: 20_000 * peer.job.batch]  # noqa: SLF001
    n_updates = len(visits) // peer.job.batch

    def with_parts(parts: int) -> Any:
        def call() -> None:
            peer.reset()
            fast(
                parts, state.params, engine._table, engine._rows[0], engine._rows[2], visits,  # noqa: SLF001
                engine._numbers, engine._methods, state.memory, state.centre, state.tally, state.pending,  # noqa: SLF001
                engine._scratch,  # noqa: SLF001
            )  # fmt: skip

        return call

    every = sum(PARTS[name] for name in names)
    runs = {"all": with_parts(every)}
    so_far = 0
    for name in names:
        so_far |= PARTS[name]
        runs[f"to {name}"] = with_parts(so_far)
        runs[f"not {name}"] = with_parts(every & ~PARTS[name])
    found = {name: seconds / n_updates * 1e6 for name, seconds in interleaved(runs, repeats).items()}
    before, rows = 0.0, {}
    for name in names:
        rows[name] = {"added us": found[f"to {name}"] - before, "left out us": found["all"] - found[f"not {name}"]}
        before = found[f"to {name}"]
    return rows | {"all": {"added us": found["all"], "left out us": found["all"]}}


def online_profile(folder: Path, repeats: int) -> dict[str, dict[str, float]]:
    """Work A."""
    return profile(folder, repeats, "A", run_online, tuple(name for name in PARTS if name != "weights transposed"))


def batch_profile(folder: Path, repeats: int) -> dict[str, dict[str, float]]:
    """Work C."""
    return profile(folder, repeats, "C", run_batches, tuple(PARTS))
