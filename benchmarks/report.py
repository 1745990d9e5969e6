"""The benchmark's results as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.rounds import LOSS_TOLERANCE, Result
from benchmarks.works import TITLES, Work


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns side by side, the first to the left, the others to the right."""
    cells = [list(head), *map(list, rows)]
    widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
    lines = []
    for row in cells:
        first, *others = (
            cell.ljust(w) if k == 0 else cell.rjust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join([first, *others]).rstrip())
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join(lines)


def number(value: float) -> str:
    """Three significant digits, without an exponent."""
    if not math.isfinite(value):
        return "-"
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{min(digits, 6)}f}"


def contest_text(work: Work, results: Sequence[Result]) -> str:
    """A work's table, with what was skipped and what is done otherwise below it."""
    ours = next((result.median_us for result in results if result.id == "ours"), math.nan)
    rows, below = [], []
    for result in results:
        if result.skipped:
            below.append(f"  skipped: {result.title}: {result.skipped}")
            continue
        ratio = "1" if result.id == "ours" else number(result.median_us / ours)
        ends = "-" if result.loss is None else f"{result.loss:.6f}"
        verdict = "yes" if result.agrees else "NO"
        low, high = min(result.us), max(result.us)
        rows.append([
            result.title, number(result.median_us), f"{number(low)} - {number(high)}", ratio, verdict,
            f"{result.difference:.1e}", ends,
        ])  # fmt: skip
        if result.note:
            below.append(f"  {result.title}: {result.note}")
    head = ("peer", "CPU us/update", "least - most", "ratio", "agrees", "off by", "end loss")
    told = (
        f"  agrees with NumPy in double precision: weights after {work.n_check:,} updates within {work.tolerance:g} of "
        f"the largest; where the whole work was done, its loss at the end within {LOSS_TOLERANCE:.0%}"
    )
    return "\n".join([f"Work {work.id}: {TITLES[work.id]}", table(head, rows), told, *below, ""])


def facts_text(title: str, facts: Any) -> str:
    """A measure's figures."""
    if isinstance(facts, list):
        head = list(facts[0])
        body = table(
            head, [[value if isinstance(value, str) else number(value) for value in row.values()] for row in facts]
        )
    elif any(isinstance(value, dict) for value in facts.values()):
        names = list(dict.fromkeys(name for row in facts.values() for name in row if name != "skipped"))
        rows = [[key, *(number(row[name]) if name in row else "-" for name in names)] for key, row in facts.items()]
        skipped = [f"  skipped: {key}: {row['skipped']}" for key, row in facts.items() if "skipped" in row]
        body = "\n".join([table(["", *names], [row for row in rows if "skipped" not in facts[row[0]]]), *skipped])
    else:
        body = "\n".join(f"  {name:24}{number(value):>10}" for name, value in facts.items())
    return f"{title}\n{body}\n"
