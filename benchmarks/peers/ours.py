"""Our engine as a peer: the one file of the benchmarks that reaches into it.

As it is, the updates alone: one call of the kernel on the visits of all epochs. With ``whole`` behind the folder, what
a run does: shuffle, update, and measure everything that the history keeps, epoch by epoch.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.peers.serve import Job, Peer, serve
from l1gui.core.network import Layout
from l1gui.core.task import Task
from l1gui.core.trainer import Trainer
from l1gui.settings import RunSettings

LONGEST = 1_000_000


def settings_of(job: Job, method: str = "") -> RunSettings:
    """The run's settings; `method` in place of the work's own."""
    # The start is given, but what would have been drawn for it comes before the order of the rows.
    has_biases = any(biases.any() for _, biases in job.layers())
    return RunSettings().with_values(
        initialization="uniform" if has_biases else "xavier",
        hidden=job.sizes[1:-1], activation="tanh", loss="squared-article" if job.is_squared else "cross-entropy",
        epochs=LONGEST, learn_rate=job.rate, batch=job.batch, seed=0, lam=job.lam,
        method=method or ("gradient" if job.lam else "none"),
    )  # fmt: skip


def trainer_of(job: Job, method: str = "", n_test: int = 40) -> Trainer:
    """A trainer at the work's start; its test rows are training rows, which cost the same."""
    classes = job.targets.argmax(axis=1).astype(np.int64)
    task = Task((job.inputs, classes), (job.inputs[:n_test], classes[:n_test]), job.sizes[-1])
    start = Layout(job.sizes).pack(*zip(*job.layers(), strict=True))
    return Trainer(settings_of(job, method), task, start)


class Kernel(Peer):
    """Updates alone, without shuffling and without measuring."""

    def __init__(self, job: Job, method: str = "") -> None:
        super().__init__(job)
        self.trainer = trainer_of(job, method)
        self._start = self.trainer.checkpoint()
        self._visits = job.visits.astype(np.int64)

    def prepare(self) -> None:
        self.train(min(10, self.job.n_updates))

    def reset(self) -> None:
        self.trainer.restore(self._start)

    def train(self, n_updates: int) -> None:
        visits = self._visits[: n_updates * self.job.batch]
        state: Any = replace(self.trainer._state, order=visits)  # noqa: SLF001 - beneath `advance`, which measures
        self.trainer._engine.train_rows(state, 0, len(visits))  # noqa: SLF001

    def parameters(self) -> npt.NDArray[np.float64]:
        return self.trainer.layout.parameters(self.trainer.params).astype(np.float64)


class Whole(Peer):
    """Epochs as a run has them; the trainer's own shuffle makes the work's order of rows."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.reset()

    def reset(self) -> None:
        self.trainer = trainer_of(self.job)

    def train(self, n_updates: int) -> None:
        self.trainer.advance(n_updates * self.job.batch)

    def parameters(self) -> npt.NDArray[np.float64]:
        return self.trainer.layout.parameters(self.trainer.params).astype(np.float64)


if __name__ == "__main__":
    is_whole = "whole" in sys.argv
    sys.argv = [word for word in sys.argv if word != "whole"]
    serve(Whole if is_whole else Kernel)
