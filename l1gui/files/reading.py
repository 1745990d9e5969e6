"""What the readers of weights share: bounds, and text that is JSON or not.

The bounds keep memory and time small whatever a file holds; the largest network that this program trains, six
layers of 512 units, is well within them in every format.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from l1gui.files.atomic import FileError, printable
from l1gui.spec import MAX_HIDDEN_LAYERS

MAX_TEXT_NUMBERS = 2_000_000
"""Most weights and biases in a file of text."""
MAX_MEMBERS = 2 * (MAX_HIDDEN_LAYERS + 1) + 1
"""Most arrays in an archive: weights and biases of each layer, and the meta entry."""
MAX_DEPTH = 8
"""Deepest nesting of what describes a network."""
MAX_JSON_KEYS = 100_000
MAX_JSON_LISTS = 400_000


def all_of(stream: BinaryIO, most: int) -> bytes:
    """The whole content; FileError when it has more than `most` bytes."""
    content = stream.read(most + 1)
    if len(content) > most:
        raise FileError(f"it has more than the {most:,} bytes that are read")
    return content


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FileError(f"its JSON gives {printable(key, 40)!r} twice")
        found[key] = value
    return found


def _no_constant(name: str) -> None:
    raise FileError(f"its JSON holds {name}, which is no finite number")


def json_object(text: str) -> dict[str, Any]:
    """The object in a JSON text; FileError when there is none, or a key twice, or a number that is not finite."""
    if (
        text.count(",") > MAX_TEXT_NUMBERS + MAX_JSON_LISTS
        or text.count(":") + text.count("{") > MAX_JSON_KEYS
        or text.count("[") > MAX_JSON_LISTS
    ):
        raise FileError("its JSON holds more than a network does")
    try:
        found = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except RecursionError as error:
        raise FileError("its JSON is nested too deep") from error
    except ValueError as error:
        raise FileError(f"its JSON is damaged ({first_line(error)})") from error
    if not isinstance(found, dict):
        raise FileError("its JSON is not an object")
    return found


def decoded(content: bytes) -> str:
    """UTF-8 text, a byte order mark left out; FileError when it is none."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"it is not UTF-8 text (byte {error.start:,})") from error


def first_line(error: BaseException) -> str:
    """What an exception says, on one short line."""
    return printable((str(error).splitlines() or [type(error).__name__])[0], 100)
