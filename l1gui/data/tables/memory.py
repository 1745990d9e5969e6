"""A table that would take more memory than there is, refused before it is read."""

from __future__ import annotations

from l1gui.data.tables.errors import TableError
from l1gui.memory import available_bytes

USABLE = 0.8
"""Share of the available memory that a table may take."""


def check_memory(n_bytes: float, what: str) -> None:
    """TableError, with the numbers, when something would take more memory than is there."""
    available = available_bytes()
    if available is not None and n_bytes > USABLE * available:
        raise TableError(
            f"{what} would take about {in_words(n_bytes)} of memory, and {in_words(available)} are available: make a "
            "smaller table of it"
        )


def in_words(n_bytes: float) -> str:
    """A number of bytes as people say it."""
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if n_bytes >= size:
            return f"{n_bytes / size:,.1f} {unit}"
    return f"{n_bytes / 1e3:,.0f} kB"
