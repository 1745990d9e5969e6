"""The sparsity and optimality views, and the deck that they share room in: the history's numbers, in words too."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton

from l1gui.app import theme
from l1gui.app.card import Card
from l1gui.app.deck import Deck
from l1gui.app.states import RunState
from l1gui.app.views.loss import LossView
from l1gui.app.views.optimality import OptimalityView
from l1gui.app.views.sparsity import SparsityView
from l1gui.core.record import RunRecord
from l1gui.data.presets import preset
from l1gui.runs import build_trainer

LIMIT_MS = 60_000


def snapshot_of(preset_id="article", **values):
    trainer = build_trainer(preset(preset_id).settings.with_values(**values))
    trainer.advance(10**9)
    return trainer.snapshot(1)


@pytest.fixture
def shown(qtbot):
    def made(view):
        qtbot.addWidget(view)
        view.set_palette(theme.DARK)
        view.resize(360, 320)
        view.show()
        qtbot.waitExposed(view)
        return view

    return made


def test_sparsity_draws_the_historys_counts(shown):
    view, snapshot = shown(SparsityView()), snapshot_of(method="cumulative", epochs=60, threshold=0.01)
    view.show_snapshot(snapshot)
    for name, column in (("zero", "zero"), ("below", "below_threshold")):
        x, y = view.curves[name].getData()
        assert x[-1] == 60
        assert y[-1] == pytest.approx(100 * snapshot.history[column][-1] / 112)
    counts = snapshot.counts
    assert view.legend.texts == (
        f"|w| < 0.01 {100 * counts.below_threshold / 112:.1f} % ({counts.below_threshold}/112)",
        f"exact zeros {100 * counts.zero / 112:.1f} % ({counts.zero}/112)",
    )
    words = view.words.text()
    assert f"{counts.dead_units} dead unit" in words
    assert f"{counts.live_inputs} of 10 inputs live" in words
    assert f"{counts.effective_parameters} effective parameters" in words


def test_sparsity_keeps_finished_runs(shown):
    view, kept = shown(SparsityView()), snapshot_of(method="proximal", epochs=30)
    view.show_records((RunRecord("proximal", kept.settings, kept),))
    view.show_snapshot(snapshot_of(method="cumulative", epochs=30))
    assert "proximal (kept)" in view.legend.texts


def test_optimality_draws_the_residual(shown):
    view, snapshot = shown(OptimalityView()), snapshot_of(epochs=45)
    view.show_snapshot(snapshot)
    x, y = view.curves["kkt"].getData()
    assert np.isfinite(y).all()
    assert x[-1] == 45
    assert 10 ** y[-1] == pytest.approx(snapshot.history["kkt"][-1])
    assert view.legend.texts == (f"KKT residual {snapshot.kkt:.3g}",)
    view.log_value.setChecked(False)
    assert view.curves["kkt"].getData()[1].max() == pytest.approx(snapshot.history["kkt"].max())


def test_a_residual_of_zero_does_not_break_the_axis(shown):
    # No rows are wrong and nothing pulls: two classes a long way apart, saturated outputs.
    view = shown(OptimalityView())
    view.show_snapshot(snapshot_of(method="cumulative", lam=0.5, epochs=20))
    assert np.isfinite(view.curves["kkt"].getData()[1]).all()


def test_deck_shows_one_card_and_turns(qtbot, shown):
    deck = Deck()
    first, second = Card("First"), Card("Second")
    qtbot.addWidget(deck)
    deck.set_cards([first, second])
    deck.resize(400, 200)
    deck.show()
    assert deck.front is first
    assert first.title.isHidden()
    tab = next(each for each in first.findChildren(QToolButton) if each.text() == "Second")
    with qtbot.waitSignal(deck.turned) as heard:
        qtbot.mouseClick(tab, Qt.MouseButton.LeftButton)
    assert heard.args == [second]
    assert first.isHidden()
    assert not second.isHidden()
    checked = [each.text() for each in second.findChildren(QToolButton) if each.isChecked()]
    assert checked == ["Second"]
    deck.set_cards([second])
    assert not second.title.isHidden()
    assert second.findChildren(QToolButton, "tab", Qt.FindChildOption.FindDirectChildrenOnly) == []
    deck.set_cards([])
    assert deck.isHidden()
    first.deleteLater()


def test_narrow_windows_put_accuracy_behind_the_loss(qtbot, open_window):
    window = open_window("article", epochs=30)
    area = window.views
    assert area.first.cards == (area.loss, area.optimality)
    assert area.second.cards == (area.accuracy,)
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: area.first.cards == (area.loss, area.accuracy, area.optimality), timeout=LIMIT_MS)
    assert area.second.isHidden()
    area.first.turn_to(area.accuracy)
    window.run.toggle()
    qtbot.waitUntil(lambda: window.run.state is RunState.FINISHED, timeout=LIMIT_MS)
    assert area.accuracy.legend.texts[0].startswith("train ")
    assert area.loss.isHidden()
    # What was behind is drawn when it comes to the front.
    area.first.turn_to(area.optimality)
    assert area.optimality.legend.texts[0].startswith("KKT residual 0.")
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: area.second.cards == (area.accuracy,), timeout=LIMIT_MS)
    assert area.first.front is area.optimality


def test_views_in_decks_can_be_hidden(qtbot, open_window):
    window = open_window("article")
    area = window.views
    for name in ("Loss", "Optimality"):
        area.show_view(name, is_shown=False)
    assert area.first.isHidden()
    area.show_view("Optimality", is_shown=True)
    assert area.first.cards == (area.optimality,)
    assert isinstance(area.optimality.title, QLabel)
    assert not area.optimality.isHidden()
    for name in ("Accuracy", "Sparsity", "Optimality", "Weight magnitudes"):
        area.show_view(name, is_shown=False)
    assert area._lower.isHidden()


def test_tabs_that_do_not_fit_become_a_menu(qtbot):
    deck = Deck()
    qtbot.addWidget(deck)
    cards = [LossView(), SparsityView(), OptimalityView()]
    deck.set_cards(cards)
    deck.resize(400, 300)
    deck.show()
    tabs = deck._tabs[0]
    texts = [button.text() for button in tabs._group.buttons() if not button.isHidden()]
    assert texts == ["Loss", "Sparsity", "Optimality"]
    assert tabs._more.isHidden()
    deck.resize(150, 300)
    qtbot.waitUntil(lambda: not tabs._more.isHidden())
    assert [button.text() for button in tabs._group.buttons() if not button.isHidden()] == ["Loss"]
    assert [action.text() for action in tabs._menu.actions()] == ["Loss", "Sparsity", "Optimality"]
    tabs._menu.actions()[2].trigger()
    assert deck.front is cards[2]
    assert [button.text() for button in deck._tabs[2]._group.buttons() if not button.isHidden()] == ["Optimality"]
