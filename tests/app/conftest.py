"""For the window's tests: isolated settings, the theme, and nothing left running behind a test."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QSettings, QThread
from PySide6.QtWidgets import QApplication

from l1gui.app import theme
from l1gui.app.main_window import MainWindow
from l1gui.app.states import FULL_SPEED, RunState
from l1gui.data.presets import preset

LIMIT_MS = 60_000


@pytest.fixture(autouse=True)
def _isolated_settings(tmp_path, qapp):
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    qapp.setOrganizationName("l1gui-tests")
    qapp.setApplicationName("l1gui-tests")


@pytest.fixture(scope="session", autouse=True)
def _theme(qapp):
    theme.load_fonts()
    theme.apply_theme(theme.DARK)


@pytest.fixture(autouse=True)
def _nothing_left(qapp):
    """No training thread and no visible window outlives its test."""
    yield
    left = [thread for thread in qapp.findChildren(QThread) if thread.isRunning()]
    assert not left
    assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


@pytest.fixture
def open_window(qtbot):
    windows = []

    def opened(preset_id="article", speed=FULL_SPEED, **values):
        settings = preset(preset_id).settings.with_values(**values)
        window = MainWindow(preset_id, settings, "dark")
        windows.append(window)
        window.resize(1440, 900)
        window.show()
        window.run.launch()
        window.install_views()
        window.set_speed(speed)
        qtbot.waitUntil(lambda: window.run.state is RunState.READY and window.run.frame is not None, timeout=LIMIT_MS)
        return window

    yield opened
    for window in windows:
        window.close()
        assert window.run.shut_down()
        window.deleteLater()
