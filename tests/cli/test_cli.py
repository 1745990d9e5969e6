"""The command line: exact counts, one JSON object, one clear line for what cannot be, the right exit status."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from l1gui.cli.flags import FLAGS
from l1gui.cli.main import main
from l1gui.files.weights import load_model
from l1gui.settings import SPECS

ROOT = Path(__file__).parents[2]


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def run_json(capsys, *words):
    status, out, err = run(capsys, *words)
    assert status == 0, err
    assert out.count("\n") == 1
    return json.loads(out)


def test_article_json(capsys):
    document = run_json(capsys, "article", "--json")
    runs = {each["name"]: each for each in document["runs"]}
    assert list(runs) == ["none", "as-printed", "gradient", "tack-on"]
    assert [(r["train"], r["test"]) for r in runs.values()] == [(188, 22), (189, 27), (179, 26), (76, 12)]
    assert runs["none"]["published"] == {"train": 188, "test": 22}
    assert runs["as-printed"]["published"] == {"train": 189, "test": 27}
    assert runs["gradient"]["published"] is runs["tack-on"]["published"] is None
    assert all(each["matches"] for each in runs.values())
    assert document["verdict"].count(". ") == 1


def test_article_text(capsys):
    status, out, _ = run(capsys, "article")
    assert status == 0
    for word in ("188/200 = 94.00 %", "22/40 = 55.00 %", "189/200 = 94.50 %", "27/40 = 67.50 %", "reversed sign"):
        assert word in out


def test_train_json_has_every_number(capsys, tmp_path):
    path = tmp_path / "w.npz"
    found = run_json(capsys, "train", "--preset", "article", "--method", "none", "--json", "-o", str(path))
    assert (found["train"]["correct"], found["test"]["correct"]) == (188, 22)
    assert found["train"]["accuracy"] == 0.94
    assert found["epochs"] == 500
    assert found["rows_seen"] == 100_000
    assert found["stopped"] == "epochs"
    assert found["validation"] is None
    assert found["events"] == []
    assert found["settings"]["penalty"] == {"method": "none", "lam": 0.001, "alpha": 0.5}
    weights = found["weights"]
    assert weights["abs_sum"] == pytest.approx(64.11, abs=0.01)
    assert (weights["count"], weights["zero"], weights["effective_parameters"]) == (112, 0, 124)
    model = load_model(path)
    parts = [part.ravel() for pair in zip(model.weights, model.biases, strict=True) for part in pair]
    assert hashlib.sha256(np.concatenate(parts).tobytes()).hexdigest() == weights["sha256"]


def test_the_same_run_twice_has_the_same_digest(capsys):
    words = ("train", "--preset", "gauss-noise", "--epochs", "20", "--seed", "3", "--json")
    first, second = run_json(capsys, *words), run_json(capsys, *words)
    assert first["weights"]["sha256"] == second["weights"]["sha256"]


def test_gauss_noise_keeps_its_promise(capsys):
    with_l1 = run_json(capsys, "train", "--preset", "gauss-noise", "--json")
    without = run_json(capsys, "train", "--preset", "gauss-noise", "--method", "none", "--json")
    assert with_l1["test"]["accuracy"] > 0.95
    assert without["test"]["accuracy"] < 0.80
    assert with_l1["weights"]["zero"] / with_l1["weights"]["count"] > 0.9
    assert with_l1["weights"]["live_inputs"] <= 3


def test_planned_changes_are_events_at_their_epoch(capsys):
    words = ("--epochs", "30", "--at", "10:lam=0.05", "--at", "20:method=cumulative", "--at", "20:learn-rate=0.02")
    found = run_json(capsys, "train", "--json", *words)
    assert [(e["row"], e["field"], e["value"]) for e in found["events"]] == [
        (2000, "lam", 0.05),
        (4000, "method", "cumulative"),
        (4000, "learn_rate", 0.02),
    ]


def test_config_lies_between_preset_and_flags(capsys, tmp_path):
    config = tmp_path / "c.toml"
    config.write_text("[training]\nepochs = 7\nseed = 5\n", encoding="utf-8")
    found = run_json(capsys, "train", "--config", str(config), "--seed", "6", "--json")
    assert (found["epochs"], found["settings"]["training"]["seed"]) == (7, 6)


def test_text_output(capsys):
    status, out, _ = run(capsys, "train", "--epochs", "5", "--hidden", "6,3")
    assert status == 0
    assert "10-6-3-4" in out
    assert "of 200" in out


def test_every_setting_has_a_flag():
    assert set(FLAGS) == set(SPECS) - {"source"}


BAD = [
    (["nonsense"], "there is no command 'nonsense'"),
    (["--nonsense"], "unrecognized arguments"),
    (["train", "--nonsense"], "unrecognized arguments"),
    (["train", "--epo", "3"], "unrecognized arguments"),
    (["train", "--preset", "irises"], "choose one of article"),
    (["train", "--method", "l7"], "choose one of none"),
    (["train", "--loss", "l7"], "choose one of"),
    (["train", "--activation", "l7"], "choose one of tanh"),
    (["train", "--initialization", "l7"], "choose one of uniform"),
    (["train", "--lam=-1"], "--lam: Lambda must be a number from 0 to 1,000,000"),
    (["train", "--lam", "nan"], "from 0 to 1,000,000"),
    (["train", "--lam", "1e999"], "from 0 to 1,000,000"),
    (["train", "--lam", ""], "from 0 to 1,000,000"),
    (["train", "--epochs", "0"], "from 1 to 1,000,000"),
    (["train", "--epochs", "1.5"], "a whole number"),
    (["train", "--seed=-1"], "from 0 to"),
    (["train", "--hidden", "8,,8"], "up to 6 layers"),
    (["train", "--hidden", "0"], "1 to 512"),
    (["train", "--learn-rate", "0"], "from 1e-06"),
    (["train", "--at", "10"], "EPOCH:SETTING=VALUE"),
    (["train", "--at", "10:hidden=3"], "cannot change while a run goes on"),
    (["train", "--at", "10:lam=-3"], "from 0 to 1,000,000"),
    (["train", "--at", "10:method=l7"], "choose one of none"),
    (["train", "--config", "/nowhere.toml"], "is no file"),
    (["train", "-o", "w.txt"], ".npz, .json, .csv"),
    (["train", "-o", "/nowhere/w.npz"], "does not exist"),
    (["export", "/nowhere.npz", "-o", "w.json"], "no such file"),
    (["--size", "12"], "WIDTHxHEIGHT"),
    (["--speed", "warp"], "epochs a second"),
    (["--screenshot", "/nowhere/x.png"], "does not exist"),
    (["--theme", "pink"], "invalid choice"),
    (["--open", "/nowhere.npz"], "no such file"),
    (["--open", __file__], ".npz, .json, .csv"),
]


@pytest.mark.parametrize(("words", "said"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_what_cannot_be_is_one_clear_line_and_status_2(capsys, words, said):
    status, out, err = run(capsys, *words)
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("l1gui: error: ")
    assert said in err


def test_a_diverged_run_says_so_and_saves_the_last_good_weights(capsys, tmp_path):
    path = tmp_path / "w.json"
    words = ("--learn-rate", "100", "--activation", "linear", "--loss", "cross-entropy", "--hidden", "8,8")
    status, out, err = run(capsys, "train", *words, "--json", "-o", str(path))
    assert status == 2
    assert json.loads(out)["stopped"] == "diverged"
    assert "learning rate, 100, is too large" in err
    assert all(np.isfinite(w).all() for w in load_model(path).weights)


def test_export_converts_exactly(capsys, tmp_path):
    first = tmp_path / "a.npz"
    run_json(capsys, "train", "--epochs", "3", "--json", "-o", str(first))
    status, _, _ = run(capsys, "export", str(first), "-o", str(tmp_path / "b.json"), "-o", str(tmp_path / "c.csv"))
    assert status == 0
    status, _, _ = run(capsys, "export", str(tmp_path / "c.csv"), "-o", str(tmp_path / "d.npz"))
    assert status == 0
    for name in ("b.json", "c.csv", "d.npz"):
        assert [w.tobytes() for w in load_model(tmp_path / name).weights] == [
            w.tobytes() for w in load_model(first).weights
        ]


def test_help_and_version(capsys):
    for words in (["--help"], ["train", "--help"], ["article", "--help"], ["export", "--help"], ["--version"]):
        with pytest.raises(SystemExit) as caught:
            main(words)
        assert caught.value.code == 0
        assert capsys.readouterr().out


def test_interrupted_is_130():
    command = [sys.executable, "-m", "l1gui.cli.main", "train", "--epochs", "1000000", "--preset", "gauss-noise"]
    code = (
        "import sys, threading, os, signal\n"
        "from l1gui.core.trainer import Trainer\n"
        "advance = Trainer.advance\n"
        "def first(self, rows):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    return advance(self, rows)\n"
        "Trainer.advance = first\n"
        "from l1gui.cli.main import main\n"
        f"sys.exit(main({command[3:]!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 130
    assert done.stderr == "l1gui: interrupted\n"
