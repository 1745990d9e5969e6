"""The penalty methods: how each one's update moves a layer's weights. This is the one place that defines them.

A method is an entry of `METHODS` and a branch of `penalised_step`; the controls, the help texts, the command line and
the documentation read the entries. The step works on one layer's weights at once, so the method is chosen once per
layer and update. Biases never pass through here: they are not penalised.

Notation: w a weight, g its batch-mean gradient, eta the learning rate, lam the strength, z = w - eta * g, s(v) the sign
of v with s(0) = 0, S(v, a) = s(v) * max(0, abs(v) - a) the soft threshold, w0 the weight at which the method began.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from l1gui.core.compiled import inlined
from l1gui.core.lanes import LANES, load, select, sign, square_root, store, sum_by_halves, wide, zeros
from l1gui.spec import SettingError

(
    NONE, GRADIENT, TACK_ON, AS_PRINTED, CLIPPED, PROXIMAL, CUMULATIVE, TRUNCATED, DUAL_AVERAGING, REMOVE, L2, ELASTIC,
    GROUP,
) = range(13)  # fmt: skip

NO_TERM, L1_TERM, L2_TERM, ELASTIC_TERM, GROUP_TERM = range(5)
"""What a method adds to the objective: nothing, lam sum|w|, lam/2 sum w^2, the mix of both by alpha, group norms."""

OWED, UPDATES = range(2)
"""Columns of a layer's tally: the sum of eta * lam, and the number of updates."""

GAMMA = 0.3
"""Of dual averaging; the figures in docs/methods.md are for it."""


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
    term : int
        What it adds to the objective: `L1_TERM` and the names beside it.
    is_real : bool
        False for a reproduction that is no method for real work.
    makes_zeros : bool
        Whether it sets weights to exactly zero.
    uses : tuple of str
        Settings besides lambda that it obeys.
    keeps_sums : bool
        Whether each update makes the weight from the sum of all gradients so far, not from the weight before.
    is_unscaled : bool
        Whether each update applies lambda itself, not eta * lambda.
    """

    id: str
    code: int
    label: str
    formula: str
    help: str
    source: str = ""
    state: str = ""
    term: int = L1_TERM
    is_real: bool = True
    makes_zeros: bool = False
    uses: tuple[str, ...] = ()
    keeps_sums: bool = False
    is_unscaled: bool = False

    def strength(self, lam: float, eta: float) -> float:
        """The lambda of the objective that the method descends."""
        return lam / eta if self.is_unscaled else lam


METHODS = {
    method.id: method
    for method in (
        PenaltyMethod(
            "none", NONE, "no penalty", "w <- z", "Plain gradient descent; lambda has no effect.", term=NO_TERM
        ),
        PenaltyMethod(
            "gradient", GRADIENT, "L1, in the gradient", "w <- w - eta * (g + lam * s(w))",
            "The penalty's derivative joins the gradient. Weights come close to zero and jitter around it; none "
            "becomes exactly zero.",
            "the article (2017), by its own mathematics",
        ),
        PenaltyMethod(
            "tack-on", TACK_ON, "L1, tacked on", "w <- z - lam * s(w)",
            "Each update moves every weight by lambda towards zero, whatever the learning rate: it equals the "
            "gradient method at lambda / learning rate.",
            "the article (2017), 'An Alternative Approach to L1'", is_unscaled=True,
        ),
        PenaltyMethod(
            "clipped", CLIPPED, "L1, clipped at zero",
            "v = w - eta * (g + lam * s(w)); w <- 0 if v * w < 0, else v; from w = 0: w <- -eta * S(g, lam)",
            "As in the gradient, but a weight that would cross zero stops there, and leaves it only where the data "
            "pull harder than lambda.",
            "discussed by Tsuruoka, Tsujii & Ananiadou 2009", makes_zeros=True,
        ),
        PenaltyMethod(
            "proximal", PROXIMAL, "L1, proximal (soft threshold)", "w <- S(z, eta * lam)",
            "Step, then shrink by eta * lambda and stop at zero: makes exact zeros.",
            "Duchi & Singer 2009 (FOBOS)", makes_zeros=True,
        ),
        PenaltyMethod(
            "cumulative", CUMULATIVE, "L1, cumulative (exact zeros)",
            "u += eta * lam; z > 0: w <- max(0, z - (u + q)); z < 0: w <- min(0, z + (u - q)); q += w - z",
            "Each weight owes the whole penalty so far, u, and q remembers what it has paid; noise in single "
            "updates cannot keep a useless weight alive.",
            "Tsuruoka, Tsujii & Ananiadou 2009", "u: one number a layer; q: one number a weight, both double precision",
            makes_zeros=True,
        ),
        PenaltyMethod(
            "truncated", TRUNCATED, "L1, truncated gradient",
            "w <- z; after each epoch of K updates w <- S(w, K * eta * lam)",
            "Plain steps, and the whole epoch's penalty at its end, with a stop at zero. Zeros last until the next row "
            "is trained on, so look at whole epochs.",
            "Langford, Li & Zhang 2009, theta = infinity", "u: the penalty owed since the last epoch's end",
            makes_zeros=True,
        ),
        PenaltyMethod(
            "dual-averaging", DUAL_AVERAGING, "L1, regularized dual averaging",
            "w <- S(w0 - (sqrt(t) / gamma) * mean g, lam * sqrt(t) / gamma), gamma = 0.3",
            "The weight follows the mean of all gradients so far, so one row cannot revive it. The learning rate moves "
            "only the biases.",
            "Xiao 2010", "w0 and the sum of g: two numbers a weight; t: the number of updates", makes_zeros=True,
            keeps_sums=True,
        ),
        PenaltyMethod(
            "remove-on-crossing", REMOVE, "L1, a link that crosses zero is removed",
            "v = z - eta * lam * s(w); w <- 0 for ever if z * v < 0, else v",
            "What shrinks past zero never comes back, useful or not: very sparse, and less accurate.",
            "TensorFlow Playground's rule", "which links are removed", makes_zeros=True,
        ),
        PenaltyMethod(
            "l2", L2, "L2 (weight decay)", "w <- w - eta * (g + lam * w)",
            "Shrinks large weights most and small ones hardly: no zeros, but often the better accuracy.",
            "the article (2017); Krogh & Hertz 1991", term=L2_TERM,
        ),
        PenaltyMethod(
            "elastic", ELASTIC, "elastic net (L1 and L2)",
            "w <- S(z, eta * lam * alpha) / (1 + eta * lam * (1 - alpha))",
            "L1's zeros and L2's shrinking in one step; alpha is the share of L1.",
            "Zou & Hastie 2005", term=ELASTIC_TERM, makes_zeros=True, uses=("alpha",),
        ),
        PenaltyMethod(
            "group", GROUP, "group lasso (whole units)",
            "v = w0 - sum(eta * g); w_G <- v_G * max(0, 1 - u * sqrt(size of G) / norm(v_G)), u = sum(eta * lam)",
            "The outgoing weights G of an input or unit are zero together or not at all: it removes whole inputs and "
            "units. Summed over all updates, as in cumulative.",
            "Yuan & Lin 2006; Scardapane et al. 2017", "w0 and the sum of eta * g: two numbers a weight; u",
            term=GROUP_TERM, makes_zeros=True, keeps_sums=True,
        ),
        PenaltyMethod(
            "as-printed", AS_PRINTED, "reproduction: the article's listing, sign reversed",
            "w <- w - eta * (g - lam * s(w))",
            "What the article's listing really does: it pushes weights away from zero. Kept to reproduce the "
            "published figures; not a penalty, and not for real work.",
            "the article (2017), the listing as printed", is_real=False,
        ),
    )
}  # fmt: skip


def penalty_method(method_id: str) -> PenaltyMethod:
    """Table entry of a method; SettingError when there is none of that name."""
    if method_id not in METHODS:
        raise SettingError("method", f"there is no method {method_id!r}; choose one of {', '.join(METHODS)}")
    return METHODS[method_id]


@inlined
def soft_threshold(value, threshold):
    """S(value, threshold) of eight numbers; NaN stays NaN."""
    # value - value is 0 for every finite value, and NaN for NaN: divergence must not become a zero.
    return select(value > threshold, value - threshold, select(value < -threshold, value + threshold, value - value))


@inlined
def have_crossed(before, after):
    """Where numbers have gone from one side of zero to the other; by the signs: a product of tiny ones would be 0."""
    zero = before - before
    return ((before < zero) & (after > zero)) | ((before > zero) & (after < zero))


@inlined
def plus_step(g, memory, centre, eta, at):
    """Add eta times eight weights' gradients to their sums; v = w0 less the new sums."""
    total = load(memory, at) + eta * wide(load(g, at))
    store(memory, at, total)
    return wide(load(centre, at)) - total


@inlined
def shrunk(v, squares, pull):
    """Eight numbers v of a group, times max(0, 1 - pull / norm); the sum of the group's squares is given."""
    norm = square_root(squares)
    # NaN is above nothing, but must not become a zero either.
    return v - v if norm <= pull else v * (1.0 - pull / norm)


@inlined
def shrink_groups(w, g, memory, centre, eta, pull, width):
    """Group lasso: v = w0 - sum(eta * g), and w <- v * max(0, 1 - pull / norm(v)) for each row of w.

    The squares of eight neighbours are added by halves, and then to those before.
    """
    if width == LANES:
        for at in range(0, w.size, LANES):
            v = plus_step(g, memory, centre, eta, at)
            store(w, at, shrunk(v, sum_by_halves(v * v), pull))
    else:
        for start in range(0, w.size, width):
            squares = 0.0
            for at in range(start, start + width, LANES):
                v = plus_step(g, memory, centre, eta, at)
                squares += sum_by_halves(v * v)
            for at in range(start, start + width, LANES):
                store(w, at, shrunk(wide(load(centre, at)) - load(memory, at), squares, pull))


@inlined
def penalised_step(  # noqa: C901, PLR0912, PLR0915 - a branch per method
    method, w, g, memory, centre, tally, eta, lam, alpha, n_out, width, is_epoch_end
):
    """Update one layer's weights in place, eight at once.

    Parameters
    ----------
    method : int
        `PenaltyMethod.code`.
    w, g : float arrays of shape (n_in * width,)
        The layer's weights and their batch-mean gradients, a row of `width` per input, a multiple of 8, of which the
        first `n_out` count. Padding has w = g = 0, and every method leaves it at 0.
    memory : float64 array of w's shape
        What the method remembers of each weight: q, sum of g, sum of eta * g, or 1 for removed.
    centre : array of w's shape and type
        w0.
    tally : float64 array of shape (2,)
        Sum of eta * lam and number of updates, both counted here.
    eta, lam, alpha : float
        Learning rate, strength, share of L1 in the elastic net.
    is_epoch_end : bool
        Whether this is an epoch's last update.
    """
    n = w.size
    real = w.dtype.type
    rate, strength, step = real(eta), real(lam), real(eta * lam)
    tally[OWED] += eta * lam
    tally[UPDATES] += 1.0
    if method == NONE:
        for i in range(0, n, LANES):
            store(w, i, load(w, i) - rate * load(g, i))
    elif method == GRADIENT:
        for i in range(0, n, LANES):
            v = load(w, i)
            store(w, i, v - rate * (load(g, i) + strength * sign(v)))
    elif method == TACK_ON:
        for i in range(0, n, LANES):
            v = load(w, i)
            store(w, i, (v - rate * load(g, i)) - strength * sign(v))
    elif method == AS_PRINTED:
        for i in range(0, n, LANES):
            v = load(w, i)
            store(w, i, v - rate * (load(g, i) - strength * sign(v)))
    elif method == CLIPPED:
        for i in range(0, n, LANES):
            old, slope = load(w, i), load(g, i)
            v = old - rate * (slope + strength * sign(old))
            stopped = select(have_crossed(old, v), v - v, v)
            store(w, i, select(old == zeros(w), old - rate * soft_threshold(slope, strength), stopped))
    elif method == PROXIMAL:
        for i in range(0, n, LANES):
            store(w, i, soft_threshold(load(w, i) - rate * load(g, i), step))
    elif method == CUMULATIVE:
        owed = tally[OWED]
        for i in range(0, n, LANES):
            z, q = wide(load(w, i)) - eta * wide(load(g, i)), load(memory, i)
            less, more = z - (owed + q), z + (owed - q)
            below = select(z < 0.0, select(more < 0.0, more, 0.0), z)
            store(w, i, select(z > 0.0, select(less > 0.0, less, 0.0), below))
            # From the stored weight, so that q remembers the rounding too.
            store(memory, i, q + (wide(load(w, i)) - z))
    elif method == TRUNCATED:
        for i in range(0, n, LANES):
            store(w, i, load(w, i) - rate * load(g, i))
        if is_epoch_end:
            due = real(tally[OWED])
            tally[OWED] = 0.0
            for i in range(0, n, LANES):
                store(w, i, soft_threshold(load(w, i), due))
    elif method == DUAL_AVERAGING:
        root = square_root(tally[UPDATES]) / GAMMA
        for i in range(0, n, LANES):
            total = load(memory, i) + wide(load(g, i))
            store(memory, i, total)
            store(w, i, soft_threshold(wide(load(centre, i)) - root * (total / tally[UPDATES]), lam * root))
    elif method == REMOVE:
        for i in range(0, n, LANES):
            old = load(w, i)
            z = old - rate * load(g, i)
            v = z - step * sign(old)
            removed = select(have_crossed(z, v), 1.0, load(memory, i))
            store(memory, i, removed)
            store(w, i, select(removed == 0.0, v, v - v))
    elif method == L2:
        for i in range(0, n, LANES):
            v = load(w, i)
            store(w, i, v - rate * (load(g, i) + strength * v))
    elif method == ELASTIC:
        threshold, divisor = real(eta * lam * alpha), real(1.0 + eta * lam * (1.0 - alpha))
        for i in range(0, n, LANES):
            store(w, i, soft_threshold(load(w, i) - rate * load(g, i), threshold) / divisor)
    elif method == GROUP:
        shrink_groups(w, g, memory, centre, eta, tally[OWED] * square_root(np.float64(n_out)), width)
