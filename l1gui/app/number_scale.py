"""Colours for numbers: from one of the theme's pair over a pale middle to the other, and what stands at the ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from l1gui.app.legend import LegendItem, cut
from l1gui.app.plotting import rgb
from l1gui.app.theme import Palette
from l1gui.app.words import number_text, plain
from l1gui.data.dataset import Dataset

BLEND = 0.5
"""How much of a colour goes into the ground of a picture."""
TAIL = 0.01
"""Share of the training rows that may lie beyond each end, so that a few extremes do not make all others pale."""
LONGEST_TARGET = 28
N_STEPS = 21
"""Colours that points have; each is a drawing of its own."""


def ends_of(targets: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Ends of a scale that shows these numbers."""
    low, high = (float(end) for end in np.quantile(targets, [TAIL, 1.0 - TAIL]))
    if not high > low:
        low, high = float(targets.min()), float(targets.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


@dataclass(frozen=True, slots=True)
class NumberScale:
    """A scale from `low` to `high`, which are numbers as the network learns them; what is beyond has the end's colour.

    Attributes
    ----------
    is_cut : (bool, bool)
        Whether some training rows are beyond the lower, and the upper end.
    """

    low: float
    high: float
    palette: Palette
    is_cut: tuple[bool, bool] = (False, False)

    @classmethod
    def of(cls, dataset: Dataset, palette: Palette) -> NumberScale:
        """The scale of a dataset's training rows."""
        targets = dataset.train_targets
        low, high = ends_of(targets)
        return cls(low, high, palette, (bool(targets.min() < low), bool(targets.max() > high)))

    def places(self, numbers: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Where numbers are on the scale, 0 to 1."""
        return np.clip((np.asarray(numbers, dtype=np.float64) - self.low) / (self.high - self.low), 0.0, 1.0)

    def steps(self, numbers: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Which of the `N_STEPS` colours numbers have."""
        return np.rint(self.places(numbers) * (N_STEPS - 1)).astype(np.int64)

    def colours(self, places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Red, green and blue of places on the scale, 0 to 255; the last axis is new."""
        stops = np.array([rgb(name) for name in self.stops], dtype=np.float64)
        at = np.array([0.0, 0.5, 1.0])
        return np.stack([np.interp(places, at, stops[:, channel]) for channel in range(3)], axis=-1)

    @property
    def stops(self) -> tuple[str, str, str]:
        """Colours at the low end, in the middle and at the high end."""
        return self.palette.first, self.palette.pale, self.palette.second

    def tinted(self, numbers: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
        """Picture of numbers, mixed into the card's colour, with an axis more."""
        ground = np.array(rgb(self.palette.card), dtype=np.float64)
        mixed = ground + BLEND * (self.colours(self.places(numbers)) - ground)
        return mixed.astype(np.uint8)

    def legend_items(self, dataset: Dataset) -> list[LegendItem]:
        """What the colours mean: the target's name, and the numbers at the ends in its own units."""
        assert dataset.target_scaling is not None  # noqa: S101 - a number has one
        low, high = (number_text(dataset.target_scaling.to_raw(end, 0)) for end in (self.low, self.high))
        below, above = ("≤ " if self.is_cut[0] else "", "≥ " if self.is_cut[1] else "")
        name = cut(plain(dataset.target_name), LONGEST_TARGET)
        return [
            LegendItem(f"{name} {below}{low}", mark="none", short=f"{below}{low}"),
            LegendItem(f"{above}{high}", mark="scale", scale=self.stops),
        ]
