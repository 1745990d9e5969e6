"""The picture behind the points: smooth pixels, and the colours of classes mixed into the card's."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtGui import QPainter

from l1gui.app.plotting import rgb

BLEND, LEAST_TINT = 0.45, 0.3


class SmoothImage(pg.ImageItem):
    """An image whose pixels are blended when it is drawn larger."""

    def paint(self, painter: QPainter, *options: Any) -> None:
        """Draw with bilinear scaling."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *options)


def tinted(outputs: npt.NDArray[np.float32], classes: list[str], card: str) -> npt.NDArray[np.uint8]:
    """Colours of the likeliest classes mixed into the card's: the surer, the stronger, so that a tie is a pale seam.

    `outputs` has shape (n, n, n_classes); the result (n, n, 3).
    """
    best, second = outputs[:, :, 0], np.zeros(outputs.shape[:2], dtype=np.float32)
    for k in range(1, outputs.shape[2]):
        second = np.maximum(second, np.minimum(best, outputs[:, :, k]))
        best = np.maximum(best, outputs[:, :, k])
    tint = BLEND * (LEAST_TINT + (1 - LEAST_TINT) * (best - second))
    ground = np.array(rgb(card), dtype=np.float32)
    shifts = np.array([rgb(name) for name in classes], dtype=np.float32) - ground
    mixed = shifts[outputs.argmax(axis=2)] * tint[:, :, None] + ground
    return mixed.astype(np.uint8)  # type: ignore[no-any-return]
