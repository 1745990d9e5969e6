"""What a person is told about the end of a run."""

from __future__ import annotations

from l1gui.core.penalties import L1_TERM, penalty_method
from l1gui.settings import RunSettings


def diverged_text(settings: RunSettings, epoch: int, kept: int, *, is_numeric: bool) -> str:
    """That a run diverged in `epoch`, that the weights after the one `kept` are there, and which setting to change."""
    rate, lam = settings.training.learn_rate, settings.penalty.lam
    method = penalty_method(settings.penalty.method)
    pull = rate * method.strength(lam, rate) if method.term else 0.0
    # A number has no scale of its own, and lambda follows it; L1 never throws a weight further than past zero.
    is_pulled = pull > min(1.0, rate) and not (is_numeric and method.term == L1_TERM)
    name, value = ("lambda", lam) if is_pulled else ("learning rate", rate)
    return (
        f"The run diverged in epoch {epoch:,}: its weights or losses are no longer finite. Kept: the weights after "
        f"epoch {kept:,}. The {name}, {value:g}, is too large; try {value / 10:g} and press Reset."
    )


def restored_text(epoch: int, best_epoch: int, patience: int) -> str:
    """That the best weights are back; `patience` is that which was over, or 0 where all epochs are done."""
    reason = f"All {epoch:,} epochs are done."
    if patience:
        reason = f"Stopped after epoch {epoch:,}: no better validation loss for {patience:,} epochs."
    return f"{reason} Restored: the best weights, those after epoch {best_epoch:,}."
