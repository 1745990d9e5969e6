"""The window itself: ``python -m benchmarks.window`` opens the program on a virtual screen and trains flat out.

All views at 1440x900, works A, B and C in turn: frames painted, how long the event loop stands still, what the window
costs training, how soon a moved lambda acts and is seen; besides start-up, memory and closing. Nothing else should run
on the machine meanwhile, or the figures are those of the company.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.__main__ import machine
from benchmarks.report import number, table
from benchmarks.roster import ROOT
from benchmarks.window.screen import Screen, missing

LIMIT_S = 600
WORKS = ("A", "B", "C")


def flags() -> argparse.Namespace:
    """The command line's."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.window", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(WORKS), help="works, with commas between (A,B,C)")
    parser.add_argument("--rounds", type=int, default=3, help="turns with the window and without it (3)")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each (5)")
    parser.add_argument("--moves", type=int, default=150, help="times that lambda is moved (150)")
    parser.add_argument("--starts", type=int, default=5, help="times that the program is started and closed (5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    parser.add_argument("--log", type=Path, metavar="CSV", help="write every frame's time there")
    found = parser.parse_args()
    found.only = found.only.split(",")
    if unknown := [each for each in found.only if each not in WORKS]:
        parser.error(f"--only: there is no {unknown[0]!r}; there are {', '.join(WORKS)}")
    return found


def watched(plan: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """One start of the program with the probe in it; what that said, and how long the process took to go."""
    plan = {**plan, "started": time.monotonic()}
    words = [sys.executable, "-m", "benchmarks.window.probe", json.dumps(plan)]
    settings = {**environment, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, env=settings, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        limit = threading.Timer(LIMIT_S, process.kill)
        limit.start()
        found: dict[str, Any] = {}
        for line in process.stdout:
            found |= json.loads(line)
        process.wait()
        ended = time.monotonic()
        limit.cancel()
    if process.returncode or "failed" in found:
        raise SystemExit(f"the program ended with {process.returncode}: {found.get('failed', 'see above')}")
    found["gone_ms"] = 1e3 * (ended - found.pop("close_at"))
    return found


def percentiles(values: list[float]) -> dict[str, float]:
    """Median, 99th percentile and largest."""
    median, high = np.percentile(values, (50, 99))
    return {"median": float(median), "p99": float(high), "max": max(values)}


def summed_up(found: dict[str, Any]) -> dict[str, Any]:
    """A work's figures, out of what the probe said."""
    rates = {name: statistics.median(values) for name, values in found["rows_per_second"].items()}
    shares = [a / b for a, b in zip(*(found["rows_per_second"][name] for name in ("window", "alone")), strict=False)]
    return {
        "frames_per_second": found["frames_per_second"],
        "hand_ms": found["hand_ms"],
        "paint_ms": found["paint_ms"],
        "gui_cpu_ms": found["gui_cpu_ms"],
        "training_share": found["training_share"],
        "training_cpu_share": found["training_cpu_share"],
        "gap_ms": percentiles(found["gaps_ms"]),
        "rows_per_second": rates,
        "share_of_speed_alone": statistics.median(shares),
        "lambda_used_ms": percentiles(found["kernel_ms"]),
        "lambda_painted_ms": percentiles(found["painted_ms"]),
        "history": history_figures(found["history_ms"]),
        "search_s": found["search_s"],
        "resident_mb": found["resident_mb"],
        "closed_ms": found["closed_ms"],
        "gone_ms": found["gone_ms"],
        "epochs": found["epochs"],
    }


def history_figures(found: dict[str, list[float]]) -> dict[str, float]:
    """GUI CPU of a frame with a short history and with a long one, in ms, and how much more the long one is."""
    short, long = (found[length] for length in sorted(found, key=int))
    ratio = statistics.median(b / a for a, b in zip(short, long, strict=True))
    return {"short_ms": statistics.median(short), "long_ms": statistics.median(long), "ratio": ratio}


ROWS = (
    ("frames painted a second", lambda f: number(f["frames_per_second"])),
    ("GUI ms a frame: handing over + painting", lambda f: f"{number(f['hand_ms'])} + {number(f['paint_ms'])}"),
    ("GUI thread's CPU ms a frame, all that it does", lambda f: number(f["gui_cpu_ms"])),
    ("event-loop gap ms: median / p99 / max", lambda f: spread(f["gap_ms"])),
    ("training, share of its speed without a window", lambda f: number(f["share_of_speed_alone"])),
    ("training thread inside the trainer: by the clock / CPU", lambda f: " / ".join(
        number(f[name]) for name in ("training_share", "training_cpu_share"))),
    ("rows a second with / without a window, millions", lambda f: " / ".join(
        number(f["rows_per_second"][name] / 1e6) for name in ("window", "alone"))),
    ("lambda used by the kernel, ms: median / p99 / max", lambda f: spread(f["lambda_used_ms"])),
    ("lambda painted, ms: median / p99 / max", lambda f: spread(f["lambda_painted_ms"])),
    ("GUI CPU ms a frame with 1,000 / 990,000 epochs behind it, ratio", lambda f: " / ".join(
        number(f["history"][name]) for name in ("short_ms", "long_ms", "ratio"))),
    ("search for the collapse before that, s", lambda f: number(f["search_s"])),
    ("memory at most, MB", lambda f: number(f["resident_mb"])),
    ("window closed / process gone, ms", lambda f: f"{number(f['closed_ms'])} / {number(f['gone_ms'])}"),
)  # fmt: skip


def spread(found: Mapping[str, float]) -> str:
    """Median, p99 and largest in a cell."""
    return " / ".join(number(found[name]) for name in ("median", "p99", "max"))


def starts(n: int, environment: Mapping[str, str]) -> dict[str, float]:
    """Medians of some starts with a warm cache (one more goes before, to warm it)."""
    found = [watched({"work": "A", "is_start_only": True}, environment) for _ in range(n + 1)][1:]
    return {name: statistics.median(each[name] for each in found) for name in found[0]}


def main() -> int:
    """Measure, print, write."""
    if message := missing():
        sys.stderr.write(f"python -m benchmarks.window: error: {message}\n")
        return 2
    asked = flags()
    told = machine()
    print(f"{told['processor']}, {told['cores']} cores, load {told['load']}, Python {told['python']}\n")
    results: dict[str, Any] = {"machine": told, "works": {}}
    logs = []
    with tempfile.TemporaryDirectory(prefix="l1gui-window-") as folder:
        screen = Screen(Path(folder))
        try:
            if asked.starts:
                results["start"] = starts(asked.starts, screen.environment)
            for name in asked.only:
                log = Path(folder) / f"{name}.csv"
                plan = {
                    "work": name, "rounds": asked.rounds, "seconds": asked.seconds, "n_moves": asked.moves,
                    "log": str(log),
                }  # fmt: skip
                results["works"][name] = summed_up(watched(plan, screen.environment))
                logs.append(log.read_text(encoding="ascii"))
        finally:
            screen.close()
    show(results)
    if asked.json is not None:
        asked.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if asked.log is not None:
        head = logs[0].partition("\n")[0]
        asked.log.write_text(
            "\n".join([head, *(log.partition("\n")[2].rstrip() for log in logs)]) + "\n", encoding="ascii"
        )
    return 0


def show(results: Mapping[str, Any]) -> None:
    """Print the tables."""
    if "start" in results:
        print(table(("process start to, ms, warm cache", "median"), [
            [name.removesuffix("_ms").replace("_", " "), number(value)] for name, value in results["start"].items()
        ]))  # fmt: skip
        print()
    works = results["works"]
    if works:
        print(table(("full speed, all views, 1440x900", *works), [
            [title, *(cell(found) for found in works.values())] for title, cell in ROWS
        ]))  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
