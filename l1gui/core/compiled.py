"""The compiler switch: functions marked ``@compiled`` are plain Python until `put_in` puts compiled ones in place.

Until then, and wherever the compiler does not work, the same source runs uncompiled with the same numbers, some hundred
times slower. `build` compiles, `native` calls what was compiled, `warm` decides.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

SWITCH = "L1GUI_COMPILE"
"""Environment variable; "off" keeps the loops uncompiled."""

plain: dict[str, Callable[..., Any]] = {}
"""The marked functions by name, as they are written."""

parts: list[Callable[..., Any]] = []
"""What is compiled into those that call it."""

_current: dict[str, Callable[..., Any]] = {}


def compiled(function: Function) -> Function:
    """Mark a module's function for compilation. It takes whole arrays, single numbers, and tuples of these."""
    plain[function.__name__] = _current[function.__name__] = function
    return function


def inlined(function: Function) -> Function:
    """Mark a function that compiled ones call: it becomes a part of them. Called from Python it stays plain."""
    parts.append(function)
    return function


def is_switched_off() -> bool:
    """Whether the user wants no compiler."""
    return os.environ.get(SWITCH, "").lower() in {"0", "off", "no", "false"}


def put_in(functions: Mapping[str, Callable[..., Any]]) -> None:
    """Put functions in the place of the marked ones of the same names, in every module of the core that names them."""
    replacement = {id(_current[name]): function for name, function in functions.items()}
    for name, module in list(sys.modules.items()):
        if name.startswith("l1gui.core."):
            for key, value in list(vars(module).items()):
                if id(value) in replacement:
                    setattr(module, key, replacement[id(value)])
    _current.update(functions)


def put_back() -> None:
    """Put the plain functions back."""
    put_in(plain)
