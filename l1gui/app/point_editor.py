"""Points by mouse: a click adds one, a drag moves one, a right click deletes one, and every edit can be undone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QSizePolicy, QToolButton, QWidget

from l1gui.app.plotting import Plot
from l1gui.app.words import plain_names
from l1gui.core.sample import MOST_POINTS
from l1gui.data.dataset import Dataset

NEAR_PX = 8.0
LEAST_ROWS = 2
MOST_ROWS = MOST_POINTS
"""So many are drawn; a row that is not seen cannot be edited."""
TIP = "Click: add a point of the class chosen here. Drag: move a point. Right click: delete it. Ctrl+Z: undo."


def can_be_edited(dataset: Dataset) -> bool:
    """Whether the rows are points of a plane, each with a class, all of them seen; a table's are what they are."""
    is_plane = len(dataset.base_names) == 2  # noqa: PLR2004
    return is_plane and not (dataset.is_numeric or dataset.columns) and len(dataset.train_targets) <= MOST_ROWS


class PointEditor(QObject):
    """Edits the training rows of a set with two columns, on the plot that shows them.

    Signals
    -------
    edited(Dataset)
        The data, changed by one edit or its undoing.
    """

    edited = Signal(object)

    def __init__(self, figure: Plot, parent: QWidget) -> None:
        super().__init__(parent)
        self._figure = figure
        self._dataset: Dataset | None = None
        self._before: list[Dataset] = []
        self._held: int | None = None
        self.switch = QToolButton()
        self.switch.setText("edit points")
        self.switch.setCheckable(True)
        self.switch.setToolTip(TIP)
        self.choice = QComboBox()
        self.choice.setObjectName("small")
        self.choice.setAccessibleName("Class of added points")
        self.choice.setToolTip(TIP)
        self.choice.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.undo_button = QToolButton()
        self.undo_button.setText("undo")
        self.undo_button.setToolTip("Take the last edit back (Ctrl+Z)")
        self.switch.toggled.connect(self._on_toggled)
        self.undo_button.clicked.connect(self.undo)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), parent)
        shortcut.activated.connect(self.undo)
        figure.widget.viewport().installEventFilter(self)
        self._show_state()

    @property
    def tools(self) -> tuple[QWidget, ...]:
        """The controls, for the card's header."""
        return self.choice, self.undo_button, self.switch

    def set_dataset(self, dataset: Dataset) -> None:
        """Take other data; edits of data that are gone cannot be undone any more."""
        if dataset is self._dataset or any(dataset is each for each in self._before):
            return  # its own edit come back, or one before the newest, which is still on its way
        if not dataset.is_edited:
            self._before.clear()
        self._dataset = dataset
        names = plain_names(dataset.class_names)
        if tuple(self.choice.itemText(k) for k in range(self.choice.count())) != names:
            self.choice.clear()
            self.choice.addItems(names)
        self._show_state()

    @Slot()
    def undo(self) -> None:
        """Take the last edit back."""
        if self._before:
            self._dataset = self._before.pop()
            self._show_state()
            self.edited.emit(self._dataset)

    def add(self, place: tuple[float, float], class_number: int) -> None:
        """Add a row."""
        dataset = self._dataset
        if dataset is not None and len(dataset.train_targets) < MOST_ROWS:
            rows = np.vstack([dataset.base_train, np.array([place], dtype=np.float32)])
            self._change(rows, np.append(dataset.train_targets, class_number))

    def move(self, row: int, place: tuple[float, float]) -> None:
        """Give a row another place."""
        if self._dataset is not None:
            rows = self._dataset.base_train.copy()
            rows[row] = place
            self._change(rows, self._dataset.train_targets)

    def delete(self, row: int) -> None:
        """Take a row out; the last of its class stays, as a class without rows cannot be learnt."""
        dataset = self._dataset
        if dataset is None or (dataset.train_targets == dataset.train_targets[row]).sum() < LEAST_ROWS:
            return
        self._change(np.delete(dataset.base_train, row, axis=0), np.delete(dataset.train_targets, row))

    def _change(self, rows: npt.NDArray[np.float32], classes: npt.NDArray[np.int64]) -> None:
        assert self._dataset is not None  # noqa: S101 - the callers looked
        self._before.append(self._dataset)
        self._dataset = self._dataset.with_rows(rows, classes)
        self._show_state()
        self.edited.emit(self._dataset)

    def _show_state(self) -> None:
        can_edit = self._dataset is not None and can_be_edited(self._dataset)
        self.switch.setVisible(can_edit)
        is_on = can_edit and self.switch.isChecked()
        self.choice.setVisible(is_on)
        self.undo_button.setVisible(is_on)
        self.undo_button.setEnabled(bool(self._before))

    @Slot(bool)
    def _on_toggled(self, is_on: bool) -> None:
        cursor = Qt.CursorShape.CrossCursor if is_on else Qt.CursorShape.ArrowCursor
        self._figure.widget.viewport().setCursor(cursor)
        self._show_state()

    # -- the mouse ------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take presses and releases of the mouse while editing is on."""
        if isinstance(event, QMouseEvent) and self.switch.isChecked() and not self.switch.isHidden():
            if event.type() is QEvent.Type.MouseButtonPress:
                return self._on_press(event)
            if event.type() is QEvent.Type.MouseButtonRelease:
                return self._on_release(event)
        return super().eventFilter(watched, event)

    def _on_press(self, event: QMouseEvent) -> bool:
        row = self._row_at(event.position())
        if event.button() is Qt.MouseButton.RightButton:
            if row is not None:
                self.delete(row)
            return True
        self._held = row
        return event.button() is Qt.MouseButton.LeftButton

    def _on_release(self, event: QMouseEvent) -> bool:
        if event.button() is not Qt.MouseButton.LeftButton or self._dataset is None:
            return False
        row, self._held = self._held, None
        place = self._place_of(event.position())
        if row is None:
            self.add(place, self.choice.currentIndex())
        elif self._row_at(event.position()) != row:
            self.move(row, place)
        return True

    def _place_of(self, position: QPointF) -> tuple[float, float]:
        """Place under the mouse in the network's inputs."""
        assert self._dataset is not None  # noqa: S101 - the callers looked
        at, scaling = self._figure.item.getViewBox().mapSceneToView(position), self._dataset.base_scaling
        x, y = (np.array([at.x(), at.y()]) - scaling.offset) / scaling.scale
        return float(x), float(y)

    def _row_at(self, position: QPointF) -> int | None:
        """Training row under the mouse; the nearest of several."""
        dataset = self._dataset
        if dataset is None or not len(dataset.train_targets):
            return None
        scaling, box = dataset.base_scaling, self._figure.item.getViewBox()
        raw = dataset.base_train * scaling.scale + scaling.offset
        at, (width, height) = box.mapSceneToView(position), self._figure.size_px
        (left, right), (bottom, top) = self._figure.x_range, self._figure.y_range
        away = (raw - [at.x(), at.y()]) * [width / (right - left), height / (top - bottom)]
        squares = (away**2).sum(axis=1)
        nearest = int(squares.argmin())
        return nearest if squares[nearest] <= NEAR_PX**2 else None
