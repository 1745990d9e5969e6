"""How many exact zeros each method makes of the article's 112 weights, as found by experiment beforehand."""

import numpy as np
import pytest

from l1gui.data.presets import preset
from l1gui.runs import build_trainer


def zeros(method, seed):
    trainer = build_trainer(preset("article").settings.with_values(method=method, seed=seed, lam=1e-3))
    trainer.advance(10**9)
    return trainer.snapshot().counts.zero


@pytest.mark.parametrize(
    ("method", "mean"),
    [
        ("clipped", 44), ("proximal", 44), ("cumulative", 54), ("truncated", 27), ("dual-averaging", 19),
        ("remove-on-crossing", 85),
    ],
)  # fmt: skip
def test_zeros_are_as_many_as_were_found(method, mean):
    # The means are of 20 seeds. A single seed is far from its mean (proximal: 14 to 70), so three are taken together.
    assert np.mean([zeros(method, seed) for seed in range(3)]) == pytest.approx(mean, abs=10)


@pytest.mark.parametrize("method", ["gradient", "l2"])
def test_these_never_make_one(method):
    assert [zeros(method, seed) for seed in range(3)] == [0, 0, 0]
