"""A peer: vectorised NumPy, written for speed: whole batches, results into arrays that are there already."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from benchmarks.peers.serve import Floats, Job, Peer, flattened, serve


class NumPyVectors(Peer):
    """Matrix products and element-wise functions on a batch."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._rate, self._lam = np.float32(job.rate), np.float32(job.lam)
        self._share = np.float32(1.0 / job.batch)
        self.reset()

    def reset(self) -> None:
        self._layers = self.job.layers()
        self._steps = [(np.empty_like(w), np.empty_like(b)) for w, b in self._layers]

    def train(self, n_updates: int) -> None:
        job = self.job
        for rows in job.visits[: n_updates * job.batch].reshape(n_updates, job.batch):
            self._update(job.inputs[rows], job.targets[rows])

    def _update(self, x: Floats, t: Floats) -> None:
        values = [x]
        for w, b in self._layers[:-1]:
            z = values[-1] @ w
            z += b
            values.append(np.tanh(z, out=z))
        w, b = self._layers[-1]
        o = values[-1] @ w
        o += b
        o -= o.max(axis=1, keepdims=True)
        np.exp(o, out=o)
        o /= o.sum(axis=1, keepdims=True)
        signals = o - t
        if self.job.is_squared:
            signals *= (1 - o) * o
        signals *= self._share
        for layer in range(len(values) - 1, -1, -1):
            (w, b), (step, bias_step), value = self._layers[layer], self._steps[layer], values[layer]
            np.matmul(value.T, signals, out=step)
            np.sum(signals, axis=0, out=bias_step)
            if layer:
                signals = signals @ w.T
                signals *= 1 - value * value
            if self._lam:
                step += self._lam * np.sign(w)
            step *= self._rate
            bias_step *= self._rate
            w -= step
            b -= bias_step

    def parameters(self) -> npt.NDArray[np.float64]:
        return flattened(self._layers)


if __name__ == "__main__":
    serve(NumPyVectors)
