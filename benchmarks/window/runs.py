"""The works of the window's benchmark as runs of the program. No Qt here."""

from __future__ import annotations

from benchmarks.works import work
from l1gui.data.dataset import Dataset, Scaling
from l1gui.data.presets import preset
from l1gui.settings import RunSettings

LAMBDAS = (3e-4, 3e-3)
EPOCHS = 1_000_000


def settings_of(work_id: str) -> RunSettings:
    """The run behind a work, long enough not to end."""
    if work_id == "A":
        return preset("article").settings.with_values(epochs=EPOCHS)
    made = work(work_id)
    data = {"source": "circle", "rows": 200, "noise": 0.05} if work_id == "B" else {}
    return RunSettings().with_values(
        **data, hidden=made.sizes[1:-1], activation="tanh", initialization="xavier", loss=made.loss, epochs=EPOCHS,
        learn_rate=made.rate, batch=made.batch, method="cumulative", lam=LAMBDAS[0],
    )  # fmt: skip


def dataset_of(work_id: str) -> Dataset | None:
    """The rows of a work that no preset has; None for the others."""
    if work_id != "C":
        return None
    made = work("C")
    return Dataset(
        name="Digits", about="scikit-learn's digits.", train_inputs=made.inputs, train_targets=made.classes,
        test_inputs=made.test[0], test_targets=made.test[1],
        input_names=tuple(f"pixel {k + 1}" for k in range(made.sizes[0])),
        class_names=tuple(f"digit {k}" for k in range(made.sizes[-1])), scaling=Scaling.identity(made.sizes[0]),
    )  # fmt: skip
