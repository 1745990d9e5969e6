"""Flags: made from the settings' specs, so that names, help and limits are those of the window."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NoReturn

from l1gui.files.atomic import cause_of, printable, shown
from l1gui.resources import resource
from l1gui.settings import SPECS, RunSettings, SettingError

COMMANDS = {
    "train": "train one run without a window",
    "article": "train the article's runs and print published beside obtained",
    "replay": "repeat the run that made a weights file, and say whether the weights are the same",
    "export": "convert weights from one format to others",
}

FLAGS = {name: f"--{name.replace('_', '-')}" for name in SPECS if name != "source"}
"""Flag of every setting that has one; the data's source comes with the preset."""

MAX_CONFIG_BYTES = 1_000_000
MESSAGE_LENGTH = 300


class UsageError(Exception):
    """Something wrong with the command line; the message is one line."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, raised instead of printed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(f"{printable(message, MESSAGE_LENGTH)}; see {self.prog} --help")


def add_setting_flags(parser: argparse.ArgumentParser) -> None:
    """Add ``--preset``, ``--config`` and a flag for every setting."""
    names = ", ".join(sorted(path.stem for path in resource("presets").glob("*.toml")))
    parser.add_argument("--preset", default="article", metavar="NAME", help=f"the starting point: {names}")
    parser.add_argument("--config", type=Path, metavar="FILE.toml", help="settings that override the preset's")
    group = parser.add_argument_group("settings, each overriding preset and --config")
    for name, flag in FLAGS.items():
        spec = SPECS[name]
        limits = "" if spec.kind == "name" else f" ({spec.limits})"
        text = f"{spec.help}{limits}".replace("%", "%%")
        group.add_argument(flag, dest=name, metavar="NAME" if spec.kind == "name" else "X", help=text)


def settings_of(arguments: argparse.Namespace) -> RunSettings:
    """Settings that the flags ask for: the preset's, then ``--config``'s, then the flags' own.

    Raises
    ------
    SettingError
        For an unknown name or a value out of its limits.
    UsageError
        When the config file cannot be read.
    """
    from l1gui.data.presets import preset  # noqa: PLC0415 - keeps --help fast

    settings = preset(arguments.preset).settings
    if arguments.config is not None:
        settings = _configured(arguments.config, settings)
    typed = {name: getattr(arguments, name) for name in FLAGS if getattr(arguments, name) is not None}
    values = {}
    for name, text in typed.items():
        try:
            values[name] = SPECS[name].parse(name, text)
        except SettingError as error:
            raise SettingError(name, f"{FLAGS[name]}: {error}") from None
    return settings.with_values(**values)


def checked(settings: RunSettings) -> RunSettings:
    """The settings, when their names are known and they can go together; SettingError, with the flag, when not."""
    from l1gui.runs import check_names  # noqa: PLC0415 - keeps --help fast

    try:
        check_names(settings)
    except SettingError as error:
        flag = f"{FLAGS[error.field]}: " if error.field in FLAGS else ""
        raise SettingError(error.field, f"{flag}{error}") from None
    return settings


def _configured(path: Path, base: RunSettings) -> RunSettings:
    """Settings of a ``--config`` file over those of the base."""
    try:
        return RunSettings.from_toml(_config_text(path), base)
    except SettingError as error:
        raise SettingError(error.field, f"--config: {shown(path)}: {error}") from None
    except ValueError as error:  # a whole number of thousands of digits, which Python refuses to read
        raise UsageError(f"--config: {shown(path)} holds a number that is too long") from error


def _config_text(path: Path) -> str:
    try:
        if not path.is_file():
            raise UsageError(f"--config: {shown(path)} is no file")
        if path.stat().st_size > MAX_CONFIG_BYTES:
            raise UsageError(f"--config: {shown(path)} is too large for a settings file")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"--config: {shown(path)} cannot be read: {cause_of(error)}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--config: {shown(path)} is not UTF-8 text") from error
