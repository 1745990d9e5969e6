"""The random numbers, against those that the npm package seedrandom 2.4.4 gave under Node 20."""

import copy

import pytest

from l1gui.data.seedrandom import SeedRandom

NUMBERS = [
    ("0.50000", [0.7542922813780981, 0.6952472186092381, 0.967419558600557, 0.9288992191318602]),
    ("0.5", [0.49767758747058916, 0.8074465011135612, 0.7863697779919979, 0.5454217249818671]),
    ("0.12345", [0.9152007406557323, 0.4702753218035592, 0.2736265229359467, 0.336097454418994]),
    ("", [0.23144008215179881, 0.27404636548159655, 0.7901279251811976, 0.9796063111261728]),
    ("a", [0.43449421599986604, 0.5451403460013228, 0.3578386258898537, 0.3358261103849553]),
    ("é", [0.5552529977398815, 0.04329078305847135, 0.6534705943084927, 0.8331429777528259]),
    ("𝄞 x", [0.8355994960198523, 0.8701551040174608, 0.8157894341808817, 0.24724036526552873]),
    ("x" * 255, [0.9080614664401105, 0.7435925582582555, 0.7446637697076844, 0.9660741049931157]),
    ("abc" * 100, [0.9989361869534188, 0.45618475583921403, 0.7159119370699039, 0.19360325486650992]),
    ("0123456789abcdef" * 40, [0.8394791191183432, 0.903076421420595, 0.6038209812202033, 0.7936745806298653]),
]
"""Seed, its first three numbers and its 5,000th."""


@pytest.mark.parametrize(("seed", "wanted"), NUMBERS, ids=lambda value: repr(value)[:12])
def test_numbers_are_those_of_the_package_to_the_last_bit(seed, wanted):
    stream = SeedRandom(seed)
    drawn = [stream.random() for _ in range(5_000)]
    assert [*drawn[:3], drawn[-1]] == wanted
    assert all(0.0 <= number < 1.0 for number in drawn)


def test_a_copy_goes_on_by_itself():
    stream = SeedRandom("a")
    stream.random()
    other = copy.deepcopy(stream)
    ahead = [other.random() for _ in range(10)]
    assert [stream.random() for _ in range(10)] == ahead


def test_uniform_numbers_are_stretched():
    plain, stretched = SeedRandom("a"), SeedRandom("a")
    assert [stretched.uniform(-6.0, 6.0) for _ in range(5)] == [plain.random() * 12.0 - 6.0 for _ in range(5)]
