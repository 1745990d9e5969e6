"""The compiler switch: uncompiled gives the same numbers, and what breaks the compiler only slows the program."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from l1gui.core import cache, entries, kernel, warm

ROOT = Path(__file__).parents[2]

PROBE = """
import json, sys
from l1gui.core import warm
from l1gui.runs import build_trainer, preset
trainer = build_trainer(preset("gauss-noise").settings.with_values(epochs=1, hidden=(3,)))
trainer.advance(60)
is_loaded = "numba" in sys.modules
print(json.dumps({"notice": warm.compile_notice(), "params": trainer.params.tolist(), "is_compiler_loaded": is_loaded}))
"""


def run_probe(tmp_path, code=PROBE, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "L1GUI_CACHE_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def compiled_probe(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    return folder, run_probe(folder)


def kept(folder):
    return sorted(folder.glob("kernels-*/*"))


def test_compiled_without_a_notice(compiled_probe):
    folder, probe = compiled_probe
    assert probe["notice"] == ""
    assert [path.name for path in kept(folder)] == ["float32"]
    assert not probe["is_compiler_loaded"]


def test_uncompiled_gives_the_same_weights_and_says_so(compiled_probe, tmp_path):
    off = run_probe(tmp_path, L1GUI_COMPILE="off")
    assert "uncompiled" in off["notice"]
    assert off["params"] == pytest.approx(compiled_probe[1]["params"], rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("library", ["numba", "llvmlite"])
def test_a_compiler_that_fails_only_slows(compiled_probe, tmp_path, library):
    broken = tmp_path / library
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('no code for this machine')\n")
    probe = run_probe(tmp_path, PYTHONPATH=str(tmp_path))
    assert "no code for this machine" in probe["notice"]
    assert probe["params"] == pytest.approx(compiled_probe[1]["params"], rel=1e-5, abs=1e-7)


def test_a_compiler_that_computes_wrongly_is_not_used(compiled_probe):
    folder, expected = compiled_probe
    wrong = "from l1gui.core import cache, native\nread, cache.clear = native.Image.from_bytes, int\n" + (
        "native.Image.from_bytes = lambda content: read(content)._replace(expected=[0.0])\n"
    )
    probe = run_probe(folder, wrong + PROBE)
    assert "disagree" in probe["notice"]
    assert probe["params"] == pytest.approx(expected["params"], rel=1e-5, abs=1e-7)


def test_a_damaged_cache_is_made_anew(compiled_probe):
    folder, expected = compiled_probe
    (path,) = kept(folder)
    path.write_bytes(path.read_bytes()[:-40])
    assert run_probe(folder) == expected
    digest, _, content = path.read_bytes().partition(b"\n")
    assert hashlib.sha256(content).hexdigest().encode() == digest


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-1], lambda whole: whole[70:], lambda _: b"", lambda _: bytes(99)]
)
def test_damage_is_seen(tmp_path, monkeypatch, damage):
    monkeypatch.setenv("L1GUI_CACHE_DIR", str(tmp_path))
    cache.write("float32", b"machine code\nof two lines")
    assert cache.read("float32") == b"machine code\nof two lines"
    (path,) = kept(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    assert cache.read("float32") is None


@pytest.mark.skipif(sys.platform == "win32", reason="files may be as large as they are here")
def test_where_the_cache_cannot_be_written_it_is_compiled_all_the_same(compiled_probe, tmp_path):
    full = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
    assert run_probe(tmp_path, full + PROBE) == compiled_probe[1] | {"is_compiler_loaded": True}
    assert kept(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owners here")
def test_a_folder_that_others_can_write_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_homes", lambda: [tmp_path / "open", tmp_path / "own"])
    first = cache.folder()
    assert first.parent.name == "open"
    first.chmod(0o777)
    assert cache.folder().parent.name == "own"


def test_arguments_that_are_not_compiled_for_are_refused():
    warm.prepare()
    with pytest.raises(TypeError, match=r"all_finite is not compiled for \(int32:1\)"):
        kernel.all_finite(np.zeros(3, np.int32))
    with pytest.raises(TypeError, match="not compiled"):
        kernel.all_finite(np.zeros((4, 2), np.float32)[:, 0])
    with pytest.raises(TypeError, match="not compiled"):
        kernel.all_finite(np.zeros(3, np.float32), 1)
    with pytest.raises(TypeError, match="not compiled"):
        kernel.set_rate(np.zeros(entries.N_NUMBERS), "fast")


def test_both_precisions_and_plain_results():
    warm.prepare()
    assert kernel.all_finite(np.ones(3, np.float32)) is True
    assert kernel.all_finite(np.array([1.0, np.nan])) is False
    numbers = np.zeros(entries.N_NUMBERS)
    numbers[entries.RATE] = 0.5
    assert kernel.set_rate(numbers, 3) is None
    assert numbers[entries.ETA] == 0.5


def test_where_double_precision_cannot_be_compiled_it_runs_uncompiled(compiled_probe):
    broken = "from l1gui.core import warm\nwarm.begin_compiling, warm.cache.clear = (lambda dtype: 1 / 0), int\n"
    double = broken + PROBE.replace("hidden=(3,)", 'hidden=(3,), precision="double"')
    probe = run_probe(compiled_probe[0], double)
    assert "ZeroDivisionError" in probe["notice"]
    assert probe["params"] == pytest.approx(compiled_probe[1]["params"], rel=1e-5, abs=1e-6)


def test_the_compiler_is_not_waited_for_once_the_program_ends(tmp_path):
    endless = """
import json, subprocess, sys, threading
from l1gui.core import warm
began = threading.Event()
def begin(dtype):
    waits = "import os, time; parent = os.getppid()\\nwhile os.getppid() == parent: time.sleep(0.05)"
    process = subprocess.Popen([sys.executable, "-c", waits], stderr=subprocess.PIPE, text=True)
    began.set()
    return process
warm.begin_compiling = begin
thread = threading.Thread(target=warm.prepare)
thread.start()
began.wait()
warm.abandon()
thread.join()
print(json.dumps({"notice": warm.compile_notice()}))
"""
    assert "the program ended before" in run_probe(tmp_path, endless)["notice"]
