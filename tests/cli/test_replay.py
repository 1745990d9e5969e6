"""``l1gui replay`` and ``--prune``: the same weights again, and smaller ones that answer alike."""

import json

import numpy as np
import pytest

from l1gui.cli.main import main
from l1gui.files.weights import load_model


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize("ending", ["npz", "json"])
@pytest.mark.parametrize(
    "words",
    [
        ("--epochs", "40", "--at", "10:lam=0.01", "--at", "20:method=group", "--at", "30:learn-rate=0.02"),
        ("--preset", "gauss-noise", "--epochs", "30", "--dropout", "0.2", "--jitter", "0.1", "--seed", "4"),
        ("--preset", "article", "--epochs", "120", "--patience", "5", "--method", "truncated"),
        ("--preset", "article", "--epochs", "20", "--at", "20:epochs=35", "--max-norm", "0.5", "--at", "5:alpha=0.2"),
        ("--preset", "article", "--epochs", "60", "--learn-rate", "0.01", "--at", "30:learn-rate=100"),
    ],
    ids=["methods", "noise", "early", "longer", "perhaps-diverged"],
)  # fmt: skip
def test_a_recorded_run_is_repeated_bit_for_bit(capsys, tmp_path, words, ending):
    path = tmp_path / f"run.{ending}"
    run(capsys, "train", *words, "-o", str(path))
    status, out, err = run(capsys, "replay", str(path), "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found["same"] is True
    assert found["largest_change"] == 0.0
    assert found["sha256"]["file"] == found["sha256"]["replayed"]


def test_other_weights_are_told(capsys, tmp_path):
    path = tmp_path / "run.json"
    run(capsys, "train", "--epochs", "5", "-o", str(path))
    document = json.loads(path.read_text(encoding="utf-8"))
    document["layers"][0]["biases"][0] = 0.5
    path.write_text(json.dumps(document), encoding="utf-8")
    status, out, _ = run(capsys, "replay", str(path))
    assert status == 1
    assert "other weights" in out


def test_what_cannot_be_replayed(capsys, tmp_path):
    table, small = tmp_path / "w.csv", tmp_path / "small.npz"
    run(capsys, "train", "--preset", "gauss-noise", "--epochs", "60", "-o", str(table))
    run(capsys, "train", "--preset", "gauss-noise", "--epochs", "60", "--prune", "-o", str(small))
    for path, cause in (
        (table, "does not tell of a run"),
        (small, "has been pruned"),
        (tmp_path / "no.npz", "no such"),
    ):
        status, out, err = run(capsys, "replay", str(path))
        assert (status, out) == (2, "")
        assert cause in err
        assert err.count("\n") == 1


def test_events_beyond_the_run_are_told(capsys, tmp_path):
    path = tmp_path / "run.json"
    run(capsys, "train", "--epochs", "5", "-o", str(path))
    document = json.loads(path.read_text(encoding="utf-8"))
    document["events"] = [{"row": 99_999, "field": "lam", "value": 0.1}]
    path.write_text(json.dumps(document), encoding="utf-8")
    status, _, err = run(capsys, "replay", str(path))
    assert status == 2
    assert "cannot be repeated" in err


@pytest.mark.parametrize("ending", ["npz", "json", "csv"])
def test_prune_saves_the_small_network(capsys, tmp_path, ending):
    path = tmp_path / f"small.{ending}"
    words = ("train", "--preset", "gauss-noise", "--epochs", "100", "--json", "--prune", "-o", str(path))
    status, out, _ = run(capsys, *words)
    found = json.loads(out)["pruned"]
    assert status == 0
    assert found["before"] == [10, 8, 2]
    assert found["largest_change"] == found["other_class"] == 0
    model = load_model(path)
    assert list(model.sizes) == found["after"]
    assert set(model.input_names) >= {"x1", "x2"}
    assert len(model.input_names) == len(found["kept_inputs"])


@pytest.mark.parametrize("ending", ["npz", "json", "csv"])
def test_a_collapsed_network_is_a_constant_that_is_kept(capsys, tmp_path, ending):
    path, again = tmp_path / f"dead.{ending}", tmp_path / f"again.{ending}"
    words = ("--method", "cumulative", "--lam", "0.1", "--epochs", "60")
    status, out, _ = run(capsys, "train", *words, "--prune", "-o", str(path))
    assert status == 0
    assert "10-8-4 -> 0-4, largest change 0" in out
    assert run(capsys, "export", str(path), "-o", str(again))[0] == 0
    first, second = load_model(path), load_model(again)
    assert first.sizes == second.sizes == (0, 4)
    assert np.array_equal(first.biases[0], second.biases[0])


def test_export_prunes_a_saved_network(capsys, tmp_path):
    whole, small = tmp_path / "whole.npz", tmp_path / "small.json"
    run(capsys, "train", "--preset", "gauss-noise", "--epochs", "100", "-o", str(whole))
    status, out, _ = run(capsys, "export", str(whole), "--prune", "-o", str(small))
    assert status == 0
    assert out.startswith("pruned 10-8-2 -> ")
    assert "largest change 0" in out
    model = load_model(small)
    assert model.pruned["sizes"] == [10, 8, 2]
    assert model.settings.network.hidden == model.sizes[1:-1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--lam", "-0.1"), "--lam: Lambda must be a number from 0 to 1,000,000; got -0.1"),
        (("--lam", "nan"), "--lam: Lambda must be a number from 0 to 1,000,000; got nan"),
        (("--lam", "inf"), "--lam: Lambda must be a number from 0 to 1,000,000; got inf"),
        (("--alpha", "1.01"), "--alpha: Alpha must be a number from 0 to 1; got 1.01"),
        (("--alpha", "-1"), "--alpha: Alpha must be a number from 0 to 1; got -1"),
        (("--dropout", "1"), "--dropout: Dropout must be a number from 0 to 0.95; got 1"),
        (("--epochs", "50", "--patience", "51"), "--patience: Patience must be at most the run's epochs, 50"),
        (("--max-norm", "1", "--method", "group"), "--max-norm: Max-norm cannot go with dual-averaging, group"),
        (("--hidden", "none", "--dropout", "0.1"), "--dropout: Dropout leaves out hidden units"),
        (("--max-norm", "1", "--at", "10:method=group"), "Max-norm cannot go with"),
        (("--patience", "20", "--at", "10:epochs=15"), "Patience must be at most the run's epochs, 15"),
        (("--jitter", "x"), "--jitter: Input jitter must be a number from 0 to 10"),
        (("--validation", "0.9"), "--validation: Validation share must be a number from 0.05 to 0.5"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_limit(capsys, words, said):
    status, out, err = run(capsys, "train", *words)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
