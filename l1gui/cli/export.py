"""``l1gui export``: weights from one format into others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from l1gui.cli.flags import Parser
from l1gui.cli.output import put
from l1gui.core.network import sizes_text
from l1gui.core.pruning import pruned_text
from l1gui.files.atomic import check_target, printable
from l1gui.files.pruning import prune_model, trial_rows
from l1gui.files.weights import check_ending, endings, load_model, save_model


def run(words: Sequence[str]) -> int:
    """Convert as the flags say; returns the exit status."""
    parser = Parser(prog="l1gui export", description="Convert weights from one format to others.")
    parser.add_argument("weights", type=Path, metavar="WEIGHTS", help="the file to read")
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        required=True,
        type=Path,
        metavar="FILE",
        help=f"the file to write, in the format of its ending ({', '.join(endings())}); can be repeated",
    )
    parser.add_argument(
        "--prune", action="store_true", help="first leave out what zeros have made useless: the same answers, smaller"
    )
    arguments = parser.parse_args(words)
    for path in arguments.output:
        check_ending(path)
        check_target(path)
    model = load_model(arguments.weights)
    if arguments.prune:
        # The file holds no rows, so that rows are made to compare the two networks on.
        model, pruned, check = prune_model(model, trial_rows(model))
        put(f"pruned {pruned_text(pruned, check)} ({check.n_rows:,} random rows)\n")
    sizes, n_weights = sizes_text(model.sizes), sum(w.size for w in model.weights)
    for path in arguments.output:
        save_model(model, path)
        put(f"{printable(str(path), len(str(path)))}: {sizes}, {n_weights:,} weights\n")
    return 0
