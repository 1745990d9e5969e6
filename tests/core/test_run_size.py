"""Runs that the memory cannot hold are refused with the numbers; the estimate is near what is really taken."""

import tracemalloc

import numpy as np
import pytest

from l1gui import memory
from l1gui.cli.main import main
from l1gui.core.network import Layout
from l1gui.core.size import USABLE, check_network, layout_of, run_bytes
from l1gui.core.task import Task
from l1gui.core.trainer import Trainer
from l1gui.settings import RunSettings, SettingError

MB = 1_000_000
SMALL = RunSettings().with_values(loss="cross-entropy", initialization="xavier")


def task(n_rows, n_inputs, n_classes=3):
    rows = np.zeros((n_rows, n_inputs), dtype=np.float32), np.arange(n_rows) % n_classes
    return Task(rows, rows, n_classes)


@pytest.fixture
def available(monkeypatch):
    return lambda n_bytes: monkeypatch.setattr(memory, "available_bytes", lambda: n_bytes)


def test_refused_with_parameters_and_megabytes(available):
    available(50 * MB)
    settings = SMALL.with_values(hidden=(512,) * 6)
    with pytest.raises(SettingError, match=r"1,316,355 parameters on 20 rows takes about \d+ MB") as caught:
        Trainer(settings, task(10, 2))
    assert caught.value.field == "hidden"
    assert "50 MB are available" in str(caught.value)
    Trainer(SMALL, task(10, 2))


def test_rows_count_too(available):
    available(50 * MB)
    with pytest.raises(SettingError, match="200,000 rows"):
        check_network(SMALL, 100, 3, (150_000, 0, 50_000))
    check_network(SMALL, 100, 3, (1_500, 0, 500))


def test_allowed_up_to_the_limit(available):
    layout = Layout((10, 64, 3))
    wanted = run_bytes(layout, (1_000, 0, 100), 4)
    settings = SMALL.with_values(hidden=(64,))
    available(wanted / USABLE + 1)
    check_network(settings, 10, 3, (1_000, 0, 100))
    available(wanted / USABLE - 1)
    with pytest.raises(SettingError):
        check_network(settings, 10, 3, (1_000, 0, 100))
    available(None)
    check_network(settings.with_values(hidden=(512,) * 6), 10**6, 3, (10**9, 0, 0))


def test_double_precision_takes_more():
    layout = Layout((100, 512, 3))
    assert run_bytes(layout, (1_000, 0, 100), 8) > 1.4 * run_bytes(layout, (1_000, 0, 100), 4)


def test_layouts_follow_the_task():
    assert layout_of(SMALL, 5, 3).sizes == (5, 8, 3)
    assert layout_of(SMALL.with_values(output_kind="sigmoid"), 5, 2).sizes == (5, 8, 1)
    assert layout_of(SMALL.with_values(loss="squared"), 5, 0).sizes == (5, 8, 1)
    with pytest.raises(SettingError, match="tells two classes apart"):
        layout_of(SMALL.with_values(output_kind="sigmoid"), 5, 3)


@pytest.mark.parametrize(("hidden", "n_rows", "n_inputs"), [((256, 256), 100, 60), ((8,), 30_000, 50)])
def test_the_estimate_is_near_what_is_taken(hidden, n_rows, n_inputs):
    settings, rows = SMALL.with_values(hidden=hidden, epochs=1), task(n_rows, n_inputs)
    tracemalloc.start()
    try:
        trainer = Trainer(settings, rows)
        kept = [trainer.snapshot(), trainer.snapshot()]
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert kept
    assert 0.5 < run_bytes(trainer.layout, (n_rows, 0, n_rows), 4) / taken < 2.5


def test_the_command_line_says_so_too(available, capsys):
    available(1 * MB)
    assert main(["train", "--preset", "article", "--hidden", "512,512"]) == 2
    assert "parameters on 240 rows takes about" in capsys.readouterr().err
