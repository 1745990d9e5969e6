#!/usr/bin/env python3
"""Set l1gui up, run it, or check it, on a machine with Python and nothing else.

``python3 bootstrap.py run`` opens the window (what follows goes to l1gui), ``test`` runs the whole check, ``setup``
does the setting up alone. Everything is installed into ``.venv`` beside this file, at the pinned versions; on Debian
and its kin the system libraries that Qt needs are installed too where that is allowed, else the command is printed.

Only the standard library is used, and nothing newer than Python 3.9 knows, so that an old Python can still say what
it lacks.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "l1gui-setup.txt"
REQUIREMENTS = ROOT / "requirements"
OLDEST, NEWEST = (3, 11), (3, 13)

WINDOW_PACKAGES = (
    "libglib2.0-0", "libfontconfig1", "libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libxcb-cursor0",
    "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "libxcb-xkb1", "libxkbcommon-x11-0",
)  # fmt: skip
TEST_PACKAGES = ("xvfb", "xdotool", "openbox")
RENAMED = {"libglib2.0-0": "libglib2.0-0t64"}
TAIL_LINES = 12


class SetupError(Exception):
    """Something that setting up cannot get past; the message says what to do."""


def say(text):
    """Tell the user, at once."""
    print(text, flush=True)


def run(command, what, remedy, **options):
    """Run a command quietly; SetupError with the end of its output when it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        cwd=ROOT,
        **options,
    )
    if done.returncode:
        output = done.stdout.decode("utf-8", "replace").strip().splitlines()
        raise SetupError("\n".join([f"{what} failed:", *("  " + line for line in output[-TAIL_LINES:]), remedy]))


def find_python():
    """A Python between OLDEST and NEWEST: this one, or one on the PATH."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    raise SetupError(
        f"l1gui needs Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}; this is {platform.python_version()}, and "
        "no other is on the PATH. Install one and run this again with it."
    )


def venv_program(name):
    """Path of a program in the virtual environment."""
    folder, ending = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return VENV / folder / (name + ending)


# -- Debian packages ---------------------------------------------------------------------------------------------------


def has_apt():
    """Whether this system installs packages with apt."""
    return sys.platform == "linux" and bool(shutil.which("apt-get")) and bool(shutil.which("dpkg-query"))


def is_root():
    """Whether packages may be installed."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def is_installed(package):
    """Whether a Debian package is there, under its old name or its new one."""
    names = [package] + ([RENAMED[package]] if package in RENAMED else [])
    for name in names:
        asked = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Status}", name],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if b"install ok installed" in asked.stdout:
            return True
    return False


def missing_packages(packages):
    """Those Debian packages that are not installed; none where there is no apt."""
    return [package for package in packages if not is_installed(package)] if has_apt() else []


def apt_command(packages):
    """The command that installs Debian packages, as a user would type it."""
    return "sudo apt-get install " + " ".join(packages)


def install_packages(packages):
    """Install Debian packages as root."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    remedy = f"Repair that, or run: {apt_command(packages)}\nThen run this again: it goes on from here."
    say("Installing Debian packages: " + " ".join(packages))
    run(["apt-get", "update"], "Updating the package lists", remedy, env=environment)
    known = [RENAMED[name] if name in RENAMED and not is_offered(name) else name for name in packages]
    command = ["apt-get", "install", "-y", "--no-install-recommends", *known]
    run(command, "Installing Debian packages", remedy, env=environment)


def is_offered(package):
    """Whether apt can install a package of that very name (a newer Debian renames some)."""
    asked = subprocess.run(
        ["apt-cache", "policy", package], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    lines = asked.stdout.decode("utf-8", "replace").splitlines()
    return any("Candidate:" in line and "(none)" not in line for line in lines)


def provide_packages(packages):
    """Install what is missing of some Debian packages, or print how to."""
    missing = missing_packages(packages)
    if not missing:
        return
    if is_root():
        install_packages(missing)
    else:
        say(f"These Debian packages are missing, and only root may install them:\n  {apt_command(missing)}")


# -- the virtual environment -------------------------------------------------------------------------------------------


def make_venv(python):
    """Make the virtual environment anew, with pip in it."""
    if VENV.exists():
        shutil.rmtree(VENV)
    if has_apt() and not can_make_venv(python):
        package = f"python{python_version(python)}-venv"
        if not is_root():
            raise SetupError(f"Python lacks its venv module. Run: {apt_command([package])}\nThen run this again.")
        install_packages([package, "ca-certificates"])
    say("Making .venv")
    run([python, "-m", "venv", VENV], "Making .venv", "Install Python's venv module, then run this again.")


def can_make_venv(python):
    """Whether that Python has the venv module, with pip to put into it."""
    asked = subprocess.run([python, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL, check=False)
    return asked.returncode == 0


def python_version(python):
    """As in 3.11."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([python, "-c", code], stdout=subprocess.PIPE, check=True).stdout.decode().strip()


def stamp_text(python, is_test):
    """What the environment was made from; another text means that it must be brought up to date."""
    digest = hashlib.sha256()
    for path in (*sorted(REQUIREMENTS.glob("*.txt")), ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return f"{digest.hexdigest()} {python} {ROOT} {'test' if is_test else 'run'}"


def is_up_to_date(python, is_test):
    """Whether an earlier set-up was finished and still holds; one for the tests is good for running too."""
    if not STAMP.is_file() or not venv_program("python").exists():
        return False
    accepted = [stamp_text(python, is_test=True)] + ([] if is_test else [stamp_text(python, is_test=False)])
    return STAMP.read_text(encoding="utf-8") in accepted


def set_up(is_test=False):
    """Bring packages and environment up to date; does nothing, fast, when they are."""
    python = find_python()
    packages = WINDOW_PACKAGES + (TEST_PACKAGES if is_test else ())
    if is_up_to_date(python, is_test):
        return
    provide_packages(packages)
    if not venv_program("python").exists() or not venv_program("pip").exists():
        make_venv(python)
    if STAMP.exists():
        STAMP.unlink()
    wanted = REQUIREMENTS / ("test.txt" if is_test else "run.txt")
    remedy = "Check the network and the room on the disk, then run this again: it goes on from here."
    pip = [venv_program("python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    say("Installing the Python packages (some minutes the first time)")
    run([*pip, "-r", wanted], "Installing the Python packages", remedy)
    run([*pip, "--no-deps", "--no-build-isolation", "-e", "."], "Installing l1gui", remedy)
    say("Compiling the training loops")
    warmed = subprocess.run([str(venv_program("python")), "-m", "l1gui.core.warm"], check=False, cwd=ROOT)
    if warmed.returncode:
        say("They could not be compiled now; the program will try again, and works without, only slower.")
    STAMP.write_text(stamp_text(python, is_test), encoding="utf-8")


def check(arguments):
    """Run every check; the exit status is 0 when all are clean. The tests come last."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    checks = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports"],
        ["pytest", *arguments],
    ]
    failed = []
    for command in checks:
        say("== " + " ".join(command))
        words = [str(venv_program(command[0])), *command[1:]]
        if subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode:
            failed.append(command[0])
    if failed:
        say("Not clean: " + ", ".join(failed))
    return 1 if failed else 0


def main(words):
    """Do what the first word says; returns the exit status."""
    command, arguments = (words[0], words[1:]) if words else ("", [])
    if command not in ("setup", "run", "test"):
        say("Usage: python3 bootstrap.py setup | run [what l1gui gets] | test [what pytest gets]")
        return 2
    try:
        set_up(is_test=command == "test")
    except SetupError as error:
        say(f"bootstrap: {error}")
        return 2
    except OSError as error:
        say(f"bootstrap: {error}. Repair that, then run this again: it goes on from here.")
        return 2
    if command == "test":
        return check(arguments)
    if command == "run":
        return subprocess.run([str(venv_program("l1gui")), *arguments], check=False).returncode
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
