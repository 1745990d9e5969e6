"""The engine on the article's work, as ratios within one run: each method to `none`, the scalar loops to `none`.

Times are medians of interleaved rounds of CPU time; machines differ, ratios much less. ``--json`` prints one object.
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import sys
import time
from pathlib import Path

from l1gui.core.penalties import METHODS
from l1gui.data.presets import preset
from l1gui.runs import build_trainer

ROUNDS, EPOCHS, SCALAR_EPOCHS = 7, 300, 2
REFERENCE = Path(__file__).parents[1] / "tests" / "reference.py"


def engine_us(method: str) -> float:
    """CPU microseconds per update of the engine, every epoch measured as the window does."""
    trainer = build_trainer(preset("article").settings.with_values(method=method, epochs=EPOCHS))
    started = time.thread_time()
    rows = trainer.advance(10**9)
    return (time.thread_time() - started) / rows * 1e6


def scalar_us() -> float:
    """CPU microseconds per update of the article-style scalar loops."""
    spec = importlib.util.spec_from_file_location("reference", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    run = reference.ScalarRun(method="none")
    started = time.thread_time()
    run.train(SCALAR_EPOCHS)
    return (time.thread_time() - started) / (SCALAR_EPOCHS * 200) * 1e6


def main() -> None:
    """Run all rounds and print the table."""
    engine_us("none")
    times: dict[str, list[float]] = {name: [] for name in (*METHODS, "scalar loops")}
    for _ in range(ROUNDS):
        for method in METHODS:
            times[method].append(engine_us(method))
        times["scalar loops"].append(scalar_us())
    medians = {name: statistics.median(values) for name, values in times.items()}
    table = {name: {"us_per_update": us, "ratio": us / medians["none"]} for name, us in medians.items()}
    if "--json" in sys.argv[1:]:
        print(json.dumps(table))
        return
    print(f"{'10-8-4, online, article data':30}{'us/update':>12}{'ratio to none':>15}")
    for name, row in table.items():
        print(f"{name:30}{row['us_per_update']:12.3f}{row['ratio']:15.2f}")


if __name__ == "__main__":
    main()
