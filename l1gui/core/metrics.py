"""What views draw of a network's weights: histograms, and which units lead where. (`measures` counts, compiled.)"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from l1gui.core.record import LayerHistogram

NEAR_ZERO = 1e-3
"""Default threshold under which a weight's magnitude counts as near zero."""

N_BINS = 40

Matrices = Sequence[npt.NDArray[np.float32]]
Histograms = tuple[LayerHistogram, ...]


def reach(weights: Matrices) -> tuple[list[npt.NDArray[np.bool_]], list[npt.NDArray[np.bool_]]]:
    """Which units of each layer (inputs first) an input leads to, and which lead to an output, by nonzero weights."""
    links = [w != 0 for w in weights]
    from_inputs = [np.ones(links[0].shape[0], dtype=bool)]
    for link in links:
        from_inputs.append((from_inputs[-1][:, None] & link).any(axis=0))
    to_outputs = [np.ones(links[-1].shape[1], dtype=bool)]
    for link in reversed(links):
        to_outputs.insert(0, (link & to_outputs[0][None, :]).any(axis=1))
    return from_inputs, to_outputs


def histogram_top(largest: float) -> float:
    """A round number not below `largest`, in steps of about 1.5, so that an axis over it moves seldom."""
    if not largest > 0:
        return 1.0
    decade = 10.0 ** np.floor(np.log10(largest))
    return float(
        next((step * decade for step in (1.0, 1.5, 2.0, 3.0, 5.0, 7.5) if step * decade >= largest), 10.0 * decade)
    )


def layer_histograms(weights: Matrices, threshold: float = NEAR_ZERO) -> Histograms:
    """Histograms of each layer's weight magnitudes over common bins."""
    magnitudes = [np.abs(w.ravel().astype(np.float64)) for w in weights]
    edges = np.linspace(0.0, histogram_top(max(m.max() for m in magnitudes)), N_BINS + 1)
    edges.setflags(write=False)
    histograms = []
    for m in magnitudes:
        nonzero = m[m > 0]
        counts = np.histogram(nonzero, edges)[0].astype(np.int64)
        counts.setflags(write=False)
        histograms.append(
            LayerHistogram(m.size, m.size - nonzero.size, int((nonzero < threshold).sum()), edges, counts)
        )
    return tuple(histograms)
