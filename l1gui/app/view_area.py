"""The views side by side: boundary and network above, loss, accuracy and weights below.

Importing this module brings pyqtgraph with it, so the window does so behind its first paint.
"""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from l1gui.app.mailbox import Frame
from l1gui.app.theme import Palette
from l1gui.app.views.accuracy import AccuracyView
from l1gui.app.views.boundary import BoundaryView
from l1gui.app.views.histogram import HistogramView
from l1gui.app.views.loss import LossView
from l1gui.app.views.network import NetworkView
from l1gui.core.record import BoundaryRequest, RunRecord
from l1gui.data.dataset import Dataset

GUTTER = 12
UPPER_SHARE, LOWER_SHARE = 57, 43


class ViewArea(QWidget):
    """All views; frames go to the visible ones only.

    Signals
    -------
    boundaryRequested(BoundaryRequest or None)
        The slice of the decision boundary that is to be drawn; None while its view is hidden.
    """

    boundaryRequested = Signal(object)  # noqa: N815 - Qt's way of naming signals

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boundary = BoundaryView()
        self.network = NetworkView()
        self.loss = LossView()
        self.accuracy = AccuracyView()
        self.histogram = HistogramView()
        self.views: dict[str, QWidget] = {
            "Decision boundary": self.boundary,
            "Network": self.network,
            "Loss": self.loss,
            "Accuracy": self.accuracy,
            "Weight magnitudes": self.histogram,
        }
        self._dataset: Dataset | None = None
        self._frame: Frame | None = None
        self._upper, self._lower = QWidget(), QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GUTTER, GUTTER, GUTTER, GUTTER)
        outer.setSpacing(GUTTER)
        outer.addWidget(self._upper, UPPER_SHARE)
        outer.addWidget(self._lower, LOWER_SHARE)
        self._lay_out(self._upper, self.boundary, self.network)
        self._lay_out(self._lower, self.loss, self.accuracy, self.histogram)
        self.boundary.requestChanged.connect(self._on_request_changed)
        self.set_palette(palette)

    @staticmethod
    def _lay_out(row: QWidget, *views: QWidget) -> None:
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GUTTER)
        for view in views:
            layout.addWidget(view, 1)

    def set_palette(self, palette: Palette) -> None:
        """Take another theme's colours."""
        for view in self._all():
            view.set_palette(palette)

    def show_frame(self, frame: Frame) -> None:
        """Draw a frame in the visible views."""
        self._frame = frame
        if frame.dataset is not self._dataset:
            self._dataset = frame.dataset
            self.boundary.set_dataset(frame.dataset)
            self.network.set_dataset(frame.dataset)
            self.boundaryRequested.emit(self.wanted_boundary)
        for view in self._all():
            if not view.isHidden():
                view.show_snapshot(frame.snapshot)

    def show_records(self, records: tuple[RunRecord, ...]) -> None:
        """Keep finished runs on the plots."""
        for view in self._all():
            view.show_records(records)

    def show_view(self, name: str, *, is_shown: bool) -> None:
        """Show or hide a view; hidden ones cost nothing."""
        view = self.views[name]
        view.setVisible(is_shown)
        self._upper.setVisible(not (self.boundary.isHidden() and self.network.isHidden()))
        self._lower.setVisible(not (self.loss.isHidden() and self.accuracy.isHidden() and self.histogram.isHidden()))
        if view is self.boundary:
            self._on_request_changed(self.boundary.request)
        if is_shown and self._frame is not None:
            view.show_snapshot(self._frame.snapshot)  # type: ignore[attr-defined]

    @property
    def wanted_boundary(self) -> BoundaryRequest | None:
        """The slice that is drawn; None while its view is hidden."""
        return None if self.boundary.isHidden() else self.boundary.request

    @Slot(object)
    def _on_request_changed(self, _request: BoundaryRequest) -> None:
        self.boundaryRequested.emit(self.wanted_boundary)

    def _all(self) -> tuple[BoundaryView, NetworkView, LossView, AccuracyView, HistogramView]:
        return self.boundary, self.network, self.loss, self.accuracy, self.histogram
