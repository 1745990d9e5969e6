"""A table, or a Playground link, on the command line: what suits it, what is told, and what is refused."""

import json

import numpy as np
import pytest

from l1gui.cli.main import main


def run(capsys, *words):
    status = main(words)
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture
def table(tmp_path):
    source = np.random.default_rng(0)
    path = tmp_path / "people.csv"
    lines = ["born;height;town;tall"]
    for k in range(80):
        height = source.normal(170, 10)
        cell = "" if k == 5 else f"{height:.1f}".replace(".", ",")
        lines.append(f"{1950 + k % 50}-01-02;{cell};{('Ulm', 'Bonn')[k % 2]};{('no', 'yes')[int(height > 170)]}")
    path.write_text("\n".join(lines), encoding="cp1252")
    return path


def test_a_table_gets_what_suits_it_and_is_told_of(capsys, table):
    status, out, err = run(capsys, "train", "--data", str(table), "--missing", "mean", "--json")
    assert status == 0
    found = json.loads(out)
    settings = found["settings"]
    assert settings["data"]["source"] == "table"
    assert settings["network"]["hidden"] == [16]
    assert settings["data"]["left_out"] == ["born"]
    assert found["train"]["accuracy"] > 0.9
    assert "left out, as no network learns from dates" in err
    assert any("mean" in note for note in found["notes"])
    assert found["notes"][0] in err


def test_what_is_asked_for_is_over_what_suits(capsys, table):
    words = ("--missing", "drop", "--hidden", "none", "--epochs", "3", "--lam", "0.02", "--left-out", "born,town")
    status, out, _ = run(capsys, "train", "--data", str(table), *words, "--json")
    assert status == 0
    found = json.loads(out)
    assert (found["epochs"], found["settings"]["penalty"]["lam"]) == (3, 0.02)
    assert found["settings"]["regularization"]["jitter"] == 0.0, "it would bend the lasso"
    assert found["weights"]["count"] == 2


def test_missing_cells_are_refused_with_their_place_and_the_choices(capsys, table):
    status, out, err = run(capsys, "train", "--data", str(table))
    assert (status, out) == (2, "")
    assert "1 missing cell" in err
    assert "line 7" in err
    assert "--missing drop" in err


def test_a_run_on_a_table_is_repeated_from_its_file_and_a_changed_table_is_told(capsys, table, tmp_path):
    model = tmp_path / "m.json"
    assert run(capsys, "train", "--data", str(table), "--missing", "drop", "--epochs", "4", "-o", str(model))[0] == 0
    status, out, _ = run(capsys, "replay", str(model))
    assert status == 0
    assert "the same weights, bit for bit" in out
    assert json.loads(model.read_text())["columns"][1]["name"] == "town"
    table.write_text(table.read_text().replace("Ulm", "Kiel"))
    status, _, err = run(capsys, "replay", str(model))
    assert status == 2
    assert "changed" in err


def test_a_preset_of_a_table_can_be_bent(capsys):
    status, out, _ = run(capsys, "train", "--preset", "iris", "--epochs", "20", "--scaling", "minmax", "--json")
    assert status == 0
    assert json.loads(out)["train"]["rows"] == 112


def test_a_number_has_its_fit_in_json_and_in_words(capsys):
    _, out, _ = run(capsys, "train", "--preset", "friedman", "--epochs", "60", "--json")
    found = json.loads(out)["test"]
    assert set(found) == {"rows", "r2", "rmse", "loss"}
    assert found["r2"] > 0.6
    _, out, _ = run(capsys, "train", "--preset", "friedman", "--epochs", "2")
    assert "R2" in out
    assert "RMSE" in out


def test_a_playground_link_is_its_run(capsys):
    link = "https://playground.tensorflow.org/#seed=0.50000&regularization=L1&regularizationRate=0.003"
    status, out, _ = run(capsys, "train", "--playground", link, "--epochs", "100", "--json")
    found = json.loads(out)
    assert status == 0
    assert found["train"]["loss"] == pytest.approx(0.015997495, abs=6e-10)
    assert found["test"]["loss"] == pytest.approx(0.027055823, abs=6e-10)
    assert found["weights"]["zero"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--playground", "hello"), "Playground"),
        (("--playground", "#seed=1", "--preset", "xor"), "starting point of its own"),
        (("--data", "gone.csv"), "no such file"),
        (("--preset", "iris", "--scaling", "robust"), "choose one of none"),
        (("--preset", "xor", "--delimiter", "tab"), "of no use for the xor data"),
        (("--preset", "friedman", "--loss", "cross-entropy"), "choose squared"),
        (("--preset", "iris", "--output-kind", "tanh", "--loss", "squared"), "two classes"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(capsys, words, said):
    status, out, err = run(capsys, "train", *words)
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_the_window_is_not_opened_on_a_table_that_cannot_be_used(capsys, table):
    status, out, err = run(capsys, "--data", str(table))
    assert (status, out) == (2, "")
    assert "1 missing cell" in err
