"""Whole runs by link against TensorFlow Playground's own page: data, start, and the losses of the scalar reference.

`RUNS` holds every stored number as (link, epoch, training loss, test loss, dead links), for any engine to be checked.
"""

import importlib.util
import json
from pathlib import Path

import pytest

from l1gui.data.playground import DERIVED, PLAYGROUND_START, PLAYGROUND_ZEROS, SETS, playground_start
from l1gui.data.playground_links import ACTIVATIONS, METHOD_NAMES, link_of_settings, settings_of_link
from l1gui.data.presets import load_data
from l1gui.runs import build_trainer
from l1gui.settings import SettingError

HERE = Path(__file__).parents[1]
TABLE = json.loads((HERE / "playground_runs.json").read_text(encoding="utf-8"))
RUNS = [(case["link"], *result[:4]) for case in TABLE for result in case["results"]]
NUMERIC = ("playground-plane", "playground-reg-gauss")
MOST_WORK = 460_000
"""Rows times links to which the scalar reference is trained, some tenths of a second; the page went on to more."""

spec = importlib.util.spec_from_file_location("playground_reference", HERE / "playground_reference.py")
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)


def rows_of(dataset, part):
    inputs, targets = getattr(dataset, f"{part}_inputs").tolist(), getattr(dataset, f"{part}_targets").tolist()
    labels = targets if dataset.is_numeric else [2.0 * target - 1.0 for target in targets]
    return [reference.Row(row, label) for row, label in zip(inputs, labels, strict=True)]


def started(link):
    """The reference at the start of a link's run, and its training and test rows."""
    settings, _ = settings_of_link(link)
    dataset = load_data(settings)
    weights, biases = playground_start(settings, (dataset.n_inputs, *settings.network.hidden, 1))
    run = reference.Run(
        [layer.T.tolist() for layer in weights],
        [layer.tolist() for layer in biases],
        activation=settings.network.activation,
        output="linear" if dataset.is_numeric else "tanh",
        learn_rate=settings.training.learn_rate,
        batch=settings.training.batch,
        penalty={method: name for name, method in METHOD_NAMES.items()}[settings.penalty.method],
        lam=settings.penalty.lam,
    )
    return run, rows_of(dataset, "train"), rows_of(dataset, "test")


def name_of(case):
    return case["link"].partition("#")[2]


@pytest.mark.parametrize("case", TABLE, ids=name_of)
def test_rows_and_start_are_those_of_the_page(case):
    run, train, test = started(case["link"])
    assert [len(train), len(test)] == case["rows"]
    assert [len(train[0].inputs), *(len(layer) for layer in run.layers)] == case["sizes"]
    settings, _ = settings_of_link(case["link"])
    plain = load_data(settings.with_values(derived=(), left_out=()))
    for rows, k, wanted in ((rows_of(plain, "train"), 0, "first_row"), (rows_of(plain, "test"), -1, "last_test_row")):
        assert [*rows[k].inputs, rows[k].label] == pytest.approx(case[wanted], rel=1e-14)
    ends = run.layers[0][0].weights[0], run.layers[-1][0].weights[-1]
    assert ends == (case["first_weight"], case["last_weight"])


@pytest.mark.parametrize("case", TABLE, ids=name_of)
def test_losses_and_dead_links_are_those_of_the_page(case):
    run, train, test = started(case["link"])
    done, seen = 0, 0
    for epoch, train_loss, test_loss, dead, links in case["results"]:
        if done and epoch * len(train) * run.n_links > MOST_WORK:
            break
        for _ in range(done, epoch):
            run.train_epoch(train)
        done, seen = epoch, seen + 1
        assert run.loss(train) == pytest.approx(train_loss, rel=1e-8, abs=1e-12), epoch
        assert run.loss(test) == pytest.approx(test_loss, rel=1e-8, abs=1e-12), epoch
        assert (run.n_dead, run.n_links) == (dead, links), epoch
    assert seen >= 2


@pytest.mark.parametrize("case", TABLE, ids=name_of)
def test_the_compiled_trainer_runs_as_the_page_does(case):
    settings, _ = settings_of_link(case["link"])
    trainer = build_trainer(settings)
    for epoch, train_loss, test_loss, dead, links in case["results"]:
        if epoch:
            trainer.apply("epochs", epoch)
            trainer.advance(10**12)
        assert trainer.epoch == epoch
        assert trainer.train.loss == pytest.approx(train_loss, rel=1e-7, abs=1e-12), epoch
        assert trainer.test.loss == pytest.approx(test_loss, rel=1e-7, abs=1e-12), epoch
        counts = trainer.snapshot().counts
        assert counts.count == links
        if settings.penalty.method == "remove-on-crossing" and epoch:
            assert counts.zero == dead
    assert trainer.origin == settings
    assert trainer.snapshot().output == ("linear" if settings.data.source in NUMERIC else "tanh")


@pytest.mark.parametrize("case", TABLE, ids=name_of)
def test_the_link_of_a_run_is_what_the_page_s_address_bar_shows(case):
    settings, notes = settings_of_link(case["link"])
    if beyond := [note for note in notes if "beyond" in note or "hidden" in note]:
        if "hidden" in beyond[0]:  # hidden there, left out here: the same run by other words
            assert settings_of_link(link_of_settings(settings)) == (settings, ())
        else:
            with pytest.raises(SettingError, match="cannot repeat this run"):
                link_of_settings(settings)
        return
    own = case["address"].replace("&playButton_hide=true", "")
    for key in ("discretize", "collectStats", "hideText"):
        own = own.replace(f"{key}=true", f"{key}=false")
    assert link_of_settings(settings) == own


def test_the_table_has_every_kind_of_run():
    settings = [settings_of_link(case["link"])[0] for case in TABLE]
    assert {each.data.source for each in settings} == set(SETS)
    assert {each.penalty.method for each in settings} == set(METHOD_NAMES.values())
    assert {each.network.activation for each in settings} == set(ACTIVATIONS)
    assert {each.network.initialization for each in settings} == {PLAYGROUND_START, PLAYGROUND_ZEROS}
    assert {name for each in settings for name in each.data.derived} == set(DERIVED)
    assert {0, 3, 6} <= {len(each.network.hidden) for each in settings}
    assert any(dead for *_, dead in RUNS)


@pytest.mark.parametrize(
    ("penalty", "epoch", "train_loss", "test_loss", "dead"),
    [
        ("", 0, 0.520905721, 0.546753401, 0),
        ("", 1, 0.510171353, 0.532737500, 0),
        ("", 100, 0.011238024, 0.026645206, 0),
        ("&regularization=L1&regularizationRate=0.003", 100, 0.015997495, 0.027055823, 1),
    ],
)
def test_the_page_s_default_run_comes_out(penalty, epoch, train_loss, test_loss, dead):
    run, train, test = started(f"https://playground.tensorflow.org/#seed=0.50000{penalty}")
    assert [*train[0].inputs, train[0].label] == pytest.approx([-0.248196017, 2.100770178, 1.0], abs=6e-10)
    assert run.layers[0][0].weights[0] == pytest.approx(0.288646409, abs=6e-10)
    for _ in range(epoch):
        run.train_epoch(train)
    assert (run.loss(train), run.loss(test)) == pytest.approx((train_loss, test_loss), abs=6e-10)
    assert (run.n_dead, run.n_links) == (dead, 18)
