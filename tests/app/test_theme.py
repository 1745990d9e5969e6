"""The theme: readable, and with its font."""

import pytest
from PySide6.QtGui import QColor, QFontDatabase

from l1gui.app import theme


def luminance(name):
    def linear(part):
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    colour = QColor(name)
    red, green, blue = (linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first, second):
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [theme.DARK, theme.LIGHT], ids=lambda palette: palette.name)
def test_text_is_readable(palette):
    for ground in (palette.card, palette.field, palette.ground):
        for text in (palette.text, palette.muted, palette.problem, palette.warning):
            assert contrast(text, ground) >= 4.5, (text, ground)
    assert contrast(palette.on_second, palette.second) >= 4.5
    for mark in (palette.first, palette.second, palette.good, *palette.layers, *palette.classes[:8]):
        assert contrast(mark, palette.card) >= 3.0, mark


def test_the_bundled_font_is_there(qapp):
    assert theme.FONT_FAMILY in QFontDatabase.families()
    assert theme.text_font().family() == theme.FONT_FAMILY


@pytest.mark.parametrize("palette", [theme.DARK, theme.LIGHT], ids=lambda palette: palette.name)
def test_the_style_sheet_is_filled_in(palette):
    text = theme.style_sheet(palette)
    assert "$" not in text
    assert palette.second in text
