"""Predicted and true numbers: the same rows each time, what the network says of them, no more than the eye takes."""

import numpy as np
import pytest

from l1gui.core.network import outputs
from l1gui.core.sample import MOST_POINTS, sample_rows
from l1gui.core.task import Task
from l1gui.core.trainer import Trainer
from l1gui.settings import RunSettings

rng = np.random.default_rng(0)
X = rng.normal(size=(5_000, 3)).astype(np.float32)
Y = X[:, 0] - 0.5 * X[:, 1] ** 2
SETTINGS = RunSettings().with_values(loss="squared", learn_rate=0.05, epochs=4, initialization="xavier")


def trained(task, **values):
    trainer = Trainer(SETTINGS.with_values(**values), task)
    trainer.advance(10**9)
    return trainer


def test_a_sample_stays_the_same_and_begins_with_smaller_ones():
    assert sample_rows(5).tolist() == [0, 1, 2, 3, 4]
    found = sample_rows(100_000)
    assert len(set(found.tolist())) == MOST_POINTS
    assert found.max() > 95_000
    assert sample_rows(100_000, 50).tolist() == found[:50].tolist()


def test_they_are_what_the_network_says():
    trainer = trained(Task((X, Y), (X[:300], Y[:300]), 0, validation=(X[300:900], Y[300:900])))
    found = trainer.predictions()
    assert [len(part) for part in (found.train, found.validation, found.test)] == [1_000, 500, 300]
    guess = outputs(trainer.layout, 0, trainer.params, X[:300], 3)[:, 0]
    assert found.test[:, 0].tolist() == Y[:300].tolist()
    assert found.test[:, 1] == pytest.approx(guess)
    chosen = sample_rows(len(Y), 1_000)
    assert found.train[:, 0].tolist() == Y[chosen].tolist()
    with pytest.raises(ValueError, match="read-only"):
        found.train[0, 0] = 1.0


def test_a_share_of_them_is_the_first_ones():
    trainer = trained(Task((X, Y), (X[:0], Y[:0]), 0))
    whole, some = trainer.predictions(), trainer.predictions(0.01)
    assert some.train.tolist() == whole.train[:10].tolist()
    assert some.test.shape == (0, 2)


def test_of_classes_there_are_none():
    trainer = trained(Task((X, (Y > 0).astype(int)), (X, (Y > 0).astype(int)), 2), loss="cross-entropy")
    assert trainer.predictions() is None
