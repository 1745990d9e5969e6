"""Writes ``docs/speed.md`` and ``docs/scaling.svg`` from results: ``python -m benchmarks.page RESULTS [WINDOW]``.

The two files are those of ``python -m benchmarks --json`` and ``python -m benchmarks.window --json``.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.__main__ import OF_ENGINE, OF_PROGRAMS
from benchmarks.report import number
from benchmarks.roster import ROOT
from benchmarks.window.__main__ import ROWS
from benchmarks.works import TITLES

DOCS = ROOT / "docs"
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 64, 24, 24, 56
LINES = (("online_ns", "a row an update", "#d9691a"), ("batch_ns", "batches of 32", "#1f6fc4"))
INTRODUCTION = """# How fast it is

Written by `benchmarks/page.py` from what `python -m benchmarks` and `python -m benchmarks.window` measured. Ratios are
peer by ours: more than 1 is slower than ours. Every peer trains the same network from the same start in the same order,
on one thread, and is held to NumPy in double precision; times are CPU times, medians of interleaved rounds.
"""


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def contest_page(name: str, results: list[dict[str, Any]]) -> str:
    """A work's section."""
    ours = next((each["median_us"] for each in results if each["id"] == "ours" and not each["skipped"]), math.nan)
    rows = [
        [each["title"], number(each["median_us"]), number(each["median_us"] / ours), "yes" if each["agrees"] else "no"]
        for each in results
        if not each["skipped"]
    ]
    notes = [f"- {each['title']}: {each['note']}." for each in results if each["note"] and not each["skipped"]]
    notes += [f"- {each['title']} did not take part: {each['skipped']}." for each in results if each["skipped"]]
    head = ("peer", "us an update", "ratio", "agrees")
    return f"## {TITLES[name]}\n\n{markdown(head, rows)}\n" + "\n".join(notes) + "\n"


def facts_page(title: str, facts: Any) -> str:
    """A measure's section."""
    if isinstance(facts, list):
        head = [name.replace("_", " ") for name in facts[0]]
        body = markdown(head, [[v if isinstance(v, str) else number(v) for v in row.values()] for row in facts])
    elif any(isinstance(value, dict) for value in facts.values()):
        names = list(dict.fromkeys(name for row in facts.values() for name in row))
        rows = [
            [f"`{key}`", *(str(row.get(n, "")) if n == "skipped" else number(row.get(n, math.nan)) for n in names)]
            for key, row in facts.items()
        ]
        body = markdown(["", *(name.replace("_", " ") for name in names)], rows)
    else:
        body = markdown(("figure", "value"), [[k.replace("_", " "), number(v)] for k, v in facts.items()])
    return f"## {title}\n\n{body}"


def window_page(results: dict[str, Any]) -> str:
    """The window's section."""
    works = results["works"]
    rows = [[title, *(cell(found) for found in works.values())] for title, cell in ROWS]
    parts = ["## The window: full speed, all views, 1440x900, virtual screen\n", markdown(("figure", *works), rows)]
    if "start" in results:
        starts = [[name.removesuffix("_ms").replace("_", " "), number(ms)] for name, ms in results["start"].items()]
        parts += ["\nFrom the process's start, with a warm cache, in ms:\n", markdown(("until", "ms"), starts)]
    return "\n".join(parts)


def page(results: dict[str, Any], window: dict[str, Any] | None) -> str:
    """The whole page."""
    told = results["machine"]
    parts = [INTRODUCTION, f"Measured on: {told['processor']}, {told['cores']} cores, Python {told['python']}.\n"]
    parts += [contest_page(name, found) for name, found in results["works"].items()]
    titles = OF_ENGINE | {name: title for name, (title, _) in OF_PROGRAMS.items()}
    for name, facts in results["measures"].items():
        parts.append(facts_page(titles[name], facts))
        if name == "scaling":
            parts.append("![Time per parameter and row against the number of parameters](scaling.svg)\n")
    if window is not None:
        parts.append(window_page(window))
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


# -- the plot -------------------------------------------------------------------------------------------------------


def scaling_svg(points: list[dict[str, Any]]) -> str:
    """Nanoseconds per parameter and row over the parameters, both logarithmic, as SVG; readable on light and dark."""
    sizes = [point["parameters"] for point in points]
    times = [point[name] for point in points for name, _, _ in LINES]
    low_x, high_x = math.log10(min(sizes)) - 0.1, math.log10(max(sizes)) + 0.1
    # Above the highest point is room for its name.
    low_y, high_y = math.floor(2 * math.log10(min(times))) / 2, math.ceil(2 * math.log10(max(times)) + 1) / 2

    def place(size: float, ns: float) -> tuple[float, float]:
        across = (math.log10(size) - low_x) / (high_x - low_x)
        up = (math.log10(ns) - low_y) / (high_y - low_y)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    ]
    parts += _ticks(place, (low_x, high_x), (low_y, high_y))
    for number_, (name, label, colour) in enumerate(LINES):
        places = [place(point["parameters"], point[name]) for point in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        parts.append(_text(WIDTH - RIGHT - 8, TOP + 16 * (number_ + 1), label, colour, "end"))
    for point in points:
        x, y = place(point["parameters"], max(point[name] for name, _, _ in LINES))
        parts.append(
            f'<text transform="translate({x + 4:.1f},{y - 8:.1f}) rotate(-90)" font-size="10" '
            f'fill="#64707e">{point["sizes"]}</text>'
        )
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(_text(middle, HEIGHT - 12, "weights and biases", "#1d2530", "middle"))
    parts.append(_text(LEFT, TOP - 8, "ns per parameter and row", "#1d2530", "start"))
    return "\n".join([*parts, "</svg>\n"])


def _ticks(place: Any, x_range: tuple[float, float], y_range: tuple[float, float]) -> list[str]:
    parts = []
    for values, is_x in ((_round_numbers(*x_range), True), (_round_numbers(*y_range), False)):
        for value in values:
            x, y = place(value, 10 ** y_range[0]) if is_x else place(10 ** x_range[0], value)
            ends = (x, TOP, x, HEIGHT - BOTTOM) if is_x else (LEFT, y, WIDTH - RIGHT, y)
            parts.append('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="#dbe0e6"/>'.format(*ends))
            where = (x, HEIGHT - BOTTOM + 16, "middle") if is_x else (LEFT - 6, y + 4, "end")
            parts.append(_text(where[0], where[1], f"{value:,g}", "#64707e", where[2]))
    return parts


def _round_numbers(low: float, high: float) -> list[float]:
    """1, 2 and 5 times the powers of ten between 10^low and 10^high."""
    found = [m * 10.0**e for e in range(math.floor(low), math.ceil(high) + 1) for m in (1, 2, 5)]
    return [value for value in found if low - 1e-9 <= math.log10(value) <= high + 1e-9]


def _text(x: float, y: float, words: str, colour: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{words}</text>'


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("window", type=Path, nargs="?")
    asked = parser.parse_args()
    results = json.loads(asked.results.read_text(encoding="utf-8"))
    window = json.loads(asked.window.read_text(encoding="utf-8")) if asked.window else None
    (DOCS / "speed.md").write_text(page(results, window), encoding="utf-8")
    if points := results["measures"].get("scaling"):
        (DOCS / "scaling.svg").write_text(scaling_svg(points), encoding="utf-8")


if __name__ == "__main__":
    main()
