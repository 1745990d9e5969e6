"""The works of the window's benchmark as runs of the program. No Qt here."""

from __future__ import annotations

from typing import Any

from benchmarks.works import work
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


def dataset_of(work_id: str) -> Dataset | None:
    """The rows of a work that no preset makes; None for the others."""
    if work_id != "C":
        return None
    made = work("C")
    n_inputs = made.sizes[0]
    return Dataset(
        name="Digits", about="The bundled digits, all their pixels.", train_inputs=made.inputs,
        train_targets=made.classes, test_inputs=made.test[0], test_targets=made.test[1],
        input_names=tuple(f"pixel {k + 1}" for k in range(n_inputs)),
        class_names=tuple(f"digit {k}" for k in range(made.sizes[-1])), scaling=Scaling.identity(n_inputs),
    )  # fmt: skip
