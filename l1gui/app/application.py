"""Starting the window: what must be there first, the order in which things load, and how it ends."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from types import FrameType

from PySide6.QtCore import QObject, QSettings, QTimer, Slot
from PySide6.QtWidgets import QApplication

from l1gui.app import picture
from l1gui.app.mailbox import Frame
from l1gui.app.main_window import THEME_KEY, MainWindow
from l1gui.app.run import ENDED
from l1gui.app.states import SPEEDS, RunState
from l1gui.app.theme import load_fonts
from l1gui.app.window_actions import THEMES
from l1gui.files.atomic import FileError
from l1gui.options import WindowOptions

SIGNAL_LOOK_MS = 200
SWITCH_INTERVAL_S = 0.0001
"""How long the training thread may hold the interpreter while the window waits; Python's own is fifty times that."""
FIRST_PAINT_MS = 20
"""Time for the window to appear before the plots are loaded; the events that paint it come in that time."""
SETTLE_MS = 400
"""Time between the last frame and the picture, for views that draw a moment later."""
DEFAULT_SIZE = (1440, 900)

XCB_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


def missing_for_display() -> str:
    """Why no window can open here, in one line, or empty. Qt itself would end the process without a way back."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM", "xcb").split(":")[0] not in {"xcb", ""}:
        return ""
    if os.environ.get("WAYLAND_DISPLAY"):
        return ""
    if not os.environ.get("DISPLAY"):
        return "there is no display to open a window on (DISPLAY is not set); 'l1gui train' works without one"
    absent = []
    for library, package in XCB_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            absent.append(package)
    if absent:
        return f"libraries for the window are missing; install them: apt-get install {' '.join(absent)}"
    return ""


class Opening(QObject):
    """What `WindowOptions` ask for, done as the window comes up: plots, weights, training, picture."""

    def __init__(self, window: MainWindow, options: WindowOptions) -> None:
        super().__init__(window)
        self._window = window
        self._options = options
        self._is_pictured = False
        self.exit_status = 0
        self.signal_number = 0
        window.run.stateChanged.connect(self._on_state_changed)
        window.drawn.connect(self._on_drawn)
        self._is_started = False

    def note_signal(self, number: int, _frame: FrameType | None) -> None:
        """Remember a signal; it may come in the middle of a painting, so nothing is closed here."""
        self.signal_number = number

    @Slot()
    def look_for_signals(self) -> None:
        """Close the window if a signal has asked for it (and let Python run, without which it sees none)."""
        if self.signal_number:
            self._window.close()

    def begin(self) -> None:
        """Load the plots and launch the run, behind the window's first paint."""
        QTimer.singleShot(FIRST_PAINT_MS, self, self._load)

    @Slot()
    def _load(self) -> None:
        """Load the plots, then launch the run.

        On this thread, though the window stands still for it: pyqtgraph's import makes every enumeration of Qt's, and
        the process ends with a segmentation fault when this thread needs one that another is half through making.
        """
        self._window.install_views()
        self._window.run.launch()
        if self._options.open_file is not None:
            self._window.files.open_path(self._options.open_file)

    @Slot(object)
    def _on_state_changed(self, state: RunState) -> None:
        if state is RunState.READY and not gc.get_freeze_count():
            # Plots and compiler are there for good. A look of the garbage collector at them would stop all for 0.1 s.
            gc.freeze()
        self._start_if_ready()

    def _start_if_ready(self) -> None:
        # With the plots there and the loops compiled: a run that is asked for is seen from its start.
        is_ready = self._window.views is not None and self._window.run.state is RunState.READY
        if self._options.start_training and is_ready and not self._is_started:
            self._is_started = True
            self._window.run.toggle()

    @Slot(object)
    def _on_drawn(self, frame: Frame) -> None:
        if self._options.screenshot is None or self._is_pictured or frame.snapshot.grid is None:
            return
        # In a comparison the window's state is that of its last part only when no part is left to start.
        if not self._options.start_training or (frame.state in ENDED and self._window.run.is_last_part):
            self._is_pictured = True
            QTimer.singleShot(SETTLE_MS, self, self._take_picture)

    @Slot()
    def _take_picture(self) -> None:
        assert self._options.screenshot is not None  # noqa: S101 - the caller looked
        try:
            picture.save(self._window, self._options.screenshot)
        except FileError as error:
            sys.stderr.write(f"l1gui: error: {error}\n")
            self.exit_status = 2
        self._window.close()


def saved_theme() -> str:
    """The theme chosen in the View menu before; the system's when none was."""
    name = str(QSettings().value(THEME_KEY, "system"))
    return name if name in THEMES else "system"


def open_window(options: WindowOptions) -> int:
    """Open the window and stay until it is closed; returns the exit status."""
    if message := missing_for_display():
        sys.stderr.write(f"l1gui: error: {message}\n")
        return 2
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101 - it was just made
    app.setOrganizationName("l1gui")
    app.setApplicationName("l1gui")
    load_fonts()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    window = MainWindow(options.preset, options.settings, options.theme or saved_theme())
    window.resize(*(options.size or DEFAULT_SIZE))
    if options.speed is not None:
        window.set_speed(next(speed for speed in SPEEDS if speed.label == options.speed))
    opening = Opening(window, options)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, opening.note_signal)
    look = QTimer(interval=SIGNAL_LOOK_MS)
    look.timeout.connect(opening.look_for_signals)
    look.start()
    window.show()
    QTimer.singleShot(0, opening, opening.begin)
    app.exec()
    look.stop()
    status = 128 + opening.signal_number if opening.signal_number else opening.exit_status
    if not window.run.shut_down():
        # The thread is in something that nothing can interrupt; Qt would abort over it, so leave at once.
        sys.stdout.flush()
        os._exit(status)
    return status
