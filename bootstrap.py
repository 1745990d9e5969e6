#!/usr/bin/env python3
"""Set l1gui up, run it, or check it, on a machine with Python and nothing else.

``python3 bootstrap.py run`` opens the window (what follows goes to l1gui), ``test`` runs the whole check, ``setup``
does the setting up alone. Everything is installed into ``.venv`` beside this file, at the pinned versions; on Debian
and its kin the system libraries that Qt needs are installed too where that is allowed, else the command is printed.

Only the standard library is used, and nothing that Python 3.9 lacks, so that an old Python can still say what it
needs. Each step can be repeated: after a failure or an interruption the next run goes on from there.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "l1gui-setup.txt"
REQUIREMENTS = ROOT / "requirements"
OLDEST, NEWEST = (3, 11), (3, 13)
USAGE = "Usage: python3 bootstrap.py setup | run [what l1gui gets] | test [what pytest gets]"

WINDOW_PACKAGES = (
    "libglib2.0-0", "libfontconfig1", "libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libxcb-cursor0",
    "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "libxcb-xkb1", "libxkbcommon-x11-0",
)  # fmt: skip
TEST_PACKAGES = ("xvfb", "xdotool", "openbox")
APT_SETTINGS = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}  # asks nothing, and in English

SHOW_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
AGAIN = "Then run this again: it goes on from here."
TAIL_LINES = 12
NOISE = r"Retrying \(Retry|Waiting for cache lock"
CAUSES = (
    (r"no space left|disk quota", "The disk is full: make room (1 GB is needed)."),
    (r"could not get lock|unable to (acquire|lock)", "Another program is installing packages: let it finish first."),
    (r"permission denied|read-only file system", "Something here may not be written: look whose it is."),
    (
        r"name resolution|failure resolving|connection|connect to|unreachable|timed out|proxy|certificate",
        "The network cannot be reached: check the connection, and https_proxy if there is a proxy.",
    ),
)


class SetupError(Exception):
    """Something that setting up cannot get past; the message says what to do."""


def say(text: str) -> None:
    """Tell the user, at once."""
    print(text, flush=True)


def attempt(command: list[str], **settings: str) -> tuple[int, str]:
    """Run a command quietly, with settings added to its environment; returns its exit status and its output."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd=ROOT,
            env={**os.environ, **settings},
        )  # fmt: skip
    except OSError as error:
        return 1, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def failure(what: str, output: str, remedy: str = "") -> SetupError:
    """Put into words what failed, the end of what it printed, the cause where it is a known one, and what to do."""
    lines = [line for line in output.splitlines() if line.strip() and not re.search(NOISE, line)]
    known = [advice for pattern, advice in CAUSES if re.search(pattern, output, re.IGNORECASE)]
    told = [f"{what} failed:", *("  " + line for line in lines[-TAIL_LINES:]), *known[:1], remedy, AGAIN]
    return SetupError("\n".join(line for line in told if line))


# -- Python ------------------------------------------------------------------------------------------------------------


def is_suitable(version: tuple[int, ...]) -> bool:
    """Whether l1gui runs on that version of Python."""
    return OLDEST <= version[:2] <= NEWEST


def find_python() -> str:
    """Path of a Python that suits: the one running this (outside any virtual environment), or one on the PATH."""
    if is_suitable(sys.version_info[:2]):
        return str(getattr(sys, "_base_executable", sys.executable))
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        launcher = ["py", f"-3.{minor}"] if os.name == "nt" else [f"python3.{minor}"]
        status, output = attempt([*launcher, "-c", "import sys; print(sys.executable)"])
        if status == 0:
            return output.strip()
    raise SetupError(
        f"l1gui needs Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}; this is {platform.python_version()}, "
        "and no other is on the PATH. Install one, then run this again with it."
    )


def venv_program(name: str) -> str:
    """Path of a program in the virtual environment."""
    folder, ending = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return str(VENV / folder / (name + ending))


# -- Debian packages ---------------------------------------------------------------------------------------------------


def has_apt() -> bool:
    """Whether this system installs packages with apt."""
    return sys.platform == "linux" and bool(shutil.which("apt-get")) and bool(shutil.which("dpkg-query"))


def is_root() -> bool:
    """Whether packages may be installed."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def missing_packages(packages: tuple[str, ...]) -> list[str]:
    """Those Debian packages that are not installed, under their own name or with the ending that 64-bit time gave."""
    asked = [name + ending for name in packages for ending in ("", "t64")]
    _, output = attempt(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n", *asked])
    present = {line.split()[-1] for line in output.splitlines() if line.startswith("installed ")}
    return [name for name in packages if not {name, name + "t64"} & present]


def apt_command(packages: list[str]) -> str:
    """The command that installs Debian packages, as a user would type it."""
    return "sudo apt-get update && sudo apt-get install --no-install-recommends " + " ".join(packages)


def install_packages(packages: list[str]) -> None:
    """Install Debian packages as root. Stale lists do no harm if they know the packages; so only the end counts."""
    say("Installing Debian packages: " + " ".join(packages))
    _, update_output = attempt(["apt-get", "-q", "update"], **APT_SETTINGS)
    options = ["-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=60"]
    status, output = attempt(["apt-get", "install", *options, *packages], **APT_SETTINGS)
    if status:
        remedy = f"Repair that, or run: {apt_command(packages)}"
        raise failure("Installing Debian packages", update_output + "\n" + output, remedy)


def provide_packages(packages: tuple[str, ...]) -> None:
    """Install what is missing of some Debian packages, or print how to."""
    missing = missing_packages(packages) if has_apt() else []
    if missing and is_root():
        install_packages(missing)
    elif missing:
        say(f"These Debian packages are missing, and only root may install them. Run:\n  {apt_command(missing)}")


# -- the virtual environment -------------------------------------------------------------------------------------------


def venv_version() -> str:
    """Version of the environment's Python, as in 3.11; empty when there is none that runs and has pip."""
    status, output = attempt([venv_program("python"), "-c", "import pip; " + SHOW_VERSION])
    return output.strip() if status == 0 else ""


def is_usable(version: str, stamp: list[str]) -> bool:
    """Whether the environment is whole, of a Python that suits, and was made where it is now."""
    is_here = not stamp or stamp[0] == str(ROOT)
    return is_here and bool(version) and is_suitable(tuple(int(part) for part in version.split(".")))


def make_venv(python: str) -> None:
    """Make the virtual environment anew, with pip in it; install Python's part for that first where Debian lacks it."""
    status, _ = attempt([python, "-c", "import venv, ensurepip"])
    if status and has_apt():
        package = f"python{attempt([python, '-c', SHOW_VERSION])[1].strip()}-venv"
        if not is_root():
            raise SetupError(f"Python lacks its venv module. Run:\n  {apt_command([package])}\n{AGAIN}")
        install_packages([package])
    say("Making .venv")
    status, output = attempt([python, "-m", "venv", "--clear", str(VENV)])
    if status:
        raise failure("Making .venv", output)


def read_stamp() -> list[str]:
    """Where the environment was made and what was installed into it last; empty when nothing is known."""
    return STAMP.read_text(encoding="utf-8", errors="surrogateescape").splitlines() if STAMP.is_file() else []


def write_stamp(*lines: str) -> None:
    """Note where the environment is made, and what is installed in it."""
    STAMP.write_text("\n".join([str(ROOT), *lines]), encoding="utf-8", errors="surrogateescape")


def fingerprint(version: str, wanted: str) -> str:
    """What the environment must have been made from to need nothing; `wanted` is "run" or "test"."""
    digest = hashlib.sha256()
    for path in (*sorted(REQUIREMENTS.glob("*.txt")), ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return f"{wanted} {version} {digest.hexdigest()}"


def install_python_packages(wanted: str) -> None:
    """Bring the environment to the pinned versions, the checkout itself among them."""
    pip = [venv_program("python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    say("Installing the Python packages (some minutes the first time)")
    steps = {
        "Installing the Python packages": ["-r", str(REQUIREMENTS / f"{wanted}.txt")],
        "Installing l1gui": ["--no-deps", "--no-build-isolation", "-e", str(ROOT)],
    }
    for what, options in steps.items():
        status, output = attempt([*pip, *options], PIP_USER="0")
        if status:
            raise failure(what, output)


def set_up(wanted: str) -> None:
    """Bring packages and environment up to date for "run" or "test"; takes a moment when they are."""
    provide_packages(WINDOW_PACKAGES + (TEST_PACKAGES if wanted == "test" else ()))
    version, stamp = venv_version(), read_stamp()
    usable = is_usable(version, stamp)
    enough = [fingerprint(version, "test"), fingerprint(version, wanted)]  # what the tests need includes the rest
    if usable and stamp[1:] and stamp[1] in enough:
        return
    if not usable:
        make_venv(find_python())
    write_stamp()
    install_python_packages(wanted)
    say("Compiling the training loops")
    status, output = attempt([venv_program("python"), "-m", "l1gui.core.warm"])
    say(output.strip() if status == 0 else "They cannot be compiled yet: the program tries again, and works without.")
    write_stamp(fingerprint(venv_version(), wanted))


# -- commands ----------------------------------------------------------------------------------------------------------


def run_checks(arguments: list[str]) -> int:
    """Run every check, the tests last; the exit status is 0 when all are clean."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    checks = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["lint-imports"]]
    failed = []
    for command in [*checks, ["pytest", *arguments]]:
        say("== " + " ".join(command))
        words = [venv_program(command[0]), *command[1:]]
        if subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode:
            failed.append(" ".join(command[:2]))
    if failed:
        say("Not clean: " + ", ".join(failed))
    return 1 if failed else 0


def run_program(arguments: list[str]) -> int:
    """Become the program; on Windows, where a process cannot, leave Ctrl-C to it and wait for it."""
    command = [venv_program("python"), str(ROOT / "main.py"), *arguments]
    if os.name != "nt":
        os.execv(command[0], command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.run(command, check=False).returncode


def main(words: list[str]) -> int:
    """Do what the first word says; returns the exit status."""
    command, arguments = (words[0], words[1:]) if words else ("", [])
    if command not in ("setup", "run", "test"):
        say(USAGE)
        return 0 if command in ("-h", "--help") else 2
    try:
        set_up("test" if command == "test" else "run")
        if command == "test":
            return run_checks(arguments)
        return run_program(arguments) if command == "run" else 0
    except (SetupError, OSError) as error:
        sys.stdout.flush()
        hint = "" if isinstance(error, SetupError) else f"\nRepair that. {AGAIN}"
        print(f"bootstrap: {error}{hint}", file=sys.stderr, flush=True)
        return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
