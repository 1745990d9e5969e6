"""Each method's step against its formula, and the properties that make it what it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.core import warm
from l1gui.core.penalties import METHODS, penalised_step, penalty_method, soft_threshold
from l1gui.settings import SettingError

warm.prepare()

numbers = st.floats(-100, 100, width=32)
rates = st.floats(1e-4, 1.0)
strengths = st.floats(0.0, 1.0)


def step(method, w, g, eta, lam, paid=None, owed=None):
    w = np.array([w], dtype=np.float32)
    paid = np.zeros(1) if paid is None else paid
    penalised_step(METHODS[method].code, w, np.array([g], "f4"), paid, eta * lam if owed is None else owed, eta, lam)
    return float(w[0])


def test_article_worked_example():
    assert step("gradient", 8.0, 9.0, 0.05, 0.01) == pytest.approx(7.5495, abs=1e-6)
    assert step("tack-on", 8.0, 9.0, 0.05, 0.01) == pytest.approx(7.5400, abs=1e-6)


@given(numbers, numbers, rates, strengths)
def test_tack_on_is_gradient_at_lambda_over_rate(w, g, eta, lam):
    expected = step("gradient", w, g, eta, lam / eta)
    assert step("tack-on", w, g, eta, lam) == pytest.approx(expected, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("method", ["gradient", "tack-on", "as-printed"])
def test_a_weight_of_zero_feels_no_penalty(method):
    assert step(method, 0.0, 0.0, 0.1, 0.5) == 0.0
    assert step(method, 0.0, 2.0, 0.1, 0.5) == pytest.approx(-0.2)


@pytest.mark.parametrize("method", list(METHODS))
@given(w=numbers, g=numbers, eta=rates)
def test_at_lambda_zero_every_method_is_plain_descent(method, w, g, eta):
    assert step(method, w, g, eta, 0.0) == pytest.approx(w - eta * g, rel=1e-5, abs=1e-5)


@given(numbers, numbers, rates, strengths)
def test_as_printed_is_gradient_with_the_sign_reversed(w, g, eta, lam):
    assert step("as-printed", w, g, eta, lam) == pytest.approx(step("gradient", w, g, eta, -lam), rel=1e-6, abs=1e-6)


@given(numbers, numbers, rates, strengths)
def test_proximal_step_minimises_its_objective(w, g, eta, lam):
    new = step("proximal", w, g, eta, lam)
    z = w - eta * g

    def objective(v):
        return 0.5 * (v - z) ** 2 + eta * lam * abs(v)

    slack = 1e-5 * (1 + z * z)
    for other in (0.0, new + 1e-2, new - 1e-2, z, -new):
        assert objective(new) <= objective(other) + slack


@given(numbers, st.floats(0, 50, width=32))
def test_soft_threshold(value, threshold):
    got = soft_threshold(np.float32(value), np.float32(threshold))
    assert got == pytest.approx(np.sign(value) * max(0.0, abs(value) - threshold), abs=1e-5)
    assert (got == 0) == (abs(np.float32(value)) <= np.float32(threshold))


@given(
    st.floats(-3, 3, width=32),
    st.lists(st.tuples(st.floats(-5, 5, width=32), st.floats(0, 0.5)), min_size=1, max_size=60),
    st.floats(1e-3, 0.3),
)
def test_cumulative_identity(start, updates, eta):
    """From w0 it equals S(w0 - sum(eta g), sum(eta lam))."""
    w, paid, owed = np.array([start], "f4"), np.zeros(1), 0.0
    lam = 0.3
    total = 0.0
    for g, _ in updates:
        owed += eta * lam
        penalised_step(METHODS["cumulative"].code, w, np.array([g], "f4"), paid, owed, eta, lam)
        total += eta * g
    z = start - total
    expected = np.sign(z) * max(0.0, abs(z) - owed)
    assert w[0] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("method", [m.id for m in METHODS.values() if m.makes_zeros])
def test_methods_that_promise_zeros_make_them(method):
    w, paid, owed = np.array([0.05, -0.05], "f4"), np.zeros(2), 0.0
    for _ in range(100):
        owed += 0.1 * 0.1
        penalised_step(METHODS[method].code, w, np.zeros(2, "f4"), paid, owed, 0.1, 0.1)
    assert w.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("method", list(METHODS))
def test_not_a_number_is_never_hidden(method):
    assert np.isnan(step(method, float("nan"), 0.0, 0.1, 0.1))
    assert np.isnan(step(method, 1.0, float("nan"), 0.1, 0.1))


def test_entries_are_complete():
    assert len({m.code for m in METHODS.values()}) == len(METHODS)
    for method in METHODS.values():
        assert method.label
        assert method.formula.startswith(("w <- ", "u += "))
        assert method.help.endswith(".")
        assert method.source or method.id == "none"
    assert [m.id for m in METHODS.values() if not m.is_real] == ["as-printed"]


def test_unknown_method_is_refused_with_the_choices():
    with pytest.raises(SettingError, match="cumulative"):
        penalty_method("l7")
