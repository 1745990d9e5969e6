"""The command line: the window, and the same runs without one."""

from __future__ import annotations

import importlib
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from l1gui.cli.flags import COMMANDS, UsageError
from l1gui.cli.output import note, put
from l1gui.files.atomic import FileError
from l1gui.settings import SettingError

DONE, FAULT, BAD_INPUT, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143


class Terminated(KeyboardInterrupt):
    """The system asks the program to end."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns
    -------
    int
        The exit status: 0 done; 2 bad usage, bad input or a run that diverged; 1 a fault of the program, or nobody
        reads its output; 130 interrupted, 143 terminated.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _dispatch(words)
    except (UsageError, SettingError, FileError) as error:
        return _told(f"error: {error}", BAD_INPUT)
    except KeyboardInterrupt as error:
        is_terminated = isinstance(error, Terminated)
        return _told("terminated" if is_terminated else "interrupted", TERMINATED if is_terminated else INTERRUPTED)
    except BrokenPipeError:
        return FAULT
    except Exception as error:  # noqa: BLE001 - the last place where a fault can be told in a line
        traceback.print_exc()
        return _told(f"error: a fault of the program: {type(error).__name__}: {error}", FAULT)


def _told(message: str, status: int) -> int:
    note(message)
    return status


def _dispatch(words: Sequence[str]) -> int:
    try:
        if words and words[0] in COMMANDS:
            with _terminable():
                return _command(words[0])(words[1:])
        if words and not words[0].startswith("-"):
            raise UsageError(
                f"there is no command {words[0]!r}; there are {', '.join(COMMANDS)}, or none for the window"
            )
        return _command("window")(words)
    except SystemExit:  # --help and --version have been printed
        put("")
        raise


def _command(name: str) -> Callable[[Sequence[str]], int]:
    """A command's function; imported only when it is wanted, so that the others start fast."""
    command: Callable[[Sequence[str]], int] = importlib.import_module(f"l1gui.cli.{name}").run
    return command


def _on_terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


@contextmanager
def _terminable() -> Iterator[None]:
    """Take a TERM signal for an orderly end, as Ctrl-C is."""
    try:
        before = signal.signal(signal.SIGTERM, _on_terminate)
    except ValueError:  # not on the main thread: whoever called us minds the signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


if __name__ == "__main__":
    sys.exit(main())
