"""Where lambda kills a network: the collapse found by short runs from a given start (what is provable: `bounds`)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from l1gui.core.trainer import Trainer
from l1gui.settings import RunSettings

MOST, DEPTH = 0.5, 5e4
"""Lambda up to which the collapse of classes is looked for, none being needed above (`bounds.zero_bound`); and the
ratio of this end to the other."""
DEAD_SPREAD = 0.01
"""Numbers that vary less than this share of the true ones are one number to the eye."""
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
    """Whether the network gives the same class, or as good as the same number, to every training row."""
    shares = trainer.train_shares()
    if shares.shape[1] == 1:
        return float(np.std(shares, dtype=np.float64)) <= DEAD_SPREAD * trainer.target_spread
    answers = shares.argmax(axis=1)
    return bool((answers == answers[0]).all())


def _ends_dead(trainer: Trainer, is_cancelled: Callable[[], bool]) -> bool:
    while not trainer.stopped:
        if is_cancelled():
            raise CancelledError
        trainer.advance(trainer.layout.slice_rows)
    return trainer.stopped == "diverged" or is_dead(trainer)


def find_collapse(
    settings: RunSettings, build: Build, is_cancelled: Callable[[], bool], most: float = MOST
) -> Collapse:
    """Bisect lambda, on a logarithmic scale, for the edge beyond which training from this start dies.

    Parameters
    ----------
    settings : RunSettings
        Of the run; its lambda does not matter, and early stopping is left out.
    build : callable
        Makes a trainer of settings, always from the same start.
    is_cancelled : callable
        Looked at between slices of training; CancelledError when it says so.
    most : float
        Lambda up to which it is looked for.
    """
    settings = settings.with_values(patience=0)
    longest = settings.training.epochs

    def dies(lam: float, epochs: int) -> bool:
        return _ends_dead(build(settings.with_values(lam=lam, epochs=epochs)), is_cancelled)

    epochs = min(FIRST_EPOCHS, longest)
    while dies(0.0, epochs):
        if epochs >= longest:
            return Collapse(None, epochs, f"without a penalty it does not learn within {epochs:,} epochs either")
        epochs = min(2 * epochs, longest)
    epochs = min(PATIENCE_FACTOR * epochs, longest)
    if not dies(most, epochs):
        return Collapse(None, epochs, f"it learns at every lambda up to {most:.3g}")
    low, high = math.log(most / DEPTH), math.log(most)
    for _ in range(N_RUNS):
        middle = 0.5 * (low + high)
        if dies(math.exp(middle), epochs):
            high = middle
        else:
            low = middle
    return Collapse(math.exp(high), epochs)
