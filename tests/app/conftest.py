"""For the window's tests: isolated settings, the theme, and nothing left running behind a test."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from PySide6.QtCore import QSettings, QThread
from PySide6.QtWidgets import QApplication

from l1gui.app import theme
from l1gui.app.main_window import MainWindow
from l1gui.app.states import FULL_SPEED, RunState
from l1gui.data.dataset import Column, Dataset, Scaling
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


def scaling(offset, scale, n=1):
    return Scaling(np.full(n, float(offset)), np.full(n, float(scale)))


@pytest.fixture
def numbers():
    """Makes data with a number of mean 50 and spread 20 to be learned: 10 + 3 raw units to an input's."""

    def make(n_inputs=2, n_rows=200, n_validation=0, n_test=60, names=None, target="price", is_table=True):
        source = np.random.default_rng(1)
        rows = source.normal(size=(n_rows + n_validation + n_test, n_inputs)).astype(np.float32)
        numbers = np.sin(2 * rows[:, 0].astype(float)) + (rows[:, 1] if n_inputs > 1 else 0.0)
        a, b = n_rows, n_rows + n_validation
        names = tuple(names or (f"in{k}" for k in range(n_inputs)))
        return Dataset(
            "made", "", rows[:a], numbers[:a], rows[b:], numbers[b:], names, (), scaling(10, 3, n_inputs),
            validation_inputs=rows[a:b], validation_targets=numbers[a:b], target_name=target,
            target_scaling=scaling(50, 20), columns=tuple(map(Column, names)) if is_table else (),
        )  # fmt: skip

    return make


@pytest.fixture
def classes():
    """Makes data with classes, the nearest of some centres."""

    def make(n_classes=3, n_inputs=2, n_rows=300, n_test=60, names=None, input_names=None, is_table=True):
        source = np.random.default_rng(2)
        centres = 3 * source.normal(size=(n_classes, n_inputs))
        own = np.arange(n_rows + n_test) % n_classes
        rows = (centres[own] + source.normal(size=(len(own), n_inputs))).astype(np.float32)
        input_names = tuple(input_names or (f"in{k}" for k in range(n_inputs)))
        names = tuple(names or (f"class {k}" for k in range(n_classes)))
        return Dataset(
            "made", "", rows[:n_rows], own[:n_rows], rows[n_rows:], own[n_rows:], input_names, names,
            Scaling.identity(n_inputs), columns=tuple(map(Column, input_names)) if is_table else (),
        )  # fmt: skip

    return make
