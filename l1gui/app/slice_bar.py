"""Which slice of the input space is drawn: two inputs, and where the others are held."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QWidget

from l1gui.app.words import plain_names, tip
from l1gui.core.record import BoundaryRequest

AT_MEAN, AT_ROW = range(2)
LIST_MARGIN, WIDEST_LIST = 40, 420


class SliceBar(QWidget):
    """Two combo boxes for the axes, one for the other inputs, and a row number.

    Signals
    -------
    requestChanged(BoundaryRequest)
        The user wants another slice.
    """

    requestChanged = Signal(object)  # noqa: N815 - Qt's way of naming signals

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.x_input, self.y_input, self.held = QComboBox(), QComboBox(), QComboBox()
        self.row = QSpinBox()
        self.row.setPrefix("row ")
        self.held.addItems(["others at mean", "others at row"])
        names = ("Input along x", "Input along y", "Where the other inputs are held", "Training row that holds them")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget, name in zip((self.x_input, self.y_input, self.held, self.row), names, strict=True):
            widget.setAccessibleName(name)
            widget.setToolTip(name)
            widget.setObjectName("small")
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for text, widget, stretch in (
            ("x", self.x_input, 3),
            ("y", self.y_input, 3),
            ("", self.held, 5),
            ("", self.row, 3),
        ):
            if text:
                layout.addWidget(QLabel(text))
            layout.addWidget(widget, stretch)
        self.row.hide()
        self._last = (0, 1)
        for box in (self.x_input, self.y_input, self.held):
            box.currentIndexChanged.connect(self._on_changed)
        self.row.valueChanged.connect(self._on_changed)

    @property
    def request(self) -> BoundaryRequest:
        """The slice that is chosen."""
        if self.x_input.count() == 0:
            return BoundaryRequest()
        held_row = self.row.value() - 1 if self.held.currentIndex() == AT_ROW else None
        return BoundaryRequest(self.x_input.currentIndex(), self.y_input.currentIndex(), held_row)

    def set_inputs(self, names: tuple[str, ...], n_rows: int, chosen: tuple[int, int] = (0, 1)) -> None:
        """Offer other inputs, two of them chosen. No signal is sent."""
        blockers = [QSignalBlocker(widget) for widget in (self.x_input, self.y_input, self.held, self.row)]
        texts = plain_names(names)
        widest = max(map(self.fontMetrics().horizontalAdvance, texts), default=0)
        for box, number in zip((self.x_input, self.y_input), chosen, strict=True):
            box.clear()
            box.addItems(texts)
            box.setCurrentIndex(min(number, len(names) - 1))
            # The list may be wider than the box, whose room is small.
            box.view().setMinimumWidth(min(widest + LIST_MARGIN, WIDEST_LIST))
        self.held.setCurrentIndex(AT_MEAN)
        self.row.setRange(1, max(1, n_rows))
        self.row.hide()
        self._note_axes()
        del blockers

    def _note_axes(self) -> None:
        """Remember the axes' inputs, and tell their whole names, for which the boxes are narrow."""
        self._last = (self.x_input.currentIndex(), self.y_input.currentIndex())
        for box in (self.x_input, self.y_input):
            box.setToolTip(tip(f"{box.accessibleName()}: {box.currentText()}"))

    @Slot()
    def _on_changed(self) -> None:
        x, y = self.x_input.currentIndex(), self.y_input.currentIndex()
        if x == y:
            # Choosing the other axis' input swaps the two.
            blockers = [QSignalBlocker(self.x_input), QSignalBlocker(self.y_input)]
            self.x_input.setCurrentIndex(self._last[1] if x != self._last[0] or y == self._last[0] else x)
            self.y_input.setCurrentIndex(self._last[0])
            if self.x_input.currentIndex() == self.y_input.currentIndex():
                self.x_input.setCurrentIndex(self._last[1])
            del blockers
        self._note_axes()
        self.row.setVisible(self.held.currentIndex() == AT_ROW)
        self.requestChanged.emit(self.request)
