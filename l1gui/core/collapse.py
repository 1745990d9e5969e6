"""Where lambda kills a network: the collapse found by short runs from a given start, and the bound that is provable."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from l1gui.core.trainer import Trainer
from l1gui.settings import RunSettings

LEAST, MOST = 1e-5, 0.5
"""Lambdas between which the collapse is looked for; above the second none is needed, see `zero_bound`."""
N_RUNS = 12
FIRST_EPOCHS = 32
PATIENCE_FACTOR = 3
"""Near the collapse a network takes longer to learn than without a penalty; so many times as long it may."""

Build = Callable[[RunSettings], Trainer]


class CancelledError(Exception):
    """Nobody wants the result any more."""


@dataclass(frozen=True, slots=True)
class Collapse:
    """What `find_collapse` found.

    Attributes
    ----------
    lam : float or None
        The smallest lambda from which on the network dies; None when there is none, or none can be told.
    epochs : int
        Length of the short runs.
    reason : str
        Why there is none; empty when there is one.
    """

    lam: float | None
    epochs: int
    reason: str = ""


def is_dead(trainer: Trainer) -> bool:
    """Whether the network gives the same class, or the same number, to every training row."""
    shares = trainer.train_shares()
    answers = shares.argmax(axis=1) if shares.shape[1] > 1 else shares[:, 0]
    return bool((answers == answers[0]).all())


def _ends_dead(trainer: Trainer, is_cancelled: Callable[[], bool]) -> bool:
    while not trainer.stopped:
        if is_cancelled():
            raise CancelledError
        trainer.advance(trainer.layout.slice_rows)
    return trainer.stopped == "diverged" or is_dead(trainer)


def find_collapse(settings: RunSettings, build: Build, is_cancelled: Callable[[], bool]) -> Collapse:
    """Bisect lambda, on a logarithmic scale, for the edge beyond which training from this start dies.

    Parameters
    ----------
    settings : RunSettings
        Of the run; its lambda does not matter, and early stopping is left out.
    build : callable
        Makes a trainer of settings, always from the same start.
    is_cancelled : callable
        Looked at between slices of training.

    Raises
    ------
    CancelledError
        When `is_cancelled` says so.
    """
    settings = settings.with_values(patience=0)
    most = settings.training.epochs

    def dies(lam: float, epochs: int) -> bool:
        return _ends_dead(build(settings.with_values(lam=lam, epochs=epochs)), is_cancelled)

    epochs = min(FIRST_EPOCHS, most)
    while dies(0.0, epochs):
        if epochs >= most:
            return Collapse(None, epochs, f"without a penalty it does not learn within {epochs:,} epochs either")
        epochs = min(2 * epochs, most)
    epochs = min(PATIENCE_FACTOR * epochs, most)
    if not dies(MOST, epochs):
        return Collapse(None, epochs, f"it learns at every lambda up to {MOST:g}")
    low, high = math.log(LEAST), math.log(MOST)
    for _ in range(N_RUNS):
        middle = 0.5 * (low + high)
        if dies(math.exp(middle), epochs):
            high = middle
        else:
            low = middle
    return Collapse(math.exp(high), epochs)


def zero_bound(classes: npt.NDArray[np.int64]) -> float:
    """Lambda from which on the all-zero network is provably the best: max over classes of 2 p (1 - p).

    p are the shares of the classes. Proved for cross-entropy and tanh, all weights penalised by L1; never above 0.5.
    """
    shares = np.bincount(classes) / max(1, len(classes))
    return float((2.0 * shares * (1.0 - shares)).max(initial=0.0))
