"""The command line: the window, and the same runs without one."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from types import FrameType
from typing import NoReturn

from l1gui.cli.flags import FLAGS, Parser, UsageError, add_setting_flags, settings_of
from l1gui.settings import SettingError

DONE, FAULT, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

COMMANDS = {
    "train": "train one run without a window",
    "article": "train the article's runs and print published beside obtained",
    "export": "convert weights from one format to others",
}

SPEED_HELP = "'full', or epochs a second: 300, 100, 60, 30, 10, 1"


def version() -> str:
    """The installed version, or a word for a bare checkout."""
    try:
        return metadata.version("l1gui")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 2 bad usage or input, 1 a fault here, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words and words[0] in COMMANDS:
            return _command(words[0])(words[1:])
        return _window(words)
    except KeyboardInterrupt:
        return _say("interrupted", INTERRUPTED)
    except BrokenPipeError:
        return FAULT
    except Exception as error:  # noqa: BLE001 - the last place where a fault can be told in a line
        from l1gui.files.atomic import FileError  # noqa: PLC0415 - keeps --help fast

        if isinstance(error, UsageError | SettingError | FileError):
            return _say(f"error: {error}", BAD_INPUT)
        traceback.print_exc()
        return _say(f"error: a fault of the program: {type(error).__name__}: {error}", FAULT)


def _say(message: str, status: int) -> int:
    line = " ".join(message.split())
    sys.stderr.write(f"l1gui: {line}\n")
    return status


def _on_terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _command(name: str) -> Callable[[Sequence[str]], int]:
    module = importlib.import_module(f"l1gui.cli.{name}")
    command: Callable[[Sequence[str]], int] = module.run
    if hasattr(signal, "SIGTERM"):
        with suppress(ValueError):  # not on the main thread: whoever called us minds the signals
            signal.signal(signal.SIGTERM, _on_terminate)
    return command


def _window_parser() -> Parser:
    commands = "\n".join(f"  l1gui {name:8} {words}" for name, words in COMMANDS.items())
    parser = Parser(
        prog="l1gui",
        description="See L1 regularization at work on a neural network, and leave with a small one.",
        epilog=f"without a window:\n{commands}\nEach has a --help of its own.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"l1gui {version()}")
    parser.add_argument("--open", type=Path, metavar="FILE", help="go on from weights saved before")
    parser.add_argument("--train", action="store_true", help="start training at once")
    parser.add_argument(
        "--screenshot", type=Path, metavar="PNG", help="save the window's picture when the run has ended, then quit"
    )
    parser.add_argument("--theme", choices=("system", "dark", "light"), help="colours of the window")
    parser.add_argument("--size", metavar="WxH", help="size of the window in pixels, as in 1440x900")
    parser.add_argument("--speed", metavar="SPEED", help=f"how fast the run may go: {SPEED_HELP}")
    add_setting_flags(parser)
    return parser


def _size_of(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.lower().partition("x")
    least, most = 400, 10_000
    if not (width.isdigit() and height.isdigit() and least <= int(width) <= most and least <= int(height) <= most):
        raise UsageError(f"--size reads WIDTHxHEIGHT, each from {least} to {most}, as in 1440x900; got {text!r}")
    return int(width), int(height)


def _speed_of(text: str | None) -> str | None:
    from l1gui.app.states import FULL_SPEED, SPEEDS  # noqa: PLC0415 - keeps --help fast

    if text is None:
        return None
    if text == "full":
        return FULL_SPEED.label
    for speed in SPEEDS:
        if speed.epochs_per_second is not None and text == f"{speed.epochs_per_second:g}":
            return speed.label
    raise UsageError(f"--speed is {SPEED_HELP}; got {text!r}")


def _window(words: Sequence[str]) -> int:
    if words and not words[0].startswith("-"):
        raise UsageError(f"there is no command {words[0]!r}; there are {', '.join(COMMANDS)}, or none for the window")
    arguments = _window_parser().parse_args(words)
    has_settings = arguments.config is not None or any(getattr(arguments, name) is not None for name in FLAGS)
    settings = settings_of(arguments)
    from l1gui import runs  # noqa: PLC0415 - keeps --help fast
    from l1gui.files.atomic import check_target  # noqa: PLC0415
    from l1gui.files.weights import load_model  # noqa: PLC0415
    from l1gui.options import WindowOptions  # noqa: PLC0415

    runs.check_names(settings)
    if arguments.screenshot is not None:
        check_target(arguments.screenshot)
    if arguments.open is not None:
        load_model(arguments.open)  # a file that cannot be opened is told here, in a line, before a window comes up
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
    try:
        application = importlib.import_module("l1gui.app.application")
    except ImportError as error:
        raise UsageError(
            f"the window needs Qt, and it cannot be loaded ({error}); 'python3 bootstrap.py setup' installs what is "
            "missing or says how"
        ) from error
    status: int = application.open_window(options)
    return status


if __name__ == "__main__":
    sys.exit(main())
