"""Words from outside: names stay plain text, tool tips show no markup, numbers are short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument

from l1gui.app.words import LONGEST_NAME, number_text, plain, tip

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("petal width", "petal width"),
        ("<b>bold</b> & 100 %", "<b>bold</b> & 100 %"),
        ("two\nlines\tand tab", "two lines and tab"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("nul\0l", "nul\ufffdl"),
        ("", "(no name)"),
        ("  ", "(no name)"),
        ("שלום", "שלום"),
    ],
)
def test_names_are_plain_text_on_one_line(name, shown):
    assert plain(name) == shown


@given(st.text(max_size=300))
def test_no_name_turns_or_breaks_the_text_around_it(name):
    shown = plain(name)
    assert shown
    assert shown.isprintable()
    assert not set(shown) & set(TURNING)
    assert len(shown) <= LONGEST_NAME + 1


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40))
def test_tool_tips_show_what_they_are_given(text):
    document = QTextDocument()
    shown = tip(f"<b>{text}</b>\nsecond")
    document.setHtml(shown)
    assert document.toPlainText() == f"<b>{text}</b>\nsecond"
    assert tip("a & b") == "a & b"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (5.0, "5"), (-3.25, "-3.25"), (1234.4, "1,234"), (41.276, "41.28"), (0.012346, "0.01235"),
        (99999.6, "100,000"), (2_345_678.0, "2.346M"), (1.5e9, "1.5e+09"), (1.23456e-5, "1.23e-05"),
        (float("nan"), "-"), (float("inf"), "-"),
    ],
)  # fmt: skip
def test_numbers_are_short(value, text):
    assert number_text(value) == text
