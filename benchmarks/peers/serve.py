"""What the peers written in Python share: the files of a work, and the conversation with the benchmark.

A peer is a program of its own that gets a work's folder, says "ready", and then obeys lines on standard input:
``train UPDATES TIMES PATH`` trains so many updates from the start, so many times over, writes the parameters to PATH
as double precision (unless it is "-") and answers ``done CPU_SECONDS WALL_SECONDS``. The CPU time is that of the whole
process, all threads included. With ``--once`` it trains the works in the folders that follow and ends.
"""

from __future__ import annotations

import os
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "NPROC")
ONE_THREAD = dict.fromkeys(LIMITS, "1")
"""Environment in which no library starts more threads than one."""
os.environ.update(ONE_THREAD)

import numpy as np  # noqa: E402 - after the limits, which it reads when it is imported
import numpy.typing as npt  # noqa: E402

Floats = npt.NDArray[np.float32]


class Job:
    """A work as its files tell it.

    Attributes
    ----------
    sizes : tuple of int
    batch, n_rows : int
    rate, lam : float
    is_squared : bool
        Whether the output signal is the article's, (o - t)(1 - o) o; else it is the cross-entropy's, o - t.
    inputs, targets : float32 arrays of shapes (n_rows, n_inputs) and (n_rows, n_outputs)
    start : float32 array of shape (n_parameters,)
    visits : int32 array of shape (n_epochs * n_rows,)
    """

    def __init__(self, folder: Path) -> None:
        lines = (line.split() for line in (folder / "work.txt").read_text(encoding="ascii").splitlines())
        told = {name: values for name, *values in lines}
        self.sizes = tuple(map(int, told["sizes"]))
        self.batch, self.n_rows = int(told["batch"][0]), int(told["rows"][0])
        self.rate, self.lam = float(told["rate"][0]), float(told["lam"][0])
        self.is_squared = told["loss"][0] == "0"
        self.inputs = np.fromfile(folder / "inputs.f32", dtype="<f4").reshape(self.n_rows, self.sizes[0])
        self.targets = np.fromfile(folder / "targets.f32", dtype="<f4").reshape(self.n_rows, self.sizes[-1])
        self.start: Floats = np.fromfile(folder / "start.f32", dtype="<f4")
        self.visits = np.fromfile(folder / "visits.i32", dtype="<i4")

    @property
    def n_updates(self) -> int:
        """Updates from start to end."""
        return len(self.visits) // self.batch

    def layers(self) -> list[tuple[Floats, Floats]]:
        """Copies of the start's weights and biases, per layer."""
        layers, at = [], 0
        for n_in, n_out in pairwise(self.sizes):
            weights = self.start[at : at + n_in * n_out].reshape(n_in, n_out).copy()
            at += n_in * n_out
            layers.append((weights, self.start[at : at + n_out].copy()))
            at += n_out
        return layers


def flattened(layers: list[tuple[Any, Any]]) -> npt.NDArray[np.float64]:
    """One flat vector of weights and biases per layer."""
    return np.concatenate([np.asarray(part, dtype=np.float64).ravel() for layer in layers for part in layer])


class Peer(ABC):
    """One way to train.

    Parameters
    ----------
    job : Job
        What to train.
    """

    def __init__(self, job: Job) -> None:
        self.job = job

    def prepare(self) -> None:  # noqa: B027 - most have nothing to prepare
        """Compile what is to be compiled."""

    @abstractmethod
    def reset(self) -> None:
        """Back to the start; not timed."""

    @abstractmethod
    def train(self, n_updates: int) -> None:
        """Make so many updates from the start; timed, so it returns when they are done."""

    @abstractmethod
    def parameters(self) -> npt.NDArray[np.float64]:
        """The flat vector as it is now."""


def serve(make: Callable[[Job], Peer]) -> None:
    """Obey until standard input ends."""
    words = sys.argv[1:]
    if words and words[0] == "--once":
        for folder in words[1:]:
            peer = make(Job(Path(folder)))
            peer.reset()
            peer.train(peer.job.n_updates)
            print(f"{np.abs(peer.parameters()).sum():.4f}")
        return
    peer = make(Job(Path(words[0])))
    peer.prepare()
    print("ready", flush=True)
    for line in sys.stdin:
        _, n_updates, n_times, path = line.split()
        cpu = wall = 0.0
        for _ in range(int(n_times)):
            peer.reset()
            cpu_before, wall_before = time.process_time(), time.perf_counter()
            peer.train(int(n_updates))
            cpu, wall = cpu + time.process_time() - cpu_before, wall + time.perf_counter() - wall_before
        if path != "-":
            peer.parameters().astype("<f8").tofile(path)
        print(f"done {cpu:.9f} {wall:.9f}", flush=True)
