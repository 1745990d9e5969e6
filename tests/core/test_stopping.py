"""The weights that early stopping restores, against runs that know nothing of early stopping."""

import numpy as np
import pytest

from l1gui.core.split import split_rows
from l1gui.core.task import Task
from l1gui.core.trainer import Trainer
from l1gui.data.presets import load_data, preset


@pytest.mark.parametrize(("method", "patience"), [("none", 15), ("cumulative", 10), ("dual-averaging", 12)])
def test_restored_weights_are_those_of_the_best_epoch(method, patience):
    settings = preset("article").settings.with_values(method=method, patience=patience, seed=1)
    data = load_data(settings)
    rows, test = (data.train_inputs, data.train_targets), (data.test_inputs, data.test_targets)
    stopped = Trainer(settings, Task(rows, test, 4))
    stopped.advance(10**9)
    assert stopped.stopped == "early"
    assert stopped.best_epoch == stopped.epoch - patience
    kept, held = split_rows(rows, settings)
    plain = Trainer(settings.with_values(patience=0), Task(kept, held, 4))  # the rows held out are its test rows
    plain.advance(len(kept[1]) * stopped.best_epoch)
    assert np.array_equal(plain.params, stopped.params)
    assert plain.test == stopped.validation
    plain.advance(len(kept[1]) * patience)
    losses = plain.history.view()["test_loss"]
    assert losses[1:].argmin() + 1 == stopped.best_epoch
    assert np.array_equal(losses, stopped.history.view()["validation_loss"])
