"""Whether the first row names the columns, and names that are there and differ."""

from __future__ import annotations

from collections.abc import Sequence

from l1gui.data.tables.errors import MAX_LISTED, listed, quoted
from l1gui.data.tables.numbers import Kind, read_number

MAX_NAME = 100


def has_header(rows: Sequence[Sequence[str]], decimal: str) -> bool:
    """Whether the first row names the columns.

    A text above a column of numbers speaks for it, a number above one against it; the majority decides. Where all
    columns are texts, it is a header if its cells are there, differ, and do not come again below.
    """
    if not rows:
        return False
    first, rest = rows[0], rows[1:]
    if not rest:
        return not any(read_number(cell, decimal)[0] is Kind.NUMBER for cell in first)
    votes, n_numeric = 0, 0
    for k, cell in enumerate(first):
        below = [read_number(row[k], decimal)[0] for row in rest if k < len(row)]
        there = [kind for kind in below if kind is not Kind.MISSING]
        if not there or sum(kind is not Kind.TEXT for kind in there) * 2 < len(there):
            continue
        n_numeric += 1
        kind = read_number(cell, decimal)[0]
        # An empty name is common above row numbers, and no missing number.
        votes += 1 if kind is Kind.TEXT else -1 if kind is not Kind.MISSING else 0
    if votes:
        return votes > 0
    below_texts = [{row[k] for row in rest if k < len(row)} for k in range(len(first))]
    return (
        not n_numeric
        and all(cell.strip() for cell in first)
        and len(set(first)) == len(first)
        and not any(cell in texts for cell, texts in zip(first, below_texts, strict=True))
    )


def plain_name(name: str) -> str:
    """A column's name on one line, with single spaces, not too long."""
    return " ".join(name.split())[:MAX_NAME]


def column_names(cells: Sequence[str] | int) -> tuple[tuple[str, ...], list[str]]:
    """Names of the columns, each another, and notes on those that had to be made.

    Parameters
    ----------
    cells : sequence of str or int
        The header's cells; or the number of columns, where there is no header: they are "column 1" and so on.
    """
    if isinstance(cells, int):
        return tuple(f"column {k + 1}" for k in range(cells)), ["The first row is data: the columns go by number."]
    wanted = [plain_name(cell) for cell in cells]
    names: list[str] = []
    taken = set(wanted)
    nameless: list[str] = []
    doubled: list[str] = []
    for k, name in enumerate(wanted):
        if name and name not in names:
            names.append(name)
            continue
        made = f"column {k + 1}" if not name else f"{name} ({k + 1})"
        while made in taken:
            made += "'"
        taken.add(made)
        names.append(made)
        (doubled if name else nameless).append(made)
    notes = []
    if nameless:
        one = len(nameless) == 1
        notes.append(f"{'A column has' if one else 'Some columns have'} no name: called {listed(nameless)} here.")
    if doubled:
        again = [f"{quoted(wanted[names.index(made)])} (called {quoted(made)} here)" for made in doubled[:MAX_LISTED]]
        more = f" and {len(doubled) - MAX_LISTED:,} more" if len(doubled) > MAX_LISTED else ""
        notes.append(f"A column's name comes again: {', '.join(again)}{more}.")
    return tuple(names), notes
