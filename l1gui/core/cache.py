"""Where the machine code of the compiled loops is kept between starts: a file for each precision.

A file is used only whole, as its digest tells, and from a folder that is the user's own. The folder's name is a digest
of all that decides how the code looks, so that other sources and other processors have folders of their own.
"""

from __future__ import annotations

import functools
import getpass
import hashlib
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

CHOICES = ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES")
"""Environment variables by which Numba compiles for another processor."""

NO_PLACE = 3
"""Exit status of `build` when what it made could not be kept."""


@functools.cache
def _digest() -> str:
    """Digest of the core's sources, of this Python, which compiles them to what Numba reads, and of the processor."""
    import llvmlite  # noqa: PLC0415 - optional
    import llvmlite.binding as llvm  # noqa: PLC0415

    machine = (sys.version, platform.machine(), llvmlite.__version__, llvm.get_host_cpu_name())
    digest = hashlib.sha256(repr((*machine, [os.environ.get(name) for name in CHOICES])).encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _homes() -> list[Path]:
    """Folders that may hold the cache, best first."""
    homes = []
    if chosen := os.environ.get("L1GUI_CACHE_DIR"):
        homes.append(Path(chosen))
    try:
        if sys.platform == "win32":
            homes.append(Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "l1gui")
        elif sys.platform == "darwin":
            homes.append(Path.home() / "Library" / "Caches" / "l1gui")
        else:
            homes.append(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "l1gui")
        homes.append(Path(tempfile.gettempdir()) / f"l1gui-cache-{getpass.getuser()}")
    except (RuntimeError, OSError, KeyError):  # no home folder, no user name, no temporary folder
        pass
    return homes


def _is_own(folder: Path) -> bool:
    """Whether nobody else could have put the files there: they are run as they are."""
    if not hasattr(os, "getuid"):
        return True
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o022


def folder() -> Path | None:
    """The first cache folder that can be written, made if missing; None when there is none."""
    name = f"kernels-{_digest()}"
    for home in _homes():
        found = home / name
        try:
            found.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not _is_own(found):
                continue
            with tempfile.TemporaryFile(dir=found):
                pass
        except OSError:
            continue
        return found
    return None


def read(name: str) -> bytes | None:
    """What `write` kept under a name; None where there is nothing, or not all of it."""
    home = folder()
    try:
        digest, _, content = (home / name).read_bytes().partition(b"\n") if home is not None else (b"", b"", b"")
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest().encode() == digest else None


def write(name: str, content: bytes) -> None:
    """Keep something under a name, all of it or nothing.

    Raises
    ------
    OSError
        When there is no place for it.
    """
    home = folder()
    if home is None:
        raise OSError("no folder for compiled code can be written")
    handle, path = tempfile.mkstemp(dir=home)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        Path(path).replace(home / name)
    except OSError:
        Path(path).unlink(missing_ok=True)
        raise


def clear() -> None:
    """Remove what is kept for these sources, so that it is made anew."""
    home = folder()
    if home is not None:
        shutil.rmtree(home, ignore_errors=True)
