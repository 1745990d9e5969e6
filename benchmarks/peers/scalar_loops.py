"""A peer: the article's way, one number at a time: float32 NumPy arrays, and Python loops over their elements.

Own code in the article's style (it has one hidden layer and online training, and so has this).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from benchmarks.peers.serve import Floats, Job, Peer, flattened, serve


class ScalarLoops(Peer):
    """Loops over inputs, hidden units and outputs."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        if len(job.sizes) != 3 or job.batch != 1:
            raise SystemExit("missing one hidden layer and a row an update are all that the article's loops have")
        self.reset()

    def reset(self) -> None:
        (self.ih_weights, self.h_biases), (self.ho_weights, self.o_biases) = self.job.layers()

    def train(self, n_updates: int) -> None:
        for row in self.job.visits[:n_updates]:
            self._update(self.job.inputs[row], self.job.targets[row])

    def _forward(self, x: Floats) -> tuple[Floats, Floats]:
        n_in, n_hidden, n_out = self.job.sizes
        h, o = np.zeros(n_hidden, dtype=np.float32), np.zeros(n_out, dtype=np.float32)
        for j in range(n_hidden):
            total = np.float32(0.0)
            for i in range(n_in):
                total += x[i] * self.ih_weights[i, j]
            h[j] = math.tanh(total + self.h_biases[j])
        for k in range(n_out):
            total = np.float32(0.0)
            for j in range(n_hidden):
                total += h[j] * self.ho_weights[j, k]
            o[k] = total + self.o_biases[k]
        largest = max(o)
        powers = [math.exp(value - largest) for value in o]
        divisor = sum(powers)
        for k in range(n_out):
            o[k] = powers[k] / divisor
        return h, o

    def _update(self, x: Floats, t: Floats) -> None:
        _, n_hidden, n_out = self.job.sizes
        rate = np.float32(self.job.rate)
        h, o = self._forward(x)
        o_signals, h_signals = np.zeros(n_out, dtype=np.float32), np.zeros(n_hidden, dtype=np.float32)
        for k in range(n_out):
            derivative = (1 - o[k]) * o[k] if self.job.is_squared else 1
            o_signals[k] = (o[k] - t[k]) * derivative
        for j in range(n_hidden):
            total = np.float32(0.0)
            for k in range(n_out):
                total += o_signals[k] * self.ho_weights[j, k]
            h_signals[j] = total * (1 - h[j]) * (1 + h[j])
        self._step(self.ih_weights, x, h_signals)
        self._step(self.ho_weights, h, o_signals)
        for j in range(n_hidden):
            self.h_biases[j] -= rate * h_signals[j]
        for k in range(n_out):
            self.o_biases[k] -= rate * o_signals[k]

    def _step(self, weights: Floats, values: Floats, signals: Floats) -> None:
        rate, lam = np.float32(self.job.rate), np.float32(self.job.lam)
        has_penalty = self.job.lam > 0.0
        for i in range(weights.shape[0]):
            for j in range(weights.shape[1]):
                gradient = values[i] * signals[j]
                if has_penalty:
                    if weights[i, j] > 0.0:
                        gradient += lam
                    elif weights[i, j] < 0.0:
                        gradient -= lam
                weights[i, j] -= rate * gradient

    def parameters(self) -> npt.NDArray[np.float64]:
        return flattened([(self.ih_weights, self.h_biases), (self.ho_weights, self.o_biases)])


if __name__ == "__main__":
    serve(ScalarLoops)
