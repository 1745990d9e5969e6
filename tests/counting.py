"""Size and sparsity of weights by their definitions, in NumPy: what the compiled counts are held to."""

import numpy as np

from l1gui.core.metrics import NEAR_ZERO, reach
from l1gui.core.record import WeightCounts


def weight_counts(weights, threshold=NEAR_ZERO):
    """Size and sparsity of a network's weights, per layer of shape (n_in, n_out)."""
    magnitudes = np.abs(np.concatenate([w.ravel() for w in weights]).astype(np.float64))
    from_inputs, to_outputs = reach(weights)
    # A unit with no live input is a constant: pruning folds it into the next biases, with its weights.
    kept = [a & b for a, b in zip(from_inputs, to_outputs, strict=True)]
    kept[-1][:] = True
    links = sum(
        int(((w != 0) & a[:, None] & b[None, :]).sum()) for w, a, b in zip(weights, kept, kept[1:], strict=False)
    )
    return WeightCounts(
        count=magnitudes.size,
        zero=int((magnitudes == 0).sum()),
        below_threshold=int(((magnitudes < threshold) | (magnitudes == 0)).sum()),
        threshold=threshold,
        abs_sum=float(magnitudes.sum()),
        abs_max=float(magnitudes.max(initial=0.0)),
        dead_units=sum(int((w == 0).all(axis=1).sum()) for w in weights[1:]),
        constant_units=sum(int((w == 0).all(axis=0).sum()) for w in weights[:-1]),
        live_inputs=int(to_outputs[0].sum()),
        effective_parameters=links + sum(int(units.sum()) for units in kept[1:]),
    )
