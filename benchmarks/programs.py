"""Whole programs, from process start to exit: the article's two trainings, and compiling the loops."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.roster import KINDS, ROOT, MissingError, Tools, command, environment
from benchmarks.works import work

PROGRAMS = ("ours", "c-hand", "js", "jax-run")
"""Peers that make the article's two trainings from a standing start."""


def timed(words: list[str], settings: Mapping[str, str]) -> tuple[float, float]:
    """Elapsed and CPU seconds of a program; MissingError when it fails."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, env=dict(settings), cwd=ROOT, capture_output=True, text=True, check=False)
    elapsed, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [""])[-1]
        raise MissingError(f"{words[0]} ended with {done.returncode}: {said}")
    return elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


Programs = dict[str, tuple[list[str], Mapping[str, str]]]
"""Words and environment by name."""


def article_programs(tools: Tools) -> tuple[Programs, dict[str, Any]]:
    """The programs to compare, and those that are skipped, with the reason."""
    folders = []
    for work_id in ("A", "A-L1"):
        work(work_id).write(tools.folder / work_id)
        folders.append(str(tools.folder / work_id))
    own = [sys.executable, "-m", "l1gui.cli.main", "article", "--json"]
    programs: Programs = {"l1gui article": (own, {**os.environ, "PYTHONPATH": str(ROOT)})}
    skipped = {}
    for kind in (kind for kind in KINDS if kind.id in PROGRAMS):
        try:
            words = [word for word in kind.words if not kind.module.endswith(".c")]
            programs[kind.id] = ([*command(kind, tools), "--once", *folders, *words], environment(kind))
        except MissingError as error:
            skipped[kind.id] = {"skipped": str(error)}
    return programs, skipped


def article(tools: Tools, repeats: int, say: Callable[[str], None]) -> dict[str, Any]:
    """The article's two trainings by each program: elapsed and CPU seconds, medians of interleaved rounds.

    ``l1gui article`` makes four trainings, measures every epoch, and prints; `ours` makes the two as the peers do.
    """
    programs, found = article_programs(tools)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for number in range(repeats + 1):
        say(f"article: round {number} of {repeats}")
        for name, (words, settings) in programs.items():
            once = timed(words, settings)
            if number:  # the first fills caches
                times[name].append(once)
    for name, rounds in times.items():
        elapsed, cpu = (statistics.median(column) for column in zip(*rounds, strict=True))
        found[name] = {"seconds": elapsed, "cpu_seconds": cpu}
    return found


def compiling(_tools: Tools, repeats: int, say: Callable[[str], None]) -> dict[str, float]:
    """Seconds of ``python -m l1gui.core.warm`` with an empty cache (once), and with a full one."""
    words = [sys.executable, "-m", "l1gui.core.warm"]
    with tempfile.TemporaryDirectory() as folder:
        settings = {**os.environ, "PYTHONPATH": str(ROOT), "L1GUI_CACHE_DIR": folder}
        say("compile: cold")
        cold = timed(words, settings)
        say("compile: cached")
        warm = [timed(words, settings) for _ in range(repeats)]
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    elapsed, cpu = (statistics.median(column) for column in zip(*warm, strict=True))
    return {
        "cold_s": cold[0], "cold_cpu_s": cold[1], "cached_s": elapsed, "cached_cpu_s": cpu, "cache_mb": size / 1e6,
    }  # fmt: skip
