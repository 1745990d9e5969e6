"""The works of the window's benchmark as runs of the program. No Qt here, nor scikit-learn: it would count as ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from l1gui.data.dataset import Dataset, Scaling
from l1gui.data.presets import preset
from l1gui.settings import RunSettings

LAMBDAS = (3e-4, 3e-3)
EPOCHS = 1_000_000
SHAPES: dict[str, dict[str, Any]] = {
    "B": {"source": "circle", "rows": 200, "noise": 0.05, "hidden": (8, 8), "batch": 10},
    "C": {"hidden": (128, 64), "batch": 32},
}


def settings_of(work_id: str) -> RunSettings:
    """The run behind a work, long enough not to end."""
    if work_id == "A":
        return preset("article").settings.with_values(epochs=EPOCHS)
    return RunSettings().with_values(
        **SHAPES[work_id], activation="tanh", initialization="xavier", loss="cross-entropy", epochs=EPOCHS,
        learn_rate=0.1, method="cumulative", lam=LAMBDAS[0],
    )  # fmt: skip


def save_rows(path: Path) -> None:
    """Keep work C's rows in a file."""
    from benchmarks.works import work  # noqa: PLC0415 - brings scikit-learn with it

    made = work("C")
    np.savez(path, inputs=made.inputs, classes=made.classes, test_inputs=made.test[0], test_classes=made.test[1])


def dataset_of(rows: str) -> Dataset | None:
    """The rows in such a file; None where there is none, and the settings make the rows."""
    if not rows:
        return None
    with np.load(rows, allow_pickle=False) as arrays:
        inputs, classes = arrays["inputs"], arrays["classes"]
        test_inputs, test_classes = arrays["test_inputs"], arrays["test_classes"]
    n_inputs = inputs.shape[1]
    return Dataset(
        name="Digits", about="scikit-learn's digits.", train_inputs=inputs, train_targets=classes,
        test_inputs=test_inputs, test_targets=test_classes,
        input_names=tuple(f"pixel {k + 1}" for k in range(n_inputs)),
        class_names=tuple(f"digit {k}" for k in range(int(classes.max()) + 1)), scaling=Scaling.identity(n_inputs),
    )  # fmt: skip
