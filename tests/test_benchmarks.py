"""The benchmarks' harness on tiny works: peers agree; one that is wrong or absent is told. No time is asserted."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks import __main__ as command_line
from benchmarks import judge, measures, page, rounds, works
from benchmarks.report import contest_text, number
from benchmarks.roster import KINDS, ROOT, Kind, Tools
from benchmarks.window import __main__ as window
from benchmarks.window.screen import missing

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the benchmarks run on Linux and macOS")

WRONG = """
from benchmarks.peers.numpy_vectors import NumPyVectors
from benchmarks.peers.serve import serve

class Wrong(NumPyVectors):
    def __init__(self, job):
        job.rate *= 1.01
        super().__init__(job)

serve(Wrong)
"""

WRONG_LATER = """
import numpy as np
from benchmarks.peers.numpy_vectors import NumPyVectors
from benchmarks.peers.serve import serve

class Wrong(NumPyVectors):
    def train(self, n_updates):
        if n_updates > 100:
            self._rate = np.float32(0.9)
        super().train(n_updates)

serve(Wrong)
"""


@pytest.fixture(scope="module")
def tools():
    with tempfile.TemporaryDirectory() as folder:
        yield Tools(Path(folder))


def tiny(work_id):
    """A work of few updates."""
    sizes = {"A": (2, 40), "A-L1": (2, 40), "B": (2, 8), "C": (1, 4)}
    epochs, n_check = sizes[work_id]
    return replace(works.work(work_id), epochs=epochs, n_check=n_check)


def kinds(*names):
    return [kind for kind in KINDS if kind.id in names]


def contest(work, tools, chosen):
    return rounds.Contest(work, tools, 1e-4, lambda _: None).run(chosen, 1)


@pytest.mark.parametrize("work_id", ["A", "A-L1", "B", "C"])
def test_peers_that_are_always_there_agree(tools, work_id):
    chosen = ["ours", "ours-whole", "numpy", "scalar"]
    chosen += ["c-hand", "c-fast", "c"] if shutil.which("cc") else []
    chosen += ["js"] if shutil.which("node") else []
    results = contest(tiny(work_id), tools, kinds(*chosen))
    assert [result.id for result in results] == [kind.id for kind in KINDS if kind.id in chosen]
    for result in results:
        if result.skipped:
            assert result.skipped == "it cannot do this work"
            assert result.id in ("scalar", "c-hand")
            continue
        assert result.agrees, result
        assert len(result.us) == len(result.wall_us) == 1
        assert result.us[0] > 0
    assert " NO " not in contest_text(tiny(work_id), results)


def test_scikit_learn_does_the_same_updates(tools):
    (result,) = contest(tiny("B"), tools, kinds("sklearn-as-given"))
    assert result.agrees, result
    (result,) = contest(tiny("A"), tools, kinds("sklearn"))
    assert result.agrees, result
    assert "cross-entropy" in result.note


def other_program(monkeypatch, code):
    monkeypatch.setattr(rounds, "command", lambda _kind, _tools: [sys.executable, "-c", code])


def test_a_peer_that_is_wrong_is_told(tools, monkeypatch):
    other_program(monkeypatch, WRONG)
    results = contest(tiny("A"), tools, kinds("numpy"))
    assert not results[0].agrees
    assert results[0].difference > tiny("A").tolerance
    assert " NO " in contest_text(tiny("A"), results)


def test_a_peer_whose_end_is_wrong_is_told(tools, monkeypatch):
    other_program(monkeypatch, WRONG_LATER)
    (result,) = contest(tiny("A"), tools, kinds("numpy"))
    assert result.difference <= tiny("A").tolerance
    assert not result.agrees


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise SystemExit('missing it has a cold')", "it has a cold"),
        ("import no_such_module", "No module named 'no_such_module'"),
        ("print('ready'); input(); raise ValueError('in the middle')", "in the middle"),
    ],
)
def test_a_peer_that_fails_is_skipped_with_its_word(tools, monkeypatch, code, words):
    other_program(monkeypatch, code)
    results = contest(tiny("A"), tools, kinds("numpy"))
    assert words in results[0].skipped
    assert f"skipped: NumPy, vectorised: {results[0].skipped}" in contest_text(tiny("A"), results)


def test_a_library_that_is_missing_is_named(tools):
    absent = Kind("absent", "Absent", "numpy_vectors", "no_such_library")
    (result,) = contest(tiny("A"), replace(tools, pythons=(sys.executable,)), [absent])
    assert "no_such_library is not installed" in result.skipped
    assert "--python" in result.skipped


def test_the_command_prints_and_writes(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command_line, "work", tiny)
    words = ["--only", "A,B", "--peers", "ours,numpy,scalar", "--repeats", "1", "--seconds", "1e-4"]
    assert command_line.main([*words, "--json", str(tmp_path / "results.json")]) == 0
    printed = capsys.readouterr().out
    assert "article: 10-8-4" in printed
    assert "skipped: scalar Python loops, as in the article: it cannot do this work" in printed
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [each["id"] for each in results["works"]["A"]] == ["ours", "numpy", "scalar"]
    assert all(each["agrees"] or each["skipped"] for found in results["works"].values() for each in found)
    assert "| NumPy, vectorised |" in page.page(results, None)


def test_the_command_says_when_a_peer_does_not_agree(monkeypatch, capsys):
    monkeypatch.setattr(command_line, "work", tiny)
    other_program(monkeypatch, WRONG)
    assert command_line.main(["--only", "A", "--peers", "numpy", "--repeats", "1", "--seconds", "1e-4"]) == 1
    assert " NO " in capsys.readouterr().out


def test_the_command_refuses_what_it_does_not_know(capsys):
    with pytest.raises(SystemExit):
        command_line.main(["--only", "D"])
    assert "there is no 'D'" in capsys.readouterr().err


def test_the_judge_learns_and_knows_a_difference():
    work = replace(works.work("A"), epochs=30)
    start, _ = work.start_and_visits()
    end = judge.trained(work, work.n_updates)
    assert judge.mean_loss(work, end) < 0.8 * judge.mean_loss(work, start)
    assert judge.correct(work, end) > judge.correct(work, start)
    other = end.copy()
    other[3] += 0.01 * np.abs(end).max()
    assert judge.difference(other, end) == pytest.approx(0.01)
    other[3] = np.nan
    assert judge.difference(other, end) == np.inf


def test_what_is_measured_of_the_engine(tmp_path, monkeypatch):
    monkeypatch.setattr(measures, "SIZES", ((3, 4, 2), (6, 8, 2)))
    monkeypatch.setattr(measures, "SCALING_S", 1e-3)
    points = measures.scaling(tmp_path, 1)
    assert [point["parameters"] for point in points] == [26, 74]
    picture = ElementTree.fromstring(page.scaling_svg(points))
    assert sum(1 for part in picture.iter() if part.tag.endswith("circle")) == 4
    assert measures.grid(tmp_path, 1)["grid_ms"] > 0


def test_numbers_are_short():
    assert [number(value) for value in (0.0123456, 1.234, 12345.6, 0.0, float("nan"))] == [
        "0.0123", "1.23", "12,346", "0", "-",
    ]  # fmt: skip


def test_the_window_is_watched(tmp_path):
    log = tmp_path / "frames.csv"
    plan = {"work": "A", "rounds": 1, "seconds": 0.3, "n_moves": 3, "settle_ms": 20, "log": str(log)}
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    found = window.watched(plan, environment)
    facts = window.summed_up(found)
    assert facts["frames_per_second"] > 0
    assert facts["rows_per_second"]["alone"] > 0
    assert facts["history"]["ratio"] > 0
    assert len(found["kernel_ms"]) == len(found["painted_ms"]) == 3
    # A lambda is painted after the kernel has it, or with the frame that tells of it, never before it was moved.
    assert min(found["painted_ms"]) > 0
    assert min(found["kernel_ms"]) > 0
    head, *lines = log.read_text(encoding="ascii").splitlines()
    assert head == "work,round,start_s,paint_ms,since_last_ms,is_new"
    assert lines
    assert page.window_page({"works": {"A": facts}}).count("|") > 20


def test_a_screen_that_cannot_be_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt-get install" in missing()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.window"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Xvfb" in done.stderr
