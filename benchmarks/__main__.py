"""The engine beside its peers: ``python -m benchmarks`` runs everything that is here and prints tables.

Times are CPU times of whole processes, each peer on one thread, in interleaved rounds; ratios are peer by ours, so that
more than 1 is slower than ours. Machines and their load differ, ratios much less.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import programs
from benchmarks.report import contest_text, facts_text
from benchmarks.roster import KINDS, ROOT, Tools
from benchmarks.rounds import Contest
from benchmarks.works import WORKS, work

OF_ENGINE = {
    "metrics": "What measuring every epoch costs (article's epoch)",
    "grid": "Decision boundary, 100 x 100 points, 2-8-8-2",
    "threads": "Two runs on two threads, times the throughput of one",
    "methods": "Penalty methods on work A, updates alone",
    "scaling": "Time per parameter and row, updates alone",
    "profile": "Where the time of an update goes, work A",
    "profile-batch": "Where the time of an update goes, work C",
}
OF_PROGRAMS: dict[str, tuple[str, Callable[..., Any]]] = {
    "article": ("The article's two trainings, process start to exit", programs.article),
    "compile": ("Compiling the loops, process start to exit", programs.compiling),
}
NAMES = (*WORKS, *OF_ENGINE, *OF_PROGRAMS)
PYTHON_VARIABLE = "L1GUI_PEERS_PYTHON"


def flags(words: list[str] | None = None) -> argparse.Namespace:
    """The command line's."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="NAMES", default="", help=f"some of: {', '.join(NAMES)} (all)")
    parser.add_argument("--peers", metavar="NAMES", default="", help=f"some of: {', '.join(k.id for k in KINDS)} (all)")
    parser.add_argument("--repeats", type=int, default=9, help="rounds (9)")
    parser.add_argument("--seconds", type=float, default=0.2, help="about how long a peer trains in a round (0.2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    parser.add_argument(
        "--python", action="append", default=[], metavar="PATH",
        help=f"a Python that has libraries of peers which this one lacks (or set {PYTHON_VARIABLE}); repeatable",
    )  # fmt: skip
    found = parser.parse_args(words)
    for name, known in (("only", NAMES), ("peers", [kind.id for kind in KINDS])):
        chosen = [each for each in getattr(found, name).split(",") if each]
        if unknown := [each for each in chosen if each not in known]:
            parser.error(f"--{name}: there is no {unknown[0]!r}; there are {', '.join(known)}")
        setattr(found, name, chosen or list(known))
    if found.repeats < 1 or found.seconds <= 0:
        parser.error("--repeats and --seconds must be more than 0")
    return found


def say(text: str) -> None:
    """Progress, on one line of a terminal; nothing where errors go to a file."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def measured(name: str, folder: Path, repeats: int) -> Any:
    """One of `OF_ENGINE`, in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.measures", name, str(folder), str(repeats)]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, env=settings, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    processor = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        processor = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {
        "processor": processor, "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(), "system": platform.platform(),
    }  # fmt: skip


def main(words: list[str] | None = None) -> int:
    """Run, print, write; 1 when a peer does not agree."""
    asked = flags(words)
    pythons = (sys.executable, *asked.python, *filter(None, [os.environ.get(PYTHON_VARIABLE)]))
    results: dict[str, Any] = {"machine": machine(), "repeats": asked.repeats, "works": {}, "measures": {}}
    told = results["machine"]
    print(f"{told['processor']}, {told['cores']} cores, load {told['load']}, Python {told['python']}\n")
    all_agree = True
    with tempfile.TemporaryDirectory(prefix="l1gui-benchmarks-") as folder:
        tools = Tools(Path(folder), pythons)
        for name in asked.only:
            say(name)
            if name in WORKS:
                all_agree &= contest(name, tools, asked, results)
                continue
            if name in OF_ENGINE:
                title, facts = OF_ENGINE[name], measured(name, Path(folder), asked.repeats)
            else:
                title, run = OF_PROGRAMS[name]
                facts = run(tools, asked.repeats, say)
            results["measures"][name] = facts
            say("")
            print(facts_text(title, facts))
    if asked.json is not None:
        asked.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0 if all_agree else 1


def contest(name: str, tools: Tools, asked: argparse.Namespace, results: dict[str, Any]) -> bool:
    """One work by all peers; whether all that did it agree."""
    made = work(name)
    kinds = [kind for kind in KINDS if kind.id in asked.peers]
    found = Contest(made, tools, asked.seconds, say).run(kinds, asked.repeats)
    results["works"][name] = [result.to_dict() for result in found]
    say("")
    print(contest_text(made, found))
    return all(result.agrees for result in found if not result.skipped)


if __name__ == "__main__":
    sys.exit(main())
