"""What the views share: cards, legends, ticks, steps and the brake on drawing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel, QToolButton

from l1gui.app import plotting
from l1gui.app.card import Card
from l1gui.app.legend import LINE_PX, Legend, LegendItem, short_names
from l1gui.app.plotting import Plot, Throttle, linear_ticks, log_ticks, stepped_top, tick_text
from l1gui.app.theme import DARK, LIGHT

ITEMS = [LegendItem(f"some class {k}", "#f5954b", "dot", f"{k}") for k in range(6)]


class StillCard(Card):
    is_legend_still = True


@pytest.fixture
def legend(qtbot):
    widget = Legend()
    qtbot.addWidget(widget)
    widget.resize(700, 18)
    widget.show()
    return widget


def test_a_legend_wraps_then_shortens(legend):
    legend.show_items(ITEMS)
    assert legend.drawn_texts == legend.texts == tuple(f"some class {k}" for k in range(6))
    assert legend.height() == LINE_PX
    legend.resize(330, 18)
    assert legend.drawn_texts == legend.texts
    assert legend.height() == 2 * LINE_PX
    legend.resize(180, 18)
    assert legend.drawn_texts == tuple("012345")
    legend.resize(60, 18)
    assert legend.toolTip() == "\n".join(legend.texts)


def test_a_legend_cuts_what_cannot_be_shorter(legend):
    legend.show_items([LegendItem("a name much longer than the card is wide", mark="none")])
    legend.resize(90, 18)
    assert legend.drawn_texts[0].endswith("…")


def test_short_names():
    assert short_names(("class 1", "class 10")) == ["1", "10"]
    assert short_names(("Iris-setosa", "Iris")) == ["Iris-se…", "Iris"]
    assert short_names(("only one",)) == ["only one"]


def test_every_mark_is_painted(legend):
    for mark in ("dot", "ring", "box", "line", "thick", "dash", "dots", "dash-dot", "none"):
        legend.show_items([LegendItem("", "#ff0000", mark)])
        picture = legend.grab().toImage()
        reds = [picture.pixelColor(x, y) for x in range(24) for y in range(18)]
        assert any(c.red() > c.blue() + 60 for c in reds) is (mark != "none"), mark


def test_a_legend_follows_the_palette(legend):
    legend.show_items([LegendItem("text", mark="none")])
    pictures = []
    for palette in (DARK, LIGHT):
        legend.set_palette(palette)
        pictures.append(legend.grab().toImage())
    assert pictures[0] != pictures[1]


def test_a_still_legend_stands_beside_the_title_where_it_fits(qtbot):
    card = StillCard("Title")
    qtbot.addWidget(card)
    tool = QToolButton()
    card.add_tool(tool)
    card.legend.show_items(ITEMS[:3])
    card.resize(560, 200)
    card.show()
    qtbot.waitUntil(lambda: card.legend.width() == card.legend.line_width)
    assert abs(card.legend.geometry().center().y() - card.title.geometry().center().y()) <= 3
    assert card.legend.geometry().right() < tool.geometry().left()
    assert card.legend.geometry().left() > card.title.geometry().right()
    card.resize(260, 200)
    qtbot.waitUntil(lambda: card.legend.y() > card.title.geometry().bottom() - 3)
    assert card.legend.geometry().right() <= 260
    card.say("a few words more")
    assert card.readout.text() == "a few words more"


def test_a_legend_that_changes_stays_below(qtbot):
    card = Card("Title")
    qtbot.addWidget(card)
    card.resize(900, 200)
    card.legend.show_items(ITEMS[:1])
    card.show()
    assert card.legend.y() >= card.title.geometry().bottom()


def test_a_card_shows_a_hint_until_there_is_content(qtbot):
    card = Card("Title")
    qtbot.addWidget(card)
    content = QLabel("content")
    card.set_content(content)
    card.show()
    assert card.objectName() == "card"
    assert card.accessibleName() == "Title"
    assert card.is_empty
    assert content.isHidden()
    card.show_content()
    assert not card.is_empty
    assert content.isVisible()
    card.show_hint()
    assert card.is_empty


@given(st.floats(1e-9, 1e9), st.floats(0, 1e9))
def test_stepped_tops_hold_the_value_and_move_seldom(value, now):
    top = stepped_top(value, now)
    assert top >= value * (1 - 1e-9)
    assert stepped_top(value, top) == top


def test_stepped_top_of_nothing():
    assert stepped_top(0.0, 0.0) == 1.0
    assert stepped_top(float("nan"), 3.0) == 3.0


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(1, 12))
def test_ticks_lie_on_the_axis_and_are_few(low, span, most):
    high = low + span
    ticks = linear_ticks(low, high, most)
    assert len(ticks) <= most + 1
    slack = 1e-6 * span + 1e-9 * abs(low)
    assert all(low - slack <= at <= high + slack for at, _ in ticks)
    texts = linear_ticks(0.0, span, most, is_whole=True)
    assert all(at == int(at) for at, _ in texts)


def test_ticks_of_known_axes():
    assert [text for _, text in linear_ticks(0, 500, 6)] == ["0", "100", "200", "300", "400", "500"]
    assert [text for _, text in linear_ticks(0, 2, 8, is_whole=True)] == ["0", "1", "2"]
    assert linear_ticks(1, 1, 5) == []
    assert [text for _, text in log_ticks(0, 3, 0.1)] == ["1", "10", "100", "1,000"]
    assert [text for _, text in log_ticks(-1, 0, 0.1)] == ["0.1", "0.2", "0.5", "1"]
    assert [text for _, text in log_ticks(0, 9, 2.0)] == ["1", "100", "10,000", "1M", "100M"]
    assert tick_text(2_500_000) == "2.5M"
    assert tick_text(0.30000000000000004) == "0.3"


def test_a_narrow_plot_has_fewer_ticks(qtbot):
    plot = Plot()
    qtbot.addWidget(plot.widget)
    plot.set_palette(DARK)
    plot.set_names("epoch", "value")
    plot.widget.show()
    counts = []
    for width in (600, 300, 150):
        plot.widget.resize(width, 200)
        plot.set_range((0.0, 100_000.0 + width), (0.0, 1.0))
        qtbot.waitUntil(lambda width=width: abs(plot.size_px[0] - width) < 80)
        ticks = plot._axes["bottom"]._tickLevels[0]
        counts.append(len(ticks))
        gap = (ticks[1][0] - ticks[0][0]) / plot.x_range[1] * plot.size_px[0]
        assert gap > max(plot._metrics.horizontalAdvance(text) for _, text in ticks)
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[2] >= 2


@pytest.mark.parametrize("most", [999.0, 20_000.0, 100_000.0, 900_100.0, 9_999_999.0])
def test_no_number_below_is_cut_off(qtbot, most):
    plot = Plot()
    qtbot.addWidget(plot.widget)
    plot.set_palette(DARK)
    plot.widget.resize(190, 150)
    plot.widget.show()
    qtbot.waitUntil(lambda: plot.size_px[0] > 100)
    plot.set_range((0.0, most), (0.0, 1.0))
    ticks = plot._axes["bottom"]._tickLevels[0]
    assert ticks
    edge = plot.size_px[0] + plot._right_width
    for at, text in ticks:
        assert at / most * plot.size_px[0] + 0.5 * plot._metrics.horizontalAdvance(text) <= edge


def test_the_brake_lets_one_through_and_the_last(qtbot):
    throttle, drawn = Throttle(60), []
    throttle.due.connect(lambda: drawn.append(1))
    for _ in range(10):
        throttle.ask()
    assert drawn == [1]
    assert throttle.is_waiting
    with qtbot.waitSignal(throttle.due):
        pass
    assert drawn == [1, 1]
    assert not throttle.is_waiting
    throttle.ask()
    throttle.ask(is_last=True)
    assert drawn == [1, 1, 1]
    assert not throttle.is_waiting
    throttle.ask()
    throttle.cancel()
    assert not throttle.is_waiting


def test_slow_drawings_come_less_often(monkeypatch):
    throttle = Throttle(10)

    class SlowClock:
        def start(self):
            pass

        def isValid(self):  # noqa: N802 - Qt's name
            return True

        def elapsed(self):
            return 50

    monkeypatch.setattr(throttle, "_clock", SlowClock())
    throttle.ask()
    assert throttle._pause_ms == 50 / plotting.Throttle.SHARE
