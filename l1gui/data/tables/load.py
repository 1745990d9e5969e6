"""From settings that name a table to rows to learn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy.typing as npt

from l1gui.data.dataset import Dataset
from l1gui.data.tables.assemble import Part, assemble
from l1gui.data.tables.choices import check_table
from l1gui.data.tables.columns import Mode
from l1gui.data.tables.errors import TableError, about, counted
from l1gui.data.tables.gaps import usable_rows
from l1gui.data.tables.kinds import Feature, check_numbers, features_of
from l1gui.data.tables.match import match_names
from l1gui.data.tables.raw import RawTable
from l1gui.data.tables.read import BUNDLED, joined_digest, read_table, table_path
from l1gui.data.tables.roles import Planner, Roles
from l1gui.data.tables.split import Rows, split_by_column, split_by_share
from l1gui.data.tables.stream import Watch
from l1gui.data.tables.targets import Target, numbers_of, target_of, with_keys
from l1gui.settings import RunSettings, TableSettings

READ_SHARE = 0.9
"""Share of the work that is reading."""


def load_table(
    settings: RunSettings,
    on_progress: Callable[[float], None] = lambda _share: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    dtype: npt.DTypeLike | None = None,
) -> Dataset:
    """Read the table that the settings name, and make rows to learn from of it.

    Parameters
    ----------
    settings : RunSettings
        Those of the table; a network without hidden layers decides how a number is scaled.
    on_progress, is_cancelled : callable
        Told the share done; asked, many times a second, whether to stop.
    dtype : numpy dtype, optional
        Of the inputs; by default float64 for double precision, and where that is open for a number without hidden
        layers, else float32.

    Raises
    ------
    SettingError, TableError, Cancelled
        For settings that cannot be; for a table that cannot be used, in one line; when it was called off.
    """
    table, watch = settings.table, Watch(on_progress, is_cancelled)
    check_table(table)
    files = {"validation": table.validation_file, "test": table.test_file}
    others = {role: file for role, file in files.items() if file}
    share = READ_SHARE / (1 + len(others))
    main, path = _Main.read(settings, watch.part(0.0, share)), table_path(table.file)
    digests, parts = [main.raw.digest], {}
    for k, (role, file) in enumerate(others.items(), start=1):
        parts[role], digest = _other(main, file, table, watch.part(k * share, (k + 1) * share))
        digests.append(digest)
    digest = joined_digest(digests)
    with about(path):
        _check_fingerprint(table.fingerprint, digest, len(digests))
        parts |= main.split(table, without=tuple(parts))
        found = assemble(settings, parts, main.roles.left_over, watch.part(READ_SHARE, 1.0), dtype)
    title = table.file.removeprefix(BUNDLED) if table.file.startswith(BUNDLED) else path.name
    return replace(found, name=title, notes=(*main.notes, *found.notes), fingerprint=digest)


def _check_fingerprint(wanted: str, found: str, n_files: int) -> None:
    if wanted and wanted != found:
        raise TableError(
            f"{'it has' if n_files == 1 else 'it, or a table beside it, has'} changed since these settings were made: "
            "bring the old content back, or clear the fingerprint (--fingerprint '')",
            "fingerprint",
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Main:
    """The table itself, as far as it is known before it is split."""

    raw: RawTable
    roles: Roles
    features: list[Feature]
    target: Target
    usable: Rows
    notes: tuple[str, ...]

    @classmethod
    def read(cls, settings: RunSettings, watch: Watch) -> _Main:
        table, planner = settings.table, Planner(settings)
        raw = read_table(table.file, table, planner, watch)
        assert planner.roles is not None  # noqa: S101 - reading asks for them
        with about(table_path(table.file)):
            return cls._of(raw, planner.roles, table)

    @classmethod
    def _of(cls, raw: RawTable, roles: Roles, table: TableSettings) -> _Main:
        if raw.n_rows < 2:  # noqa: PLR2004 - the least
            raise TableError(f"it has {counted(raw.n_rows, 'row')} of data; a table needs at least two")
        target = target_of(raw, roles.target, table.target_kind)
        features, left_out = features_of(raw, roles)
        usable, gaps = usable_rows(raw, features, target, raw.columns[roles.target], table.missing)
        return cls(raw, roles, features, target, usable, (*raw.notes, *left_out, *gaps))

    def split(self, table: TableSettings, without: Sequence[str]) -> dict[str, Part]:
        """Training, validation and test rows; none of those that come from files of their own."""
        if self.roles.split is not None:
            rows = split_by_column(self.raw, self.raw.columns[self.roles.split], self.usable)
        else:
            shares = (
                0.0 if "validation" in without else table.validation_share,
                0.0 if "test" in without else table.test_share,
            )
            is_stratified = table.stratify == "yes" and self.target.is_class
            classes = self.target.values if is_stratified else None
            rows = split_by_share(self.usable, classes, shares, table.split_seed)
        return {
            role: Part(self.raw, self.features, self.target, each)
            for role, each in zip(("train", "validation", "test"), rows, strict=True)
            if role not in without
        }


def _other(main: _Main, file: str, table: TableSettings, watch: Watch) -> tuple[Part, str]:
    """Rows from a file of their own, its columns found by their names; and its SHA-256."""
    target = main.target
    wanted = {feature.column.name: Mode.TEXT if feature.is_category else Mode.NUMBER for feature in main.features}
    wanted[target.name] = target.mode

    def plan(names: tuple[str, ...]) -> list[Mode]:
        match_names(tuple(wanted), names)
        return [wanted.get(name, Mode.SKIP) for name in names]

    raw = read_table(file, table, plan, watch)
    with about(table_path(file)):
        by_name = {column.name: column for column in raw.columns}
        column = by_name[target.name]
        check_numbers(raw, [by_name[name] for name, mode in wanted.items() if mode is Mode.NUMBER], "other")
        features = [Feature(by_name[each.column.name], each.is_category) for each in main.features]
        found = with_keys(column, target.keys) if target.is_class else numbers_of(column)
        rows, notes = usable_rows(raw, features, found, column, table.missing)
        if not len(rows):
            raise TableError("no row of it can be used: each lacks a cell; mend some, or choose another file")
    return Part(raw, features, found, rows, tuple(notes)), raw.digest
