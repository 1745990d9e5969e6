"""What each column is for: target, split, input; and so what of it has to be kept while the table is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from l1gui.data.tables.columns import Mode
from l1gui.data.tables.errors import TableError, listed, quoted
from l1gui.data.tables.header import plain_name
from l1gui.settings import RunSettings


@dataclass(frozen=True, slots=True)
class Roles:
    """Places of the columns by what they are for.

    Attributes
    ----------
    target : int
        What is learned.
    split : int or None
        The column that says which rows are held back.
    inputs : tuple of int
        Columns that the network gets to see.
    categorical : frozenset of int
        Inputs that are names, whatever they look like.
    modes : tuple of Mode
        What is wanted of each column.
    left_over : tuple of str
        Names to be left out that are no column's; they may be those of inputs.
    """

    target: int
    split: int | None
    inputs: tuple[int, ...]
    categorical: frozenset[int]
    modes: tuple[Mode, ...]
    left_over: tuple[str, ...]


class Planner:
    """Finds the roles when the columns' names are known; `roles` holds them then."""

    def __init__(self, settings: RunSettings) -> None:
        self._settings = settings
        self.roles: Roles | None = None

    def __call__(self, names: tuple[str, ...]) -> tuple[Mode, ...]:
        """What is wanted of each column; TableError when one that the settings name is not there."""
        self.roles = roles_of(names, self._settings)
        return self.roles.modes


def find_column(name: str, names: Sequence[str]) -> int | None:
    """Place of a column by its name, spaces aside."""
    wanted = plain_name(name)
    return names.index(wanted) if wanted in names else None


def roles_of(names: tuple[str, ...], settings: RunSettings) -> Roles:
    """What each column is for; TableError when one that the settings name is not there, or nothing is left."""
    table = settings.table
    left_out, left_over = set[int](), []
    for name in settings.data.left_out:
        place = find_column(name, names)
        if place is None:
            left_over.append(name)
        else:
            left_out.add(place)
    split = _named(table.split_column, names, "split_column") if table.split_column else None
    target = _target(table.target, names, left_out | ({split} if split is not None else set()))
    categorical = frozenset(_named(name, names, "categorical") for name in table.categorical)
    inputs = tuple(k for k in range(len(names)) if k not in left_out and k not in (target, split))
    if not inputs:
        raise TableError("no column is left as an input: leave fewer out, or choose another target", "left_out")
    modes = [Mode.SKIP] * len(names)
    for k in inputs:
        modes[k] = Mode.TEXT if k in categorical else Mode.AUTO
    modes[target] = Mode.NUMBER if table.target_kind == "number" else Mode.AUTO
    if split is not None:
        modes[split] = Mode.TEXT
    return Roles(target, split, inputs, categorical, tuple(modes), tuple(left_over))


def _named(name: str, names: Sequence[str], setting: str) -> int:
    place = find_column(name, names)
    if place is None:
        raise TableError(
            f"there is no column {quoted(name)}; there are {listed(names)} (--{setting.replace('_', '-')})", setting
        )
    return place


def _target(name: str, names: Sequence[str], taken: set[int]) -> int:
    """Place of the target: by name, else by number from 1; the last column that is not taken by default."""
    if not name.strip():
        left = [k for k in range(len(names)) if k not in taken]
        if not left:
            raise TableError("no column is left to be learned: leave fewer out", "left_out")
        return left[-1]
    place = find_column(name, names)
    if place is None:
        number = name.strip()
        if not (number.isdecimal() and number.isascii() and len(number) <= len(str(len(names)))):
            raise TableError(
                f"there is no column {quoted(name)} to be learned; there are {listed(names)}: choose the target "
                "(--target)",
                "target",
            )
        place = int(number) - 1
        if not 0 <= place < len(names):
            raise TableError(f"there is no column {number}; there are {len(names):,} (--target)", "target")
    if place in taken:
        raise TableError(
            f"column {quoted(names[place])} is to be learned and cannot be left out or say how to split", "target"
        )
    return place
