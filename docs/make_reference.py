"""Writes `reference.md` beside this file: the tables of settings, methods, losses and presets, from the code's own.

``python docs/make_reference.py``; a test checks that the file is what this makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from l1gui.cli.flags import FLAGS
from l1gui.core.losses import ACTIVATIONS, LOSSES
from l1gui.core.network import INITIALIZATIONS
from l1gui.core.penalties import METHODS
from l1gui.data.presets import presets
from l1gui.data.tables.choices import CHOICES
from l1gui.settings import SPECS, RunSettings, part_of

TARGET = Path(__file__).with_name("reference.md")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [
        "| " + " | ".join(head) + " |",
        "|" + " --- |" * len(head),
        *(f"| {' | '.join(row)} |" for row in cells),
        "",
    ]


def shown(value: object) -> str:
    """A default as the command line takes it."""
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def reference() -> str:
    """The whole page."""
    defaults = RunSettings()
    settings = [
        (
            f"`{name}`",
            part_of(name),
            f"`{FLAGS[name]}`" if name in FLAGS else "",
            shown(defaults.value(name)),
            spec.limits,
            "yes" if spec.is_live else "",
            spec.help,
        )
        for name, spec in SPECS.items()
    ]
    methods = [(f"`{m.id}`", m.label, f"`{m.formula}`", m.help, m.state, m.source) for m in METHODS.values()]
    lines = [
        "# Reference",
        "",
        "Made by `docs/make_reference.py` from the program's own tables.",
        "",
        "## Settings",
        "",
        *table(("name", "group", "flag", "default", "allowed", "live", "what it is"), settings),
        "## Choices of tables",
        "",
        *table(
            ("setting", "choice", "what it means"),
            [(f"`{name}`", f"`{each}`", words) for name, choices in CHOICES.items() for each, words in choices.items()],
        ),
        "## Penalty methods",
        "",
        "w is a weight, g its batch-mean gradient, eta the learning rate, lam lambda, z = w - eta * g, s(v) the sign",
        "of v with s(0) = 0, S(v, a) = s(v) * max(0, abs(v) - a). Biases are never penalised.",
        "",
        *table(("id", "label", "update", "what it does", "state", "source"), methods),
        "## Losses",
        "",
        *table(("id", "formula", "note"), [(f"`{x.id}`", f"`{x.formula}`", x.help) for x in LOSSES.values()]),
        "## Activations",
        "",
        *table(("id", "formula"), [(f"`{x.id}`", f"`{x.formula}`") for x in ACTIVATIONS.values()]),
        "## Initializations",
        "",
        *table(("id", "what it draws"), [(f"`{name}`", words) for name, words in INITIALIZATIONS.items()]),
        "## Presets",
        "",
        *table(("id", "title", "what it shows"), [(f"`{p.id}`", p.title, p.about) for p in presets().values()]),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
