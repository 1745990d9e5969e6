"""The engine against plain scalar loops that were written from the article's facts alone (`tests/reference.py`)."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from l1gui.core.penalties import METHODS
from l1gui.data.presets import preset
from l1gui.runs import build_trainer

HERE = Path(__file__).parents[1]
TABLE = json.loads((HERE / "reference_table.json").read_text(encoding="utf-8"))

spec = importlib.util.spec_from_file_location("reference", HERE / "reference.py")
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)


def engine(method, seed, lam, learn_rate, epochs):
    values = {"method": method, "seed": seed, "lam": lam, "learn_rate": learn_rate, "epochs": epochs}
    trainer = build_trainer(preset("article").settings.with_values(**values))
    trainer.advance(10**9)
    return trainer


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['method']}-{row['seed']}-{row['lam']}-{row['epochs']}")
def test_counts_and_weights_equal_the_stored_table(row):
    snapshot = engine(row["method"], row["seed"], row["lam"], row["learn_rate"], row["epochs"]).snapshot()
    assert (snapshot.train.correct, snapshot.test.correct) == (row["train"], row["test"])
    assert snapshot.counts.abs_sum == pytest.approx(row["abs_sum"], rel=1e-4, abs=1e-6)
    assert snapshot.counts.zero == pytest.approx(row["zeros"], abs=1 if row["method"] == "cumulative" else 0)


@pytest.mark.parametrize("method", list(METHODS))
def test_weights_equal_the_scalar_loops_now(method):
    """Trained beside each other, so that the table cannot be a copy of the engine."""
    lam = 1e-5 if method == "tack-on" else 0.001
    scalar = reference.ScalarRun(seed=7, learn_rate=0.02, lam=lam, method=method)
    scalar.train(12)
    trainer = engine(method, 7, lam, 0.02, 12)
    got = trainer.layout.parameters(trainer.params)
    expected = np.concatenate([np.ravel(part) for part in scalar.weights()])
    if method == "cumulative":
        # The engine keeps the step before the penalty in double, the reference in float32.
        assert got == pytest.approx(expected, abs=2e-5)
    else:
        assert got.tobytes() == expected.astype(np.float32).tobytes()
    assert trainer.snapshot().counts.zero == scalar.zeros()
    assert trainer.train.correct == scalar.correct("train")
    assert trainer.test.correct == scalar.correct("test")


def test_every_method_is_in_the_table():
    assert {row["method"] for row in TABLE} == set(METHODS)


def test_rows_are_the_references_rows():
    train_inputs, train_classes, test_inputs, test_classes = reference.make_data()
    trainer = engine("none", 0, 0.0, 0.01, 1)
    rows = trainer._engine._rows
    assert np.array_equal(rows[0][:, :10], train_inputs)
    assert rows[1].tolist() == list(train_classes)
    assert np.array_equal(rows[6][:, :10], test_inputs)
    assert rows[7].tolist() == list(test_classes)
