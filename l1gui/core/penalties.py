"""The penalty methods: how each one's update moves a layer's weights. This is the one place that defines them.

A method is an entry of `METHODS` and a branch of `penalised_step`; the controls, the help texts, the command
line and the documentation read the entries. The step works on one layer's weights at once, so the method is
chosen once per layer and update. Biases never pass through here: they are not penalised.

Notation: w a weight, g its batch-mean gradient, eta the learning rate, lam the strength, z = w - eta * g,
s(v) the sign of v with s(0) = 0, S(v, a) = s(v) * max(0, abs(v) - a) the soft threshold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from l1gui.core.compiled import compiled
from l1gui.settings import SettingError

NONE, GRADIENT, TACK_ON, AS_PRINTED, PROXIMAL, CUMULATIVE = range(6)


@dataclass(frozen=True, slots=True)
class PenaltyMethod:
    """A penalty method as the user meets it.

    Attributes
    ----------
    id : str
        Name in settings, flags and files.
    code : int
        What the compiled step branches on.
    label : str
        Name in the window.
    formula : str
        The update of one weight.
    help : str
        What it does, in a sentence or two.
    source : str
        Where the formula comes from.
    state : str
        What it carries from update to update; empty when nothing.
    is_real : bool
        False for a reproduction that is no method for real work.
    makes_zeros : bool
        Whether it sets weights to exactly zero.
    """

    id: str
    code: int
    label: str
    formula: str
    help: str
    source: str
    state: str = ""
    is_real: bool = True
    makes_zeros: bool = False


METHODS = {
    method.id: method
    for method in (
        PenaltyMethod("none", NONE, "no penalty", "w <- z", "Plain gradient descent; lambda has no effect.", ""),
        PenaltyMethod(
            "gradient",
            GRADIENT,
            "L1, in the gradient",
            "w <- w - eta * (g + lam * s(w))",
            "The penalty's derivative joins the gradient. Weights come close to zero and jitter around it; none "
            "becomes exactly zero.",
            "the article (2017), by its own mathematics",
        ),
        PenaltyMethod(
            "tack-on",
            TACK_ON,
            "L1, tacked on",
            "w <- z - lam * s(w)",
            "Each update moves every weight by lambda towards zero, whatever the learning rate: it equals the "
            "gradient method at lambda / learning rate.",
            "the article (2017), 'An Alternative Approach to L1'",
        ),
        PenaltyMethod(
            "proximal",
            PROXIMAL,
            "L1, proximal (soft threshold)",
            "w <- S(z, eta * lam)",
            "Step, then shrink by eta * lambda and stop at zero: makes exact zeros.",
            "Duchi & Singer 2009 (FOBOS)",
            makes_zeros=True,
        ),
        PenaltyMethod(
            "cumulative",
            CUMULATIVE,
            "L1, cumulative (exact zeros)",
            "u += eta * lam; z > 0: w <- max(0, z - (u + q)); z < 0: w <- min(0, z + (u - q)); q += w - z",
            "Each weight owes the whole penalty so far, u, and q remembers what it has paid; noise in single "
            "updates cannot keep a useless weight alive.",
            "Tsuruoka, Tsujii & Ananiadou 2009",
            state="u: one number a run; q: one number a weight, both in double precision",
            makes_zeros=True,
        ),
        PenaltyMethod(
            "as-printed",
            AS_PRINTED,
            "reproduction: the article's listing, sign reversed",
            "w <- w - eta * (g - lam * s(w))",
            "What the article's listing really does: it pushes weights away from zero. Kept to reproduce the "
            "published figures; not a penalty, and not for real work.",
            "the article (2017), the listing as printed",
            is_real=False,
        ),
    )
}


def penalty_method(method_id: str) -> PenaltyMethod:
    """Table entry of a method; SettingError when there is none of that name."""
    if method_id not in METHODS:
        raise SettingError("method", f"there is no method {method_id!r}; choose one of {', '.join(METHODS)}")
    return METHODS[method_id]


@compiled
def sign(value):
    """Sign of a float32, 0 at 0."""
    return np.float32(value > 0) - np.float32(value < 0)


@compiled
def soft_threshold(value, threshold):
    """S(value, threshold) in float32; NaN stays NaN."""
    if value > threshold:
        return value - threshold
    if value < -threshold:
        return value + threshold
    # value - value is 0 for every finite value, and NaN for NaN: divergence must not become a zero.
    return value - value


@compiled
def penalised_step(method, w, g, paid, owed, eta, lam):  # noqa: C901, PLR0912 - a branch per method
    """Update one layer's weights in place.

    Parameters
    ----------
    method : int
        `PenaltyMethod.code`.
    w, g : float32 arrays of shape (n_weights,)
        The layer's weights, padding included, and their batch-mean gradients. Padding has w = g = 0, and
        every method leaves it at 0.
    paid : float64 array of shape (n_weights,)
        q of `cumulative`.
    owed : float
        u of `cumulative`, this update's eta * lam included.
    eta, lam : float
        Learning rate and strength.
    """
    n = w.size
    rate = np.float32(eta)
    strength = np.float32(lam)
    if method == NONE:
        for i in range(n):
            w[i] -= rate * g[i]
    elif method == GRADIENT:
        for i in range(n):
            w[i] -= rate * (g[i] + strength * sign(w[i]))
    elif method == TACK_ON:
        for i in range(n):
            w[i] = (w[i] - rate * g[i]) - strength * sign(w[i])
    elif method == AS_PRINTED:
        for i in range(n):
            w[i] -= rate * (g[i] - strength * sign(w[i]))
    elif method == PROXIMAL:
        threshold = np.float32(eta * lam)
        for i in range(n):
            w[i] = soft_threshold(w[i] - rate * g[i], threshold)
    elif method == CUMULATIVE:
        for i in range(n):
            z = np.float64(w[i]) - eta * np.float64(g[i])
            new = z
            if z > 0.0:
                new = max(0.0, z - (owed + paid[i]))
            elif z < 0.0:
                new = min(0.0, z + (owed - paid[i]))
            w[i] = np.float32(new)
            # From the stored weight, so that q remembers the float32 rounding too.
            paid[i] += np.float64(w[i]) - z
