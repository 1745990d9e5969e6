"""The works that engine and peers do: rows, start and visiting order, as arrays and as files that any language reads.

A folder holds `work.txt` (a name and its numbers on each line), and raw little-endian arrays: `inputs.f32`,
`targets.f32` (one-hot), `start.f32` (per layer the weights, a row per input, then the biases) and `visits.i32`: the
rows of all epochs, one after the other, as Python's own shuffle orders them. Batches never reach over an epoch's end.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

TITLES = {
    "A": "article: 10-8-4, online",
    "A-L1": "article with L1: 10-8-4, online, lambda 0.001",
    "B": "circle: 2-8-8-2, batch 10",
    "C": "digits: 64-128-64-10, batch 32",
}
LOSS_CODES = {"squared-article": 0, "cross-entropy": 1}


@dataclass(frozen=True, eq=False)
class Work:
    """One training from start to end.

    Attributes
    ----------
    id : str
        Name on the command line; what it is, see `TITLES`.
    sizes : tuple of int
        Layer sizes, inputs first; tanh inside, a softmax at the end.
    batch, epochs : int
        Rows an update, passes over the rows.
    rate, lam : float
        Learning rate; strength of the L1 term in the gradient, 0 for none.
    loss : str
        A key of `LOSS_CODES`.
    inputs, classes : arrays of shapes (n_rows, n_inputs) and (n_rows,)
        float32 and int64.
    test : (array, array)
        Further rows, likewise.
    bound : float
        The start is uniform in +- this, biases too; 0 for Xavier's start, biases 0.
    n_check : int
        Updates after which the weights are compared.
    tolerance : float
        Largest difference of a weight that counts as agreement, as a share of the largest weight.
    """

    id: str
    sizes: tuple[int, ...]
    batch: int
    epochs: int
    rate: float
    lam: float
    loss: str
    inputs: npt.NDArray[np.float32]
    classes: npt.NDArray[np.int64]
    test: tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]
    bound: float
    n_check: int
    tolerance: float = 1e-4

    @property
    def n_rows(self) -> int:
        """Number of training rows."""
        return len(self.classes)

    @property
    def n_updates(self) -> int:
        """Updates from start to end."""
        return self.epochs * self.n_rows // self.batch

    @property
    def targets(self) -> npt.NDArray[np.float32]:
        """One-hot classes, shape (n_rows, n_outputs)."""
        return np.eye(self.sizes[-1], dtype=np.float32)[self.classes]

    def start_and_visits(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]:
        """The flat start and all visits, both from one stream of random numbers, as the article draws them."""
        source = random.Random(0)
        parts: list[float] = []
        for n_in, n_out in pairwise(self.sizes):
            bound = self.bound or math.sqrt(6.0 / (n_in + n_out))
            parts += [2.0 * bound * source.random() - bound for _ in range(n_in * n_out)]
            parts += [2.0 * bound * source.random() - bound if self.bound else 0.0 for _ in range(n_out)]
        order, visits = list(range(self.n_rows)), np.empty((self.epochs, self.n_rows), dtype="<i4")
        for epoch in range(self.epochs):
            source.shuffle(order)
            visits[epoch] = order
        return np.array(parts, dtype="<f4"), visits.ravel()

    def write(self, folder: Path) -> None:
        """Write the files that peers read."""
        folder.mkdir(parents=True, exist_ok=True)
        start, visits = self.start_and_visits()
        lines = {
            "sizes": " ".join(map(str, self.sizes)), "batch": self.batch, "loss": LOSS_CODES[self.loss],
            "rate": self.rate, "lam": self.lam, "rows": self.n_rows, "visits": len(visits),
        }  # fmt: skip
        text = "".join(f"{name} {value}\n" for name, value in lines.items())
        (folder / "work.txt").write_text(text, encoding="ascii")
        for name, array in (("inputs.f32", self.inputs), ("targets.f32", self.targets), ("start.f32", start)):
            np.ascontiguousarray(array, dtype="<f4").tofile(folder / name)
        visits.tofile(folder / "visits.i32")


def _article() -> Work:
    from l1gui.data.article import article_data  # noqa: PLC0415 - peers in other environments do without l1gui

    data = article_data(0)
    return Work(
        id="A", sizes=(10, 8, 4), batch=1, epochs=500, rate=0.01, lam=0.0,
        loss="squared-article", inputs=data.train_inputs, classes=data.train_targets,
        test=(data.test_inputs, data.test_targets), bound=0.01, n_check=2_000,
    )  # fmt: skip


def _article_l1() -> Work:
    # A weight at zero goes to one side or the other by a rounding, and is 2 * rate * lam off then.
    return replace(_article(), id="A-L1", lam=1e-3, tolerance=1e-3)


def _circle() -> Work:
    from l1gui.data.shapes import planar_data  # noqa: PLC0415
    from l1gui.settings import DataSettings  # noqa: PLC0415

    data = planar_data("circle", DataSettings(source="circle", rows=200, noise=0.05), 0)
    return Work(
        id="B", sizes=(2, 8, 8, 2), batch=10, epochs=500, rate=0.1, lam=0.0,
        loss="cross-entropy", inputs=data.train_inputs, classes=data.train_targets,
        test=(data.test_inputs, data.test_targets), bound=0.0, n_check=400,
    )  # fmt: skip


def _digits() -> Work:
    from l1gui.resources import resource  # noqa: PLC0415

    table = np.loadtxt(resource("tables") / "digits.csv", delimiter=",", skiprows=1)
    inputs, classes = (table[:, :-1] / 16.0).astype(np.float32), table[:, -1].astype(np.int64)
    n_train = 1_536  # whole batches; no more is needed of the 1,797
    return Work(
        id="C", sizes=(64, 128, 64, 10), batch=32, epochs=20, rate=0.1,
        lam=0.0, loss="cross-entropy", inputs=inputs[:n_train], classes=classes[:n_train],
        test=(inputs[n_train:], classes[n_train:]), bound=0.0, n_check=48,
    )  # fmt: skip


WORKS: dict[str, Callable[[], Work]] = {"A": _article, "A-L1": _article_l1, "B": _circle, "C": _digits}


@cache
def work(work_id: str) -> Work:
    """The work of that name."""
    return WORKS[work_id]()
