"""The control column: the panels under each other, the buttons and key figures always in view."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from l1gui.app.controls.data import DataPanel
from l1gui.app.controls.figures import FiguresPanel
from l1gui.app.controls.network import NetworkPanel
from l1gui.app.controls.penalty import PenaltyPanel
from l1gui.app.controls.regularization import RegularizationPanel
from l1gui.app.controls.run import RunPanel
from l1gui.app.controls.training import TrainingPanel
from l1gui.app.dial_marks import Mark
from l1gui.app.fields import Check
from l1gui.app.states import RunState, Speed
from l1gui.app.theme import Palette
from l1gui.core.record import Snapshot
from l1gui.data.presets import Preset
from l1gui.settings import SPECS, RunSettings

WIDTH = 296
MARGIN = 16
SCROLL_BAR = 9


class ControlColumn(QFrame):
    """All controls; knows what they are called, not what they do.

    Signals
    -------
    presetChosen(str), settingEdited(str, object), trainToggled(), stepRequested(str), resetRequested(),
    exportRequested(), pruneRequested(), speedChosen(Speed), tableRequested(), tableChangeRequested(), linkPasted()
        What the user asked for; a setting's value is within its limits.
    """

    presetChosen = Signal(str)  # noqa: N815 - Qt's way of naming signals, here and below
    settingEdited = Signal(str, object)  # noqa: N815
    trainToggled = Signal()  # noqa: N815
    stepRequested = Signal(str)  # noqa: N815
    resetRequested = Signal()  # noqa: N815
    exportRequested = Signal()  # noqa: N815
    pruneRequested = Signal()  # noqa: N815
    speedChosen = Signal(object)  # noqa: N815
    tableRequested = Signal()  # noqa: N815
    tableChangeRequested = Signal()  # noqa: N815
    linkPasted = Signal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("column")
        self.setFixedWidth(WIDTH)
        self.data, self.network, self.training = DataPanel(), NetworkPanel(), TrainingPanel()
        self.penalty, self.regularization = PenaltyPanel(), RegularizationPanel()
        self.buttons, self.figures = RunPanel(), FiguresPanel()
        pinned = QVBoxLayout()
        pinned.setContentsMargins(MARGIN, 8, MARGIN, 10)
        pinned.setSpacing(10)
        pinned.addWidget(self.buttons)
        pinned.addWidget(self.figures)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scrolled_panels(), 1)
        layout.addLayout(pinned)
        self._connect()

    def _scrolled_panels(self) -> QScrollArea:
        inner = QWidget()
        inner.setObjectName("columnInner")
        # Narrower by the scroll bar, so that nothing moves or is cut when the bar comes.
        inner.setFixedWidth(WIDTH - SCROLL_BAR)
        panels = QVBoxLayout(inner)
        panels.setContentsMargins(MARGIN, 12, MARGIN - SCROLL_BAR, 8)
        panels.setSpacing(5)
        for title, panel in (
            ("DATA", self.data),
            ("L1 MODE AND LAMBDA", self.penalty),
            ("TRAINING", self.training),
            ("NETWORK", self.network),
            ("MORE REGULARIZATION", self.regularization),
        ):
            heading = QLabel(title)
            heading.setObjectName("section")
            panels.addWidget(heading)
            panels.addWidget(panel)
            panels.addSpacing(4)
        panels.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return scroll

    def _connect(self) -> None:
        self.data.presetChosen.connect(self.presetChosen)
        self.data.tableRequested.connect(self.tableRequested)
        self.data.tableChangeRequested.connect(self.tableChangeRequested)
        self.data.linkPasted.connect(self.linkPasted)
        for panel in (self.data, self.network, self.training, self.penalty, self.regularization):
            panel.edited.connect(self.settingEdited)
        self.buttons.trainToggled.connect(self.trainToggled)
        self.buttons.stepRequested.connect(self.stepRequested)
        self.buttons.resetRequested.connect(self.resetRequested)
        self.buttons.exportRequested.connect(self.exportRequested)
        self.buttons.pruneRequested.connect(self.pruneRequested)
        self.buttons.speedChosen.connect(self.speedChosen)

    def show_preset(self, preset: Preset) -> None:
        """Show which preset is on."""
        self.data.show_preset(preset)

    @Slot(str, str)
    def show_data(self, title: str, about: str) -> None:
        """Show data that no preset gives."""
        self.data.show_data(title, about)

    def show_settings(self, settings: RunSettings) -> None:
        """Show all settings, without a signal."""
        values = {name: settings.value(name) for name in SPECS}
        self.network.show_values(values)
        self.training.show_values(values)
        self.regularization.show_values(values)
        self.penalty.show_settings(settings)
        self.data.show_settings(settings)

    def show_state(self, state: RunState) -> None:
        """Show what can be done now."""
        self.buttons.show_state(state)

    def show_speed(self, speed: Speed) -> None:
        """Show the speed."""
        self.buttons.show_speed(speed)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the key figures."""
        self.figures.show_snapshot(snapshot)

    def set_check(self, check: Check) -> None:
        """Say what refuses values that are allowed but cannot be now."""
        for panel in (self.data, self.network, self.training, self.penalty, self.regularization):
            panel.set_check(check)

    @Slot(object, str, bool)
    def show_marks(self, marks: tuple[Mark, ...], text: str, is_scaled: bool) -> None:
        """Show where lambda kills the network; `is_scaled` lets the dial end where all marks can be seen."""
        self.penalty.show_marks(marks, text, is_scaled=is_scaled)

    def set_palette(self, palette: Palette) -> None:
        """Colour what the style sheet does not."""
        self.penalty.set_palette(palette)
