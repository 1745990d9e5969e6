"""What the window is asked for on the command line. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from l1gui.settings import RunSettings


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """How the window comes up.

    Attributes
    ----------
    preset : str or None
        Name of the preset; None when none was named.
    settings : RunSettings or None
        Settings in place of the preset's own.
    open_file : Path or None
        Weights to go on from, or a table to learn from.
    start_training : bool
        Whether to train at once.
    screenshot : Path or None
        Where to save the window's picture when the run has ended (at once, when none is started), to quit then.
    theme : str or None
        "system", "dark" or "light"; None for the one chosen last.
    size : (int, int) or None
        Width and height in pixels.
    speed : str or None
        Label of a speed; None for the preset's.
    """

    preset: str | None = None
    settings: RunSettings | None = None
    open_file: Path | None = None
    start_training: bool = False
    screenshot: Path | None = None
    theme: str | None = None
    size: tuple[int, int] | None = None
    speed: str | None = None
