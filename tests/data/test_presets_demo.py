"""What the demonstration among noise promises, over ten seeds: the noise goes, the accuracy comes."""

from dataclasses import replace

import numpy as np
import pytest

from l1gui.data.presets import load_data, preset
from l1gui.runs import run_to_end

SEEDS = range(10)


def last_of(method, seed):
    settings = preset("gauss-noise").settings.with_values(method=method, seed=seed)
    data = load_data(settings)
    # Every epoch is tested: a thousand of the five thousand rows tell enough, in a third of the time.
    fewer = replace(data, test_inputs=data.test_inputs[:1000], test_targets=data.test_targets[:1000])
    return run_to_end(settings, dataset=fewer).last


def live(snapshot):
    """Which inputs lead to an output."""
    reach = np.ones(snapshot.sizes[-1], dtype=bool)
    for weights in reversed(snapshot.weights):
        reach = ((weights != 0) & reach).any(axis=1)
    return reach


@pytest.fixture(scope="module")
def cumulative():
    return [last_of("cumulative", seed) for seed in SEEDS]


def test_accuracy_zeros_and_dead_noise(cumulative):
    assert np.median([each.test.accuracy for each in cumulative]) >= 0.95
    assert min(each.test.accuracy for each in cumulative) > 0.9
    assert np.median([each.counts.zero / each.counts.count for each in cumulative]) >= 0.9
    assert np.median([8 - live(each)[2:].sum() for each in cumulative]) >= 7


def test_both_real_inputs_stay(cumulative):
    assert all(live(each)[:2].all() for each in cumulative)


def test_without_a_penalty_it_learns_the_noise():
    accuracies = [last_of("none", seed).test.accuracy for seed in SEEDS[:4]]
    assert max(accuracies) < 0.8
    assert last_of("none", 0).counts.live_inputs == 10
