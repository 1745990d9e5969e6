"""The article's data and its published figures.

A generator network with fixed random weights labels uniform random rows; the random streams are Python's own, so
that the rows are the article's to the last bit. Source: the article (2017), Listing 1; what the text leaves out
(the inputs' range, the order of the draws) was found by experiment: with it the published counts come out exactly.
"""

from __future__ import annotations

import math
import random

import numpy as np
import numpy.typing as npt

from l1gui.data.dataset import Dataset, Scaling

N_INPUTS, N_GENERATOR_HIDDEN, N_CLASSES = 10, 15, 4
GENERATOR_SEED, TRAIN_SEED, TEST_SEED = 3, 16, 18
N_TRAIN, N_TEST = 200, 40
GENERATOR_BOUND = 9.9
INPUT_BOUND = 8.0

PUBLISHED = {"none": (188, 22), "as-printed": (189, 27)}
"""Correct counts (of 200 training rows, of 40 test rows) that the article prints; it calls the second 'with L1'."""

EXPECTED = {"none": (188, 22), "as-printed": (189, 27), "gradient": (179, 26), "tack-on": (76, 12)}
"""Correct counts that a right implementation gets in the article's setting, lambda 0.001."""

Matrix = npt.NDArray[np.float32]


def _uniform(source: random.Random, bound: float, rows: int, columns: int) -> Matrix:
    drawn = [2.0 * bound * source.random() - bound for _ in range(rows * columns)]
    return np.array(drawn, dtype=np.float32).reshape(rows, columns)


def _generator() -> tuple[Matrix, Matrix, Matrix, Matrix]:
    source = random.Random(GENERATOR_SEED)
    shapes = ((N_INPUTS, N_GENERATOR_HIDDEN), (1, N_GENERATOR_HIDDEN), (N_GENERATOR_HIDDEN, N_CLASSES), (1, N_CLASSES))
    ih, hidden_bias, ho, output_bias = (_uniform(source, GENERATOR_BOUND, *shape) for shape in shapes)
    return ih, hidden_bias, ho, output_bias


def _rows(n_rows: int, seed: int) -> tuple[Matrix, npt.NDArray[np.int64]]:
    ih, hidden_bias, ho, output_bias = _generator()
    inputs = _uniform(random.Random(seed), INPUT_BOUND, n_rows, N_INPUTS)
    # float32 sums input by input, as the demo adds them: a label must not hang on the order of a sum.
    hidden = np.zeros((n_rows, N_GENERATOR_HIDDEN), dtype=np.float32)
    for i in range(N_INPUTS):
        hidden += inputs[:, i : i + 1] * ih[i]
    hidden = np.vectorize(math.tanh, otypes=[np.float32])(hidden + hidden_bias)
    sums = np.zeros((n_rows, N_CLASSES), dtype=np.float32)
    for j in range(N_GENERATOR_HIDDEN):
        sums += hidden[:, j : j + 1] * ho[j]
    return inputs, (sums + output_bias).argmax(axis=1).astype(np.int64)


def more_rows(n_rows: int, seed: int) -> tuple[Matrix, npt.NDArray[np.int64]]:
    """Further rows of the article's generator: 40 say little about a network, 10,000 say it to half a point."""
    return _rows(n_rows, seed)


def article_data(seed: int) -> Dataset:  # noqa: ARG001 - the article's rows are the same for every seed
    """The article's 200 training and 40 test rows; `seed` reaches the classifier alone, by the article's recipe."""
    train_inputs, train_classes = _rows(N_TRAIN, TRAIN_SEED)
    test_inputs, test_classes = _rows(N_TEST, TEST_SEED)
    return Dataset(
        name="The article's data",
        about=(
            "200 training and 40 test rows, 10 inputs uniform in -8 to 8, labelled by a 10-15-4 network of random "
            "weights. Only 40 test rows: one row is 2.5 points of accuracy."
        ),
        train_inputs=train_inputs,
        train_targets=train_classes,
        test_inputs=test_inputs,
        test_targets=test_classes,
        input_names=tuple(f"x{i + 1}" for i in range(N_INPUTS)),
        class_names=tuple(f"class {k}" for k in range(N_CLASSES)),
        scaling=Scaling.identity(N_INPUTS),
    )
