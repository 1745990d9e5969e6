"""The compiler switch: functions marked ``@compiled`` are plain Python until `switch_on` compiles them with Numba.

Until then, and wherever Numba does not work, the same source runs uncompiled with the same numbers, some hundred
times slower. Numba takes half a second to import, so that only the thread that trains asks for it (`warm.prepare`).

Compiled code is kept on disk in a folder whose name is a digest of these sources: Numba itself looks only at the
file of the function that it loads, not at the files of what that function inlines.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

SWITCH = "L1GUI_COMPILE"
"""Environment variable; "off" keeps the loops uncompiled."""

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""Of Numba: no interpreter's lock; a division by zero is infinite, as in NumPy; references to arrays are not counted,
which would cost a small layer more than its arithmetic, so slices are views still, but no array can be made."""

_plain: list[Callable[..., Any]] = []
_parts: list[Callable[..., Any]] = []
_fast: list[Callable[..., Any]] = []


def compiled(function: Function) -> Function:
    """Mark a module's function for compilation, without the GIL and cached on disk."""
    _plain.append(function)
    return function


def inlined(function: Function) -> Function:
    """Mark a function that compiled ones call: it becomes a part of them. Called from Python it stays plain."""
    _parts.append(function)
    return function


def is_switched_off() -> bool:
    """Whether the user wants no compiler."""
    return os.environ.get(SWITCH, "").lower() in {"0", "off", "no", "false"}


def switch_on() -> None:
    """Put compiled functions in the place of the marked ones, in every module of the core that names them.

    Raises
    ------
    Exception
        Whatever stops Numba from being imported or set up.
    """
    import numba  # noqa: PLC0415 - optional, and slow to import
    from numba.extending import register_jitable  # noqa: PLC0415

    from l1gui.core import simd_tiles  # noqa: PLC0415, F401 - tells Numba, with `simd`, what vectors and tiles are

    while _parts:
        register_jitable(forceinline=True, **OPTIONS)(_parts.pop())
    folder = cache_folder()
    if folder is not None:
        setattr(numba.config, "CACHE_DIR", str(folder))  # noqa: B010 - the attribute has no type
    _fast[:] = [numba.njit(cache=folder is not None, **OPTIONS)(function) for function in _plain]
    _replace(_plain, _fast)


def switch_off() -> None:
    """Put the plain functions back."""
    _replace(_fast, _plain)


def _replace(old: list[Callable[..., Any]], new: list[Callable[..., Any]]) -> None:
    replacement = {id(before): after for before, after in zip(old, new, strict=False)}
    for name, module in list(sys.modules.items()):
        if name.startswith("l1gui.core."):
            for key, value in list(vars(module).items()):
                if id(value) in replacement:
                    setattr(module, key, replacement[id(value)])


def sources_digest() -> str:
    """Digest of what decides how the compiled code looks: these sources and this Python."""
    digest = hashlib.sha256(f"{sys.version}|{platform.machine()}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_homes() -> list[Path]:
    """Folders that may hold the compile cache, best first."""
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


def cache_folder() -> Path | None:
    """The first cache folder that can be written, made if missing; None when there is none."""
    name = f"kernels-{sources_digest()}"
    for home in _cache_homes():
        folder = home / name
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            continue
        return folder
    return None


def clear_cache() -> None:
    """Remove the compiled code on disk, so that it is made anew."""
    folder = cache_folder()
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
