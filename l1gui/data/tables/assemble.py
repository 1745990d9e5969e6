"""Parts of one or more tables put together: fitted on the training rows, encoded, and described."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.data.dataset import Dataset, Scaling
from l1gui.data.tables.errors import TableError, counted, listed, quoted
from l1gui.data.tables.fit import Fitted, fill_inputs, fit_column, fit_scaling, scaling_of, without_inputs
from l1gui.data.tables.header import column_names
from l1gui.data.tables.kinds import Feature
from l1gui.data.tables.memory import check_memory
from l1gui.data.tables.raw import RawTable
from l1gui.data.tables.split import Rows
from l1gui.data.tables.stream import Watch
from l1gui.data.tables.targets import NO_CLASS, Target, check_classes
from l1gui.data.tables.words import about_rows, magnitude_note
from l1gui.settings import RunSettings

LEAST_ROWS = 2
MAX_INPUTS = 20_000
ROLES = ("train", "validation", "test")

Matrix = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Rows to train on, to validate or to test with: places in a table, whose features are in the same order."""

    raw: RawTable
    features: Sequence[Feature]
    target: Target
    rows: Rows
    notes: tuple[str, ...] = ()


def assemble(
    settings: RunSettings,
    parts: Mapping[str, Part],
    left_over: Sequence[str],
    watch: Watch,
    dtype: npt.DTypeLike | None,
) -> Dataset:
    """Rows to learn from; name and fingerprint are the caller's to add.

    `parts` are the rows by their roles; of `left_over`, names that are no column's, each must be an input's, which the
    network does not get to see; `dtype` is that of the inputs, None for what the settings say.
    """
    train, notes = parts["train"], [note for part in parts.values() for note in part.notes]
    _check_rows(train)
    learned = _Learned.of(settings, train, notes)
    fitted = _fit(train, settings, left_over, notes)
    real = np.dtype(dtype if dtype is not None else _dtype(settings, train.target))
    n_inputs = _n_inputs(fitted, sum(len(part.rows) for part in parts.values()), real)
    inputs, targets = {}, {}
    for k, role in enumerate(ROLES):
        inputs[role] = _inputs(parts[role], fitted, real, notes, watch.part(k / len(ROLES), (k + 1) / len(ROLES)))
        targets[role] = learned.targets(parts[role], role, notes)
    names, _ = column_names([name for each in fitted for name in each.input_names])
    numbers = [train.features[each.place] for each in fitted if not each.recipe.is_category]
    notes += magnitude_note(numbers, train.rows, settings.table.scaling)
    made = Dataset(
        name="",
        about=about_rows({role: len(each) for role, each in inputs.items()}, n_inputs, learned.words),
        train_inputs=inputs["train"],
        train_targets=targets["train"],
        test_inputs=inputs["test"],
        test_targets=targets["test"],
        input_names=names,
        class_names=learned.class_names,
        scaling=scaling_of(fitted),
        validation_inputs=inputs["validation"],
        validation_targets=targets["validation"],
    )
    columns = tuple(each.recipe for each in fitted)
    return replace(made, target_name=learned.name, target_scaling=learned.scaling, columns=columns, notes=tuple(notes))


def _check_rows(train: Part) -> None:
    if len(train.rows) < LEAST_ROWS:
        raise TableError(
            f"{counted(len(train.rows), 'row')} of {train.raw.n_rows:,} left to train on; at least two are needed: "
            "hold fewer back, or mend the missing cells"
        )


def _n_inputs(fitted: Sequence[Fitted], n_rows: int, real: np.dtype[Any]) -> int:
    """How many inputs there will be; TableError when they are far too many, or more than memory holds."""
    n_inputs = sum(each.n_inputs for each in fitted)
    if n_inputs > MAX_INPUTS:
        raise TableError(
            f"its columns make {n_inputs:,} inputs, one for each category; up to {MAX_INPUTS:,} can be: leave columns "
            "of many categories out (--left-out)",
            "left_out",
        )
    check_memory(3.0 * n_rows * n_inputs * real.itemsize, f"{n_rows:,} rows of {n_inputs:,} inputs")
    return n_inputs


def _dtype(settings: RunSettings, target: Target) -> type:
    precision = settings.training.precision
    is_double = precision == "double" or (precision == "auto" and not target.is_class and not settings.network.hidden)
    return np.float64 if is_double else np.float32


@dataclass(frozen=True, slots=True, eq=False)
class _Learned:
    """What is learned: the classes of the training rows, or numbers and how they are scaled."""

    name: str
    class_names: tuple[str, ...]
    places: npt.NDArray[np.int64]
    scaling: Scaling | None

    @classmethod
    def of(cls, settings: RunSettings, train: Part, notes: list[str]) -> _Learned:
        target = train.target
        if not target.is_class:
            wanted = settings.table.target_scaling
            is_linear = not settings.network.hidden
            wanted = ("none" if is_linear else "standard") if wanted == "auto" else wanted
            offset, scale = fit_scaling(target.values[train.rows], wanted)
            places = np.zeros(0, dtype=np.int64)
            return cls(target.name, (), places, Scaling(np.array([offset]), np.array([scale])))
        notes += check_classes(target, train.rows)
        is_there = np.bincount(target.values[train.rows], minlength=len(target.keys)) > 0
        # The last place stands for NO_CLASS, -1.
        places = np.append(np.where(is_there, np.cumsum(is_there) - 1, NO_CLASS), NO_CLASS)
        names = tuple(name for name, here in zip(target.class_names, is_there, strict=True) if here)
        return cls(target.name, names, places, None)

    @property
    def words(self) -> str:
        """What is learned, in words."""
        what = f"{len(self.class_names):,} classes" if self.class_names else "the number"
        return f"{what} in column {quoted(self.name)}"

    def targets(self, part: Part, role: str, notes: list[str]) -> Matrix:
        """Targets of a part's rows; a note where some are of a class that no training row has."""
        values = part.target.values[part.rows]
        if self.scaling is not None:
            return np.asarray((values - self.scaling.offset[0]) / self.scaling.scale[0], dtype=np.float64)
        found: Matrix = self.places[values]
        lost = np.flatnonzero(found < 0)
        if len(lost):
            known = np.unique(values[lost])
            names = [part.target.class_names[k] for k in known[known >= 0].tolist()] + list(part.target.unknown)
            notes.append(
                f"{counted(len(lost), f'{role} row')} of {'a class' if len(names) == 1 else 'classes'} that no "
                f"training row has ({listed(names)}): they count as wrong."
            )
        return found


def _fit(train: Part, settings: RunSettings, left_over: Sequence[str], notes: list[str]) -> list[Fitted]:
    table = settings.table
    found = [
        fit_column(feature, place, train.rows, table.missing, table.scaling)
        for place, feature in enumerate(train.features)
    ]
    names = [feature.column.name for feature in train.features]
    same = [name for name, each in zip(names, found, strict=True) if each is None]
    if same:
        notes.append(f"Left out, because they hold one value only in the training rows: {listed(same)}.")
    fitted, unknown = without_inputs([each for each in found if each is not None], left_over)
    if unknown:
        raise TableError(
            f"there is no column or input {listed(unknown)} to leave out; there are {listed(names)}", "left_out"
        )
    if not fitted:
        raise TableError("no input is left that differs from one training row to another: leave fewer out", "left_out")
    return fitted


def _inputs(part: Part, fitted: Sequence[Fitted], real: np.dtype[Any], notes: list[str], watch: Watch) -> Matrix:
    inputs = np.zeros((len(part.rows), sum(each.n_inputs for each in fitted)), dtype=real)
    start = 0
    for k, each in enumerate(fitted):
        column = part.features[each.place].column
        unseen, lost = fill_inputs(inputs, start, each, column, part.rows)
        if lost.any():
            row = int(part.rows[int(lost.argmax())])
            raise TableError(
                f"{part.raw.place(row)}, column {quoted(column.name)}: the number is too large for {real.name}: choose "
                "a scaling (--scaling standard), or mend the cell",
                "scaling",
            )
        if unseen:
            notes.append(
                f"Column {quoted(column.name)} has categories that no training row has, which count as none: "
                f"{listed(unseen)}."
            )
        start += each.n_inputs
        watch.step((k + 1) / len(fitted))
    return inputs
