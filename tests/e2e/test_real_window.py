"""One run in a real window on a real (virtual) screen, with mouse and keyboard, as a person would."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from l1gui.app import theme
from l1gui.files.atomic import FileError
from l1gui.files.weights import load_model

NEEDED = ("Xvfb", "xdotool", "openbox")
ROOT = Path(__file__).parents[2]
LIMIT_S = 120
TRIES = 20
COLUMN_PX = 296

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server"),
    pytest.mark.skipif(
        not all(map(shutil.which, NEEDED)), reason=f"needs {', '.join(NEEDED)}; bootstrap.py test says how to get them"
    ),
]

GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication(sys.argv)
app.primaryScreen().grabWindow(0).save(sys.argv[1])
"""


class Screen:
    """A virtual screen with a window manager; what is on it, and hands."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        # Not the first free number: servers in other file systems of the machine share its sockets, not its locks.
        number = random.SystemRandom().randrange(200, 30_000)
        self.environment = {
            **os.environ,
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "XDG_CONFIG_HOME": str(folder / "config"),
        }
        try:
            # Without -noreset the server starts anew when its last client goes, and throws out one that is just coming.
            server = self._start("Xvfb", f":{number}", "-screen", "0", "1500x960x24", "-nolisten", "tcp", "-noreset")
            until(lambda: self.asks("getmouselocation"), "screen", server)
            # A window that comes up before its manager is placed by nobody.
            until(lambda: self.asks("get_desktop"), "window manager", self._start("openbox"))
        except BaseException:
            self.close()
            raise

    def _start(self, *command):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.processes.append(subprocess.Popen(command, env=self.environment, **quiet))
        return self.processes[-1]

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(20)

    def picture(self):
        """Red, green and blue of every pixel, shape (height, width, 3)."""
        path = self.folder / "screen.png"
        subprocess.run([sys.executable, "-c", GRAB, path], env=self.environment, check=True, timeout=60)
        image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)

    def hands(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self.environment, check=True, timeout=60)

    def asks(self, *words):
        """Whether xdotool finds what the words ask for."""
        command = ["xdotool", *map(str, words)]
        return not subprocess.run(
            command, env=self.environment, capture_output=True, check=False, timeout=60
        ).returncode

    def click(self, place):
        self.hands("mousemove", *place, "click", 1)

    def drag(self, start, end):
        steps = np.linspace(start, end, 12).astype(int)
        words = ["mousemove", *start, "mousedown", 1]
        for step in steps:
            words += ["mousemove", "--sync", *step]
        self.hands(*words, "mouseup", 1)


def until(condition, what, program=None):
    """Ask until there is an answer; an answer that cannot come any more, or comes too late, is a failure.

    Both time and tries must run out: a machine that is put to sleep for a while has lost time, not tries.
    """
    limit = time.monotonic() + LIMIT_S
    tries = 0
    while time.monotonic() < limit or tries < TRIES:
        if answer := condition():
            return answer
        if program is not None and program.poll() is not None:
            raise AssertionError(f"the program ended with {program.returncode} before there was {what}")
        tries += 1
    raise AssertionError(f"there was no {what} in time, asked {tries} times")


def accent_rows(picture):
    """Where the accent colour is in the control column: its rows with the columns that it spans."""
    accent = np.array([int(theme.DARK.second[k : k + 2], 16) for k in (1, 3, 5)])
    near = (np.abs(picture - accent).sum(axis=2) < 24)[:, : COLUMN_PX + 60]
    return {int(row): np.flatnonzero(near[row]) for row in np.flatnonzero(near.sum(axis=1) > 3)}


def train_button(picture):
    """Centre of the main button: the widest block of accent colour; None while it is not there."""
    found = accent_rows(picture)
    rows = [row for row, columns in found.items() if len(columns) > 150]
    blocks = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    block = max(blocks, key=len)
    if len(block) < 15:
        return None
    return int(found[block[2]].mean()), int(np.mean(block))


def resting_button(screen):
    """The main button's centre, once it has come to rest; None until then."""
    first, second = train_button(screen.picture()), train_button(screen.picture())
    return first if first == second else None


def slider_handle(picture):
    """Centre of lambda's handle: where the accent colour stands tallest above the button."""
    x, y = train_button(picture)
    column = picture.copy()
    column[y - 60 :] = 0
    column[:, : x - COLUMN_PX // 2] = column[:, x + COLUMN_PX // 2 - 8 :] = 0
    rows = accent_rows(column)
    assert rows
    return int(rows[min(rows)].mean()), int(np.median(list(rows)))


@pytest.fixture
def screen(tmp_path):
    made = Screen(tmp_path)
    yield made
    made.close()


def exported(screen, path):
    """Export by the keyboard; the model in the file once it is there."""
    screen.hands("key", "ctrl+e")
    name = screen.hands
    until(lambda: screen.asks("search", "--name", "Export the weights"), "export dialog")
    name("key", "--delay", 60, "ctrl+a")
    name("type", "--delay", 8, str(path))
    name("key", "Return")

    def model():
        try:
            return load_model(path)
        except FileError:
            return None

    return until(model, "exported file")


def test_train_move_lambda_export_quit(screen, tmp_path):
    command = [sys.executable, "-m", "l1gui.cli.main", "--preset", "article", "--epochs", "500000"]
    program = subprocess.Popen([*command, "--theme", "dark", "--size", "1440x900"], env=screen.environment, cwd=ROOT)
    try:
        button = until(lambda: resting_button(screen), "Train button", program)
        before = screen.picture()
        screen.click(button)
        # The curves move: the right-hand side is another picture.
        until(lambda: np.abs(screen.picture() - before)[:, 500:].sum() > 10_000, "curve that moves", program)
        dense = exported(screen, tmp_path / "dense.npz")
        assert dense.metrics["epoch"] > 0
        handle = slider_handle(screen.picture())
        screen.drag(handle, (handle[0] + 80, handle[1]))
        number = iter(range(100))

        def sparse():
            model = exported(screen, tmp_path / f"sparse-{next(number)}.npz")
            return model if model.metrics["weights"]["below_threshold"] > 80 else None

        model = until(sparse, "sparse network", program)
        changes = [event for event in model.events if event["field"] == "lam"]
        assert changes
        assert changes[-1]["value"] > 0.005
        assert 0 < changes[0]["row"] <= changes[-1]["row"] < model.metrics["rows_seen"]
        assert model.sizes == (10, 8, 4)
        assert sum(float(np.abs(w).sum()) for w in model.weights) < 1.0
        screen.hands("key", "ctrl+q")
        assert program.wait(30) == 0
    finally:
        if program.poll() is None:
            program.kill()
            program.wait(20)
    # What was done by hand, live changes and all, can be done again to the last bit.
    last = max(tmp_path.glob("sparse-*.npz"), key=lambda path: path.stat().st_mtime)
    again = [sys.executable, "-m", "l1gui.cli.main", "replay", str(last), "--json"]
    assert (
        json.loads(subprocess.run(again, cwd=ROOT, capture_output=True, text=True, check=True).stdout)["same"] is True
    )


def test_terminate_in_mid_run_ends_cleanly(screen):
    command = [sys.executable, "-m", "l1gui.cli.main", "--epochs", "500000", "--train", "--speed", "full"]
    program = subprocess.Popen(command, env=screen.environment, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: resting_button(screen), "Pause button", program)
        program.terminate()
        _, said = program.communicate(timeout=30)
        assert program.returncode == 143
        assert said == ""
    finally:
        if program.poll() is None:
            program.kill()
            program.wait(20)


def test_closing_while_the_loops_are_compiled_is_prompt_and_clean(screen, tmp_path):
    command = [sys.executable, "-m", "l1gui.cli.main"]
    environment = {**screen.environment, "L1GUI_CACHE_DIR": str(tmp_path / "cold")}
    program = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: screen.asks("search", "--onlyvisible", "--name", "^l1gui$"), "window", program)
        program.terminate()
        _, said = program.communicate(timeout=5)
        assert program.returncode == 143
        assert said == ""
    finally:
        if program.poll() is None:
            program.kill()
            program.wait(20)


def test_no_display_is_one_clear_line():
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "l1gui.cli.main"],
        env={**environment, "QT_QPA_PLATFORM": "xcb"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "no display" in done.stderr
