"""A peer: scikit-learn's MLPClassifier, an epoch a call of partial_fit, its start and order of rows set to the work's.

As it is, it shuffles the rows itself; with ``as-given`` behind the folder they are handed over in order, which spares
it the picking of each batch. It has no squared error for classes, so it trains on cross-entropy whatever the work's
loss, and no L1 penalty.
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPClassifier

from benchmarks.peers.serve import Job, Peer, flattened, serve


class Order(np.random.RandomState):
    """Shuffles as it is told."""

    rows: npt.NDArray[np.int32]

    def shuffle(self, x: npt.NDArray[np.intp]) -> None:  # type: ignore[override]
        x[:] = self.rows[: len(x)]
        self.rows = self.rows[len(x) :]


class ScikitLearn(Peer):
    """Stochastic gradient descent with neither momentum nor penalty."""

    is_shuffling = True

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        if job.lam:
            raise SystemExit("missing scikit-learn's network has no L1 penalty")
        self._order = Order()
        self._mlp = MLPClassifier(
            job.sizes[1:-1], activation="tanh", solver="sgd", alpha=0.0, batch_size=job.batch,
            shuffle=self.is_shuffling, learning_rate="constant", learning_rate_init=job.rate, momentum=0.0,
            nesterovs_momentum=False, random_state=self._order,
        )  # fmt: skip
        # One-hot targets are several labels to it; the softmax set below makes one choice of them.
        self._targets = job.targets.astype(int)
        self.reset()

    def reset(self) -> None:
        job, mlp = self.job, self._mlp
        self._order.rows = np.arange(job.batch, dtype=np.int32)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            mlp.partial_fit(job.inputs[: job.batch], self._targets[: job.batch], classes=np.arange(job.sizes[-1]))
        mlp.out_activation_ = "softmax"
        layers = job.layers()
        for own, (weights, _) in zip(mlp.coefs_, layers, strict=True):
            own[...] = weights
        for own, (_, biases) in zip(mlp.intercepts_, layers, strict=True):
            own[...] = biases
        self._order.rows = job.visits

    def train(self, n_updates: int) -> None:
        job = self.job
        for at in range(0, n_updates * job.batch, job.n_rows):
            rows = job.visits[at : min(n_updates * job.batch, at + job.n_rows)]
            if self.is_shuffling and len(rows) == job.n_rows:
                self._mlp.partial_fit(job.inputs, self._targets)
            else:
                self._order.rows = np.arange(len(rows), dtype=np.int32)
                self._mlp.partial_fit(job.inputs[rows], self._targets[rows])

    def parameters(self) -> npt.NDArray[np.float64]:
        return flattened(list(zip(self._mlp.coefs_, self._mlp.intercepts_, strict=True)))


class AsGiven(ScikitLearn):
    """Without a shuffle of its own."""

    is_shuffling = False


if __name__ == "__main__":
    is_as_given = "as-given" in sys.argv
    sys.argv = [word for word in sys.argv if word != "as-given"]
    serve(AsGiven if is_as_given else ScikitLearn)
