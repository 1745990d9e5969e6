"""What passes between the window and the training thread: the newest frame one way, what is wanted the other way.

Nothing queues up: each slot holds the latest value only. No Qt here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from l1gui.app.states import FULL_SPEED, RunState, Speed
from l1gui.core.record import BoundaryRequest, Snapshot
from l1gui.core.state import new_bell
from l1gui.data.dataset import Dataset
from l1gui.settings import RunSettings

T = TypeVar("T")


class Mailbox(Generic[T]):
    """One slot, latest wins: `put` replaces what was not taken yet, `take` empties it.

    Attributes
    ----------
    bell : int64 array of shape (1,)
        `ring` makes it 1: of the training thread, to which it says that now is the time for another content.
    """

    def __init__(self) -> None:
        self.bell = new_bell()
        self._lock = threading.Lock()
        self._content: T | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the last content has been taken."""
        return self._content is None

    def put(self, content: T) -> None:
        """Leave the newest content."""
        with self._lock:
            self._content = content

    def take(self) -> T | None:
        """Remove and return the content; None when there is none."""
        with self._lock:
            content, self._content = self._content, None
            return content

    def ring(self) -> None:
        """Ask for another content, if the last one has been taken."""
        if self.is_empty:
            self.bell[0] = 1


@dataclass(frozen=True, slots=True, eq=False)
class RunRequest:
    """A run to set up: `run_id` grows with every request, `start` gives weights to start from."""

    run_id: int
    settings: RunSettings
    dataset: Dataset | None = None
    start: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The newest that there is to draw, and what the run is doing; `dataset` is that of the run."""

    snapshot: Snapshot
    state: RunState
    dataset: Dataset


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """What the window wants of the training thread, since it last looked."""

    request: RunRequest | None
    changes: dict[str, Any]
    is_playing: bool
    epochs_to_step: int
    rows_to_step: int
    speed: Speed
    boundary: BoundaryRequest | None
    is_predicting: bool
    is_halt: bool
    is_redraw: bool
    is_quit: bool


class Desk:
    """The window's side puts orders down, the training thread picks them up; both from any thread.

    Changes of one setting replace each other, so that a dragged slider leaves one change, the last. A new request
    drops what was ordered for the run before it.

    Attributes
    ----------
    bell : int64 array of shape (1,)
        Becomes 1 with every order, so that training ends its slice: `epochs.train_epochs`.
    """

    def __init__(self) -> None:
        self.bell = new_bell()
        self._condition = threading.Condition()
        self._has_news = False
        self._request: RunRequest | None = None
        self._changes: dict[str, Any] = {}
        self._is_playing = False
        self._epochs_to_step = 0
        self._rows_to_step = 0
        self._speed = FULL_SPEED
        self._boundary: BoundaryRequest | None = None
        self._is_predicting = False
        self._is_halt = False
        self._is_redraw = False
        self._is_quit = False

    @contextmanager
    def _news(self) -> Iterator[None]:
        with self._condition:
            yield
            self._has_news = True
            self.bell[0] = 1
            self._condition.notify()

    def order_run(self, request: RunRequest, *, is_playing: bool = False) -> None:
        """Ask for a new run, at rest or playing."""
        with self._news():
            self._request = request
            self._changes = {}
            self._epochs_to_step = self._rows_to_step = 0
            self._is_playing = is_playing

    def order_change(self, name: str, value: Any) -> None:
        """Ask for a live change."""
        with self._news():
            # Taken out first: the setting that was changed last shall come last.
            self._changes.pop(name, None)
            self._changes[name] = value

    def order_play(self, *, is_playing: bool) -> None:
        """Train on, or pause; a pause also drops steps not yet made."""
        with self._news():
            self._is_playing = is_playing
            if not is_playing:
                self._is_halt = True
                self._epochs_to_step = self._rows_to_step = 0

    def order_step(self, what: str) -> None:
        """Ask for one more epoch ("epoch"), or one more update ("row"; a batch of rows where batches are larger)."""
        with self._news():
            if what == "epoch":
                self._epochs_to_step += 1
            else:
                self._rows_to_step += 1

    def order_speed(self, speed: Speed) -> None:
        """Set the speed."""
        with self._news():
            self._speed = speed

    def order_boundary(self, boundary: BoundaryRequest | None) -> None:
        """Ask for a slice of the decision boundary with the snapshots from here on; None for none."""
        with self._news():
            self._boundary = boundary
            self._is_redraw = True

    def order_predictions(self, *, are_wanted: bool) -> None:
        """Say whether predicted and true numbers are wanted with the snapshots from here on."""
        with self._news():
            self._is_predicting = are_wanted
            self._is_redraw = True

    def order_quit(self) -> None:
        """Ask the thread to end."""
        with self._news():
            self._is_quit = True

    def rest(self) -> None:
        """Stop playing, from the training thread, because its run has ended; a run ordered meanwhile is not touched."""
        with self._condition:
            if self._request is None:
                self._is_playing = False

    def pick_up(self, timeout: float | None) -> Orders:
        """Take all orders, after waiting up to `timeout` seconds (None: for ever) for a new one."""
        with self._condition:
            self._condition.wait_for(lambda: self._has_news, timeout)
            orders = Orders(
                self._request, self._changes, self._is_playing, self._epochs_to_step, self._rows_to_step,
                self._speed, self._boundary, self._is_predicting, self._is_halt, self._is_redraw, self._is_quit,
            )  # fmt: skip
            self._request, self._changes = None, {}
            self._is_halt = self._is_redraw = False
            self._epochs_to_step = self._rows_to_step = 0
            self._has_news = False
            return orders
