"""Which settings there can be: names that the tables know, and values that go together; others get the reason."""

from __future__ import annotations

from l1gui.core.engine import AS_GIVEN, CARRY, SHUFFLED, UPDATE
from l1gui.core.losses import AUTO, OUTPUTS, activation, loss
from l1gui.core.network import PRECISIONS, initialization
from l1gui.core.penalties import METHODS, penalty_method
from l1gui.settings import SPECS, RunSettings
from l1gui.spec import SettingError

CHOICES = {
    "output_kind": (AUTO, *OUTPUTS),
    "order": (SHUFFLED, AS_GIVEN),
    "leftovers": (UPDATE, CARRY),
    "precision": (AUTO, *PRECISIONS),
}
"""Names of the settings that need no table of their own."""


def check_choices(settings: RunSettings) -> None:
    """SettingError, with the choices, for the name of a method, loss, activation or start that there is not."""
    penalty_method(settings.penalty.method)
    loss(settings.training.loss)
    activation(settings.network.activation)
    initialization(settings.network.initialization)
    for name, choices in CHOICES.items():
        if settings.value(name) not in choices:
            raise SettingError(
                name, f"there is no {SPECS[name].label.lower()} {settings.value(name)!r}; choose {', '.join(choices)}"
            )


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
    if settings.training.leftovers == CARRY and settings.penalty.method == "truncated":
        raise SettingError(
            "leftovers",
            "truncated pays at an epoch's last update, which leftovers that carry may not make: let them update",
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
