"""What costs a snapshot much, and is made less often: decision boundary, predicted numbers, histograms. No Qt.

They are made seldom enough to leave training its time; and what costs passes through the network is made of fewer
points where that is large.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

from l1gui.core.metrics import Histograms, layer_histograms
from l1gui.core.record import BoundaryGrid, BoundaryRequest, Predictions

if TYPE_CHECKING:
    from l1gui.core.trainer import Trainer

PAUSE_S = 0.05
HISTOGRAM_PAUSE_S = 0.09
"""A little less than the view's interval."""
TIME_SHARE = 0.01
"""Largest share of the thread's time that one of them may take while training goes on."""
BUSY_S, REST_S = 0.0015, 0.15
"""How long one may take in mid-run and at rest; large networks get fewer points."""
FIRST_RESOLUTION, LEAST_RESOLUTION = 20, 8
FIRST_ROWS_SHARE, LEAST_ROWS_SHARE = 0.05, 0.02

T = TypeVar("T")


class Extra(Generic[T]):
    """One of them: made anew when its time has come, after `pause_s` or later."""

    def __init__(self, pause_s: float = PAUSE_S) -> None:
        self.newest: T | None = None
        self._pause_s = pause_s
        self._made_at = time.monotonic()
        self._cost_s = 0.0
        self._point_s = 0.0

    def is_due(self, *, is_last: bool) -> bool:
        """Whether it is time for another."""
        pause = max(self._pause_s, self._cost_s / TIME_SHARE)
        return self.newest is None or is_last or time.monotonic() - self._made_at >= pause

    def points(self, *, is_last: bool) -> float:
        """Points that there is time for; 0 while nothing is known of the network's cost."""
        return (REST_S if is_last else BUSY_S) / self._point_s if self._point_s else 0.0

    def make(self, function: Callable[[], T], n_points: float) -> T:
        """Make it, and see what it costs."""
        started = time.monotonic()
        self.newest = made = function()
        self._made_at = time.monotonic()
        self._cost_s = max(self._made_at - started, 1e-6)
        self._point_s = self._cost_s / n_points
        return made


def newest_grid(
    extra: Extra[BoundaryGrid], trainer: Trainer, request: BoundaryRequest | None, *, is_last: bool
) -> BoundaryGrid | None:
    """The decision boundary on a slice; None where none is wanted, or there is no such slice."""
    if request is None or max(request.x_input, request.y_input) >= trainer.n_plane_inputs:
        return None
    wanted = request

    def make(resolution: int) -> None:
        resolution = min(resolution, wanted.resolution)
        asked = replace(wanted, resolution=resolution)
        extra.make(lambda: replace(trainer.boundary(asked), request=wanted), resolution**2)

    is_other = extra.newest is not None and extra.newest.request != request
    if is_other or extra.is_due(is_last=is_last):
        if not extra.points(is_last=is_last):
            make(FIRST_RESOLUTION)
        make(max(LEAST_RESOLUTION, int(extra.points(is_last=is_last) ** 0.5)))
    return extra.newest


def newest_predictions(extra: Extra[Predictions | None], trainer: Trainer, *, is_last: bool) -> Predictions | None:
    """Predicted and true numbers of a sample of the rows; None of classes."""
    if not trainer.is_numeric:
        return None

    def make(share: float) -> None:
        extra.make(lambda: trainer.predictions(share), share)

    if extra.is_due(is_last=is_last):
        if not extra.points(is_last=is_last):
            make(FIRST_ROWS_SHARE)
        make(min(1.0, max(LEAST_ROWS_SHARE, extra.points(is_last=is_last))))
    return extra.newest


def newest_histograms(extra: Extra[Histograms], trainer: Trainer, *, is_last: bool) -> Histograms:
    """Histograms of the weights."""
    if extra.newest is not None and not extra.is_due(is_last=is_last):
        return extra.newest
    weights = [trainer.layout.weights(trainer.params, layer) for layer in range(trainer.layout.n_layers)]
    return extra.make(lambda: layer_histograms(weights, trainer.settings.sparsity.threshold), 1)
