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
        train_classes=train_classes,
        test_inputs=test.astype(np.float32),
        test_classes=test_classes,
        input_names=("x1", "x2", *(f"n{i + 1}" for i in range(N_NOISE_INPUTS))),
        class_names=("class 0", "class 1"),
        scaling=Scaling.identity(2 + N_NOISE_INPUTS),
    )
