"""Models of numbers, of one output, in double precision, and of a table's columns, in files."""

import json

import numpy as np
import pytest

from l1gui.data.dataset import Column, Dataset, Scaling
from l1gui.files.atomic import FileError
from l1gui.files.model import matched, model_of
from l1gui.files.pruning import prune_model
from l1gui.files.weights import load_model, save_model
from l1gui.runs import build_trainer
from l1gui.settings import RunSettings

SOURCE = np.random.default_rng(3)
X = SOURCE.normal(size=(60, 3)).astype("f4")
Y = X @ [1.0, -2.0, 0.0] + 0.1 * SOURCE.normal(size=60)


def dataset(*, is_numeric=True, class_names=("no", "yes"), target_name="price"):
    targets = Y if is_numeric else (Y > 0).astype(np.int64)
    return Dataset(
        "t", "a table", X, targets, X[:20], targets[:20], ("a", "b=1", "b=2"), () if is_numeric else class_names,
        Scaling.identity(3), target_name=target_name,
        target_scaling=Scaling(np.array([150.0]), np.array([20.0])) if is_numeric else None,
        columns=(Column("a", fill=0.5), Column("b", ("1", "2"), "1")),
    )  # fmt: skip


def model_for(data, **values):
    base = {"loss": "squared", "epochs": 30, "learn_rate": 0.05, "batch": 5, "hidden": (), "lam": 0.01}
    trainer = build_trainer(RunSettings().with_values(**{**base, **values}), data)
    trainer.advance(10**9)
    return model_of(trainer.snapshot(), data)


@pytest.mark.parametrize("ending", [".npz", ".json"])
def test_a_number_keeps_its_target_its_columns_and_its_precision(tmp_path, ending):
    model = model_for(dataset())
    assert model.weights[0].dtype == np.float64
    save_model(model, tmp_path / f"m{ending}")
    again = load_model(tmp_path / f"m{ending}")
    assert again.output == "linear"
    assert again.class_names == ()
    assert again.target == model.target
    assert (again.target.offset, again.target.scale) == (150.0, 20.0)
    assert again.columns == model.columns
    assert [w.tobytes() for w in again.weights] == [w.tobytes() for w in model.weights]
    assert again.weights[0].dtype == np.float64
    assert again.metrics["test"]["r2"] > 0.9
    assert "correct" not in again.metrics["test"]


def test_a_table_of_weights_says_its_output(tmp_path):
    model = model_for(dataset(), precision="single")
    save_model(model, tmp_path / "m.csv")
    assert ",bias," in (tmp_path / "m.csv").read_text()
    assert "price" in (tmp_path / "m.csv").read_text()
    again = load_model(tmp_path / "m.csv")
    assert (again.output, again.target.name, again.class_names) == ("linear", "price", ())
    assert np.array_equal(again.weights[0], model.weights[0])


@pytest.mark.parametrize("kind", ["sigmoid", "tanh"])
def test_one_output_of_two_classes_round_trip_and_other_order(tmp_path, kind):
    data = dataset(is_numeric=False)
    model = model_for(data, output_kind=kind, precision="double")
    save_model(model, tmp_path / "m.npz")
    again = load_model(tmp_path / "m.npz")
    assert (again.output, again.class_names, again.sizes) == (kind, ("no", "yes"), (3, 1))
    turned = matched(again, dataset(is_numeric=False, class_names=("yes", "no")))
    assert np.array_equal(turned.weights[0], -again.weights[0])


def test_a_network_of_numbers_is_not_for_classes():
    with pytest.raises(FileError, match="it tells a number, and the data have classes"):
        matched(model_for(dataset()), dataset(is_numeric=False))
    with pytest.raises(FileError, match="it tells classes, and the data have a number"):
        matched(model_for(dataset(is_numeric=False)), dataset())


def test_pruning_a_number_counts_no_classes():
    small, pruned, check = prune_model(model_for(dataset(), lam=0.5), X)
    assert check.n_other_class == 0
    assert check.largest_change < 1e-12
    assert len(pruned.kept[0]) < 3
    assert small.output == "linear"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"output": "softplus"}, "not one of softmax"),
        ({"output": 3}, "not one of softmax"),
        ({"target": {"scale": 0}}, "target"),
        ({"target": {"name": 3}}, "target"),
        ({"target": []}, "target"),
        ({"columns": {}}, "no list"),
        ({"columns": [3]}, "columns"),
        ({"columns": [{"name": "a", "categories": [1]}]}, "columns"),
        ({"columns": [{"name": "a", "categories": [], "fill": []}]}, "columns"),
        ({"precision": "single"}, "single precision cannot hold"),
    ],
)
def test_wrong_words_about_the_output_are_refused(tmp_path, change, said):
    path = tmp_path / "m.json"
    save_model(model_for(dataset()), path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(FileError, match=said):
        load_model(path)


def test_one_output_must_be_one(tmp_path):
    path = tmp_path / "m.json"
    save_model(model_for(dataset(is_numeric=False), loss="cross-entropy"), path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"output": "tanh"}))
    with pytest.raises(FileError, match="2 outputs"):
        load_model(path)
