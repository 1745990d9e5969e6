"""Presets: named starting points, read from `resources/presets`; and the sources that their rows come from."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache, partial
from pathlib import Path
from typing import Any

from l1gui.data.article import article_data
from l1gui.data.dataset import Dataset
from l1gui.data.friedman import friedman_data
from l1gui.data.planar import figure_2_data, gauss_noise_data
from l1gui.data.playground import PLAYGROUND_SETTINGS, SETS, check_playground, playground_data
from l1gui.data.shapes import DERIVED, SHAPES, planar_data
from l1gui.data.tables.choices import check_no_table, check_table
from l1gui.resources import resource
from l1gui.settings import SPECS, TABLE, DataSettings, RunSettings, TableSettings
from l1gui.spec import SettingError

PLANAR_SETTINGS = ("rows", "noise", "noise_inputs", "flipped", "derived")


@dataclass(frozen=True, slots=True)
class Source:
    """What makes rows: a function of a run's settings, and which of the data's settings it obeys.

    `check` raises SettingError for values of those that cannot be.
    """

    make: Callable[[RunSettings], Dataset]
    uses: tuple[str, ...] = ()
    check: Callable[[DataSettings], None] = lambda _data: None


def _planar(name: str, settings: RunSettings) -> Dataset:
    return planar_data(name, settings.data, settings.training.seed)


def _linked(name: str, settings: RunSettings) -> Dataset:
    return playground_data(name, settings.data)


def _table(settings: RunSettings) -> Dataset:
    from l1gui.data.tables.load import load_table  # noqa: PLC0415 - much to import, of no use to other runs

    return load_table(settings)


SOURCES: dict[str, Source] = {
    "article": Source(lambda settings: article_data(settings.training.seed)),
    "figure-2": Source(lambda settings: figure_2_data(settings.training.seed)),
    "gauss-noise": Source(lambda settings: gauss_noise_data(settings.training.seed)),
    **{name: Source(partial(_planar, name), PLANAR_SETTINGS) for name in SHAPES},
    **{name: Source(partial(_linked, name), PLAYGROUND_SETTINGS, check_playground) for name in SETS},
    "friedman": Source(friedman_data, ("rows", "noise")),
    TABLE: Source(_table, ("left_out",)),
}
"""What makes the rows, by the name in `DataSettings.source`."""


@dataclass(frozen=True, slots=True)
class Part:
    """One run of a comparison: its label on the plots, and the settings in which it differs."""

    label: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Preset:
    """A named starting point.

    Attributes
    ----------
    id, title, about : str
        Name on the command line, title in the window, what it shows.
    settings : RunSettings
        The run.
    epochs_per_second : float
        Speed at which the window shows it first, slow enough to be watched.
    compare : tuple of Part
        Runs to make in turn and keep side by side; empty for a single run.
    """

    id: str
    title: str
    about: str
    settings: RunSettings
    epochs_per_second: float
    compare: tuple[Part, ...] = ()


def source(name: str) -> Source:
    """Table entry of a data source; SettingError when there is none of that name."""
    if name not in SOURCES:
        raise SettingError("source", f"there is no data source {name!r}; choose one of {', '.join(SOURCES)}")
    return SOURCES[name]


def check_data(data: DataSettings, table: TableSettings | None = None) -> None:
    """SettingError for a source that there is not, and for a setting that it does not obey, or cannot.

    `table` are the settings of tables, which are of use for that source alone.
    """
    found = source(data.source)
    if table is not None and data.source == TABLE:
        check_table(table)
    elif table is not None:
        check_no_table(table, data.source)
    for each in fields(data):
        name, value = each.name, getattr(data, each.name)
        if name != "source" and name not in found.uses and value != each.default:
            raise SettingError(name, f"{SPECS[name].label} is no setting of the {data.source} data: leave it out")
    for name in data.derived:
        if name not in DERIVED:
            raise SettingError("derived", f"there is no derived input {name!r}; choose of {', '.join(DERIVED)}")
    found.check(data)


def load_data(settings: RunSettings) -> Dataset:
    """Make or read the rows that the settings name.

    Raises
    ------
    SettingError
        When the settings cannot be.
    TableError
        When they name a table that cannot be used.
    """
    check_data(settings.data, settings.table)
    return source(settings.data.source).make(settings)


def data_words(settings: RunSettings) -> tuple[str, str]:
    """Title of data that no preset gives, and what they are, before they are loaded."""
    data, table = settings.data, settings.table
    if data.source == TABLE:
        return Path(table.file).name or table.file, "Your table."
    for each in presets().values():
        if each.settings.data.source == data.source:
            return each.title, "Settings of your own."
    return "TensorFlow Playground", "The Playground's data and start, number by number."


@cache
def presets() -> dict[str, Preset]:
    """All presets by name, in the order in which they are offered."""
    found = []
    for path in resource("presets").glob("*.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        parts = []
        for changes in table.get("compare", []):
            label = changes.pop("label")
            parts.append(Part(label, changes))
        preset = Preset(
            id=path.stem,
            title=table["title"],
            about=table["about"],
            settings=RunSettings.from_dict(table["settings"]),
            epochs_per_second=float(table["epochs_per_second"]),
            compare=tuple(parts),
        )
        found.append((table["order"], preset))
    return {preset.id: preset for _, preset in sorted(found, key=lambda pair: pair[0])}


def preset(preset_id: str) -> Preset:
    """The preset of that name; SettingError when there is none."""
    if preset_id not in presets():
        raise SettingError("preset", f"there is no preset {preset_id!r}; choose one of {', '.join(presets())}")
    return presets()[preset_id]
