"""A peer: JAX, its updates in a compiled scan; a call makes an epoch, or with ``run`` behind the folder many of them.

The gradients are written out, which is no slower than automatic ones and allows the article's output signal. XLA fuses
multiplications with additions, unasked.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.peers.serve import Job, Peer, flattened, serve

os.environ["XLA_FLAGS"] = " ".join(
    ["--xla_cpu_multi_thread_eigen=false", "intra_op_parallelism_threads=1", os.environ.get("XLA_FLAGS", "")]
)
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp

LARGEST_CALL = 10_000


@partial(jax.jit, static_argnums=(0, 1, 2), donate_argnums=3)
def updates(is_squared: bool, rate: float, lam: float, layers: Any, inputs: Any, targets: Any, rows: Any) -> Any:
    """Parameters after an update from each batch of `rows`, shape (n_updates, batch)."""

    def update(layers: Any, batch: Any) -> Any:
        x, t = batch
        values = [x]
        for w, b in layers[:-1]:
            values.append(jnp.tanh(values[-1] @ w + b))
        o = jax.nn.softmax(values[-1] @ layers[-1][0] + layers[-1][1])
        signals = (o - t) / x.shape[0]
        if is_squared:
            signals = signals * (1 - o) * o
        stepped = []
        for (w, b), value in zip(reversed(layers), reversed(values), strict=True):
            gradient = value.T @ signals
            if lam:
                gradient += lam * jnp.sign(w)
            stepped.append((w - rate * gradient, b - rate * signals.sum(axis=0)))
            signals = (signals @ w.T) * (1 - value * value)
        return stepped[::-1], None

    return jax.lax.scan(update, layers, (inputs[rows], targets[rows]))[0]


class JaxScan(Peer):
    """Calls of an epoch each, and what is left over of one in tens and ones; each length is compiled once."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._inputs, self._targets = jnp.asarray(job.inputs), jnp.asarray(job.targets)
        self._visits = job.visits.reshape(job.n_updates, job.batch)
        epoch = job.n_rows // job.batch
        self._calls = (*self.longer_calls(epoch), epoch, 10, 1)
        self.reset()

    def longer_calls(self, _epoch: int) -> tuple[int, ...]:
        """Updates of calls of more than an epoch."""
        return ()

    def reset(self) -> None:
        self._layers = [(jnp.asarray(w), jnp.asarray(b)) for w, b in self.job.layers()]

    def prepare(self) -> None:
        for call in self._calls:
            self.train(min(call, self.job.n_updates))
            self.reset()

    def train(self, n_updates: int) -> None:
        job, at = self.job, 0
        while at < n_updates:
            call = next(call for call in self._calls if call <= n_updates - at)
            rows = self._visits[at : at + call]
            self._layers = updates(job.is_squared, job.rate, job.lam, self._layers, self._inputs, self._targets, rows)
            at += call
        jax.block_until_ready(self._layers)

    def parameters(self) -> npt.NDArray[np.float64]:
        return flattened(self._layers)


class WholeRun(JaxScan):
    """Calls of as many epochs as there are."""

    def longer_calls(self, epoch: int) -> tuple[int, ...]:
        return tuple(n * epoch for n in (100, 10) if n * epoch <= LARGEST_CALL)


if __name__ == "__main__":
    is_run = "run" in sys.argv
    sys.argv = [word for word in sys.argv if word != "run"]
    serve(WholeRun if is_run else JaxScan)
