"""Pruning a model before it is saved, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.core.pruning import PruneCheck, Pruned, check_pruned, prune, pruned_text
from l1gui.core.record import frozen_copy
from l1gui.files.model import Model

N_TRIALS = 1_000
TRIAL_BOUND = 3.0


def trial_rows(model: Model) -> npt.NDArray[np.float32]:
    """Rows to compare networks on when no data is at hand: uniform in +- 3, as scaled inputs mostly lie."""
    return np.random.default_rng(0).uniform(-TRIAL_BOUND, TRIAL_BOUND, (N_TRIALS, model.sizes[0])).astype(np.float32)


def prune_model(model: Model, inputs: npt.ArrayLike) -> tuple[Model, Pruned, PruneCheck]:
    """The pruned model, how it was made, and how its answers differ on `inputs`, shape (n_rows, n_inputs)."""
    pruned = prune(model.weights, model.biases, model.activation)
    check = check_pruned(model.weights, model.biases, model.activation, pruned, inputs, is_numeric=model.is_numeric)
    kept = pruned.kept[0].tolist()
    smaller = replace(
        model,
        weights=tuple(frozen_copy(w) for w in pruned.weights),
        biases=tuple(frozen_copy(b) for b in pruned.biases),
        input_names=tuple(model.input_names[k] for k in kept),
        offset=tuple(model.offset[k] for k in kept),
        scale=tuple(model.scale[k] for k in kept),
        settings=model.settings and model.settings.with_values(hidden=pruned.sizes[1:-1]),
        # The weights are no longer those that a repeated run would have.
        origin=None,
        events=(),
        pruned={"sizes": list(pruned.sizes_before), "inputs": kept, "largest_change": check.largest_change},
    )
    return smaller, pruned, check


def pruning_dict(pruned: Pruned, check: PruneCheck) -> dict[str, Any]:
    """What pruning did as plain values."""
    return {
        "text": pruned_text(pruned, check),
        "before": list(pruned.sizes_before),
        "after": list(pruned.sizes),
        "largest_change": check.largest_change,
        "rows": check.n_rows,
        "other_class": check.n_other_class,
        "kept_inputs": pruned.kept[0].tolist(),
    }
