"""``l1gui train``: one run without a window."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from l1gui.cli.flags import Parser, add_setting_flags, checked, settings_of
from l1gui.cli.output import note, put, put_json
from l1gui.core import warm
from l1gui.core.network import sizes_text
from l1gui.core.record import Evaluation, RunRecord
from l1gui.core.trainer import Trainer
from l1gui.data.presets import load_data
from l1gui.files.atomic import FileError, check_target
from l1gui.files.model import counts_dict, evaluation_dict, model_of, parameters_digest
from l1gui.files.pruning import prune_model, pruning_dict
from l1gui.files.weights import check_ending, endings, save_model
from l1gui.runs import check_planned, parse_planned, run_to_end

PROGRESS_S = 0.5


def parser() -> Parser:
    """The command's flags."""
    made = Parser(prog="l1gui train", description="Train one run without a window.")
    add_setting_flags(made)
    made.add_argument(
        "--at",
        action="append",
        default=[],
        metavar="EPOCH:SETTING=VALUE",
        help="change a setting when so many epochs are done, as in 250:lam=0.01; can be repeated",
    )
    made.add_argument(
        "--prune",
        action="store_true",
        help="save the pruned network: without what its zeros have made useless, with the same answers",
    )
    made.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    made.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help=f"save the weights, in the format of the file's ending ({', '.join(endings())}); can be repeated",
    )
    return made


def run(words: Sequence[str]) -> int:
    """Train as the flags say; returns the exit status."""
    arguments = parser().parse_args(words)
    settings = checked(settings_of(arguments))
    planned = [parse_planned(text) for text in arguments.at]
    check_planned(settings, planned)
    for path in arguments.output:
        # Before training: a long run must not be lost to a misspelt folder.
        check_ending(path)
        check_target(path)
    dataset = load_data(settings)
    for each in filter(None, (*dataset.notes, warm.prepare())):
        note(each)
    started = time.monotonic()
    progress = Progress()
    try:
        record = run_to_end(settings, planned, dataset=dataset, on_slice=progress.show)
    finally:
        progress.clear()
    seconds = time.monotonic() - started
    problems = [record.last.message] if record.last.stopped == "diverged" else []
    model = model_of(record.last, dataset)
    pruning = None
    if arguments.prune:
        model, pruned, check = prune_model(model, dataset.train_inputs)
        pruning = pruning_dict(pruned, check)
    for path in arguments.output:
        try:
            save_model(model, path)
        except FileError as error:
            problems.append(str(error))
    for problem in problems:
        note(f"error: {problem}")
    if arguments.json:
        put_json(summary(record, seconds) | {"notes": dataset.notes} | ({"pruned": pruning} if pruning else {}))
    else:
        put(text_of(record, seconds) + (f"  pruned {pruning['text']}\n" if pruning else ""))
    return 2 if problems else 0


class Progress:
    """The epoch on standard error, where somebody is there to see it."""

    def __init__(self) -> None:
        self._is_seen = sys.stderr is not None and sys.stderr.isatty()
        self._last = time.monotonic()
        self._width = 0

    def show(self, trainer: Trainer) -> None:
        """Say how far a run is, twice a second."""
        if self._is_seen and time.monotonic() - self._last >= PROGRESS_S:
            self._last = time.monotonic()
            self._write(f"epoch {trainer.epoch:,} of {trainer.settings.training.epochs:,}")

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            self._write("")
            sys.stderr.write("\r")

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)


def summary(record: RunRecord, seconds: float) -> dict[str, Any]:
    """What ``--json`` prints; ``settings`` are those at the start, ``events`` say what changed."""
    last = record.last
    weights = counts_dict(last) | {"sha256": parameters_digest(last.weights, last.biases)}
    return {
        "settings": record.settings.to_dict(),
        "epochs": last.epoch,
        "rows_seen": last.rows_seen,
        "seconds": round(seconds, 6),
        "stopped": last.stopped,
        "message": last.message,
        "train": evaluation_dict(last.train),
        "test": evaluation_dict(last.test),
        "validation": evaluation_dict(last.validation) if last.validation is not None else None,
        "best_epoch": last.best_epoch,
        "kkt": last.kkt,
        "weights": weights,
        "events": [{"row": e.row, "field": e.field, "value": e.value} for e in record.events],
    }


def _result(evaluation: Evaluation) -> str:
    if evaluation.rmse is not None:
        return f"R2 {evaluation.r2:.4f}   RMSE {evaluation.rmse:.6g}   ({evaluation.rows:,} rows)"
    return f"{100 * evaluation.accuracy:6.2f} %  ({evaluation.correct:,} of {evaluation.rows:,})"


def text_of(record: RunRecord, seconds: float) -> str:
    """What is printed for people."""
    last, counts = record.last, record.last.counts
    sizes = sizes_text(last.sizes)
    penalty = last.settings.penalty
    lines = [
        f"{sizes}, {penalty.method}, lambda {penalty.lam:g}: {last.epoch:,} epochs in {seconds:.2f} s",
    ]
    for name, evaluation in (("train", last.train), ("valid", last.validation), ("test", last.test)):
        if evaluation is None or not evaluation.rows:
            continue
        lines.append(f"  {name:6} {_result(evaluation)}   loss {evaluation.loss:.6f}")
    lines += [
        f"  weights {counts.count:,}: {counts.zero:,} exactly zero, {counts.below_threshold:,} below "
        f"{counts.threshold:g}; sum of magnitudes {counts.abs_sum:.4f}",
        f"  live inputs {counts.live_inputs} of {last.sizes[0]}, dead units {counts.dead_units}, "
        f"effective parameters {counts.effective_parameters:,}",
        f"  KKT residual {last.kkt:.3g}: the largest miss of the optimality conditions of loss and penalty",
    ]
    if last.stopped != "diverged" and last.message:
        lines.append(f"  {last.message}")
    return "\n".join(lines) + "\n"
