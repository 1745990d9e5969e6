"""Writing files so that there is always a whole one: the old one until the new one is complete."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from l1gui.faults import FileError, cause_of, printable, shown

__all__ = ["FileError", "cause_of", "check_target", "printable", "shown", "write_atomically"]


def check_target(path: Path) -> Path:
    """The file that a write to `path` would replace, links followed; FileError when nothing can be written there."""
    try:
        target = path.resolve()
        if target.is_symlink():  # newer Pythons resolve a loop to a link instead of raising
            raise FileError(f"{shown(path)} cannot be written: it is a link that leads back to itself.")
        if target.is_dir():
            raise FileError(f"{shown(path)} cannot be written: it is a folder. Choose a file name.")
        if target.exists() and not target.is_file():
            raise FileError(f"{shown(path)} cannot be written: it is no ordinary file. Choose another name.")
        if not target.parent.is_dir():
            folder = printable(str(target.parent))
            raise FileError(f"{shown(path)} cannot be written: its folder {folder} does not exist.")
    except (OSError, RuntimeError, ValueError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else str(error)
        raise FileError(f"{shown(path)} cannot be written: {cause}. Choose another place.") from error
    if target.exists() and not os.access(target, os.W_OK):
        raise FileError(f"{shown(path)} cannot be written: it is write-protected. Choose another name.")
    if not os.access(target.parent, os.W_OK):
        raise FileError(
            f"{shown(path)} cannot be written: there is no permission to write there. Choose another place."
        )
    return target


def write_atomically(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file in one step: into a temporary beside it, flushed to disk, then put in its place.

    Parameters
    ----------
    path : Path
        The target; links are followed.
    write : callable
        Gets the open binary stream.

    Raises
    ------
    FileError
        When it cannot be written; the old file is whole then, and nothing else is left behind.
    """
    target = check_target(path)
    temporary = None
    try:
        mode = target.stat().st_mode & 0o7777 if target.exists() else None
        temporary = target.parent / f".l1gui-{secrets.token_hex(8)}.part"
        with _created(temporary, 0o666 if mode is None else mode) as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            with suppress(OSError):  # some file systems have no permissions to keep
                temporary.chmod(mode)
        temporary.replace(target)
        temporary = None
        _sync_folder(target.parent)
    except OSError as error:
        raise FileError(
            f"{shown(path)} could not be written: {cause_of(error)}. What was there before is unchanged."
        ) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def _created(path: Path, mode: int) -> BinaryIO:
    """A new file; whom the umask or the mode shuts out never sees it."""
    # Owner's write permission: the file is written to, whatever the mode of the one that it replaces.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, (mode | 0o200) & 0o777), "wb")


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a crash, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
