"""What memory there is, as systems and containers tell it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from l1gui import memory

MB = 1_000_000
ROOT = Path(__file__).parents[1]


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A made-up machine: what its files say, by name."""
    monkeypatch.setattr(memory, "PROC", tmp_path)
    monkeypatch.setattr(memory, "GROUPS", tmp_path / "groups")
    monkeypatch.setattr(memory.sys, "platform", "linux")

    def make(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    make(meminfo="MemTotal:  9000000 kB\nMemAvailable:  8000000 kB\n\nSwapFree: 0 kB\n")
    return make


def test_the_machine_says_what_it_has(system):
    assert memory.available_bytes() == 8_000_000 * 1024


def test_a_container_has_less_and_cached_files_can_be_had(system):
    system(groups__memory_max="900000000\n", groups__memory_current="700000000\n")
    assert memory.available_bytes() == 200 * MB
    system(groups__memory_stat="anon 5\ninactive_file 300000000\n")
    assert memory.available_bytes() == 500 * MB
    system(groups__memory_max="max\n")
    assert memory.available_bytes() == 8_000_000 * 1024


def test_a_container_over_its_limit_has_nothing(system):
    system(groups__memory_max="900000000\n", groups__memory_current="910000000\n")
    assert memory.available_bytes() == 0


def test_nobody_says_anything(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "PROC", tmp_path / "none")
    monkeypatch.setattr(memory, "GROUPS", tmp_path / "none")
    monkeypatch.setattr(memory.sys, "platform", "linux")
    assert memory.available_bytes() is None


@pytest.mark.skipif(sys.platform != "linux", reason="such limits are Linux's")
def test_a_limit_on_the_process_is_seen():
    code = "import resource; resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9)); from l1gui import memory; "
    code += "print(memory.available_bytes())"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < 10**9


def test_this_machine_has_some():
    available = memory.available_bytes()
    assert available is None or 10 * MB < available < 10**14


def test_megabytes_are_readable():
    assert memory.megabytes(1_234_567_890) == "1,235 MB"
