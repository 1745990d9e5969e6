"""The look: two palettes, the style sheet made from one, and the bundled font."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from l1gui.resources import resource

FONT_FAMILY = "Inter"
TEXT_PX = 13
FONT_FILES = ("Inter-Regular.otf", "Inter-SemiBold.otf")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a theme, as #rrggbb.

    Attributes
    ----------
    first, second : str
        The pair for two classes, for training and test curves, for weights above and below zero; the second is
        also the accent, with `on_second` for text on it.
    third : str
        For validation curves and points: told from the pair by its lightness and by having no hue.
    pale : str
        The middle of the scale of numbers, whose ends are the pair.
    layers : tuple of str
        One colour per layer, in order; more layers start over.
    classes : tuple of str
        One colour per class; the first two are the pair. More classes: `class_colour`.
    """

    name: str
    ground: str
    card: str
    line: str
    text: str
    muted: str
    first: str
    second: str
    on_second: str
    third: str
    pale: str
    good: str
    warning: str
    problem: str
    field: str
    button: str
    layers: tuple[str, ...]
    classes: tuple[str, ...]

    def class_colour(self, k: int) -> str:
        """Colour of class number `k`; behind the named ones hues that turn by the golden angle.

        Neighbours differ in lightness too, so that who sees few hues can tell them apart.
        """
        if k < len(self.classes):
            return self.classes[k]
        hue, step = (k * GOLDEN_DEGREES) % 360.0, k % len(LIGHTNESS[self.name])
        return QColor.fromHslF(hue / 360.0, SATURATION, LIGHTNESS[self.name][step]).name()

    @property
    def outline(self) -> str:
        """Colour around points that may be of any colour: the darker of card and text."""
        return min(self.card, self.text, key=lambda name: QColor(name).lightness())


GOLDEN_DEGREES, SATURATION = 137.508, 0.65
LIGHTNESS = {"dark": (0.68, 0.48, 0.86), "light": (0.36, 0.5, 0.24)}
"""Of classes beyond the palette's; all of them stand out from the theme's card."""

DARK = Palette(
    name="dark",
    ground="#0f1318",
    card="#171c23",
    line="#262e38",
    text="#dfe5ec",
    muted="#8a96a5",
    first="#f5954b",
    second="#58a6ff",
    on_second="#0b1220",
    third="#dfe5ec",
    pale="#b4bdc7",
    good="#3fb68b",
    warning="#e5c04b",
    problem="#ff8a7a",
    field="#10151b",
    button="#222a33",
    layers=("#4fc3a1", "#c98bf0", "#e5c04b", "#58a6ff", "#f5954b", "#9fb3c8", "#e66f8f"),
    classes=(
        "#f5954b",
        "#58a6ff",
        "#4fc3a1",
        "#c98bf0",
        "#e5c04b",
        "#e66f8f",
        "#9fb3c8",
        "#8fce5b",
        "#d0a98f",
        "#6fd6e8",
    ),
)

LIGHT = Palette(
    name="light",
    ground="#f1f3f6",
    card="#ffffff",
    line="#dbe0e6",
    text="#1d2530",
    muted="#5c6875",
    first="#d9691a",
    second="#1f6fc4",
    on_second="#ffffff",
    third="#1d2530",
    pale="#e6eaee",
    good="#11805c",
    warning="#8a6500",
    problem="#c0271a",
    field="#ffffff",
    button="#f1f3f6",
    layers=("#11805c", "#8a3fc0", "#a87b00", "#1f6fc4", "#d9691a", "#5b6b7c", "#c23b63"),
    classes=(
        "#d9691a",
        "#1f6fc4",
        "#11805c",
        "#8a3fc0",
        "#a87b00",
        "#c23b63",
        "#5b6b7c",
        "#5d8f1e",
        "#8d6248",
        "#1691a6",
    ),
)


def load_fonts() -> None:
    """Make the bundled font known; without one, a bare machine shows boxes instead of letters."""
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}")))


def text_font(size_px: int = TEXT_PX) -> QFont:
    """The program's font, with figures of one width so that numbers do not dance, and an x that stays one.

    (Between figures the font would make a sign of multiplication of it, as in "10 x4".)
    """
    font = QFont(FONT_FAMILY)
    font.setPixelSize(size_px)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def style_sheet(palette: Palette) -> str:
    """The window's style sheet in a theme's colours."""
    text = resource("styles/window.qss").read_text(encoding="utf-8")
    pictures = {
        "arrow": resource(f"styles/arrow-{palette.name}.svg").as_posix(),
        "check": resource(f"styles/check-{palette.name}.svg").as_posix(),
    }
    return Template(text).substitute(asdict(palette) | pictures)


def palette_named(name: str) -> Palette:
    """The palette "dark" or "light"; for any other name the one that goes with the system's colour scheme."""
    is_light = QApplication.styleHints().colorScheme() is Qt.ColorScheme.Light
    return {"dark": DARK, "light": LIGHT}.get(name, LIGHT if is_light else DARK)


def apply_theme(palette: Palette) -> None:
    """Put a theme on the whole application."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)  # noqa: S101 - there is no window without one
    app.setStyle("fusion")
    app.setFont(text_font())
    colours = QPalette()
    role = QPalette.ColorRole
    for roles, colour in (
        ((role.Window,), palette.ground),
        ((role.Base, role.AlternateBase, role.ToolTipBase), palette.field),
        ((role.Button,), palette.button),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), palette.text),
        ((role.PlaceholderText,), palette.muted),
        ((role.Highlight, role.Link), palette.second),
        ((role.HighlightedText,), palette.on_second),
    ):
        for each in roles:
            colours.setColor(each, QColor(colour))
    app.setPalette(colours)
    app.setStyleSheet(style_sheet(palette))
