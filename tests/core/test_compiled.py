"""The compiler switch: uncompiled gives the same numbers, and what breaks the compiler only slows the program."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROBE = """
import json
from l1gui.core import warm
from l1gui.runs import build_trainer, preset
trainer = build_trainer(preset("gauss-noise").settings.with_values(epochs=1, hidden=(3,)))
trainer.advance(60)
print(json.dumps({"notice": warm.compile_notice(), "params": trainer.params.tolist()}))
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


def test_compiled_without_a_notice(compiled_probe):
    folder, probe = compiled_probe
    assert probe["notice"] == ""
    assert list(folder.glob("kernels-*/**/*.nbi"))


def test_uncompiled_gives_the_same_weights_and_says_so(compiled_probe, tmp_path):
    off = run_probe(tmp_path, L1GUI_COMPILE="off")
    assert "uncompiled" in off["notice"]
    assert off["params"] == pytest.approx(compiled_probe[1]["params"], rel=1e-5, abs=1e-7)


def test_a_compiler_that_fails_only_slows(compiled_probe, tmp_path):
    broken = "import numba\ndef fail(*a, **k): raise RuntimeError('no code for this machine')\nnumba.njit = fail\n"
    probe = run_probe(tmp_path, broken + PROBE)
    assert "no code for this machine" in probe["notice"]
    assert probe["params"] == pytest.approx(compiled_probe[1]["params"], rel=1e-5, abs=1e-7)


def test_a_damaged_cache_is_made_anew(compiled_probe):
    folder, expected = compiled_probe
    damaged = list(folder.glob("kernels-*/**/*.nb?"))
    for path in damaged:
        path.write_bytes(path.read_bytes()[:40])
    probe = run_probe(folder)
    assert probe == expected
    assert any(path.stat().st_size > 40 for path in damaged if path.exists())
