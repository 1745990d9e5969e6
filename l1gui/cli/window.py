"""``l1gui``: opens the window. Qt is imported at the very end, when all that was asked for is known to be right."""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from l1gui.cli.flags import COMMANDS, FLAGS, Parser, UsageError, add_setting_flags, checked, settings_of

if TYPE_CHECKING:
    from l1gui.settings import RunSettings

SPEED_HELP = "'full', or epochs a second: 300, 100, 60, 30, 10, 1"
LEAST_SIZE, MOST_SIZE = 400, 10_000

PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}
"""Debian package of each library that Qt cannot be imported without."""


def version() -> str:
    """The installed version, or a word for a bare checkout."""
    try:
        return metadata.version("l1gui")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def parser() -> Parser:
    """The window's flags."""
    commands = "\n".join(f"  l1gui {name:8} {words}" for name, words in COMMANDS.items())
    made = Parser(
        prog="l1gui",
        description="See L1 regularization at work on a neural network, and leave with a small one.",
        epilog=f"without a window:\n{commands}\nEach has a --help of its own.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"l1gui {version()}")
    made.add_argument(
        "--open", type=Path, metavar="FILE", help="go on from weights saved before, or learn from a table"
    )
    made.add_argument("--train", action="store_true", help="start training at once")
    made.add_argument(
        "--screenshot", type=Path, metavar="PNG", help="save the window's picture when the run has ended, then quit"
    )
    made.add_argument("--theme", choices=("system", "dark", "light"), help="colours of the window")
    made.add_argument("--size", metavar="WxH", help="size of the window in pixels, as in 1440x900")
    made.add_argument("--speed", metavar="SPEED", help=f"how fast the run may go: {SPEED_HELP}")
    add_setting_flags(made)
    return made


def run(words: Sequence[str]) -> int:
    """Open the window as the flags say; returns the exit status when it is closed."""
    arguments = parser().parse_args(words)
    given = (arguments.config, arguments.playground, *(getattr(arguments, name) for name in FLAGS))
    has_settings = any(each is not None for each in given)
    settings = checked(settings_of(arguments))
    _check_table(settings)
    from l1gui.files.atomic import check_target  # noqa: PLC0415 - keeps --help fast
    from l1gui.options import WindowOptions  # noqa: PLC0415

    if arguments.screenshot is not None:
        check_target(arguments.screenshot)
    if arguments.open is not None:
        _check_openable(arguments.open)
    options = WindowOptions(
        preset=arguments.preset,
        settings=settings if has_settings else None,
        open_file=arguments.open,
        start_training=arguments.train,
        screenshot=arguments.screenshot,
        theme=arguments.theme,
        size=_size_of(arguments.size),
        speed=_speed_of(arguments.speed),
    )
    status: int = _application().open_window(options)
    return status


def _check_table(settings: RunSettings) -> None:
    """Tell what stands in the way of learning from the settings' table, as far as its first part shows it."""
    from l1gui.settings import TABLE  # noqa: PLC0415 - keeps --help fast

    if settings.data.source != TABLE:
        return
    from l1gui.data.tables.preview import preview  # noqa: PLC0415

    if problem := preview(settings.table, settings.data.left_out).problem:
        raise UsageError(problem)


def _check_openable(path: Path) -> None:
    """Tell what cannot be opened here, in a line, before a window comes up."""
    from l1gui.data.tables.preview import preview  # noqa: PLC0415 - keeps --help fast
    from l1gui.data.tables.read import ENDINGS  # noqa: PLC0415
    from l1gui.faults import printable  # noqa: PLC0415
    from l1gui.files.weights import endings, is_weights, load_model  # noqa: PLC0415
    from l1gui.settings import TableSettings  # noqa: PLC0415

    if path.suffix.lower() not in (*ENDINGS, *endings()):
        raise UsageError(
            f"--open takes weights ({', '.join(endings())}) or a table ({', '.join(ENDINGS)}); got "
            f"{printable(path.name)}"
        )
    if is_weights(path):
        load_model(path)
    else:
        preview(TableSettings(file=str(path)))


def _size_of(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,6})[xX]([0-9]{1,6})", text)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if min(width, height) < LEAST_SIZE or max(width, height) > MOST_SIZE:
        raise UsageError(
            f"--size reads WIDTHxHEIGHT, each from {LEAST_SIZE} to {MOST_SIZE}, as in 1440x900; got {text[:60]!r}"
        )
    return width, height


def _speed_of(text: str | None) -> str | None:
    from l1gui.app.states import FULL_SPEED, SPEEDS  # noqa: PLC0415 - keeps --help fast

    if text is None:
        return None
    if text == "full":
        return FULL_SPEED.label
    for speed in SPEEDS:
        if speed.epochs_per_second is not None and text == f"{speed.epochs_per_second:g}":
            return speed.label
    raise UsageError(f"--speed is {SPEED_HELP}; got {text[:60]!r}")


def _application() -> Any:
    try:
        return importlib.import_module("l1gui.app.application")
    except ImportError as error:
        if (error.name or "").partition(".")[0] == "l1gui":
            raise  # a fault of ours, not of this machine
        raise UsageError(missing_part(error)) from error


def missing_part(error: ImportError) -> str:
    """What the window lacks on this machine, and how to get it."""
    library = str(error).partition(":")[0]
    if library in PACKAGES:
        return (
            f"the window needs {library}, which is missing; install it: apt-get install {PACKAGES[library]} (or run "
            "python3 bootstrap.py setup)"
        )
    if isinstance(error, ModuleNotFoundError):
        return f"the window needs {error.name}, which is not installed; install it: python3 bootstrap.py setup"
    return (
        f"the window needs Qt, and it cannot be loaded ({error}); 'python3 bootstrap.py setup' installs what is "
        "missing or says how"
    )
