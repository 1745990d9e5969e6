"""A widget that keeps the area inside a plot's axes square, as large as fits, in the middle."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from l1gui.app.plotting import Plot


class SquareHolder(QWidget):
    """Holds one plot."""

    def __init__(self, plot: Plot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = plot
        self._margins = plot.margins_px
        plot.widget.setParent(self)
        plot.item.getViewBox().sigResized.connect(self._on_box_resized)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Place the plot."""
        super().resizeEvent(event)
        self.place()

    def place(self) -> None:
        """Give the plot its place, after its margins have changed too."""
        across, down = self._margins = self._plot.margins_px
        side = max(20, min(self.width() - across, self.height() - down))
        # The axis at the left weighs less than the picture: the square, not the whole, looks centred.
        left = max(0, (self.width() - side - across) // 2)
        self._plot.widget.setGeometry(left, (self.height() - side - down) // 2, side + across, side + down)

    @Slot(object)
    def _on_box_resized(self, _box: object) -> None:
        if self._plot.margins_px != self._margins:
            self.place()
