"""A virtual screen with a window manager, for the window's benchmark."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

NEEDED = ("Xvfb", "openbox", "xdotool")
PACKAGES = "xvfb openbox xdotool"
LIMIT_S = 60


def missing() -> str:
    """What is not installed, and how to get it; empty when all is there."""
    absent = [name for name in NEEDED if shutil.which(name) is None]
    return f"{', '.join(absent)} not found; install: apt-get install {PACKAGES}" if absent else ""


class Screen:
    """Xvfb and openbox, up when this is made.

    Attributes
    ----------
    environment : dict
        For programs that shall show themselves there.
    """

    def __init__(self, folder: Path, size: str = "1500x960") -> None:
        self._processes: list[subprocess.Popen[bytes]] = []
        number = random.SystemRandom().randrange(200, 30_000)
        self.environment = {
            **os.environ,
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "XDG_CONFIG_HOME": str(folder / "config"),
        }
        try:
            self._start("Xvfb", f":{number}", "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset")
            self._until(lambda: self._answers("getmouselocation"), "screen")
            self._start("openbox")
            self._until(lambda: self._answers("get_desktop"), "window manager")
        except BaseException:
            self.close()
            raise

    def _start(self, *words: str) -> None:
        quiet = subprocess.DEVNULL
        self._processes.append(subprocess.Popen(words, env=self.environment, stdout=quiet, stderr=quiet))

    def _answers(self, question: str) -> bool:
        words = ["xdotool", question]
        return subprocess.run(words, env=self.environment, capture_output=True, check=False).returncode == 0

    @staticmethod
    def _until(condition: Callable[[], bool], what: str) -> None:
        limit = time.monotonic() + LIMIT_S
        while not condition():
            if time.monotonic() > limit:
                raise TimeoutError(f"there was no {what} within {LIMIT_S} s")

    def close(self) -> None:
        """End both."""
        for process in reversed(self._processes):
            process.terminate()
            process.wait(LIMIT_S)
