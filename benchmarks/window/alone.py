"""A work of the window's benchmark without the window: ``python -m benchmarks.window.alone WORK``, for the probe.

The same trainer in the same slices, on a thread of its own. Each line on standard input is a number of seconds to train
for; the answer is rows a second.
"""

from __future__ import annotations

import sys
import threading
import time
from itertools import chain

from benchmarks.window.runs import dataset_of, settings_of
from l1gui.app.loop import SLICE_S
from l1gui.data.dataset import Dataset
from l1gui.data.presets import load_data
from l1gui.runs import build_trainer
from l1gui.settings import RunSettings

WARM_UP_S = 0.5


def trained(settings: RunSettings, dataset: Dataset, seconds: float) -> float:
    """Rows a second of a new run."""
    trainer = build_trainer(settings, dataset)
    n_rows, started = 1_000, time.monotonic()
    while time.monotonic() < started + seconds:
        before = time.monotonic()
        done = trainer.advance(n_rows)
        n_rows = max(1, round(done * min(4.0, SLICE_S / max(1e-6, time.monotonic() - before))))
    return trainer.rows_seen / (time.monotonic() - started)


def main() -> None:
    """Train when asked."""
    settings = settings_of(sys.argv[1])
    dataset = dataset_of(sys.argv[1]) or load_data(settings)
    rates: list[float] = []
    for seconds in chain([WARM_UP_S], map(float, sys.stdin)):
        worker = threading.Thread(target=lambda seconds=seconds: rates.append(trained(settings, dataset, seconds)))
        worker.start()
        worker.join()
        print("ready" if len(rates) == 1 else rates[-1], flush=True)


if __name__ == "__main__":
    main()
