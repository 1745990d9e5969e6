"""How much memory there is to be had, so that a table too large is refused before it is read."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from l1gui.data.tables.errors import TableError

USABLE = 0.8
"""Share of the available memory that a table may take."""
_GROUPS = (
    ("memory.max", "memory.current", "memory.stat"),  # control groups, version 2
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),  # and 1
)


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


def available_bytes() -> int | None:
    """Bytes that can be had without swapping; None where nobody says."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        # Much of what is in use there can be had at once, and which part is not told in one number.
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    found = [each for each in (_system(), *_groups(), _address_space()) if each is not None]
    return max(0, min(found)) if found else None


def _system() -> int | None:
    for line in _text(Path("/proc/meminfo")).splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _groups() -> list[int]:
    """What the control groups, as containers have them, leave."""
    found = []
    for limit_name, used_name, stat_name in _GROUPS:
        home = Path("/sys/fs/cgroup")
        limit, used = _text(home / limit_name).strip(), _text(home / used_name).strip()
        if limit.isdigit() and used.isdigit():
            cache = dict(line.split() for line in _text(home / stat_name).splitlines()).get("inactive_file", "0")
            found.append(int(limit) - int(used) + int(cache))
    return found


def _address_space() -> int | None:
    """What a limit on the process leaves, as ``ulimit -v`` sets it."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - not there on Windows

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    pages = _text(Path("/proc/self/statm")).split()
    if limit == resource.RLIM_INFINITY or not pages:
        return None
    return limit - int(pages[0]) * os.sysconf("SC_PAGE_SIZE")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


class _MemoryStatus(ctypes.Structure):
    """Windows' MEMORYSTATUSEX."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("total", ctypes.c_ulonglong),
        ("available", ctypes.c_ulonglong),
        ("page_total", ctypes.c_ulonglong),
        ("page_available", ctypes.c_ulonglong),
        ("virtual_total", ctypes.c_ulonglong),
        ("virtual_available", ctypes.c_ulonglong),
        ("extended", ctypes.c_ulonglong),
    )


def _windows() -> int | None:
    if sys.platform != "win32":
        return None
    status = _MemoryStatus()
    status.length = ctypes.sizeof(status)
    return int(status.available) if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None
