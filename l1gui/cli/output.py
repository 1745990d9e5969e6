"""What commands print: results on standard output, one line for what went wrong on standard error."""

from __future__ import annotations

import json
import math
import os
import sys
from contextlib import suppress
from typing import Any

from l1gui.files.atomic import FileError, cause_of, printable

LONGEST_LINE = 600


def put(text: str) -> None:
    """Print a result, and see that it has got there.

    Raises
    ------
    FileError
        When standard output takes no more, a full disk behind it say.
    BrokenPipeError
        When nobody reads it any more.
    """
    if sys.stdout is None:
        return
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, errors="replace").decode(encoding))
        sys.stdout.flush()
    except OSError as error:
        _give_up_output()
        if isinstance(error, BrokenPipeError):
            raise
        raise FileError(f"the output cannot be written: {cause_of(error)}") from error


def _give_up_output() -> None:
    """Let what is still to be written vanish, so that the interpreter does not try again at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def put_json(document: dict[str, Any]) -> None:
    """Print one JSON object on one line; numbers that are not finite become null."""
    put(json.dumps(_finite(document), allow_nan=False) + "\n")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def note(message: str) -> None:
    """Tell something in one line on standard error."""
    if sys.stderr is not None:
        sys.stderr.write(f"l1gui: {printable(' '.join(message.split()), LONGEST_LINE)}\n")
        sys.stderr.flush()
