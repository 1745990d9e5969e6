"""Peers beside each other: started, checked against the judge, and timed in turns, each round every peer once."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from benchmarks import judge
from benchmarks.roster import Kind, MissingError, Tools, command, environment
from benchmarks.works import Work

LONGEST_WHOLE_S = 3.0
"""Peers that need no longer for the whole work are compared at its end too."""
LOSS_TOLERANCE = 0.01
"""Largest difference of the loss at the end, as a share; over 100,000 updates roundings grow."""
QUIT_S = 20
LONGEST_ANSWER_S = 300
"""Time for compiling, or for a round."""


class Running:
    """A peer's process, ready to train one work."""

    def __init__(self, words: Sequence[str], kind: Kind, folder: Path) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [*words, str(folder), *(kind.words if not kind.module.endswith(".c") else ())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True, env=environment(kind),
            cwd=folder,
        )  # fmt: skip
        try:
            self._expect("ready")
        except MissingError:
            self.close()
            raise

    def _expect(self, word: str) -> list[str]:
        assert self._process.stdout is not None
        # One that hangs is ended, and says nothing then.
        limit = threading.Timer(LONGEST_ANSWER_S, self._process.kill)
        limit.start()
        line = self._process.stdout.readline()
        limit.cancel()
        if line.split()[:1] != [word]:
            self._process.wait(QUIT_S)
            self._errors.seek(0)
            said = (self._errors.read().decode(errors="replace").strip().splitlines() or ["nothing"])[-1]
            raise MissingError(said.removeprefix("missing ") or f"it ended with {self._process.returncode}")
        return line.split()[1:]

    def train(self, n_updates: int, n_times: int = 1, target: Path | None = None) -> tuple[float, float]:
        """CPU and wall seconds of training from the start, so many times; the parameters go to `target`."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"train {n_updates} {n_times} {target or '-'}\n")
        self._process.stdin.flush()
        cpu, wall = self._expect("done")
        return float(cpu), float(wall)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(QUIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()


@dataclass
class Result:
    """What was found of one peer on one work.

    Attributes
    ----------
    id, title, note : str
    is_ours : bool
    skipped : str
        Why it did not take part; empty when it did.
    n_updates, n_times : int
        Updates of a training, and trainings, in a round.
    us, wall_us : list of float
        Microseconds an update in each round: CPU time of the whole process, and elapsed.
    difference : float
        From the judge, after the work's `n_check` updates: `judge.difference`.
    loss, expected_loss : float or None
        At the end of the whole work, of the peer and of the judge; None where the whole work takes too long.
    agrees : bool
    """

    id: str
    title: str
    note: str = ""
    is_ours: bool = False
    skipped: str = ""
    n_updates: int = 0
    n_times: int = 0
    us: list[float] = field(default_factory=list)
    wall_us: list[float] = field(default_factory=list)
    difference: float = float("inf")
    loss: float | None = None
    expected_loss: float | None = None
    agrees: bool = False

    @property
    def median_us(self) -> float:
        """CPU microseconds an update."""
        return statistics.median(self.us) if self.us else float("nan")

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"median_us": self.median_us}


class Contest:
    """All peers on one work.

    Parameters
    ----------
    work : Work
    tools : Tools
    seconds : float
        About how long a peer trains in a round.
    say : callable
        Told what is being done.
    """

    def __init__(self, work: Work, tools: Tools, seconds: float, say: Callable[[str], None]) -> None:
        self.work = work
        self._tools, self._seconds, self._say = tools, seconds, say
        self._folder = tools.folder / work.id
        self._judged: dict[tuple[int, str], judge.Numbers] = {}
        work.write(self._folder)

    def run(self, kinds: Sequence[Kind], repeats: int) -> list[Result]:
        """Start, check and time them; those that cannot take part say why."""
        results, running = [], []
        try:
            for kind in kinds:
                result = Result(kind.id, kind.title, kind.note, kind.is_ours)
                results.append(result)
                self._say(f"{self.work.id}: {kind.id}")
                peer = self._started(kind, result)
                if peer is not None:
                    running.append((peer, result))
            for number in range(repeats):
                self._say(f"{self.work.id}: round {number + 1} of {repeats}")
                for peer, result in running:
                    cpu, wall = peer.train(result.n_updates, result.n_times)
                    result.us.append(cpu / (result.n_updates * result.n_times) * 1e6)
                    result.wall_us.append(wall / (result.n_updates * result.n_times) * 1e6)
        finally:
            for peer, _ in running:
                peer.close()
        return results

    def _started(self, kind: Kind, result: Result) -> Running | None:
        if self.work.id not in kind.works:
            result.skipped = "it cannot do this work"
            return None
        peer = None
        try:
            peer = Running(command(kind, self._tools), kind, self._folder)
            self._check(peer, kind, result)
        except MissingError as error:
            result.skipped = str(error)
            if peer is not None:
                peer.close()
            return None
        return peer

    def _check(self, peer: Running, kind: Kind, result: Result) -> None:
        """Compare with the judge, find out how long a round should be, and warm the peer up by that."""
        work, loss = self.work, kind.losses.get(self.work.id, "")
        target = self._folder / f"{kind.id}.f64"
        _, wall = peer.train(work.n_check, 1, target)
        result.difference = judge.difference(np.fromfile(target, dtype="<f8"), self._expected(work.n_check, loss))
        result.agrees = result.difference <= work.tolerance
        n_updates = work.n_check
        while wall < self._seconds / 8 and n_updates < work.n_updates:
            n_updates = min(work.n_updates, 4 * n_updates)
            _, wall = peer.train(n_updates)
        _, wall = peer.train(n_updates)
        each = wall / n_updates
        if each * work.n_updates <= LONGEST_WHOLE_S:
            _, wall = peer.train(work.n_updates, 1, target)
            each = wall / work.n_updates
            result.loss = judge.mean_loss(work, np.fromfile(target, dtype="<f8"), loss)
            result.expected_loss = judge.mean_loss(work, self._expected(work.n_updates, loss), loss)
            result.agrees &= abs(result.loss / result.expected_loss - 1) <= LOSS_TOLERANCE
        result.n_updates = max(1, min(work.n_updates, round(self._seconds / each)))
        result.n_times = max(1, round(self._seconds / (each * result.n_updates)))
        peer.train(result.n_updates, result.n_times)

    def _expected(self, n_updates: int, loss: str) -> judge.Numbers:
        key = (n_updates, loss)
        if key not in self._judged:
            self._judged[key] = judge.trained(self.work, n_updates, loss)
        return self._judged[key]
