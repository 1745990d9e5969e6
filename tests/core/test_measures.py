"""The optimality residual weight by weight, at zeros too, where a whole network's largest miss would hide it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.core import measures, warm
from l1gui.core.network import Layout
from l1gui.core.penalties import ELASTIC_TERM, GROUP_TERM, L1_TERM, L2_TERM, NO_TERM

warm.prepare()


def misses(term, w, g, lam, alpha):
    """What every weight, or group of a row, misses of its condition."""
    if term == GROUP_TERM:
        bound, norms = lam * np.sqrt(w.shape[1]), np.linalg.norm(w, axis=1)
        direction = w / np.where(norms > 0, norms, 1)[:, None]
        at_zero = np.maximum(0.0, np.linalg.norm(g, axis=1) - bound)
        return np.where(norms > 0, np.linalg.norm(g + bound * direction, axis=1), at_zero)
    lasso = {L1_TERM: lam, ELASTIC_TERM: lam * alpha}.get(term, 0.0)
    ridge = {L2_TERM: lam, ELASTIC_TERM: lam * (1 - alpha)}.get(term, 0.0)
    slope = g + ridge * w
    return np.where(w != 0, np.abs(slope + lasso * np.sign(w)), np.maximum(0.0, np.abs(slope) - lasso))


@pytest.mark.parametrize("term", [NO_TERM, L1_TERM, L2_TERM, ELASTIC_TERM, GROUP_TERM])
@given(
    seed=st.integers(0, 2**32 - 1), lam=st.floats(0, 2), alpha=st.floats(0, 1), share=st.sampled_from([0.0, 0.5, 1.0])
)
def test_residual_is_the_largest_miss(term, seed, lam, alpha, share):
    source = np.random.default_rng(seed)
    layout = Layout((3, 4, 2))
    shapes = ((3, 4), (4, 2))
    # Whole rows are zero now and then, so that groups are; `share` of 1 is the empty network.
    weights = [source.normal(size=s) * (source.random(s) >= share) * (source.random((s[0], 1)) > 0.3) for s in shapes]
    slopes = [source.normal(size=shape) for shape in shapes]
    bias_slopes = [0.1 * source.normal(size=n) for n in (4, 2)]
    params = layout.pack(weights, [np.ones(4), np.ones(2)], np.float64)
    gradients = layout.pack(slopes, bias_slopes, np.float64)
    wanted = max(misses(term, w, g, lam, alpha).max() for w, g in zip(weights, slopes, strict=True))
    wanted = max(wanted, *(np.abs(b).max() for b in bias_slopes))
    got = measures.kkt_residual(params, layout.table, gradients, np.full(2, term), lam, alpha)
    assert got == pytest.approx(wanted, rel=1e-12)
