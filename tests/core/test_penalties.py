"""Each method's step against its formula, and the properties that make it what it is."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from l1gui.core import warm
from l1gui.core.network import pad_rows
from l1gui.core.penalties import METHODS, penalised_step, penalty_method, soft_threshold
from l1gui.settings import SettingError

warm.prepare()

numbers = st.floats(-100, 100, width=32)
rates = st.floats(1e-4, 1.0)
strengths = st.floats(0.0, 1.0)


class Weights:
    """Some weights of one unit, and the state that a method keeps of them."""

    def __init__(self, start, dtype=np.float32):
        self.padded = pad_rows([start], dtype)[0]
        self.w = self.padded[: len(start)]
        self.memory, self.centre, self.tally = np.zeros(self.padded.size), self.padded.copy(), np.zeros(2)

    def step(self, method, g, eta, lam, *, alpha=0.5, is_epoch_end=True):
        g = pad_rows([g], self.w.dtype)[0]
        penalised_step(
            METHODS[method].code, self.padded, g, self.memory, self.centre, self.tally, eta, lam, alpha, self.w.size,
            self.padded.size, is_epoch_end,
        )  # fmt: skip
        return self.w


def step(method, w, g, eta, lam, **more):
    return float(Weights([w]).step(method, [g], eta, lam, **more)[0])


def soft(value, threshold):
    return np.sign(value) * np.maximum(0.0, np.abs(value) - threshold)


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


@pytest.mark.parametrize("method", [name for name in METHODS if name not in ("dual-averaging", "clipped")])
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
    weights = Weights([start])
    total = owed = 0.0
    for g, lam in updates:  # lambda changes all the time: it changes the slope of u, nothing else
        weights.step("cumulative", [g], eta, lam)
        total += eta * g
        owed += eta * lam
    expected = soft(start - total, owed)
    assert weights.w[0] == pytest.approx(expected, abs=1e-4)
    assert (weights.w[0] == 0) == (expected == 0) or abs(abs(start - total) - owed) < 1e-4


@pytest.mark.parametrize("method", [m.id for m in METHODS.values() if m.makes_zeros])
def test_methods_that_promise_zeros_make_them(method):
    weights = Weights([0.05, -0.05])
    for _ in range(100):
        weights.step(method, [0.0, 0.0], 0.1, 0.1)
    assert weights.w.tolist() == [0.0, 0.0]
    assert not np.signbit(weights.w).any()


@pytest.mark.parametrize("method", list(METHODS))
def test_not_a_number_is_never_hidden(method):
    assert np.isnan(step(method, float("nan"), 0.0, 0.1, 0.1))
    assert np.isnan(step(method, 1.0, float("nan"), 0.1, 0.1))


def test_dual_averaging_not_a_number_in_a_gradient():
    assert np.isnan(step("dual-averaging", 0.0, float("nan"), 0.1, 0.1))


@example(w=float(np.float32(1e-30)), g=float(np.float32(1e-15)), eta=0.25, lam=0.0)
@given(w=st.floats(-3, 3, width=32), g=st.floats(-9, 9, width=32), eta=st.floats(1e-3, 0.3), lam=st.floats(0, 1))
def test_steps_are_their_formulas(w, g, eta, lam):
    z = w - eta * g
    assert step("l2", w, g, eta, lam) == pytest.approx(z - eta * lam * w, abs=1e-5)
    assert step("elastic", w, g, eta, lam, alpha=0.3) == pytest.approx(
        soft(z, eta * lam * 0.3) / (1 + eta * lam * 0.7), abs=1e-5
    )
    assert step("elastic", w, g, eta, lam, alpha=1.0) == pytest.approx(step("proximal", w, g, eta, lam), abs=1e-6)
    assert step("truncated", w, g, eta, lam) == pytest.approx(soft(z, eta * lam), abs=1e-5)
    assert step("truncated", w, g, eta, lam, is_epoch_end=False) == pytest.approx(z, abs=1e-5)
    assert step("dual-averaging", w, g, eta, lam) == pytest.approx(soft(w - g / 0.3, lam / 0.3), abs=1e-4)
    v = w - eta * (g + lam * np.sign(w))
    clipped = -eta * soft(g, lam) if w == 0 else (0.0 if v * w < 0 else v)
    assert step("clipped", w, g, eta, lam) == pytest.approx(clipped, abs=1e-5)


@given(st.lists(st.floats(-5, 5, width=32), min_size=1, max_size=40), st.floats(-2, 2, width=32), st.floats(0, 0.3))
def test_dual_averaging_is_its_closed_form(gradients, start, lam):
    weights = Weights([start])
    for g in gradients:
        weights.step("dual-averaging", [g], 0.1, lam)
    root = np.sqrt(len(gradients)) / 0.3
    expected = soft(np.float32(start) - root * np.mean(np.array(gradients, "f4").astype(float)), lam * root)
    assert weights.w[0] == pytest.approx(expected, abs=1e-3)


def test_truncated_pays_the_whole_epoch_at_its_end():
    weights = Weights([1.0])
    for number in range(10):
        weights.step("truncated", [0.0], 0.1, 0.2, is_epoch_end=number == 9)
    assert weights.w[0] == pytest.approx(1.0 - 10 * 0.1 * 0.2)
    weights.step("truncated", [0.0], 0.1, 0.2, is_epoch_end=False)
    assert weights.w[0] == pytest.approx(0.8)


def test_tiny_weights_cross_zero_too():
    # The product of two such numbers is 0 in single precision.
    assert step("clipped", 1e-30, 1e-15, 0.25, 0.0) == 0.0
    assert step("remove-on-crossing", 1e-44, 0.0, 0.25, 1e-3) == 0.0


def test_a_link_that_crosses_zero_is_removed_for_good():
    weights = Weights([0.01, 1.0])
    weights.step("remove-on-crossing", [0.0, 0.0], 0.1, 0.2)
    assert weights.w.tolist() == [0.0, pytest.approx(0.98)]
    weights.step("remove-on-crossing", [-50.0, 0.0], 0.1, 0.2)
    assert weights.w[0] == 0.0
    # A weight that starts at zero has crossed nothing.
    assert step("remove-on-crossing", 0.0, -1.0, 0.1, 0.2) == pytest.approx(0.1)


@given(st.lists(st.floats(-2, 2, width=32), min_size=2, max_size=6), st.floats(0.01, 0.5), st.floats(0, 1))
def test_a_group_goes_as_one(start, eta, lam):
    weights = Weights(start)
    generator = np.random.default_rng(3)
    total, owed = np.zeros(len(start)), 0.0
    for _ in range(20):
        g = generator.normal(size=len(start)).astype("f4")
        weights.step("group", g, eta, lam)
        total += eta * g.astype(float)
        owed += eta * lam
    v = np.array(start, "f4") - total
    norm = np.linalg.norm(v)
    pull = owed * np.sqrt(len(start))
    expected = v * max(0.0, 1 - pull / norm) if norm else v
    assert weights.w == pytest.approx(expected, abs=1e-4)
    assert (weights.w == 0).all() or (norm > pull - 1e-4)


def test_groups_are_the_rows_of_a_layer():
    w = pad_rows([[0.5, 0.5], [3.0, 3.0]]).ravel()  # two inputs, two units each
    memory, tally = np.zeros(16), np.zeros(2)
    penalised_step(METHODS["group"].code, w, np.zeros(16, "f4"), memory, w.copy(), tally, 1.0, 1.0, 0.5, 2, 8, False)
    assert w[:8].tolist() == [0.0] * 8
    assert w[8:10] == pytest.approx(3.0 * (1 - np.sqrt(2) / np.sqrt(18)))


@pytest.mark.parametrize("method", list(METHODS))
def test_padding_stays_zero(method):
    weights = Weights([0.7, 0.0, -0.2, 0.0])
    for number in range(30):
        weights.step(method, [0.1, 0.0, -0.3, 0.0], 0.1, 0.05, is_epoch_end=number % 5 == 4)
    assert weights.w[[1, 3]].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("method", list(METHODS))
def test_double_precision_is_kept(method):
    double = Weights([0.3, -0.7], np.float64)
    single = Weights([0.3, -0.7])
    for _ in range(20):
        double.step(method, [0.01, -0.02], 0.05, 0.01)
        single.step(method, [0.01, -0.02], 0.05, 0.01)
    assert double.w.dtype == np.float64
    assert double.w == pytest.approx(single.w, abs=2e-6)
    if method not in ("none",):
        assert not np.array_equal(double.w, double.w.astype("f4"))


def test_entries_are_complete():
    assert len({m.code for m in METHODS.values()}) == len(METHODS)
    for method in METHODS.values():
        assert method.label
        assert "w" in method.formula
        assert "<-" in method.formula
        assert method.help.endswith(".")
        assert method.source or method.id == "none"
    assert [m.id for m in METHODS.values() if not m.is_real] == ["as-printed"]


def test_unknown_method_is_refused_with_the_choices():
    with pytest.raises(SettingError, match="cumulative"):
        penalty_method("l7")
