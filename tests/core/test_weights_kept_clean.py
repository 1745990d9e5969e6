"""Whatever the method: the padding stays 0, no zero is a negative one, and without lambda it is plain descent."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.core import warm
from l1gui.core.penalties import METHODS, penalised_step
from l1gui.data.presets import preset
from l1gui.runs import build_trainer

warm.prepare()

N_OUT, WIDTH = 3, 8
rows = st.lists(st.floats(-2, 2, width=32).map(lambda v: round(v, 2)), min_size=2 * N_OUT, max_size=2 * N_OUT)


def wide(values):
    layer = np.zeros((2, WIDTH), "f4")
    layer[:, :N_OUT] = np.array(values, "f4").reshape(2, N_OUT)
    return layer.ravel()


@pytest.mark.parametrize("method", list(METHODS))
@given(start=rows, updates=st.lists(st.tuples(rows, st.floats(0, 1)), min_size=1, max_size=12))
def test_padding_and_zeros_stay_clean(method, start, updates):
    w = wide(start) + np.float32(0)  # a start of -0.0 is none of the method's making
    memory, centre, tally = np.zeros(w.size), w.copy(), np.zeros(2)
    for number, (g, lam) in enumerate(updates):
        end = number % 3 == 2
        penalised_step(METHODS[method].code, w, wide(g), memory, centre, tally, 0.1, lam, 0.5, N_OUT, WIDTH, end)
        assert not w.reshape(2, WIDTH)[:, N_OUT:].any()
        assert not np.signbit(w[w == 0]).any()


@pytest.mark.parametrize("method", list(METHODS))
@pytest.mark.parametrize("hidden", [(), (3,), (9, 5)])
def test_padding_of_a_trained_network_is_zero(method, hidden):
    trainer = build_trainer(preset("article").settings.with_values(method=method, hidden=hidden, epochs=3))
    trainer.advance(10**9)
    assert trainer.layout.fits(trainer.params)


@pytest.mark.parametrize("method", [name for name in METHODS if name != "dual-averaging"])
@given(start=rows, gradients=st.lists(rows, min_size=1, max_size=12))
def test_without_lambda_it_is_plain_descent(method, start, gradients):
    """Over many updates. Dual averaging ignores the rate; clipped stops at zero, whatever pushes a weight across."""
    w = wide(start)
    memory, centre, tally, expected = np.zeros(w.size), w.copy(), np.zeros(2), w.astype(np.float64)
    for g in gradients:
        before = expected
        expected = before - 0.1 * wide(g).astype(np.float64)
        if method == "clipped":
            expected = np.where(expected * before < 0, 0.0, expected)
        penalised_step(METHODS[method].code, w, wide(g), memory, centre, tally, 0.1, 0.0, 0.5, N_OUT, WIDTH, True)
        if method == "clipped":
            expected = np.where(np.abs(expected - w) < 1e-5, w, expected)  # the same side of zero, rounding aside
    assert w == pytest.approx(expected, abs=1e-5)
