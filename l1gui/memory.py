"""How much memory there is to be had, so that what cannot fit is refused before it is begun."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

MEGABYTE = 1_000_000
PROC = Path("/proc")
GROUPS = Path("/sys/fs/cgroup")
_GROUP_FILES = (
    ("memory.max", "memory.current", "memory.stat"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),
)
"""Limit, use and what is in use, of a control group as containers have them; version 2, and 1."""

Words = list[list[str]]


def available_bytes() -> int | None:
    """Bytes that can be had without swapping; None where the system does not say."""
    if sys.platform == "win32":
        return _windows_bytes()
    if sys.platform == "darwin":
        # Most of what is free there is in use for files, and can be had; how much of it, no single number says.
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    found = [_machine_bytes(), _address_bytes(), *(_group_bytes(*names) for names in _GROUP_FILES)]
    return min((max(0, number) for number in found if number is not None), default=None)


def megabytes(n_bytes: float) -> str:
    """A number of bytes for a message, as in 1,234 MB."""
    return f"{n_bytes / MEGABYTE:,.0f} MB"


def _words_of(path: Path) -> Words:
    """Words of each line of a system's file; none where there is no such file."""
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    return [words for line in lines if (words := line.split())]


def _machine_bytes() -> int | None:
    sizes = [words[1] for words in _words_of(PROC / "meminfo") if words[0] == "MemAvailable:"]
    return 1024 * int(sizes[0]) if sizes else None


def _group_bytes(limit_name: str, used_name: str, stat_name: str) -> int | None:
    """What a control group's limit leaves; files that are only kept for speed can be had."""
    limit, used = (_words_of(GROUPS / name) for name in (limit_name, used_name))
    if not (limit and used and limit[0][0].isdigit()):
        return None
    kept = [int(words[1]) for words in _words_of(GROUPS / stat_name) if words[0] == "inactive_file"]
    return int(limit[0][0]) - int(used[0][0]) + sum(kept)


def _address_bytes() -> int | None:
    """What a limit on the process' addresses leaves, as ``ulimit -v`` sets it."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - not there on Windows

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    pages = _words_of(PROC / "self" / "statm")
    if limit == resource.RLIM_INFINITY or not pages:
        return None
    return limit - int(pages[0][0]) * os.sysconf("SC_PAGE_SIZE")


class _Status(ctypes.Structure):
    """Windows' MEMORYSTATUSEX."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        *((name, ctypes.c_ulonglong) for name in ("total", "free", "pages", "pages_free", "virtual", "virtual_free")),
        ("extended", ctypes.c_ulonglong),
    )


def _windows_bytes() -> int | None:
    if sys.platform != "win32":
        return None
    status = _Status()
    status.length = ctypes.sizeof(status)
    return int(status.free) if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None
