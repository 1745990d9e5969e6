"""The compiler switch: ``@compiled`` is Numba's njit where Numba works, and nothing where it does not.

The same source runs both ways with the same numbers; uncompiled it is some hundred times slower, so the
program says so (`compile_notice`). Compiled code is kept in a folder whose name is a digest of these sources:
Numba itself looks only at the file of the function it loads, not at the files of what that function inlines.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

_SWITCH = "L1GUI_COMPILE"
_notice = ""


def compile_notice() -> str:
    """Why the loops run uncompiled, in one sentence for the user; empty when they are compiled."""
    return _notice


def sources_digest() -> str:
    """Digest of everything that decides what the compiled code looks like."""
    digest = hashlib.sha256(f"{sys.version}|{platform.machine()}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_homes() -> list[Path]:
    """Folders that may hold the compile cache, best first."""
    homes = []
    if chosen := os.environ.get("L1GUI_CACHE_DIR"):
        homes.append(Path(chosen))
    if sys.platform == "win32":
        homes.append(Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "l1gui")
    elif sys.platform == "darwin":
        homes.append(Path.home() / "Library" / "Caches" / "l1gui")
    else:
        homes.append(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "l1gui")
    homes.append(Path(tempfile.gettempdir()) / f"l1gui-cache-{os.environ.get('USER', 'user')}")
    return homes


def cache_folder() -> Path | None:
    """The first cache folder that can be written, made if missing; None when there is none."""
    name = f"kernels-{sources_digest()}"
    for home in _cache_homes():
        folder = home / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            continue
        return folder
    return None


def _load_compiler() -> Callable[[Function], Function] | None:
    """Numba's decorator, set up; None, with a notice, when Numba is switched off or does not work."""
    global _notice  # noqa: PLW0603 - one process has one compiler
    if os.environ.get(_SWITCH, "").lower() in {"0", "off", "no", "false"}:
        _notice = f"The training loops run uncompiled ({_SWITCH} is off): correct, but far slower."
        return None
    try:
        import numba  # noqa: PLC0415 - optional, and slow to import

        folder = cache_folder()
        if folder is not None:
            numba.config.CACHE_DIR = str(folder)
        options = {"nogil": True, "cache": folder is not None}
        probe = numba.njit(lambda value: value + 1.0)
        if probe(1.0) != 2.0:  # noqa: PLR2004
            raise RuntimeError("the compiler's probe gave a wrong number")  # noqa: TRY301
    except Exception as error:  # noqa: BLE001 - whatever stops the compiler, the program still runs
        cause = f"{type(error).__name__}: {error}".splitlines()[0]
        _notice = f"The training loops run uncompiled, correct but far slower: Numba does not work here ({cause})."
        return None

    def decorate(function: Function) -> Function:
        wrapped: Function = numba.njit(**options)(function)
        return wrapped

    return decorate


_decorate = _load_compiler()


def compiled(function: Function) -> Function:
    """Compile a function (no GIL, cached on disk), or leave it as it is where there is no compiler."""
    return function if _decorate is None else _decorate(function)
