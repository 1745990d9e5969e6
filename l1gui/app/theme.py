"""The look: two palettes, the style sheet made from one, and the bundled font."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a theme, as #rrggbb.

    Attributes
    ----------
    first, second : str
        The pair for two classes, for training and test curves, for weights above and below zero.
    layers : tuple of str
        One colour per layer, in order; more layers start over.
    classes : tuple of str
        One colour per class; the first two are the pair.
    """

    name: str
    ground: str
    card: str
    line: str
    text: str
    muted: str
    first: str
    second: str
    good: str
    warning: str
    field: str
    layers: tuple[str, ...]
    classes: tuple[str, ...]


DARK = Palette(
    name="dark",
    ground="#0f1318",
    card="#171c23",
    line="#262e38",
    text="#dfe5ec",
    muted="#8a96a5",
    first="#f5954b",
    second="#58a6ff",
    good="#3fb68b",
    warning="#e5c04b",
    field="#10151b",
    layers=("#4fc3a1", "#c98bf0", "#e5c04b", "#58a6ff", "#f5954b", "#9fb3c8", "#e66f8f"),
    classes=("#f5954b", "#58a6ff", "#4fc3a1", "#c98bf0", "#e5c04b", "#e66f8f", "#9fb3c8", "#8fce5b", "#d0a98f", "#6fd6e8"),
)

LIGHT = Palette(
    name="light",
    ground="#f1f3f6",
    card="#ffffff",
    line="#dbe0e6",
    text="#1d2530",
    muted="#64707e",
    first="#d9691a",
    second="#1f6fc4",
    good="#11805c",
    warning="#9a7400",
    field="#ffffff",
    layers=("#11805c", "#8a3fc0", "#a87b00", "#1f6fc4", "#d9691a", "#5b6b7c", "#c23b63"),
    classes=("#d9691a", "#1f6fc4", "#11805c", "#8a3fc0", "#a87b00", "#c23b63", "#5b6b7c", "#5d8f1e", "#8d6248", "#1691a6"),
)
