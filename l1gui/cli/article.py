"""``l1gui article``: the article's runs, published beside obtained, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from l1gui.cli.flags import Parser
from l1gui.cli.output import note, put, put_json
from l1gui.core import warm
from l1gui.core.penalties import METHODS
from l1gui.files.model import counts_dict, evaluation_dict, parameters_digest
from l1gui.runs import ArticleRun, article_runs, article_verdict


def run(words: Sequence[str]) -> int:
    """Train and print; the exit status is 1 when a count is not what it must be."""
    parser = Parser(prog="l1gui article", description="Train the article's runs and compare with what it published.")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    arguments = parser.parse_args(words)
    if notice := warm.prepare():
        note(notice)
    runs = article_runs()
    verdict = article_verdict(runs)
    if arguments.json:
        put_json({"runs": [_run_dict(each) for each in runs], "verdict": verdict})
    else:
        put(_table(runs) + f"\n{verdict}\n")
    return 0 if all(each.matches for each in runs) else 1


def _counts(pair: tuple[int, int] | None) -> dict[str, int] | None:
    return {"train": pair[0], "test": pair[1]} if pair else None


def _run_dict(each: ArticleRun) -> dict[str, Any]:
    last = each.record.last
    return {
        "name": each.record.label,
        "published": _counts(each.published),
        "expected": _counts(each.expected),
        "train": last.train.correct,
        "test": last.test.correct,
        "matches": each.matches,
        "matched_with": "published" if each.published else "expected",
        "train_accuracy": last.train.accuracy,
        "test_accuracy": last.test.accuracy,
        "evaluations": {"train": evaluation_dict(last.train), "test": evaluation_dict(last.test)},
        "weights": counts_dict(last) | {"sha256": parameters_digest(last.weights, last.biases)},
        "settings": each.record.settings.to_dict(),
    }


def _cell(correct: int | None, rows: int) -> str:
    return "-" if correct is None else f"{correct}/{rows} = {100 * correct / rows:.2f} %"


def _match(each: ArticleRun) -> str:
    """Whether the counts are the published ones, or those that a right program gets where none were published."""
    if each.published:
        return "yes" if each.matches else "NO"
    train, test = each.expected
    return "yes, as expected" if each.matches else f"NO: {train} and {test} expected"


def _table(runs: Sequence[ArticleRun]) -> str:
    settings = runs[0].record.settings
    lines = [
        f"The article's network, {'-'.join(map(str, runs[0].record.last.sizes))}: {settings.training.epochs} epochs, "
        f"learning rate {settings.training.learn_rate:g}, lambda {settings.penalty.lam:g}, "
        f"seed {settings.training.seed}.",
        "",
        f"{'run':12}{'train published':>20}{'train obtained':>20}{'test published':>20}{'test obtained':>20}"
        f"{'sum |w|':>10}{'zeros':>7}  matches",
    ]
    for each in runs:
        last, published = each.record.last, each.published or (None, None)
        lines.append(
            f"{each.record.label:12}{_cell(published[0], last.train.rows):>20}"
            f"{_cell(last.train.correct, last.train.rows):>20}{_cell(published[1], last.test.rows):>20}"
            f"{_cell(last.test.correct, last.test.rows):>20}{last.counts.abs_sum:>10.2f}"
            f"{last.counts.zero:>7,}  {_match(each)}"
        )
    lines.append("")
    lines += [f"  {each.record.label:12}{METHODS[each.record.label].label}" for each in runs]
    return "\n".join(lines) + "\n"
