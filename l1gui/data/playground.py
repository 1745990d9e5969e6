"""TensorFlow Playground's data sets and start, number by number: the same draws in the same order, in double precision.

One stream of random numbers makes everything: the points, their shuffle, then the network's first weights. Sums and
products are grouped as there, so that each comes out the same to the last bit; only the library functions may differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from l1gui.data.dataset import Dataset, Lift, Scaling
from l1gui.data.seedrandom import SeedRandom
from l1gui.settings import DataSettings, RunSettings
from l1gui.spec import SettingError, shown

PLAYGROUND_SETTINGS = ("link_seed", "link_noise", "train_share", "derived", "left_out")
PLAYGROUND_START, PLAYGROUND_ZEROS = "playground", "playground-zero"
"""Names of the two starts: weights that follow the data in the stream of numbers, or everything 0."""

CLASS_NAMES = ("negative", "positive")
N_POINTS, N_NUMERIC_POINTS = 500, 1200
RADIUS, WIDE = 5.0, 6.0
START_BIAS = 0.1

Floats = npt.NDArray[np.float64]
Point = tuple[float, float, float]
"""x1, x2 and the label: -1 or 1, or any number between."""
Generator = Callable[[SeedRandom, int, float], list[Point]]

INPUTS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "x1": lambda x1, _x2: x1,
    "x2": lambda _x1, x2: x2,
    "x1^2": lambda x1, _x2: x1 * x1,
    "x2^2": lambda _x1, x2: x2 * x2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin x1": lambda x1, _x2: np.sin(x1),
    "sin x2": lambda _x1, x2: np.sin(x2),
}
"""All inputs that there can be, in their order in the network. The sine is that of x1 itself, without pi."""

PLANE = ("x1", "x2")
DERIVED = tuple(name for name in INPUTS if name not in PLANE)


def circle(stream: SeedRandom, n: int, noise: float) -> list[Point]:
    """Positive in a disc, negative in a ring around it; noise moves where the label is looked up, not the point."""
    points = []
    for low, high in ((0.0, RADIUS * 0.5), (RADIUS * 0.7, RADIUS)):
        for _ in range(n // 2):
            radius, angle = stream.uniform(low, high), stream.uniform(0.0, 2 * math.pi)
            x1, x2 = radius * math.sin(angle), radius * math.cos(angle)
            a, b = x1 + stream.uniform(-RADIUS, RADIUS) * noise, x2 + stream.uniform(-RADIUS, RADIUS) * noise
            points.append((x1, x2, 1.0 if math.sqrt(a * a + b * b) < RADIUS * 0.5 else -1.0))
    return points


def exclusive_or(stream: SeedRandom, n: int, noise: float) -> list[Point]:
    """Positive where x1 and x2 have one sign, a gap along the axes; noise as in `circle`."""
    points = []
    for _ in range(n):
        x1, x2 = (x + 0.3 if x > 0 else x - 0.3 for x in (stream.uniform(-5.0, 5.0), stream.uniform(-5.0, 5.0)))
        a, b = x1 + stream.uniform(-5.0, 5.0) * noise, x2 + stream.uniform(-5.0, 5.0) * noise
        points.append((x1, x2, 1.0 if a * b >= 0 else -1.0))
    return points


def _normal(stream: SeedRandom, mean: float, variance: float) -> float:
    """From a normal distribution by the polar method, whose second number is not used."""
    while True:
        a, b = 2 * stream.random() - 1, 2 * stream.random() - 1
        square = a * a + b * b
        if 0 < square <= 1:
            return mean + math.sqrt(variance) * (math.sqrt(-2 * math.log(square) / square) * a)


def gauss(stream: SeedRandom, n: int, noise: float) -> list[Point]:
    """A cluster each, about (2, 2) and (-2, -2), the wider the more noise."""
    along = noise / 0.5
    variance = 0.5 * (1 - along) + 4 * along
    return [
        (_normal(stream, centre, variance), _normal(stream, centre, variance), label)
        for centre, label in ((2.0, 1.0), (-2.0, -1.0))
        for _ in range(n // 2)
    ]


def spiral(stream: SeedRandom, n: int, noise: float) -> list[Point]:
    """Two arms of one and three quarter turns, half a turn apart; noise moves the points."""
    points, half = [], n // 2
    for turned, label in ((0.0, 1.0), (math.pi, -1.0)):
        for k in range(half):
            radius, angle = k / half * 5, 1.75 * k / half * 2 * math.pi + turned
            x1 = radius * math.sin(angle) + stream.uniform(-1.0, 1.0) * noise
            x2 = radius * math.cos(angle) + stream.uniform(-1.0, 1.0) * noise
            points.append((x1, x2, label))
    return points


def _plane_label(x1: float, x2: float) -> float:
    along = (x1 + x2 + 10) / 20
    return -(1 - along) + along


BUMPS = ((-4.0, 2.5, 1.0), (0.0, 2.5, -1.0), (4.0, 2.5, 1.0), (-4.0, -2.5, -1.0), (0.0, -2.5, 1.0), (4.0, -2.5, -1.0))
"""Centre and sign of each bump; it is 1 high and reaches 2 far."""


def _bumps_label(x1: float, x2: float) -> float:
    label = 0.0
    for c1, c2, sign in BUMPS:
        away = math.sqrt((x1 - c1) * (x1 - c1) + (x2 - c2) * (x2 - c2))
        height = sign * (1 - min(away / 2, 1.0))
        if abs(height) > abs(label):
            label = height
    return label


def _numeric(label: Callable[[float, float], float], stream: SeedRandom, n: int, noise: float) -> list[Point]:
    """Points all over the plane; noise moves where the label is looked up."""
    points = []
    for _ in range(n):
        x1, x2 = stream.uniform(-WIDE, WIDE), stream.uniform(-WIDE, WIDE)
        a, b = x1 + stream.uniform(-WIDE, WIDE) * noise, x2 + stream.uniform(-WIDE, WIDE) * noise
        points.append((x1, x2, label(a, b)))
    return points


@dataclass(frozen=True, slots=True)
class PlaygroundSet:
    """One of the Playground's data sets: its title, what draws it, and whether its target is a number."""

    title: str
    draw: Generator
    is_numeric: bool = False


SETS = {
    "playground-circle": PlaygroundSet("Playground: circle", circle),
    "playground-xor": PlaygroundSet("Playground: exclusive-or", exclusive_or),
    "playground-gauss": PlaygroundSet("Playground: two clusters", gauss),
    "playground-spiral": PlaygroundSet("Playground: spiral", spiral),
    "playground-plane": PlaygroundSet("Playground: plane", partial(_numeric, _plane_label), is_numeric=True),
    "playground-reg-gauss": PlaygroundSet("Playground: six bumps", partial(_numeric, _bumps_label), is_numeric=True),
}
"""Every set of the Playground, by its source's name."""


@lru_cache(maxsize=8)
def _drawn(source: str, seed: str, noise: int) -> tuple[Floats, SeedRandom]:
    """All points of a set in their order, a row of x1, x2 and label each; and the stream, which goes on after them."""
    chosen, stream = SETS[source], SeedRandom(seed)
    points = chosen.draw(stream, N_NUMERIC_POINTS if chosen.is_numeric else N_POINTS, noise / 100)
    for last in range(len(points) - 1, -1, -1):
        k = int(stream.random() * (last + 1))
        points[last], points[k] = points[k], points[last]
    table = np.array(points)
    table.setflags(write=False)
    return table, stream


def check_playground(data: DataSettings) -> None:
    """SettingError for inputs of a Playground set that there are not, and when all are left out."""
    for name in data.left_out:
        if name not in PLANE:
            raise SettingError("left_out", f"the {data.source} data can leave out x1 and x2; got {shown(name)}")
    for name in data.derived:
        if name not in DERIVED:
            raise SettingError("derived", f"there is no derived input {shown(name)}; choose of {', '.join(DERIVED)}")
    if not inputs_of(data):
        raise SettingError("left_out", "x1 and x2 are left out and no input is derived of them: keep one at least")


def inputs_of(data: DataSettings) -> tuple[str, ...]:
    """Names of the inputs that the settings ask for, in the Playground's order, whatever theirs."""
    return tuple(name for name in INPUTS if (name not in data.left_out if name in PLANE else name in data.derived))


def training_rows(source: str, share: int) -> int:
    """How many of a set's points are trained on."""
    return (N_NUMERIC_POINTS if SETS[source].is_numeric else N_POINTS) * share // 100


def lifted(rows: npt.ArrayLike, names: Sequence[str]) -> Floats:
    """The named inputs, in their order, of rows of x1 and x2; in double precision."""
    base = np.asarray(rows, dtype=np.float64)
    return np.column_stack([INPUTS[name](base[:, 0], base[:, 1]) for name in names])


def playground_data(source: str, data: DataSettings, _seed: int = 0) -> Dataset:
    """A set of the Playground as the settings ask for: its seed, noise, share of training rows and inputs.

    The run's own seed has no say in it.

    Raises
    ------
    SettingError
        For inputs that there are not, and when all are left out.
    """
    check_playground(data)
    chosen, names = SETS[source], inputs_of(data)
    table, _ = _drawn(source, data.link_seed, data.link_noise)
    n_train = training_rows(source, data.train_share)
    plane, labels = np.ascontiguousarray(table[:, :2]), table[:, 2]
    targets = labels.copy() if chosen.is_numeric else (labels > 0).astype(np.int64)
    train, test = plane[:n_train], plane[n_train:]
    is_plain = names == PLANE
    return Dataset(
        name=chosen.title,
        about=f"TensorFlow Playground's points for the seed {shown(data.link_seed)} and {data.link_noise} % noise: "
        f"{n_train:,} to train on and {len(table) - n_train:,} to test with.",
        train_inputs=lifted(train, names),
        train_targets=targets[:n_train],
        test_inputs=lifted(test, names),
        test_targets=targets[n_train:],
        input_names=names,
        class_names=() if chosen.is_numeric else CLASS_NAMES,
        scaling=Scaling.identity(len(names)),
        target_name="label" if chosen.is_numeric else "class",
        target_scaling=Scaling.identity(1) if chosen.is_numeric else None,
        lift=None if is_plain else Lift(PLANE, train, test, lambda rows: lifted(rows, names)),
    )


def playground_start(settings: RunSettings, sizes: Sequence[int]) -> tuple[list[Floats], list[Floats]]:
    """Weights, of shape (n_in, n_out), and biases, of shape (n_out,), of each layer at the start of a Playground's run.

    The stream that made the data goes on: a weight from U(-0.5, 0.5) for each unit of each layer and each of its
    inputs; biases are 0.1. All are 0 for the start `PLAYGROUND_ZEROS`.

    Parameters
    ----------
    settings : RunSettings
        Of the run; its initialization says which of the two starts is meant.
    sizes : sequence of int
        Of the layers, inputs first.

    Raises
    ------
    SettingError
        When the run's data are not the Playground's.
    """
    data, shapes = settings.data, list(pairwise(sizes))
    if settings.network.initialization == PLAYGROUND_ZEROS:
        return [np.zeros(shape) for shape in shapes], [np.zeros(n_out) for _, n_out in shapes]
    if data.source not in SETS:
        raise SettingError(
            "initialization",
            f"the {PLAYGROUND_START} start goes on with the random numbers of a Playground set, and the data are "
            f"{data.source}: choose another initialization, or one of {', '.join(SETS)}",
        )
    stream = deepcopy(_drawn(data.source, data.link_seed, data.link_noise)[1])
    weights = [
        np.ascontiguousarray(np.array([[stream.random() - 0.5 for _ in range(n_in)] for _ in range(n_out)]).T)
        for n_in, n_out in shapes
    ]
    return weights, [np.full(n_out, START_BIAS) for _, n_out in shapes]
