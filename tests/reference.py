"""Plain scalar re-implementation of the article's demo, an independent reference for the tests.

Nothing here is shared with the engine: one number at a time, in the order a simple hand-written program
would take them. All state is held as NumPy float32 scalars in nested lists, so every ``+ - *`` rounds to
float32 by itself; only tanh and the softmax are evaluated in float64 and rounded afterwards.

Run as a program (``python tests/reference.py``) it regenerates ``reference_table.json`` beside this file.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np

INPUTS, CLASSES = 10, 4
METHODS = (
    "none", "gradient", "tack-on", "as-printed", "proximal", "cumulative", "clipped", "truncated", "dual-averaging",
    "remove-on-crossing", "l2", "elastic", "group",
)  # fmt: skip
ALPHA, GAMMA = 0.5, 0.3

# Comparing or combining with a ready float32 is several times faster than with a Python number.
F32 = np.float32
ZERO, ONE = F32(0), F32(1)

Vector = list[np.float32]
Matrix = list[Vector]


def _draw_vector(rnd: random.Random, size: int, bound: float) -> Vector:
    """Draw `size` values uniform in (-bound, bound), computed in float64 and stored as float32."""
    return [F32((bound + bound) * rnd.random() - bound) for _ in range(size)]


def _draw_matrix(rnd: random.Random, rows: int, columns: int, bound: float) -> Matrix:
    """Draw a matrix row by row."""
    return [_draw_vector(rnd, columns, bound) for _ in range(rows)]


def _shrunk(value: np.float32 | float, threshold: np.float32 | float) -> np.float32 | float:
    """Return the value, moved towards zero by the threshold and stopped there."""
    if value > threshold:
        return value - threshold
    if value < -threshold:
        return value + threshold
    return value - value  # never -0.0


def _sum_of_squares(values: list[float]) -> float:
    """Return the sum of squares: of each eight neighbours by halves, one eight after the other."""
    total = 0.0
    for start in range(0, len(values), 8):
        squares = [v * v for v in values[start : start + 8]]
        squares += [0.0] * (8 - len(squares))
        while len(squares) > 1:
            half = len(squares) // 2
            squares = [a + b for a, b in zip(squares[:half], squares[half:], strict=True)]
        total += squares[0]
    return total


def _softmax(sums: Vector) -> Vector:
    """Return the softmax; differences in float32, exponentials and division in float64."""
    largest = max(sums)
    exponentials = [math.exp(s - largest) for s in sums]
    divisor = 0.0
    for e in exponentials:
        divisor += e
    return [F32(e / divisor) for e in exponentials]


class _Network:
    """A tanh-softmax network whose parameters are drawn in the order ih, hidden bias, ho, output bias.

    Parameters
    ----------
    rnd : random.Random
        Source of the parameters.
    hidden : int
        Number of hidden units.
    bound : float
        Parameters are uniform in (-bound, bound).
    """

    def __init__(self, rnd: random.Random, hidden: int, bound: float) -> None:
        self.ih = _draw_matrix(rnd, INPUTS, hidden, bound)
        self.h_bias = _draw_vector(rnd, hidden, bound)
        self.ho = _draw_matrix(rnd, hidden, CLASSES, bound)
        self.o_bias = _draw_vector(rnd, CLASSES, bound)

    def forward(self, x: Vector) -> tuple[Vector, Vector]:
        """Return the hidden and the output activations for one row of inputs."""
        ih, ho = self.ih, self.ho
        h: Vector = []
        for j, bias in enumerate(self.h_bias):
            total = ZERO
            for i, value in enumerate(x):
                total += value * ih[i][j]
            h.append(F32(math.tanh(total + bias)))
        sums: Vector = []
        for k, bias in enumerate(self.o_bias):
            total = ZERO
            for j, value in enumerate(h):
                total += value * ho[j][k]
            sums.append(total + bias)
        return h, _softmax(sums)

    def predict(self, x: Vector) -> int:
        """Return the class with the largest output, the first one on a tie."""
        _, o = self.forward(x)
        return o.index(max(o))


def _make_rows(generator: _Network, count: int, seed: int) -> tuple[Matrix, list[int]]:
    """Return `count` rows of inputs and the classes the generator network gives them."""
    inputs = _draw_matrix(random.Random(seed), count, INPUTS, 8.0)
    return inputs, [generator.predict(x) for x in inputs]


def _make_lists() -> tuple[Matrix, list[int], Matrix, list[int]]:
    """Return the article's data as lists of float32 scalars."""
    generator = _Network(random.Random(3), 15, 9.9)
    return *_make_rows(generator, 200, 16), *_make_rows(generator, 40, 18)


def make_data() -> tuple[np.ndarray, list[int], np.ndarray, list[int]]:
    """Return the article's data.

    Returns
    -------
    train_inputs : numpy.ndarray
        Shape (200, 10), float32.
    train_classes : list of int
        Class 0 to 3 of each training row.
    test_inputs : numpy.ndarray
        Shape (40, 10), float32.
    test_classes : list of int
        Class 0 to 3 of each test row.
    """
    train_inputs, train_classes, test_inputs, test_classes = _make_lists()
    return np.array(train_inputs, F32), train_classes, np.array(test_inputs, F32), test_classes


class ScalarRun:
    """One classifier in training on the article's data, a row at a time.

    Parameters
    ----------
    seed : int
        Seed of the random stream that draws the start and then shuffles the rows before every epoch.
    hidden : int
        Number of hidden units.
    learn_rate : float
        Learning rate.
    lam : float
        Strength of the penalty; biases are never penalised.
    method : str
        One of `METHODS`.

    Notes
    -----
    The constants `learn_rate`, `lam` and, for "proximal", their float64 product enter the arithmetic as
    float32. "cumulative" keeps its totals `u` and `q` in float64, adds them to a float32 `z`, rounds the new
    weight to float32 and only then takes ``w - z`` into `q`. "dual-averaging" and "group" keep float64 sums of the
    gradients and make each weight from them and from its float32 start; a group is a row of weights, all that leave
    one input or hidden unit. "truncated" shrinks once an epoch, by what all its updates owe.
    """

    def __init__(
        self,
        seed: int = 0,
        hidden: int = 8,
        learn_rate: float = 0.01,
        lam: float = 0.001,
        method: str = "none",
    ) -> None:
        if method not in METHODS:
            raise ValueError(f"unknown method {method!r}")
        self._rnd = random.Random(seed)
        self._net = _Network(self._rnd, hidden, 0.01)
        train_inputs, train_classes, test_inputs, test_classes = _make_lists()
        self._rows = {
            "train": list(zip(train_inputs, train_classes, strict=True)),
            "test": list(zip(test_inputs, test_classes, strict=True)),
        }
        # Shuffled on from where the epoch before left it, never put back in order.
        self._order = list(range(len(train_inputs)))
        self._rate = F32(learn_rate)
        self._lam = F32(lam)
        self._threshold = F32(learn_rate * lam)
        self._step = learn_rate * lam
        self._u = 0.0
        self._n_updates = 0
        self._elastic_threshold = F32(learn_rate * lam * ALPHA)
        self._elastic_divisor = F32(1 + learn_rate * lam * (1 - ALPHA))
        self._rate64, self._lam64 = learn_rate, lam
        self._method = method
        self._ih_start = [row[:] for row in self._net.ih]
        self._ho_start = [row[:] for row in self._net.ho]
        self._ih_q = [[0.0] * hidden for _ in range(INPUTS)]
        self._ho_q = [[0.0] * CLASSES for _ in range(hidden)]
        rules: dict[str, Callable[[np.float32, np.float32, list[float], int], np.float32]] = {
            "none": self._none,
            "gradient": self._gradient,
            "tack-on": self._tack_on,
            "as-printed": self._as_printed,
            "proximal": self._proximal,
            "cumulative": self._cumulative,
            "clipped": self._clipped,
            "truncated": self._none,
            "dual-averaging": self._summed,
            "remove-on-crossing": self._remove_on_crossing,
            "l2": self._l2,
            "elastic": self._elastic,
            "group": self._summed,
        }
        self._rule = rules[method]
        row_rules = {"dual-averaging": self._averaged_row, "group": self._group_row}
        self._row_rule = row_rules.get(method)

    # The rules: each takes a weight, its gradient and the place of its q, and returns the new weight.

    def _none(self, w: np.float32, g: np.float32, _q: list[float], _at: int) -> np.float32:
        return w - self._rate * g

    def _gradient(self, w: np.float32, g: np.float32, _q: list[float], _at: int) -> np.float32:
        if w > ZERO:
            g += self._lam
        elif w < ZERO:
            g -= self._lam
        return w - self._rate * g

    def _as_printed(self, w: np.float32, g: np.float32, _q: list[float], _at: int) -> np.float32:
        # The listing's sign slip: the penalty pushes the weight away from zero.
        if w > ZERO:
            g -= self._lam
        elif w < ZERO:
            g += self._lam
        return w - self._rate * g

    def _tack_on(self, w: np.float32, g: np.float32, _q: list[float], _at: int) -> np.float32:
        z = w - self._rate * g
        if w > ZERO:
            return z - self._lam
        if w < ZERO:
            return z + self._lam
        return z

    def _proximal(self, w: np.float32, g: np.float32, _q: list[float], _at: int) -> np.float32:
        z = w - self._rate * g
        if z > self._threshold:
            return z - self._threshold
        if z < -self._threshold:
            return z + self._threshold
        return ZERO

    def _cumulative(self, w: np.float32, g: np.float32, q: list[float], at: int) -> np.float32:
        z = w - self._rate * g
        z64 = float(z)
        new = z
        if z64 > 0.0:
            new = F32(max(0.0, z64 - (self._u + q[at])))
        elif z64 < 0.0:
            new = F32(min(0.0, z64 + (self._u - q[at])))
        q[at] += float(new) - z64
        return new

    def _clipped(self, w: np.float32, g: np.float32, _q: list[float], _at: int) -> np.float32:
        if w == ZERO:
            return ZERO - self._rate * _shrunk(g, self._lam)
        v = self._gradient(w, g, _q, _at)
        return ZERO if (v < ZERO < w) or (w < ZERO < v) else v

    def _remove_on_crossing(self, w: np.float32, g: np.float32, removed: list[float], at: int) -> np.float32:
        if removed[at]:
            return ZERO
        z = w - self._rate * g
        v = z
        if w > ZERO:
            v = z - self._threshold
        elif w < ZERO:
            v = z + self._threshold
        if (v < ZERO < z) or (z < ZERO < v):
            removed[at] = 1.0
            return ZERO
        return v

    def _l2(self, w: np.float32, g: np.float32, _q: list[float], _at: int) -> np.float32:
        return w - self._rate * (g + self._lam * w)

    def _elastic(self, w: np.float32, g: np.float32, _q: list[float], _at: int) -> np.float32:
        return _shrunk(w - self._rate * g, self._elastic_threshold) / self._elastic_divisor

    def _summed(self, w: np.float32, g: np.float32, sums: list[float], at: int) -> np.float32:
        # Only noted: the rule for the whole row makes the weights.
        sums[at] += float(g) if self._method == "dual-averaging" else self._rate64 * float(g)
        return w

    def _averaged_row(self, weights: Vector, start: Vector, sums: list[float]) -> None:
        t = self._n_updates
        scale = math.sqrt(t) / GAMMA
        for at, w0 in enumerate(start):
            weights[at] = F32(_shrunk(float(w0) - scale * (sums[at] / t), self._lam64 * scale))

    def _group_row(self, weights: Vector, start: Vector, sums: list[float]) -> None:
        v = [float(w0) - total for w0, total in zip(start, sums, strict=True)]
        norm = math.sqrt(_sum_of_squares(v))
        bound = self._u * math.sqrt(len(v))
        for at, each in enumerate(v):
            weights[at] = F32(each * (1 - bound / norm)) if norm > bound else ZERO

    def _end_epoch(self) -> None:
        """For "truncated": pay what the epoch's updates owe."""
        if self._method != "truncated":
            return
        owed, self._u = F32(self._u), 0.0
        for row in self._net.ih + self._net.ho:
            row[:] = [_shrunk(w, owed) for w in row]

    def _train_row(self, x: Vector, target: int) -> None:
        """Update every parameter from one row."""
        net, rate, rule = self._net, self._rate, self._rule
        ih, ho = net.ih, net.ho
        h, o = net.forward(x)
        # The demo uses the diagonal of the softmax Jacobian only.
        o_signals: Vector = []
        for k, out in enumerate(o):
            t = ONE if k == target else ZERO
            o_signals.append((out - t) * (ONE - out) * out)
        # Before ho changes: the hidden signals use the weights the row was computed with.
        h_signals: Vector = []
        for j, value in enumerate(h):
            total = ZERO
            for k, signal in enumerate(o_signals):
                total += signal * ho[j][k]
            h_signals.append((ONE - value) * (ONE + value) * total)
        self._u += self._step
        self._n_updates += 1
        for i, value in enumerate(x):
            weights, q = ih[i], self._ih_q[i]
            for j, signal in enumerate(h_signals):
                weights[j] = rule(weights[j], signal * value, q, j)
            if self._row_rule:
                self._row_rule(weights, self._ih_start[i], q)
        for j, signal in enumerate(h_signals):
            net.h_bias[j] -= rate * signal
        for j, value in enumerate(h):
            weights, q = ho[j], self._ho_q[j]
            for k, signal in enumerate(o_signals):
                weights[k] = rule(weights[k], signal * value, q, k)
            if self._row_rule:
                self._row_rule(weights, self._ho_start[j], q)
        for k, signal in enumerate(o_signals):
            net.o_bias[k] -= rate * signal

    def train(self, epochs: int) -> None:
        """Train for `epochs` more epochs; two calls in turn equal one call with the sum."""
        rows = self._rows["train"]
        for _ in range(epochs):
            self._rnd.shuffle(self._order)
            for n in self._order:
                self._train_row(*rows[n])
            self._end_epoch()

    def correct(self, part: str) -> int:
        """Return the number of rows of "train" or "test" that are classified correctly."""
        return sum(self._net.predict(x) == target for x, target in self._rows[part])

    def abs_sum(self) -> float:
        """Return the sum of abs(weight) in float64, biases left out."""
        return math.fsum(abs(float(w)) for row in self._net.ih + self._net.ho for w in row)

    def zeros(self) -> int:
        """Return the number of weights that are exactly zero, biases left out."""
        return sum(w == ZERO for row in self._net.ih + self._net.ho for w in row)

    def weights(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return copies of the parameters as float32 arrays.

        Returns
        -------
        ih : numpy.ndarray
            Shape (10, hidden).
        h_bias : numpy.ndarray
            Shape (hidden,).
        ho : numpy.ndarray
            Shape (hidden, 4).
        o_bias : numpy.ndarray
            Shape (4,).
        """
        net = self._net
        ih, h_bias = np.array(net.ih, F32), np.array(net.h_bias, F32)
        return ih, h_bias, np.array(net.ho, F32), np.array(net.o_bias, F32)


# Method, seed, lambda, learning rate, epochs: the four runs on the article's settings first, then a spread of
# others. From this small start a shrinking penalty of 0.002 or more kills the network; such rows test that.
TABLE = (
    ("none", 0, 0.001, 0.01, 500),
    ("as-printed", 0, 0.001, 0.01, 500),
    ("gradient", 0, 0.001, 0.01, 500),
    ("tack-on", 0, 0.001, 0.01, 500),
    ("none", 1, 0.001, 0.005, 200),
    ("none", 2, 0.001, 0.03, 100),
    ("gradient", 1, 0.002, 0.01, 300),
    ("gradient", 3, 0.0003, 0.03, 150),
    ("gradient", 4, 0.01, 0.005, 100),
    ("tack-on", 2, 0.0003, 0.01, 200),
    ("tack-on", 5, 0.01, 0.03, 50),
    ("tack-on", 1, 0.000005, 0.01, 300),
    ("as-printed", 3, 0.002, 0.005, 300),
    ("as-printed", 4, 0.0003, 0.03, 100),
    ("proximal", 1, 0.002, 0.03, 150),
    ("proximal", 5, 0.0003, 0.01, 300),
    ("proximal", 2, 0.01, 0.005, 100),
    ("proximal", 3, 0.001, 0.03, 150),
    ("cumulative", 3, 0.002, 0.03, 150),
    ("cumulative", 4, 0.0003, 0.01, 300),
    ("cumulative", 5, 0.01, 0.005, 100),
    ("cumulative", 1, 0.0003, 0.03, 150),
    ("cumulative", 2, 0.001, 0.01, 300),
    ("clipped", 1, 0.001, 0.01, 200),
    ("clipped", 3, 0.0003, 0.03, 100),
    ("clipped", 4, 0.01, 0.005, 50),
    ("truncated", 1, 0.001, 0.01, 200),
    ("truncated", 3, 0.0003, 0.03, 100),
    ("truncated", 4, 0.01, 0.005, 50),
    ("dual-averaging", 1, 0.001, 0.01, 200),
    ("dual-averaging", 3, 0.0003, 0.03, 100),
    ("dual-averaging", 4, 0.01, 0.005, 50),
    ("remove-on-crossing", 1, 0.001, 0.01, 200),
    ("remove-on-crossing", 3, 0.0003, 0.03, 100),
    ("remove-on-crossing", 4, 0.01, 0.005, 50),
    ("l2", 1, 0.001, 0.01, 200),
    ("l2", 3, 0.015, 0.03, 100),
    ("l2", 4, 0.1, 0.005, 50),
    ("elastic", 1, 0.001, 0.01, 200),
    ("elastic", 3, 0.003, 0.03, 100),
    ("elastic", 4, 0.03, 0.005, 50),
    ("group", 1, 0.0003, 0.01, 200),
    ("group", 3, 0.001, 0.03, 100),
    ("group", 4, 0.01, 0.005, 50),
)


def make_table() -> list[dict[str, str | int | float]]:
    """Carry out every run of `TABLE` and return one entry for each."""
    entries: list[dict[str, str | int | float]] = []
    for method, seed, lam, learn_rate, epochs in TABLE:
        run = ScalarRun(seed=seed, learn_rate=learn_rate, lam=lam, method=method)
        run.train(epochs)
        entry = {
            "method": method,
            "seed": seed,
            "lam": lam,
            "learn_rate": learn_rate,
            "epochs": epochs,
            "train": run.correct("train"),
            "test": run.correct("test"),
            "abs_sum": round(run.abs_sum(), 6),
            "zeros": int(run.zeros()),
        }
        print(*entry.values(), sep="\t", flush=True)
        entries.append(entry)
    return entries


if __name__ == "__main__":
    # Regenerates reference_table.json, which the tests read instead of repeating these slow runs.
    lines = ",\n".join("  " + json.dumps(entry) for entry in make_table())
    Path(__file__).with_name("reference_table.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
