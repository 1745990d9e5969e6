"""Whole runs: from settings to a trainer, from a trainer to a record, and the article's four runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core.combinations import check_choices, check_combination
from l1gui.core.network import PLAYGROUND_STARTS, Layout
from l1gui.core.penalties import penalty_method
from l1gui.core.record import LiveChange, RunRecord
from l1gui.core.task import Task
from l1gui.core.trainer import Trainer
from l1gui.data.article import EXPECTED, PUBLISHED
from l1gui.data.dataset import Dataset
from l1gui.data.playground import playground_start
from l1gui.data.presets import check_data, load_data, preset
from l1gui.settings import SPECS, RunSettings, SettingError


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A live change to make when `epoch` epochs are done."""

    epoch: int
    field: str
    value: Any


def parse_planned(text: str) -> PlannedChange:
    """Read ``EPOCH:SETTING=VALUE``; SettingError when it is not that."""
    epoch_text, colon, assignment = text.partition(":")
    name, equals, value = assignment.partition("=")
    name = name.strip().replace("-", "_")
    if not (colon and equals and re.fullmatch(r"\s*[0-9]{1,9}\s*", epoch_text)):
        raise SettingError("at", f"a live change reads EPOCH:SETTING=VALUE, as in 250:lam=0.01; got {text[:60]!r}")
    if name not in SPECS or not SPECS[name].is_live:
        live = ", ".join(each for each, spec in SPECS.items() if spec.is_live)
        raise SettingError("at", f"{name[:60]!r} cannot change while a run goes on; these can: {live}")
    change = PlannedChange(int(epoch_text), name, SPECS[name].parse(name, value))
    if name == "method":
        penalty_method(change.value)
    return change


def check_planned(settings: RunSettings, planned: Sequence[PlannedChange]) -> None:
    """SettingError when a change lies behind the end of the run, or cannot be, as the changes before it leave it."""
    for change in sorted(planned, key=lambda change: change.epoch):
        epochs = settings.training.epochs
        if change.epoch > epochs:
            raise SettingError(
                "at", f"{change.field} cannot change after {change.epoch:,} epochs: the run has {epochs:,}"
            )
        value = max(change.epoch, change.value) if change.field == "epochs" else change.value
        settings = settings.with_values(**{change.field: value})
        check_combination(settings)


def check_names(settings: RunSettings) -> None:
    """SettingError, with the reason, for a name that no table knows and for settings that cannot go together."""
    check_combination(settings)
    check_choices(settings)
    check_data(settings.data, settings.table)


def task_of(data: Dataset) -> Task:
    """A dataset as the trainer takes it."""
    plane = (data.lift.train, data.lift.to_inputs) if data.lift is not None else None
    unit = float(data.target_scaling.scale[0]) if data.target_scaling is not None else 1.0
    return Task(
        (data.train_inputs, data.train_targets),
        (data.test_inputs, data.test_targets),
        data.n_classes,
        (data.validation_inputs, data.validation_targets),
        unit,
        plane,
    )


def build_trainer(
    settings: RunSettings, dataset: Dataset | None = None, start: npt.NDArray[Any] | None = None
) -> Trainer:
    """Trainer of a run; SettingError when a name in the settings is unknown or the start does not fit."""
    data = load_data(settings) if dataset is None else dataset
    if data.fingerprint:
        settings = settings.with_values(fingerprint=data.fingerprint)
    is_drawn = start is None
    if is_drawn and settings.network.initialization in PLAYGROUND_STARTS:
        sizes = (data.n_inputs, *settings.network.hidden, 1)
        start = Layout(sizes).pack(*playground_start(settings, sizes), np.float64)
    trainer = Trainer(settings, task_of(data), start)
    # Edited rows are not those that the settings make.
    trainer.origin = settings if is_drawn and not data.is_edited else None
    return trainer


def run_to_end(
    settings: RunSettings,
    planned: Sequence[PlannedChange] = (),
    label: str = "run",
    dataset: Dataset | None = None,
    on_slice: Callable[[Trainer], None] = lambda _: None,
) -> RunRecord:
    """Train until the epochs are done or the run diverges, making the planned live changes on the way.

    Raises
    ------
    SettingError
        When a name in the settings is unknown, or a change is planned for after the end.
    """
    check_planned(settings, planned)
    trainer = build_trainer(settings, dataset)
    waiting = sorted(planned, key=lambda change: change.epoch)
    most = trainer.layout.slice_rows
    _make_due(trainer, waiting)
    while not trainer.stopped:
        rows = most
        if waiting:
            rows = min(rows, (waiting[0].epoch - trainer.epoch) * trainer.n_rows - trainer.row_in_epoch)
        trainer.advance(rows)
        _make_due(trainer, waiting)
        on_slice(trainer)
    return RunRecord(label, settings, trainer.snapshot())


def _make_due(trainer: Trainer, waiting: list[PlannedChange]) -> None:
    """Make the changes whose epoch has come, at the very end too: one may make the run longer."""
    while waiting and trainer.row_in_epoch == 0 and waiting[0].epoch <= trainer.epoch and not trainer.message:
        change = waiting.pop(0)
        trainer.apply(change.field, change.value)


def replay(
    origin: RunSettings,
    events: Sequence[LiveChange],
    rows_seen: int,
    on_slice: Callable[[Trainer], None] = lambda _: None,
) -> Trainer:
    """Repeat a run: the same start, rows and order, and each live change after exactly the same number of rows.

    Parameters
    ----------
    origin : RunSettings
        As they were at the start.
    events : sequence of LiveChange
        In their order.
    rows_seen : int
        Rows trained on in all.

    Raises
    ------
    SettingError
        When the settings or a change cannot be, or the run ends before its events or rows do.
    """
    trainer = build_trainer(origin)
    for event in events:
        _advance_to(trainer, event.row, on_slice)
        trainer.apply(event.field, event.value)
    _advance_to(trainer, rows_seen, on_slice)
    return trainer


def _advance_to(trainer: Trainer, rows_seen: int, on_slice: Callable[[Trainer], None]) -> None:
    most = trainer.layout.slice_rows
    while trainer.rows_seen < rows_seen and not trainer.stopped:
        trainer.advance(min(most, rows_seen - trainer.rows_seen))
        on_slice(trainer)
    if trainer.rows_seen != rows_seen:
        raise SettingError(
            "rows_seen", f"the run ends after {trainer.rows_seen:,} rows, and the file speaks of {rows_seen:,}"
        )


@dataclass(frozen=True, slots=True)
class ArticleRun:
    """One of the article's runs: what was published or is expected, and what this engine obtained."""

    record: RunRecord
    published: tuple[int, int] | None
    expected: tuple[int, int]

    @property
    def obtained(self) -> tuple[int, int]:
        """Correct counts, training and test rows."""
        return self.record.last.train.correct, self.record.last.test.correct

    @property
    def matches(self) -> bool:
        """Whether the published counts, or where none were the expected ones, came out exactly."""
        return self.obtained == (self.published or self.expected)


def article_verdict(runs: Sequence[ArticleRun]) -> str:
    """Why the published gain is no gain of L1, in two plain sentences with the runs' own numbers."""
    if not all(run.matches for run in runs):
        names = ", ".join(run.record.label for run in runs if not run.matches)
        return (
            f"This program does not get the counts that it must get here: {names}. So these runs say nothing of the "
            "article's figures."
        )
    last = {run.record.label: run.record.last for run in runs}
    none, printed, gradient = last["none"], last["as-printed"], last["gradient"]
    return (
        f"The published gain from {none.test.correct} to {printed.test.correct} of {none.test.rows} test rows came "
        "from a reversed sign: the listing adds lambda where the article's own mathematics subtracts it, so its 'L1' "
        f"pushed the weights away from zero (their magnitudes sum to {printed.counts.abs_sum:.0f} instead of "
        f"{none.counts.abs_sum:.0f}). With the true sign the weights shrink (to {gradient.counts.abs_sum:.0f}) and "
        f"{gradient.test.correct} test rows come out right, but on {none.test.rows} rows such differences are mostly "
        "chance."
    )


def article_runs(on_slice: Callable[[Trainer], None] = lambda _: None) -> tuple[ArticleRun, ...]:
    """Train the article's runs in its own setting: without L1, as printed, true sign, tacked on."""
    base = preset("article").settings
    runs = []
    for method, expected in EXPECTED.items():
        record = run_to_end(base.with_values(method=method), label=method, on_slice=on_slice)
        runs.append(ArticleRun(record, PUBLISHED.get(method), expected))
    return tuple(runs)
