"""Generated data whose classes live in two inputs: the article's Figure 2, and two gauss clusters among noise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from l1gui.data.dataset import Dataset, Scaling

CENTRE, SPREAD, SHRINK = 2.0, 1.4, 3.0
N_NOISE_INPUTS = 8
FLIPPED_SHARE = 0.2


def _gauss_rows(generator: np.random.Generator, n_rows: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    classes = np.arange(n_rows) % 2
    centres = np.where(classes[:, None] == 0, CENTRE, -CENTRE)
    real = (centres + SPREAD * generator.standard_normal((n_rows, 2))) / SHRINK
    return np.hstack([real, generator.standard_normal((n_rows, N_NOISE_INPUTS))]), classes


def gauss_noise_data(seed: int) -> Dataset:
    """Two gauss clusters in x1 and x2, eight inputs of pure noise, a fifth of the training labels flipped.

    200 training rows, 5,000 clean test rows; centres (2, 2) and (-2, -2), standard deviation 1.4, divided by 3; the
    noise is N(0, 1). `seed` makes the rows.
    """
    generator = np.random.default_rng(seed)
    train, classes = _gauss_rows(generator, 200)
    test, test_classes = _gauss_rows(generator, 5_000)
    flipped = generator.permutation(len(classes))[: int(FLIPPED_SHARE * len(classes))]
    train_classes = classes.copy()
    train_classes[flipped] = 1 - train_classes[flipped]
    return Dataset(
        name="Two clusters, eight noise inputs",
        about=(
            "Only x1 and x2 tell the classes apart; n1 to n8 are noise, and a fifth of the 200 training labels is "
            "wrong. The 5,000 test rows are clean."
        ),
        train_inputs=train.astype(np.float32),
        train_targets=train_classes,
        test_inputs=test.astype(np.float32),
        test_targets=test_classes,
        input_names=("x1", "x2", *(f"n{i + 1}" for i in range(N_NOISE_INPUTS))),
        class_names=("class 0", "class 1"),
        scaling=Scaling.identity(2 + N_NOISE_INPUTS),
    )


FIGURE_2_POINTS = (
    # Above the true boundary: seven of class 1, two of class 0.
    (1.0, 4.0, 1), (2.6, 6.6, 1), (4.4, 8.2, 1), (6.2, 7.6, 1), (7.4, 10.8, 1), (9.2, 11.6, 1), (12.8, 10.2, 1),
    (5.2, 10.2, 0), (10.4, 9.4, 0),
    # Below it: six of class 0, two of class 1.
    (2.2, 1.6, 0), (4.6, 3.2, 0), (6.8, 1.8, 0), (8.6, 5.0, 0), (11.0, 3.0, 0), (13.0, 6.4, 0),
    (3.4, 2.6, 1), (9.6, 3.4, 1),
)  # fmt: skip
"""Training points (x1, x2, class) after the article's Figure 2, whose text gives the counts and the point (1, 4)."""

FIGURE_2_NEW_POINT = (11.0, 9.0, 1)
"""The article's new data item: above the true boundary, so of class 1."""

FIGURE_2_SCALING = (7.0, 3.5)
"""Offset and scale of both inputs: raw values run from 0 to 14."""


def figure_2_boundary(x1: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """True boundary: x2 as a smooth function of x1, both raw."""
    x1 = np.asarray(x1, dtype=np.float64)
    return 2.6 + 0.42 * x1 + 0.7 * np.sin(x1 / 2.2)


def figure_2_data(seed: int) -> Dataset:
    """Two inputs, two classes, a smooth true boundary, and 17 training points of which 4 lie on the wrong side.

    The points are fixed; `seed` draws the 1,000 test rows, which lie on the right side, uniform over the square.
    """
    raw_test = np.random.default_rng(seed).uniform(0.0, 14.0, (1_000, 2))
    points = np.array(FIGURE_2_POINTS)
    scaling = Scaling(np.full(2, FIGURE_2_SCALING[0]), np.full(2, FIGURE_2_SCALING[1]))
    x1 = np.linspace(-1.0, 15.0, 161)
    line = np.column_stack([x1, figure_2_boundary(x1)])
    new_x1, new_x2, new_class = FIGURE_2_NEW_POINT
    new_point = scaling.to_inputs([[new_x1, new_x2]])[0]
    return Dataset(
        name="The article's Figure 2",
        about=(
            "17 training points after the article's Figure 2, four of them on the wrong side of the true boundary; "
            "1,000 clean test rows. The article's new point (11, 9) belongs to class 1."
        ),
        train_inputs=scaling.to_inputs(points[:, :2]),
        train_targets=points[:, 2].astype(np.int64),
        test_inputs=scaling.to_inputs(raw_test),
        test_targets=(raw_test[:, 1] > figure_2_boundary(raw_test[:, 0])).astype(np.int64),
        input_names=("x1", "x2"),
        class_names=("class 0", "class 1"),
        scaling=scaling,
        true_boundary=(line - scaling.offset) / scaling.scale,
        new_point=(float(new_point[0]), float(new_point[1]), new_class),
    )
