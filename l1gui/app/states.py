"""States of a run in the window, and the speeds at which it can go. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class RunState(Enum):
    """What the run is doing, as the controls show it."""

    PREPARING = "preparing"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    DIVERGED = "diverged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a run may go; both None is as fast as it can."""

    label: str
    epochs_per_second: float | None = None
    rows_per_second: float | None = None


FULL_SPEED = Speed("full speed")

SPEEDS = (
    FULL_SPEED,
    Speed("300 epochs a second", epochs_per_second=300),
    Speed("100 epochs a second", epochs_per_second=100),
    Speed("60 epochs a second", epochs_per_second=60),
    Speed("30 epochs a second", epochs_per_second=30),
    Speed("10 epochs a second", epochs_per_second=10),
    Speed("1 epoch a second", epochs_per_second=1),
    Speed("10 rows a second", rows_per_second=10),
    Speed("1 row a second", rows_per_second=1),
)


def speed_of(epochs_per_second: float) -> Speed:
    """The offered speed of so many epochs a second; full speed where none is of that."""
    return next((speed for speed in SPEEDS if speed.epochs_per_second == epochs_per_second), FULL_SPEED)
