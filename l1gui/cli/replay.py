"""``l1gui replay``: repeat the run that a weights file tells of, and compare the weights bit for bit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from l1gui.cli.flags import Parser
from l1gui.cli.output import note, put, put_json
from l1gui.core import warm
from l1gui.core.record import LiveChange
from l1gui.files.atomic import FileError, printable, shown
from l1gui.files.model import Model, parameters_digest
from l1gui.files.weights import load_model
from l1gui.runs import check_names, replay
from l1gui.settings import RunSettings, SettingError
from l1gui.spec import is_int

SAME, DIFFERENT = 0, 1


def run(words: Sequence[str]) -> int:
    """Repeat the run; the exit status is 0 when the weights are the same, and 1 when they are not."""
    parser = Parser(prog="l1gui replay", description="Repeat a recorded run and say whether its weights are the same.")
    parser.add_argument("weights", type=Path, metavar="WEIGHTS", help="a .npz or .json file that this program saved")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    arguments = parser.parse_args(words)
    path, model = arguments.weights, load_model(arguments.weights)
    origin, events, rows_seen = recorded_run(model, path)
    if notice := warm.prepare():
        note(notice)
    try:
        check_names(origin)
        trainer = replay(origin, events, rows_seen)
    except SettingError as error:
        raise FileError(f"{shown(path)} tells of a run that cannot be repeated: {error}") from error
    last = trainer.snapshot()
    found = {
        "file": printable(str(path), len(str(path))),
        "same": last.sizes == model.sizes and parameters_digest(last.weights, last.biases) == _digest(model),
        "largest_change": _largest_change(model, last.weights + last.biases),
        "epochs": last.epoch,
        "rows_seen": last.rows_seen,
        "events": len(events),
        "sha256": {"file": _digest(model), "replayed": parameters_digest(last.weights, last.biases)},
    }
    if arguments.json:
        put_json(found)
    else:
        told = (
            "the same weights, bit for bit" if found["same"] else f"other weights, by up to {found['largest_change']}"
        )
        put(f"{found['file']}: {told} ({last.epoch:,} epochs, {len(events)} live changes)\n")
    return SAME if found["same"] else DIFFERENT


def recorded_run(model: Model, path: Path) -> tuple[RunSettings, tuple[LiveChange, ...], int]:
    """Settings at the start, live changes and rows of the run that made a model; FileError when it does not say."""
    rows_seen = model.metrics.get("rows_seen")
    if model.origin is None or not is_int(rows_seen):
        cause = (
            "its network has been pruned" if model.pruned
            else "the file does not tell of a run that began with its seed's own weights"
        )  # fmt: skip
        raise FileError(f"{shown(path)} cannot be replayed: {cause}")
    events = tuple(LiveChange(event["row"], str(event["field"]), event["value"]) for event in model.events)
    return model.origin, events, rows_seen


def _digest(model: Model) -> str:
    return parameters_digest(model.weights, model.biases)


def _largest_change(model: Model, replayed: tuple[Any, ...]) -> float | None:
    own = model.weights + model.biases
    if [array.shape for array in own] != [array.shape for array in replayed]:
        return None
    pairs = zip(own, replayed, strict=True)
    return max(float(np.abs(a.astype(np.float64) - b).max(initial=0.0)) for a, b in pairs)
