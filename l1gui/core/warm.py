"""Getting the compiled loops ready, and falling back to uncompiled ones, visibly, where they cannot be had.

``python -m l1gui.core.warm`` fills the compile cache at set-up, so that the first launch trains at once.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from l1gui.core import cache, compiled
from l1gui.core.exercise import exercise
from l1gui.core.native import Image, Native, link

if TYPE_CHECKING:
    import subprocess

PRECISIONS = ("float32", "float64")

LOOK_S = 0.02

_lock = threading.RLock()
_is_abandoned = threading.Event()
_notice: str | None = None
_natives: dict[str, Native] = {}
_tried: set[str] = set()


def compile_notice() -> str:
    """Why the loops run uncompiled, in a sentence for the user; empty when they are compiled or not needed yet."""
    return _notice or ""


def prepare() -> str:
    """Make the loops ready, once a process, and return `compile_notice`. Takes seconds when nothing is cached."""
    global _notice  # noqa: PLW0603 - one process has one set of loops
    with _lock:
        if _notice is None:
            _notice = _prepare()
        return _notice


def _prepare() -> str:
    if compiled.is_switched_off():
        return f"The training loops run uncompiled ({compiled.SWITCH} is off): correct, but far slower."
    return _add(PRECISIONS[0])


def _add(dtype: str) -> str:
    """Load, or else compile, the loops of one precision; returns a notice where that cannot be."""
    _tried.add(dtype)
    for is_last_try in (False, True):
        try:
            image = _image(dtype)
            for name, variant in link(image).items():
                _natives.setdefault(name, Native(compiled.plain[name], _find_more)).add(variant)
            compiled.put_in(_natives)
            if not np.allclose(exercise(dtype), image.expected, rtol=1e-4, atol=1e-6):
                raise ArithmeticError("compiled and uncompiled loops disagree")  # noqa: TRY301 - same remedy as a crash
        except Exception as error:  # noqa: BLE001 - whatever stops the compiler, the program still trains
            compiled.put_back()
            _natives.clear()
            if is_last_try or isinstance(error, CompileError | ImportError):
                cause = str(error) if isinstance(error, CompileError) else f"{type(error).__name__}: {error}"
                return f"The training loops run uncompiled, correct but far slower: Numba does not work here ({cause})."
            # Whatever it was, once more without the cache.
            cache.clear()
        else:
            return ""
    return ""


def _find_more() -> bool:
    """Add the loops of the precisions that few runs ask for; whether there are compiled ones at all."""
    global _notice  # noqa: PLW0603 - one process has one set of loops
    with _lock:
        for dtype in PRECISIONS:
            if dtype not in _tried:
                _notice = _add(dtype) or _notice
    return bool(_natives)


def abandon() -> None:
    """Wait for the compiler no longer: the program ends. What is being compiled is there when it starts again."""
    if _notice is None:
        _is_abandoned.set()


class CompileError(Exception):
    """The loops cannot be compiled here; the message says why."""


def _image(dtype: str) -> Image:
    content = cache.read(dtype)
    if content is None and cache.folder() is not None:
        finish_compiling(begin_compiling(dtype))
        content = cache.read(dtype)
    if content is None:  # nothing can be kept on this machine
        from l1gui.core.build import build  # noqa: PLC0415 - loads the compiler

        return build(dtype)
    return Image.from_bytes(content)


def begin_compiling(dtype: str) -> subprocess.Popen[str]:
    """Start the program that compiles for one precision, `build`."""
    import subprocess  # noqa: PLC0415 - slow to import, and seldom needed

    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(  # noqa: S603 - this very Python
        [sys.executable, "-m", "l1gui.core.build", dtype],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )


def finish_compiling(process: subprocess.Popen[str]) -> None:
    """Wait for it.

    Raises
    ------
    CompileError
        When it failed, where what it said last is the message, or when it is not waited for any more. That it had
        no place for what it made is no failure.
    """
    from subprocess import TimeoutExpired  # noqa: PLC0415 - slow to import, and seldom needed

    told = None
    while told is None:
        try:
            _, told = process.communicate(timeout=LOOK_S)
        except TimeoutExpired:
            if _is_abandoned.is_set():
                raise CompileError("the program ended before they were compiled") from None
    if process.returncode not in (0, cache.NO_PLACE):
        last = (told.strip().splitlines() or [f"the compiler ended with status {process.returncode}"])[-1]
        raise CompileError(last)


def prepare_all() -> str:
    """Fill the compile cache for all precisions, at the same time."""
    if compiled.is_switched_off():
        return prepare()
    try:
        processes = [begin_compiling(dtype) for dtype in PRECISIONS if cache.read(dtype) is None]
        for process in processes:
            finish_compiling(process)
    except (CompileError, OSError, ImportError):
        pass  # whatever it was, it comes up again and is told below
    return prepare()


if __name__ == "__main__":
    started = time.monotonic()
    notice = prepare_all()
    sys.stdout.write(f"{notice or 'The training loops are compiled.'} ({time.monotonic() - started:.1f} s)\n")
