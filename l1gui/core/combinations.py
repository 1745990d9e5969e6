"""Which settings there can be: names that the tables know, and values that go together; others get the reason."""

from __future__ import annotations

from l1gui.core.losses import activation, loss
from l1gui.core.network import initialization
from l1gui.core.penalties import METHODS, penalty_method
from l1gui.settings import RunSettings
from l1gui.spec import SettingError


def check_choices(settings: RunSettings) -> None:
    """SettingError, with the choices, for the name of a method, loss, activation or start that there is not."""
    penalty_method(settings.penalty.method)
    loss(settings.training.loss)
    activation(settings.network.activation)
    initialization(settings.network.initialization)


def check_combination(settings: RunSettings) -> None:
    """Refuse settings that are each allowed but cannot be together.

    Raises
    ------
    SettingError
        With the name of the setting to change first, and the reason.
    """
    patience, epochs = settings.stopping.patience, settings.training.epochs
    if patience > epochs:
        raise SettingError(
            "patience",
            f"Patience must be at most the run's epochs, {epochs:,}: one of {patience:,} could never end it; "
            "lower it, or raise the epochs",
        )
    if settings.regularization.dropout and not settings.network.hidden:
        raise SettingError("dropout", "Dropout leaves out hidden units and this network has none: set dropout to 0")
    method = penalty_method(settings.penalty.method)
    if settings.regularization.max_norm and method.keeps_sums:
        others = ", ".join(each.id for each in METHODS.values() if each.keeps_sums)
        raise SettingError(
            "max_norm",
            f"Max-norm cannot go with {others}: they make each weight anew from the sum of all gradients, which undoes "
            "the scaling back; set max-norm to 0 or choose another method",
        )
