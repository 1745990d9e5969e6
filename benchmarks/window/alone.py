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
from l1gui.data.presets import load_data
from l1gui.runs import build_trainer

WARM_UP_S = 0.5


def main() -> None:
    """Train when asked."""
    settings = settings_of(sys.argv[1])
    trainer = build_trainer(settings, dataset_of(sys.argv[1]) or load_data(settings))
    n_rows, rates = 1_000, []

    def train(seconds: float) -> None:
        nonlocal n_rows
        started, first = time.monotonic(), trainer.rows_seen
        while time.monotonic() < started + seconds:
            before = time.monotonic()
            done = trainer.advance(n_rows)
            n_rows = max(1, round(done * min(4.0, SLICE_S / max(1e-6, time.monotonic() - before))))
        rates.append((trainer.rows_seen - first) / (time.monotonic() - started))

    for seconds in chain([WARM_UP_S], map(float, sys.stdin)):
        worker = threading.Thread(target=train, args=(seconds,))
        worker.start()
        worker.join()
        print("ready" if len(rates) == 1 else rates[-1], flush=True)


if __name__ == "__main__":
    main()
