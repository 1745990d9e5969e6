"""For the window's tests: isolated settings, the theme, and nothing left running behind a test."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QSettings, QThread
from PySide6.QtWidgets import QApplication

from l1gui.app import theme


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
