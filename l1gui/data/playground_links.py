"""Links of TensorFlow Playground: the settings of the run that a link names, and the link of a run that fits there."""

from __future__ import annotations

from typing import Any

import numpy as np

from l1gui.data.playground import (
    PLAYGROUND_START,
    PLAYGROUND_ZEROS,
    SETS,
    check_playground,
    inputs_of,
    training_rows,
)
from l1gui.data.playground_reader import HOST, INPUT_KEYS, KEPT_BY_BROWSERS, MOST_UNITS, SET_KEYS, LinkReader
from l1gui.settings import SPECS, RunSettings
from l1gui.spec import SettingError, shown

ALWAYS: dict[str, Any] = {
    "loss": "squared", "order": "as-given", "leftovers": "carry", "precision": "double",
    "epochs": 1_000,  # the Playground itself goes on until it is stopped
}  # fmt: skip
"""Settings of every run from a link."""

SOURCE_NAMES = {
    "classification": {
        "circle": "playground-circle", "xor": "playground-xor", "gauss": "playground-gauss",
        "spiral": "playground-spiral",
    },
    "regression": {"reg-plane": "playground-plane", "reg-gauss": "playground-reg-gauss"},
}  # fmt: skip
METHOD_NAMES = {"none": "none", "L1": "remove-on-crossing", "L2": "l2"}
ACTIVATIONS = ("relu", "tanh", "sigmoid", "linear")
INPUT_SWITCHES = ("x", "y", "xTimesY", "xSquared", "ySquared", "cosX", "sinX", "cosY", "sinY")
MOST_BATCH = 30
LEARNING_RATES, RATES = (0.00001, 10.0), (0.0, 10.0)
"""Least and largest that the Playground offers for the learning rate and for lambda."""

FITTING: dict[str, tuple[Any, ...]] = {
    "source": tuple(SETS),
    "activation": ACTIVATIONS,
    "initialization": (PLAYGROUND_START, PLAYGROUND_ZEROS),
    "loss": ("squared",),
    "order": ("as-given",),
    "precision": ("double", "auto"),
    "method": tuple(METHOD_NAMES.values()),
    **dict.fromkeys(("decay", "dropout", "jitter", "max_norm", "patience"), (0,)),
}
"""Values of a setting with which the Playground can repeat a run, where that is a matter of this setting alone."""


def settings_of_link(text: str) -> tuple[RunSettings, tuple[str, ...]]:
    """Settings of the run that a Playground link names, and what a person should know of it, a line each.

    The whole address, or its part with the settings; HTML's escapes and space around it do no harm. What a link does
    not name has the Playground's default; what concerns its display alone is passed over.

    Raises
    ------
    SettingError
        When the text is no such link, and for a value that cannot be; one line with its key and what is allowed.
    """
    link = LinkReader(text)
    problem = link.choice("problem", tuple(SET_KEYS))
    source = SOURCE_NAMES[problem][link.choice(SET_KEYS[problem], tuple(SOURCE_NAMES[problem]))]
    share = link.whole("percTrainData", 50, (10, 90))
    # More rows than there are never make an update there.
    batch = link.whole("batchSize", 10, (1, training_rows(source, share)), usual=MOST_BATCH)
    derived, left_out = link.inputs()
    values = {
        "source": source,
        "link_seed": link.seed(),
        "link_noise": link.whole("noise", 0, (0, 80)),
        "train_share": share,
        "derived": derived,
        "left_out": left_out,
        "hidden": link.shape(),
        "activation": link.choice("activation", ACTIVATIONS, "tanh"),
        "initialization": PLAYGROUND_ZEROS if link.is_on("initZero", default=False) else PLAYGROUND_START,
        "output_kind": _output_kind(problem),
        "learn_rate": link.real("learningRate", 0.03, "learn_rate", LEARNING_RATES),
        "batch": batch,
        "method": METHOD_NAMES[link.choice("regularization", tuple(METHOD_NAMES))],
        "lam": link.real("regularizationRate", 0.0, "lam", RATES),
    }
    link.tell_the_rest()
    return RunSettings().with_values(**ALWAYS, **values), tuple(link.notes)


def link_of_settings(settings: RunSettings) -> str:
    """The Playground link of a run, in the words of the Playground's own address bar.

    The seed and the number of epochs of a run here have no place in it. Live changes have none either: only who has
    the run's events knows of them.

    Raises
    ------
    SettingError
        With the setting to blame, when the Playground cannot repeat the run.
    """
    problem = _check_fits(settings)
    data, on = settings.data, inputs_of(settings.data)
    sets = {each: next(iter(names)) for each, names in SOURCE_NAMES.items()}
    sets[problem] = next(name for name, source in SOURCE_NAMES[problem].items() if source == data.source)
    regularization = next(name for name, method in METHOD_NAMES.items() if method == settings.penalty.method)
    inputs = {key: _word(is_on=INPUT_KEYS.get(key) in on) for key in INPUT_SWITCHES}
    pairs = {
        "activation": settings.network.activation,
        **({} if regularization == "none" else {"regularization": regularization}),
        "batchSize": settings.training.batch,
        **{SET_KEYS[each]: name for each, name in sets.items()},
        "learningRate": _number(settings.training.learn_rate),
        "regularizationRate": _number(settings.penalty.lam),
        "noise": data.link_noise,
        "networkShape": ",".join(map(str, settings.network.hidden)),
        "seed": data.link_seed,
        "showTestData": "false",
        "discretize": "false",
        "percTrainData": data.train_share,
        **inputs,
        "collectStats": "false",
        "problem": problem,
        "initZero": _word(is_on=settings.network.initialization == PLAYGROUND_ZEROS),
        "hideText": "false",
    }
    return f"https://{HOST}/#" + "&".join(f"{key}={value}" for key, value in pairs.items())


def _check_fits(settings: RunSettings) -> str:
    """The Playground's name of the problem; SettingError when it cannot repeat the run."""
    for name, fitting in FITTING.items():
        if settings.value(name) not in fitting:
            raise _misfit(settings, name, " or ".join(map(str, fitting)))
    check_playground(settings.data)
    problem = "regression" if SETS[settings.data.source].is_numeric else "classification"
    if settings.network.output_kind != _output_kind(problem):
        raise _misfit(settings, "output_kind", f"{_output_kind(problem)} for its {problem}")
    if max(settings.network.hidden, default=0) > MOST_UNITS:
        raise _misfit(settings, "hidden", f"up to {MOST_UNITS} in each of up to 6 layers")
    batch = settings.training.batch
    if batch > MOST_BATCH:
        raise _misfit(settings, "batch", f"1 to {MOST_BATCH}")
    has_leftovers = training_rows(settings.data.source, settings.data.train_share) % batch != 0
    if has_leftovers and settings.training.leftovers != "carry":
        raise _misfit(settings, "leftovers", "carry")
    seed = settings.data.link_seed
    if not seed or any(letter not in KEPT_BY_BROWSERS or letter in "&=#" for letter in seed):
        raise _misfit(
            settings, "link_seed", 'a text of ASCII letters, digits and marks, without spaces and & = # " < > `'
        )
    return problem


def _misfit(settings: RunSettings, name: str, fitting: str) -> SettingError:
    return SettingError(
        name,
        f"TensorFlow Playground cannot repeat this run: {SPECS[name].label} ({name}) is {shown(settings.value(name))}, "
        f"and there it is {fitting}",
    )


def _output_kind(problem: str) -> str:
    return "tanh" if problem == "classification" else "auto"


def _word(*, is_on: bool) -> str:
    return "true" if is_on else "false"


def _number(value: float) -> str:
    """The shortest text of a number, without an exponent."""
    return np.format_float_positional(float(value), trim="-")
