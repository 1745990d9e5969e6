"""Flags: made from the settings' specs, so that names, help and limits are those of the window."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NoReturn

from l1gui.cli.output import note
from l1gui.files.atomic import cause_of, printable, shown
from l1gui.resources import resource
from l1gui.settings import DEFAULT_PRESET, SPECS, TABLE, RunSettings, SettingError

COMMANDS = {
    "train": "train one run without a window",
    "article": "train the article's runs and print published beside obtained",
    "replay": "repeat the run that made a weights file, and say whether the weights are the same",
    "export": "convert weights from one format to others",
}

FLAGS = {name: "--data" if name == "file" else f"--{name.replace('_', '-')}" for name in SPECS if name != "source"}
"""Flag of every setting that has one; the data's source comes with the preset, or is the table that is given."""


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
    """Add ``--preset``, ``--config``, ``--playground`` and a flag for every setting."""
    names = ", ".join(sorted(path.stem for path in resource("presets").glob("*.toml")))
    parser.add_argument("--preset", metavar="NAME", help=f"the starting point: {names}; {DEFAULT_PRESET} without one")
    parser.add_argument("--playground", metavar="LINK", help="the run of a TensorFlow Playground link, in quotes")
    parser.add_argument("--config", type=Path, metavar="FILE.toml", help="settings that override the preset's")
    group = parser.add_argument_group("settings, each overriding preset and --config")
    for name, flag in FLAGS.items():
        spec = SPECS[name]
        limits = "" if spec.kind == "name" else f" ({spec.limits})"
        text = f"{spec.help}{limits}".replace("%", "%%")
        group.add_argument(flag, dest=name, metavar="NAME" if spec.kind == "name" else "X", help=text)


def settings_of(arguments: argparse.Namespace) -> RunSettings:
    """Settings that the flags ask for: those of the starting point, then ``--config``'s, then the flags' own.

    The starting point is a preset, a Playground link, or what suits the table that is given.

    Raises
    ------
    SettingError
        For an unknown name or a value out of its limits.
    TableError
        When the table cannot be read.
    UsageError
        When the config file cannot be read, or two starting points are given.
    """
    typed = _typed(arguments)
    settings = _configured(arguments.config, _base(arguments))
    if typed.get("file"):
        settings = settings.with_values(source=TABLE, fingerprint="")
    settings = settings.with_values(**typed)
    if settings.data.source == TABLE and arguments.preset is None:
        # What suits the table, and over it once more what was asked for.
        settings = _configured(arguments.config, _suited(settings)).with_values(**typed)
        if not settings.network.hidden and "jitter" not in typed:
            # Noise is for hidden layers; without them it would bend the coefficients of the lasso.
            settings = settings.with_values(jitter=0.0)
    return settings


def _suited(settings: RunSettings) -> RunSettings:
    """Settings that suit the table that they name; what no network learns from is left out, with a word."""
    from l1gui.data.tables.choices import check_table  # noqa: PLC0415 - keeps --help fast
    from l1gui.data.tables.preview import preview  # noqa: PLC0415
    from l1gui.data.tables.suggest import suggested_settings  # noqa: PLC0415

    check_table(settings.table)
    found = preview(settings.table, settings.data.left_out)
    if found.left_out:
        note(f"left out, as no network learns from dates, free text or row numbers: {', '.join(found.left_out)}")
    return suggested_settings(found, settings)


def _base(arguments: argparse.Namespace) -> RunSettings:
    """Settings of the starting point."""
    if arguments.playground is not None:
        if arguments.preset is not None or arguments.file is not None:
            raise UsageError("--playground is a starting point of its own: leave out --preset and --data")
        from l1gui.data.playground_links import settings_of_link  # noqa: PLC0415 - keeps --help fast

        settings, notes = settings_of_link(arguments.playground)
        for each in notes:
            note(each)
        return settings
    from l1gui.data.presets import preset  # noqa: PLC0415 - keeps --help fast

    return preset(arguments.preset or DEFAULT_PRESET).settings


def _typed(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings that have been given as flags."""
    values = {}
    for name, flag in FLAGS.items():
        if (text := getattr(arguments, name)) is not None:
            try:
                values[name] = SPECS[name].parse(name, text)
            except SettingError as error:
                raise SettingError(name, f"{flag}: {error}") from None
    return values


def checked(settings: RunSettings) -> RunSettings:
    """The settings, when their names are known and they can go together; SettingError, with the flag, when not."""
    from l1gui.runs import check_names  # noqa: PLC0415 - keeps --help fast

    try:
        check_names(settings)
    except SettingError as error:
        flag = f"{FLAGS[error.field]}: " if error.field in FLAGS else ""
        raise SettingError(error.field, f"{flag}{error}") from None
    return settings


def _configured(path: Path | None, base: RunSettings) -> RunSettings:
    """Settings of a ``--config`` file, where there is one, over those of the base."""
    if path is None:
        return base
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
