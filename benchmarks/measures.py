"""What is measured of the engine alone: metrics, boundary grid, threads, methods, scaling. CPU times, medians.

Each function runs in a process of its own, ``python -m benchmarks.measures NAME FOLDER REPEATS``, that prints JSON.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.peers.serve import Job  # first: it limits the threads of what comes behind it

import numpy as np  # isort: skip

from benchmarks.peers.ours import Kernel, Whole, trainer_of
from benchmarks.works import Work, work
from l1gui.core import mersenne
from l1gui.core.penalties import METHODS
from l1gui.core.record import BoundaryRequest

SIZES = (
    (10, 8, 4), (16, 16, 4), (24, 24, 8), (32, 32, 8), (64, 64, 10), (96, 96, 10), (64, 128, 64, 10), (256, 256, 10),
)  # fmt: skip
"""Networks of the scaling plot, from the article's to the largest."""
SCALING_S = 0.1


def job_of(folder: Path, made: Work) -> Job:
    """A work's files, read back as peers read them."""
    made.write(folder / made.id)
    return Job(folder / made.id)


def cpu_seconds(run: Callable[[], object]) -> float:
    """CPU seconds of one call, of this thread."""
    started = time.thread_time()
    run()
    return time.thread_time() - started


def interleaved(runs: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median CPU seconds of each, measured in turns after a first call each."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(repeats):
        for name, run in runs.items():
            times[name].append(cpu_seconds(run))
    return {name: statistics.median(each) for name, each in times.items()}


def metrics(folder: Path, repeats: int) -> dict[str, float]:
    """What measuring every epoch adds to the article's epoch, in percent of shuffle and updates."""
    job = job_of(folder, work("A"))
    n_epochs = 100
    kernel, whole = Kernel(job), Whole(job)
    order, state = np.arange(job.n_rows), mersenne.mersenne_state(random.Random(0))

    def shuffle(order: Any) -> Callable[[], None]:
        def run_shuffle() -> None:
            for _ in range(n_epochs):
                mersenne.shuffle(state, order)

        return run_shuffle

    def run_whole() -> None:
        whole.train(n_epochs * job.n_rows)

    def run_kernel() -> None:
        kernel.train(n_epochs * job.n_rows)

    shuffles = {"shuffle": shuffle(order), "calls": shuffle(order[:1].copy())}
    found = interleaved({"updates": run_kernel, "whole": run_whole, **shuffles}, repeats)
    found["shuffle"] -= found["calls"]  # an epoch of a run shuffles without calls from Python
    bare = found["updates"] + found["shuffle"]
    return {
        "updates_us": found["updates"] / n_epochs * 1e6,
        "shuffle_us": found["shuffle"] / n_epochs * 1e6,
        "whole_us": found["whole"] / n_epochs * 1e6,
        "metrics_percent": 100.0 * (found["whole"] - bare) / bare,
    }


def grid(folder: Path, repeats: int) -> dict[str, float]:
    """Milliseconds of a boundary of 100 x 100 points, 2-8-8-2."""
    trainer = trainer_of(job_of(folder, work("B")))
    trainer.advance(2_000)
    found = interleaved({"grid": lambda: trainer.boundary(BoundaryRequest(resolution=100))}, 5 * repeats)
    return {"grid_ms": 1e3 * found["grid"]}


def threads(folder: Path, repeats: int) -> dict[str, float]:
    """How many times the throughput of one thread two have, by the clock; both cores must be free for it."""
    job = job_of(folder, work("A"))
    trainers = [trainer_of(job), trainer_of(job)]
    n_rows = 500 * job.n_rows

    def elapsed(n_threads: int) -> float:
        workers = [threading.Thread(target=trainer.advance, args=(n_rows,)) for trainer in trainers[:n_threads]]
        started = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return time.perf_counter() - started

    elapsed(2)
    ratios = [2.0 * elapsed(1) / elapsed(2) for _ in range(repeats)]
    return {"throughput_of_two": statistics.median(ratios), "best": max(ratios)}


def methods(folder: Path, repeats: int) -> dict[str, dict[str, float]]:
    """Every penalty method on work A, updates alone, beside `none`."""
    made = work("A-L1")
    job, n_updates = job_of(folder, made), 20_000
    kernels = {name: Kernel(job, name) for name in METHODS}

    def run(kernel: Kernel) -> Callable[[], None]:
        def trained() -> None:
            kernel.reset()
            kernel.train(n_updates)

        return trained

    found = interleaved({name: run(kernel) for name, kernel in kernels.items()}, repeats)
    return {
        name: {"us": seconds / n_updates * 1e6, "ratio": seconds / found["none"]} for name, seconds in found.items()
    }


@dataclass(frozen=True)
class Point:
    """A network of the scaling plot."""

    sizes: str
    parameters: int
    online_ns: float
    batch_ns: float


def random_work(sizes: tuple[int, ...], batch: int, n_updates: int) -> Work:
    """A work of this shape on rows that mean nothing; 320 rows, so that small and large networks see as many."""
    generator = np.random.default_rng(0)
    inputs = generator.uniform(-1, 1, (320, sizes[0])).astype(np.float32)
    classes = generator.integers(0, sizes[-1], 320)
    return Work(
        id=f"{'-'.join(map(str, sizes))}-{batch}", sizes=sizes, batch=batch,
        epochs=max(1, n_updates * batch // 320), rate=0.01, lam=0.0, loss="cross-entropy", inputs=inputs,
        classes=classes, test=(inputs[:0], classes[:0]), bound=0.0, n_check=1,
    )  # fmt: skip


def scaling(folder: Path, repeats: int) -> list[dict[str, Any]]:
    """Nanoseconds per parameter and row, online and in batches of 32, for growing networks."""
    points = []
    for sizes in SIZES:
        n_parameters = sum((a + 1) * b for a, b in pairwise(sizes))
        each = {}
        for batch in (1, 32):
            trial = Kernel(job_of(folder, random_work(sizes, batch, 320 // batch)))
            trial.train(trial.job.n_updates)
            seconds = cpu_seconds(lambda trial=trial: trial.train(trial.job.n_updates)) / trial.job.n_updates
            kernel = Kernel(job_of(folder, random_work(sizes, batch, int(SCALING_S / seconds))))
            n = kernel.job.n_updates
            found = interleaved({"run": lambda kernel=kernel, n=n: kernel.train(n)}, repeats)
            each[batch] = found["run"] / (n * batch * n_parameters) * 1e9
        points.append(vars(Point("-".join(map(str, sizes)), n_parameters, each[1], each[32])))
    return points


def profile(folder: Path, repeats: int) -> dict[str, dict[str, float]]:
    """Where the time of an update on work A goes."""
    from benchmarks.profile import online_profile  # noqa: PLC0415 - loads the compiler

    return online_profile(folder, repeats)


def profile_batch(folder: Path, repeats: int) -> dict[str, dict[str, float]]:
    """Where the time of an update on work C goes."""
    from benchmarks.profile import batch_profile  # noqa: PLC0415 - loads the compiler

    return batch_profile(folder, repeats)


MEASURES: dict[str, Callable[[Path, int], Any]] = {
    "metrics": metrics, "grid": grid, "threads": threads, "methods": methods, "scaling": scaling, "profile": profile,
    "profile-batch": profile_batch,
}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
