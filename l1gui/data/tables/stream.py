"""A table's bytes: only of regular files, hashed as they are read, and refused when they change meanwhile."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from l1gui.data.tables.errors import Cancelled, TableError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 2**20
MAX_LINE = 32 * 2**20
"""Most bytes without a line's end that are taken for a table."""
CONTROLS = bytes([*range(9), 11, *range(14, 32)])
"""Bytes that no text holds."""
CHANGED = "it {} while it was read: wait until it is complete, then open it again"


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how far a reading is, as a share, and who can call it off."""

    on_progress: Callable[[float], None] = lambda _share: None
    is_cancelled: Callable[[], bool] = lambda: False

    def step(self, share: float) -> None:
        """Tell the share done; Cancelled when nobody wants the rest."""
        if self.is_cancelled():
            raise Cancelled
        self.on_progress(min(share, 1.0))

    def part(self, start: float, end: float) -> Watch:
        """A watch of a part of the work, from one share of it to another."""
        return Watch(lambda share: self.on_progress(start + share * (end - start)), self.is_cancelled)


class Bytes(io.RawIOBase):
    """A regular file, read once from its start.

    Parameters
    ----------
    path : Path
        Of the file. A folder, pipe or device is refused without being opened.
    watch : Watch
        Is told the share read, block by block.
    is_text, is_plain : bool
        Whether lines of absurd length are refused; and control characters, because a letter is a byte or more.

    Raises
    ------
    TableError
        Without the file's name, for what is no regular file; later, when it grows, shrinks or vanishes while it is
        read.
    """

    def __init__(self, path: Path, watch: Watch, *, is_text: bool = False, is_plain: bool = False) -> None:
        super().__init__()
        self._path, self._watch, self._is_text, self._is_plain = path, watch, is_text, is_plain
        self._file = _opened(path)
        self.identity = _identity(os.fstat(self._file.fileno()))
        self.size = self.identity[2]
        self.done = 0
        self._line_start = 0
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        """SHA-256 of what was read so far."""
        return self._hash.hexdigest()

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read the next block."""
        room = memoryview(buffer).cast("B")
        n = self._file.readinto(room)
        block = bytes(room[:n])
        self._hash.update(block)
        self._check_text(block)
        self.done += n
        if self.done > self.size:
            raise TableError(CHANGED.format("grew"))
        self._watch.step(self.done / self.size if self.size else 1.0)
        return n

    def _check_text(self, block: bytes) -> None:
        if self._is_plain and len(block.translate(None, CONTROLS)) != len(block):
            at = next(i for i, byte in enumerate(block) if byte in CONTROLS)
            raise TableError(
                f"byte {self.done + at + 1:,} is 0x{block[at]:02x}, a control character, so this is not text: save "
                "the table as text in UTF-8"
            )
        last = max(block.rfind(b"\n"), block.rfind(b"\r"))
        if last >= 0:
            self._line_start = self.done + last
        if self._is_text and self.done + len(block) - self._line_start > MAX_LINE:
            raise TableError(
                f"a line of it has more than {MAX_LINE:,} bytes: that is no table of rows; put each row on a line"
            )

    def check_unchanged(self) -> None:
        """TableError when the file is no longer what it was when it was opened."""
        _check_unchanged(self._path, self.identity)

    def check_whole(self) -> None:
        """TableError unless all of it was read, and it is still what it was."""
        self.check_unchanged()
        if self.done < self.size:
            raise TableError(CHANGED.format("shrank"))

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._file.close()
        super().close()


def _identity(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _check_unchanged(path: Path, identity: tuple[int, int, int, int]) -> None:
    try:
        now = _identity(path.stat())
    except FileNotFoundError:
        raise TableError("it vanished while it was read: bring it back, then open it again") from None
    if now != identity:
        size, before = now[2], identity[2]
        raise TableError(CHANGED.format("grew" if size > before else "shrank" if size < before else "changed"))


def _opened(path: Path) -> io.FileIO:
    try:
        # Before it is opened: opening a pipe would wait for its other end, and opening a device may do anything.
        _check_regular(os.stat(path))  # noqa: PTH116 - as below
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise TableError("there is no such file; choose another") from None
    except ValueError as error:  # a name with a zero character
        raise TableError(f"it cannot be opened: {error}") from None
    file = io.FileIO(handle, "r")
    try:
        _check_regular(os.fstat(handle))
    except TableError:
        file.close()
        raise
    return file


def _check_regular(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise TableError("it is a folder; choose a file in it")
    if not stat.S_ISREG(status.st_mode):
        raise TableError("it is no ordinary file but a pipe, a socket or a device; choose a file")


def head_of(path: Path, n_bytes: int = BLOCK) -> tuple[bytes, int]:
    """The first bytes of a regular file, and the size of it all; TableError when it is none."""
    with _opened(path) as file:
        parts = []
        while n_bytes > 0 and (part := file.read(n_bytes)):
            parts.append(part)
            n_bytes -= len(part)
        return b"".join(parts), os.fstat(file.fileno()).st_size


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was read once over: SHA-256, how often a mark occurs in it, and what to know it by."""

    path: Path
    digest: str
    n_marks: int
    identity: tuple[int, int, int, int]

    @property
    def size(self) -> int:
        """Bytes in it."""
        return self.identity[2]

    def check_unchanged(self) -> None:
        """TableError when it is no longer what it was."""
        _check_unchanged(self.path, self.identity)


def look_over(path: Path, watch: Watch, mark: bytes = b"") -> Seen:
    """Read a whole file once, before a library gets to see it."""
    n_marks, tail = 0, b""
    with Bytes(path, watch) as stream:
        while block := stream.read(BLOCK):
            if mark:
                n_marks += (tail + block).count(mark)
                tail = block[-len(mark) + 1 :]
        stream.check_whole()
        return Seen(path, stream.digest, n_marks, stream.identity)
