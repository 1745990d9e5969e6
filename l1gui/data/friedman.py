"""A number to be learned from ten inputs of which five matter: Friedman, "Multivariate adaptive regression splines"
(The Annals of Statistics, 1991), section 4.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from l1gui.data.dataset import Dataset, Scaling
from l1gui.settings import RunSettings

N_INPUTS, N_REAL, N_TEST = 10, 5, 1_000

Floats = npt.NDArray[np.float64]


def friedman_function(x: Floats) -> Floats:
    """The number without noise: 10 sin(pi x1 x2) + 20 (x3 - 0.5)^2 + 10 x4 + 5 x5."""
    curved = 10.0 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20.0 * (x[:, 2] - 0.5) ** 2
    return np.asarray(curved + 10.0 * x[:, 3] + 5.0 * x[:, 4])


def friedman_data(settings: RunSettings) -> Dataset:
    """As many training rows as the settings say, with their noise; 1,000 test rows, with the same noise.

    Inputs are uniform in 0 to 1. They and, where the network has hidden layers, the number are scaled to mean 0 and
    standard deviation 1 over the training rows.
    """
    data = settings.data
    generator = np.random.default_rng(settings.training.seed)
    raw = generator.uniform(size=(data.rows + N_TEST, N_INPUTS))
    numbers = friedman_function(raw) + data.noise * generator.standard_normal(len(raw))
    train, test = slice(0, data.rows), slice(data.rows, None)
    scaling = Scaling(raw[train].mean(axis=0), raw[train].std(axis=0))
    is_scaled = bool(settings.network.hidden)
    of_target = (numbers[train].mean(), numbers[train].std()) if is_scaled else (0.0, 1.0)
    inputs = (raw - scaling.offset) / scaling.scale
    is_double = settings.training.precision == "double" or (settings.training.precision == "auto" and not is_scaled)
    inputs = inputs.astype(np.float64 if is_double else np.float32)
    targets = (numbers - of_target[0]) / of_target[1]
    return Dataset(
        name="Friedman's function",
        about=(
            f"{data.rows:,} training and {N_TEST:,} test rows; y = 10 sin(pi x1 x2) + 20 (x3 - 0.5)^2 + 10 x4 + 5 x5 "
            f"with noise of standard deviation {data.noise:g}; x6 to x10 do not matter."
        ),
        train_inputs=inputs[train].copy(),
        train_targets=targets[train].copy(),
        test_inputs=inputs[test].copy(),
        test_targets=targets[test].copy(),
        input_names=tuple(f"x{k + 1}" for k in range(N_INPUTS)),
        class_names=(),
        scaling=scaling,
        target_name="y",
        target_scaling=Scaling(np.array([of_target[0]]), np.array([of_target[1]])),
    )
