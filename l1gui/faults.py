"""The error for a file that cannot be used, and words from outside made fit for a message."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

_FORBIDDEN = "there is no permission" + (", or another program holds it open" if sys.platform == "win32" else "")
CAUSES = {
    errno.ENOSPC: "the disk is full",
    getattr(errno, "EDQUOT", -1): "the disk quota is used up",
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: "the disk is read-only",
    errno.ENOENT: "its folder does not exist",
    errno.ENOTDIR: "its folder is not a folder",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EISDIR: "it is a folder",
}
SHOWN_NAME = 80


class FileError(Exception):
    """A file that cannot be read or written; the message is one line that names the file, the cause, what to do."""


def printable(text: str, most: int = SHOWN_NAME) -> str:
    """A text from outside for a message: on one line, without control characters, and not too long."""
    plain = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def shown(path: Path) -> str:
    """A path's name for a message."""
    return printable(path.name or str(path))


def cause_of(error: OSError) -> str:
    """Why, in plain words."""
    return CAUSES.get(error.errno or 0) or error.strerror or str(error)
