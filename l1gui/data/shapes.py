"""Planar sets of two classes: circle, exclusive-or, two gauss clusters, spiral, moons; noise, size and more inputs.

x1 and x2 lie in about -1 to 1, those of the moons in -1.5 to 1.5. What is drawn comes from one generator, by the seed:
training rows, then test rows, then the useless inputs of both, then the flipped labels, so that a change of one of them
leaves what comes before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from l1gui.data.dataset import Dataset, Lift, Scaling
from l1gui.settings import DataSettings

N_TEST = 1_000
CLASS_NAMES = ("class 0", "class 1")

Points = npt.NDArray[np.float64]
Shape = Callable[["np.random.Generator", npt.NDArray[np.int64]], Points]


def _angles(generator: np.random.Generator, n: int) -> Points:
    return generator.uniform(0.0, 2.0 * np.pi, n)


def circle(generator: np.random.Generator, classes: npt.NDArray[np.int64]) -> Points:
    """Class 0 in a disc, class 1 in a ring around it."""
    radius = np.where(
        classes == 0, generator.uniform(0.0, 0.45, len(classes)), generator.uniform(0.65, 1.0, len(classes))
    )
    angle = _angles(generator, len(classes))
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def exclusive_or(generator: np.random.Generator, classes: npt.NDArray[np.int64]) -> Points:
    """Class 0 where x1 and x2 have one sign, class 1 where they have two; a gap along the axes."""
    sizes = generator.uniform(0.06, 1.0, (len(classes), 2))
    side = generator.choice((-1.0, 1.0), len(classes))
    return np.column_stack([side * sizes[:, 0], side * sizes[:, 1] * np.where(classes == 0, 1.0, -1.0)])


def gauss(generator: np.random.Generator, classes: npt.NDArray[np.int64]) -> Points:
    """A cluster each, about (0.5, 0.5) and (-0.5, -0.5), standard deviation 0.18."""
    centres = np.where(classes == 0, 0.5, -0.5)
    return centres[:, None] + 0.18 * generator.standard_normal((len(classes), 2))


def spiral(generator: np.random.Generator, classes: npt.NDArray[np.int64]) -> Points:
    """Two arms of one and three quarter turns, half a turn apart."""
    along = generator.uniform(0.03, 1.0, len(classes))
    angle = 1.75 * 2.0 * np.pi * along + np.pi * classes
    return np.column_stack([along * np.sin(angle), along * np.cos(angle)])


def moons(generator: np.random.Generator, classes: npt.NDArray[np.int64]) -> Points:
    """Two half circles that reach into each other."""
    angle = generator.uniform(0.0, np.pi, len(classes))
    first = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    second = np.column_stack([0.5 - np.cos(angle), 0.25 - np.sin(angle)])
    return np.where((classes == 0)[:, None], first, second)


SHAPES: dict[str, tuple[str, Shape]] = {
    "circle": ("Circle", circle),
    "xor": ("Exclusive-or", exclusive_or),
    "gauss": ("Two clusters", gauss),
    "spiral": ("Spiral", spiral),
    "moons": ("Moons", moons),
}
"""Title and maker of every planar set, by its source's name."""

DERIVED: dict[str, Callable[[Points, Points], Points]] = {
    "x1^2": lambda x1, _x2: x1 * x1,
    "x2^2": lambda _x1, x2: x2 * x2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin x1": lambda x1, _x2: np.sin(np.pi * x1),
    "sin x2": lambda _x1, x2: np.sin(np.pi * x2),
}
"""Inputs made of x1 and x2, for L1 to pick among. The sine has its period over the plane's width, -1 to 1."""


def lifted(rows: npt.ArrayLike, derived: tuple[str, ...]) -> npt.NDArray[np.float32]:
    """Rows with the derived inputs of their first two columns behind the others."""
    base = np.asarray(rows, dtype=np.float64)
    made = [DERIVED[name](base[:, 0], base[:, 1]) for name in derived]
    return np.column_stack([base, *made]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows before derived inputs are added, float32, and their classes."""

    train: npt.NDArray[np.float32]
    train_classes: npt.NDArray[np.int64]
    test: npt.NDArray[np.float32]
    test_classes: npt.NDArray[np.int64]


def _drawn(shape: Shape, data: DataSettings, seed: int) -> _Rows:
    generator = np.random.default_rng(seed)
    parts = []
    for n_rows in (data.rows, N_TEST):
        classes = np.arange(n_rows) % len(CLASS_NAMES)
        points = shape(generator, classes)
        parts.append((points + data.noise * generator.standard_normal(points.shape), classes))
    (train, train_classes), (test, test_classes) = parts
    train, test = (
        np.hstack([each, generator.standard_normal((len(each), data.noise_inputs))]) for each in (train, test)
    )
    flipped = generator.permutation(data.rows)[: round(data.flipped * data.rows)]
    train_classes[flipped] = 1 - train_classes[flipped]
    return _Rows(train.astype(np.float32), train_classes, test.astype(np.float32), test_classes)


def planar_data(source: str, data: DataSettings, seed: int) -> Dataset:
    """A planar set as the settings ask for: `rows` to train on, 1,000 to test with, both with the noise.

    Labels are flipped in the training rows alone.
    """
    title, shape = SHAPES[source]
    rows, derived = _drawn(shape, data, seed), data.derived
    base_names = ("x1", "x2", *(f"n{i + 1}" for i in range(data.noise_inputs)))
    names = (*base_names, *derived)
    words = [f"{data.rows:,} training and {N_TEST:,} test rows"]
    if data.noise_inputs:
        words.append(f"{data.noise_inputs} inputs of pure noise")
    if data.flipped:
        words.append(f"{round(data.flipped * data.rows):,} training labels flipped")
    return Dataset(
        name=title,
        about=", ".join(words) + ".",
        train_inputs=lifted(rows.train, derived),
        train_targets=rows.train_classes,
        test_inputs=lifted(rows.test, derived),
        test_targets=rows.test_classes,
        input_names=names,
        class_names=CLASS_NAMES,
        scaling=Scaling.identity(len(names)),
        lift=Lift(base_names, rows.train, rows.test, lambda base: lifted(base, derived)) if derived else None,
    )
