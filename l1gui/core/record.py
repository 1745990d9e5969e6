"""What the engine hands out: immutable facts about a run. Arrays in them are read-only.

A `Snapshot` is what is drawn, a `Checkpoint` what can be resumed, a `LiveChange` an event that replay repeats, a
`RunRecord` a run that has ended.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core.history import HistoryView
from l1gui.settings import RunSettings


def frozen_copy(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A copy that cannot be written to."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy


@dataclass(frozen=True, slots=True)
class LiveChange:
    """A setting changed in mid-run, with the exact number of rows trained before it took effect."""

    row: int
    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How the network does on a set of rows.

    Attributes
    ----------
    rows, correct : int
        All rows, and those whose class comes out right.
    loss : float
        Mean over the rows, the penalty not included.
    r2, rmse : float or None
        Of a numeric target: the share of its variance that is explained (NaN where it has none), and the root of the
        mean squared error, in the target's own units. None of classes.
    """

    rows: int
    correct: int
    loss: float
    r2: float | None = None
    rmse: float | None = None

    @property
    def accuracy(self) -> float:
        """Share of rows classified right, 0 to 1."""
        return self.correct / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class WeightCounts:
    """Size and sparsity of the weights (biases only in `effective_parameters`).

    Attributes
    ----------
    count, zero, below_threshold : int
        All weights, those that are exactly 0, those of magnitude under `threshold` (zeros included).
    threshold : float
        The near-zero threshold.
    abs_sum, abs_max : float
        Sum and largest of the magnitudes.
    dead_units, constant_units : int
        Hidden units whose outgoing, or incoming, weights are all 0.
    live_inputs : int
        Inputs from which a path of nonzero weights leads to an output.
    effective_parameters : int
        Nonzero weights plus biases of what is left when dead and constant units are pruned.
    """

    count: int
    zero: int
    below_threshold: int
    threshold: float
    abs_sum: float
    abs_max: float
    dead_units: int
    constant_units: int
    live_inputs: int
    effective_parameters: int


@dataclass(frozen=True, slots=True, eq=False)
class LayerHistogram:
    """Histogram of one layer's weight magnitudes; exact zeros are counted apart and are in no bin.

    Attributes
    ----------
    count, zero, near_zero : int
        All weights; exact zeros; nonzero ones under the threshold.
    edges : float64 array of shape (n_bins + 1,)
        Bin edges from 0, the same for all layers of a snapshot.
    counts : int64 array of shape (n_bins,)
        Nonzero weights per bin.
    """

    count: int
    zero: int
    near_zero: int
    edges: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BoundaryRequest:
    """Which slice of the input space the decision boundary is wanted for.

    Attributes
    ----------
    x_input, y_input : int
        The two inputs that span it.
    held_row : int or None
        Training row that gives the other inputs' values; None for the training rows' mean.
    resolution : int
        Points a side that are wanted; a grid may have fewer where they would take too long.
    """

    x_input: int = 0
    y_input: int = 1
    held_row: int | None = None
    resolution: int = 100


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryGrid:
    """Network outputs on a slice of the input space.

    Attributes
    ----------
    request : BoundaryRequest
        What was asked for.
    x_range, y_range : (float, float)
        Ends of the grid, as the network sees its inputs.
    outputs : float32 array of shape (n_points, n_points, n_classes or 1)
        Shares of the classes, or the one number of a numeric target; the first index goes along y, from low to high.
    """

    request: BoundaryRequest
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    outputs: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Numbers that the network says of some rows beside the true ones, both as it learns them.

    Attributes
    ----------
    train, validation, test : read-only float64 arrays of shape (n_rows, 2)
        A true number and the predicted one in each row; no rows where there are none of that part.
    """

    train: npt.NDArray[np.float64]
    validation: npt.NDArray[np.float64]
    test: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pace:
    """Speed of a run, by the monotonic clock: seconds of training so far, rows a second now, seconds left."""

    seconds: float
    rows_per_second: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything a view may draw of a run, at one moment.

    Attributes
    ----------
    settings : RunSettings
        As they are now, live changes included.
    sizes : tuple of int
        Layer sizes, inputs first.
    weights, biases : tuples of read-only float arrays
        Per layer, shapes (n_in, n_out) and (n_out,); float32, or float64 of a run in double precision.
    epoch, rows_seen : int
        Whole epochs done; rows trained on in all.
    train, test : Evaluation
        At the last epoch's end.
    validation : Evaluation or None
        Of the rows held out for early stopping; None where there are none.
    kkt : float
        The last optimality residual of loss + penalty, 0 at an optimum; see `measures.kkt_residual`.
    best_epoch : int
        Epoch whose weights were restored at the end by early stopping; 0 when none were.
    origin : RunSettings or None
        Settings at the start, from which with the events the run can be repeated; None when weights were given.
    output : str
        What the outputs go through: a name of `losses.OUTPUTS`.
    counts : WeightCounts
        Now.
    histograms : tuple of LayerHistogram
        Now, per layer.
    history : HistoryView
        All epochs so far.
    events : tuple of LiveChange
        Live changes so far.
    stopped : str
        Why the run ended: "epochs", "early", "diverged", or empty while it has not.
    message : str
        What to tell the user about that; empty when nothing.
    """

    run_id: int
    settings: RunSettings
    sizes: tuple[int, ...]
    weights: tuple[npt.NDArray[Any], ...]
    biases: tuple[npt.NDArray[Any], ...]
    epoch: int
    rows_seen: int
    train: Evaluation
    test: Evaluation
    counts: WeightCounts
    histograms: tuple[LayerHistogram, ...]
    history: HistoryView
    events: tuple[LiveChange, ...] = ()
    stopped: str = ""
    message: str = ""
    validation: Evaluation | None = None
    kkt: float = math.nan
    best_epoch: int = 0
    origin: RunSettings | None = None
    output: str = "softmax"
    grid: BoundaryGrid | None = None
    predictions: Predictions | None = None
    pace: Pace = field(default=Pace(0.0, 0.0, None))


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The whole state of a trainer; `arrays` are read-only copies, in the order of `state.TrainingState`."""

    epoch: int
    row_in_epoch: int
    rows_seen: int
    arrays: tuple[npt.NDArray[Any], ...]


@dataclass(frozen=True, slots=True, eq=False)
class RunRecord:
    """A run that has ended: its settings as it started, its live changes, and its last snapshot."""

    label: str
    settings: RunSettings
    last: Snapshot

    @property
    def events(self) -> tuple[LiveChange, ...]:
        """Live changes, in order."""
        return self.last.events
