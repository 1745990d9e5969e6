"""A set of rows to learn from, as every part of the program passes it around."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """How raw features become network inputs: ``(raw - offset) / scale``, per input.

    Attributes
    ----------
    offset, scale : float64 arrays of shape (n_inputs,)
        Read-only.
    """

    offset: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]

    @classmethod
    def identity(cls, n_inputs: int) -> Scaling:
        """No scaling."""
        return cls(_read_only(np.zeros(n_inputs)), _read_only(np.ones(n_inputs)))

    def to_inputs(self, raw: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Network inputs, float32, of raw features of shape (n_rows, n_inputs)."""
        return ((np.asarray(raw, dtype=np.float64) - self.offset) / self.scale).astype(np.float32)

    def to_raw(self, value: float, which: int) -> float:
        """Raw feature number `which` of a network input."""
        return float(value * self.scale[which] + self.offset[which])


@dataclass(frozen=True, slots=True, eq=False)
class Lift:
    """Where inputs are made of fewer: the plane that the rows come from, and the way to the network's inputs.

    Attributes
    ----------
    names : tuple of str
        Of the columns that the inputs are made of.
    train, test : float arrays of shape (n_rows, len(names))
        The rows before the lift, of the inputs' type.
    to_inputs : callable
        From such rows to network inputs, of the inputs' type.
    """

    names: tuple[str, ...]
    train: npt.NDArray[Any]
    test: npt.NDArray[Any]
    to_inputs: Callable[[npt.ArrayLike], npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """How one column of a table becomes inputs.

    Attributes
    ----------
    name : str
        The column's.
    categories : tuple of str
        Texts that each have an input of their own, 1 where the cell is it and else 0; empty for a column of numbers.
    fill : float, str or None
        What stands for a missing cell: the training rows' mean or mode; None where missing cells are not filled.
    rest : tuple of str
        Categories without an input, which are 0 in all of the others': the first of two, and those left out.
    """

    name: str
    categories: tuple[str, ...] = ()
    fill: float | str | None = None
    rest: tuple[str, ...] = ()

    @property
    def is_category(self) -> bool:
        """Whether its cells are texts, not numbers."""
        return bool(self.categories or self.rest)

    @property
    def n_inputs(self) -> int:
        """How many inputs are made of it."""
        return len(self.categories) if self.is_category else 1

    def without(self, dropped: Sequence[str]) -> Column:
        """The same column, some of its categories without an input."""
        kept = tuple(category for category in self.categories if category not in dropped)
        return replace(self, categories=kept, rest=(*self.rest, *dropped))


NO_ROWS = np.zeros((0, 0), dtype=np.float32)
NO_TARGETS = np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Rows split into training, validation and test, with names.

    Attributes
    ----------
    name, about : str
        Title, and where the rows come from in a sentence or two.
    train_inputs, validation_inputs, test_inputs : float arrays of shape (n_rows, n_inputs)
        As the network sees them, float32 (a Playground's: float64). There may be no validation and no test rows.
    train_targets, validation_targets, test_targets : arrays of shape (n_rows,)
        Class numbers from 0, int64; -1 in validation and test rows of a class that no training row has. Or, of a
        numeric target, float64 numbers as the network learns them, scaled.
    input_names, class_names : tuples of str
        For people. A numeric target has no classes.
    scaling : Scaling
        From raw features to inputs.
    target_name : str
        What is learned.
    target_scaling : Scaling or None
        From raw numbers to targets, fitted on the training rows; None for classes.
    columns : tuple of Column
        Of a table: how its columns became the raw features, in the inputs' order.
    notes : tuple of str
        What the user should know of the rows: what was dropped, filled, left out; a sentence each.
    fingerprint : str
        Of a table: SHA-256 of the files that it was read from.
    true_boundary : float64 array of shape (n_points, 2) or None
        The true boundary between two classes of two-input data, in network inputs, where it is known.
    new_point : (float, float, int) or None
        A row outside both sets worth watching: its two inputs and true class.
    lift : Lift or None
        Where some inputs are made of others; None where each is a column of its own.
    is_edited : bool
        Whether the rows are no longer those that the settings make, so that the settings cannot repeat a run.
    """

    name: str
    about: str
    train_inputs: npt.NDArray[Any]
    train_targets: npt.NDArray[Any]
    test_inputs: npt.NDArray[Any]
    test_targets: npt.NDArray[Any]
    input_names: tuple[str, ...]
    class_names: tuple[str, ...]
    scaling: Scaling
    validation_inputs: npt.NDArray[Any] = field(default_factory=lambda: NO_ROWS)
    validation_targets: npt.NDArray[Any] = field(default_factory=lambda: NO_TARGETS)
    target_name: str = "class"
    target_scaling: Scaling | None = None
    columns: tuple[Column, ...] = ()
    notes: tuple[str, ...] = ()
    fingerprint: str = ""
    true_boundary: npt.NDArray[np.float64] | None = None
    new_point: tuple[float, float, int] | None = field(default=None)
    lift: Lift | None = None
    is_edited: bool = False

    def __post_init__(self) -> None:
        for array in (
            self.train_inputs, self.train_targets, self.validation_inputs, self.validation_targets, self.test_inputs,
            self.test_targets, self.true_boundary,
        ):  # fmt: skip
            if array is not None:
                array.setflags(write=False)

    @property
    def is_numeric(self) -> bool:
        """Whether the target is a number, not a class."""
        return self.target_scaling is not None

    @property
    def n_inputs(self) -> int:
        """Number of inputs."""
        return len(self.input_names)

    def with_inputs(self, kept: Sequence[int]) -> Dataset:
        """The same rows with some of their inputs only, in the order of `kept`."""
        columns = list(kept)
        if columns == list(range(self.n_inputs)):
            return self
        return replace(
            self,
            train_inputs=np.ascontiguousarray(self.train_inputs[:, columns]),
            validation_inputs=np.ascontiguousarray(self.validation_inputs[:, columns])
            if len(self.validation_inputs)
            else NO_ROWS,
            test_inputs=np.ascontiguousarray(self.test_inputs[:, columns]),
            input_names=tuple(self.input_names[k] for k in columns),
            scaling=Scaling(_read_only(self.scaling.offset[columns]), _read_only(self.scaling.scale[columns])),
            columns=_columns_of(self.columns, columns),
            true_boundary=None,
            new_point=None,
            lift=self._lift_to(columns),
            is_edited=True,
        )

    def with_rows(self, rows: npt.NDArray[Any], targets: npt.NDArray[Any]) -> Dataset:
        """The same data with other training rows, in the columns of `base_names`."""
        rows = np.ascontiguousarray(rows, dtype=self.base_train.dtype)
        return replace(
            self,
            train_inputs=rows if self.lift is None else self.lift.to_inputs(rows),
            train_targets=np.asarray(targets, dtype=self.train_targets.dtype),
            lift=None if self.lift is None else replace(self.lift, train=rows),
            is_edited=True,
        )

    def _lift_to(self, columns: list[int]) -> Lift | None:
        lift = self.lift
        if lift is None:
            return None
        return replace(lift, to_inputs=lambda rows: np.ascontiguousarray(lift.to_inputs(rows)[:, columns]))

    @property
    def base_names(self) -> tuple[str, ...]:
        """Names of the columns that a slice can go through: the inputs, those made of others aside."""
        return self.lift.names if self.lift is not None else self.input_names

    @property
    def base_scaling(self) -> Scaling:
        """Scaling of the columns of `base_names`."""
        return Scaling.identity(len(self.lift.names)) if self.lift is not None else self.scaling

    @property
    def base_train(self) -> npt.NDArray[Any]:
        """Training rows in the columns of `base_names`."""
        return self.lift.train if self.lift is not None else self.train_inputs

    @property
    def base_test(self) -> npt.NDArray[Any]:
        """Test rows in the columns of `base_names`."""
        return self.lift.test if self.lift is not None else self.test_inputs

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)


def _columns_of(columns: tuple[Column, ...], kept: list[int]) -> tuple[Column, ...]:
    """The columns that some inputs are made of; none when the inputs are no longer in the columns' order."""
    if kept != sorted(kept):
        return ()
    found, start, left = [], 0, set(kept)
    for column in columns:
        n_inputs = column.n_inputs
        gone = [k for k in range(n_inputs) if start + k not in left]
        if len(gone) < n_inputs:
            found.append(column.without([column.categories[k] for k in gone]) if column.is_category else column)
        start += n_inputs
    return tuple(found)


def _read_only(array: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    array.setflags(write=False)
    return array
