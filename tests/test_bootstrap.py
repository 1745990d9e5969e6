"""Setting up, with a machine that is played: no installer runs, and every fault can be had."""

import ast
import importlib.util
import re
import shutil
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
NAME_WITH_TRAPS = "Größe & 'Maß' äöü"
DEBIAN = {"libfontconfig1", "libegl1"}


class PlayedMachine:
    """Answers the commands that bootstrap would run, and remembers them."""

    def __init__(self, boot):
        self.boot = boot
        self.commands = []
        self.installed = set(DEBIAN)
        self.pythons = {}
        self.faults = {}
        self.venv_version = ""
        self.has_venv_module = True

    def attempt(self, command, **settings):
        """Stand in for bootstrap's own `attempt`."""
        self.commands.append(" ".join(command).replace(str(self.boot.VENV), "VENV"))
        for words, output in self.faults.items():
            if words in self.commands[-1]:
                return 1, output
        if command[0] == "dpkg-query":
            return 1, "".join(f"installed {name}\n" for name in command[4:] if name in self.installed)
        if command[:2] == ["apt-get", "install"]:
            self.installed.update(word for word in command if word.startswith(("lib", "x", "python3", "openbox")))
            self.has_venv_module |= any(word.endswith("-venv") for word in command)
        return self.answer_python(command)

    def answer_python(self, command):
        line = " ".join(command)
        if "import pip" in line:
            return (0, self.venv_version + "\n") if self.venv_version else (1, "No module named pip")
        if "ensurepip" in line:
            return (0 if self.has_venv_module else 1), ""
        if "-m venv" in line:
            Path(command[-1]).mkdir(exist_ok=True)
            self.boot.STAMP.unlink(missing_ok=True)
            self.venv_version = "3.12"
        if "sys.executable" in line:
            return (0, self.pythons[command[0]]) if command[0] in self.pythons else (1, "not found")
        return 0, "3.12"

    def forget(self):
        self.commands.clear()

    def ran(self, words):
        """The commands that have these words in them."""
        return [command for command in self.commands if words in command]


@pytest.fixture
def checkout(tmp_path):
    """A checkout of what bootstrap looks at, in a folder with a troublesome name."""
    folder = tmp_path / NAME_WITH_TRAPS
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    for name in ("bootstrap.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def boot(checkout, monkeypatch):
    """That checkout's bootstrap, loaded."""
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", checkout / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "has_apt", lambda: False)
    monkeypatch.setattr(module, "is_root", lambda: False)
    return module


@pytest.fixture
def machine(boot, monkeypatch):
    played = PlayedMachine(boot)
    monkeypatch.setattr(boot, "attempt", played.attempt)
    return played


@pytest.fixture
def debian(boot, machine, monkeypatch):
    monkeypatch.setattr(boot, "has_apt", lambda: True)
    return machine


# -- Python ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "suits"),
    [
        ((2, 7), False),
        ((3, 9, 18), False),
        ((3, 10), False),
        ((3, 11, 0), True),
        ((3, 13, 9), True),
        ((3, 14, 0), False),
    ],
)
def test_versions_of_python(boot, version, suits):
    assert boot.is_suitable(version) is suits


def test_old_pythons_can_read_it():
    ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 9))


def test_unsuitable_python_is_told_in_one_line(boot, machine, monkeypatch, capsys):
    monkeypatch.setattr(boot, "OLDEST", (3, 98))
    monkeypatch.setattr(boot, "NEWEST", (3, 99))
    assert boot.main(["setup"]) == 2
    told = capsys.readouterr().err
    assert re.fullmatch(r"bootstrap: l1gui needs Python 3\.98 to 3\.99; this is 3\..*Install one.*\n", told)
    assert not machine.ran("-m venv")


def test_another_python_on_the_path_is_taken(boot, machine, monkeypatch):
    monkeypatch.setattr(boot, "OLDEST", (3, 98))
    monkeypatch.setattr(boot, "NEWEST", (3, 99))
    machine.pythons["python3.98"] = "/somewhere/python3.98\n"
    assert boot.find_python() == "/somewhere/python3.98"


# -- steps, and going on -----------------------------------------------------------------------------------------------


def test_the_first_time_does_each_step_and_the_second_none(boot, machine):
    assert boot.main(["setup"]) == 0
    steps = ["-m venv --clear VENV", "install --quiet -r", "--no-deps --no-build-isolation -e", "-m l1gui.core.warm"]
    places = [machine.commands.index(machine.ran(step)[0]) for step in steps]
    assert places == sorted(places)
    machine.forget()
    assert boot.main(["setup"]) == 0
    assert len(machine.commands) == 1
    assert "import pip" in machine.commands[0]


def test_what_the_tests_need_is_enough_to_run(boot, machine):
    boot.set_up("run")
    boot.set_up("test")
    assert [command[-7:] for command in machine.ran(" -r ")] == ["run.txt", "est.txt"]
    machine.forget()
    boot.set_up("run")
    assert not machine.ran("install")


def test_changed_pins_are_installed_into_the_same_environment(boot, machine, checkout):
    boot.set_up("run")
    machine.forget()
    with (checkout / "requirements/run.txt").open("a", encoding="utf-8") as file:
        file.write("added==1.0\n")
    boot.set_up("run")
    assert machine.ran(" -r ")
    assert not machine.ran("-m venv")


def test_after_a_failed_installation_the_next_run_goes_on(boot, machine, capsys):
    machine.faults[" -r "] = "Retrying\nERROR: Temporary failure in name resolution"
    assert boot.main(["setup"]) == 2
    told = capsys.readouterr().err
    assert "Installing the Python packages failed:\n  Retrying\n  ERROR: Temporary failure" in told
    assert "The network cannot be reached" in told
    assert told.endswith("goes on from here.\n")
    machine.faults.clear()
    machine.forget()
    assert boot.main(["setup"]) == 0
    assert machine.ran(" -r ")
    assert not machine.ran("-m venv")


@pytest.mark.parametrize("version", ["", "3.10", "3.14"], ids=["half made", "too old", "too new"])
def test_an_environment_that_cannot_be_used_is_made_anew(boot, machine, version):
    boot.set_up("run")
    machine.forget()
    machine.venv_version = version
    boot.set_up("run")
    assert machine.ran("-m venv --clear VENV")


def test_an_environment_that_was_moved_is_made_anew(boot, machine):
    boot.set_up("run")
    boot.STAMP.write_text(boot.STAMP.read_text(encoding="utf-8").replace("Maß", "Maße"), encoding="utf-8")
    boot.set_up("run")
    assert len(machine.ran("-m venv")) == 2


def test_an_environment_that_someone_else_made_is_used(boot, machine):
    boot.VENV.mkdir()
    machine.venv_version = "3.11"
    boot.set_up("run")
    assert not machine.ran("-m venv")
    assert boot.STAMP.read_text(encoding="utf-8").startswith(f"{boot.ROOT}\nrun 3.11 ")


def test_loops_that_cannot_be_compiled_do_not_stop_it(boot, machine, capsys):
    machine.faults["l1gui.core.warm"] = "ImportError"
    assert boot.main(["setup"]) == 0
    assert "cannot be compiled yet" in capsys.readouterr().out


def test_a_disk_that_is_full_at_the_last_moment_is_told(boot, machine, monkeypatch, capsys):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(boot, "write_stamp", refuse)
    assert boot.main(["setup"]) == 2
    assert "No space left on device\nRepair that. Then run this again" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        ("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1 (apt)", "Another program"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("W: Failed to fetch http://x  Temporary failure resolving 'x'\nE: Unable to locate package xvfb", "network"),
        ("ProxyError('Cannot connect to proxy.')", "https_proxy"),
        ("[Errno 13] Permission denied: '/x'", "may not be written"),
    ],
)
def test_known_causes_are_put_plainly(boot, output, cause):
    assert cause in str(boot.failure("Something", output))


def test_of_long_output_the_end_is_shown(boot):
    output = "\n".join(f"line {i}\n\nWARNING: Retrying (Retry(total={i}))" for i in range(500))
    told = str(boot.failure("Something", output, "Do this."))
    assert told.splitlines() == [
        "Something failed:", *(f"  line {i}" for i in range(488, 500)), "Do this.", boot.AGAIN,
    ]  # fmt: skip


def test_commands_are_run_quietly_in_the_checkout(boot, capfd):
    code = "import os; print(os.environ['WORD'], os.path.basename(os.getcwd()).isascii()); raise SystemExit(3)"
    assert boot.attempt([boot.sys.executable, "-c", code], WORD="said", PYTHONUTF8="1") == (3, "said False\n")
    status, output = boot.attempt(["l1gui-has-no-such-program"])
    assert (status, "l1gui-has-no-such-program" in output) == (1, True)
    assert capfd.readouterr() == ("", "")


# -- Debian packages ---------------------------------------------------------------------------------------------------


def test_root_gets_what_is_missing_and_only_that(boot, debian, monkeypatch):
    monkeypatch.setattr(boot, "is_root", lambda: True)
    boot.set_up("test")
    update, install = debian.ran("apt-get")
    assert update == "apt-get -q update"
    assert install.startswith("apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=60 libglib2.0-0 ")
    assert install.endswith(" xvfb xdotool openbox")
    assert not DEBIAN & set(install.split())
    debian.forget()
    boot.set_up("test")
    assert not debian.ran("apt-get")


def test_others_are_told_the_command_and_it_goes_on(boot, debian, capsys):
    assert boot.main(["setup"]) == 0
    assert not debian.ran("apt-get")
    told = capsys.readouterr().out
    assert "only root may install them. Run:\n  sudo apt-get update && sudo apt-get install" in told
    assert "xvfb" not in told
    assert boot.main(["setup"]) == 0
    assert "only root" in capsys.readouterr().out, "told until they are there"


def test_renamed_packages_count(boot, debian):
    debian.installed = {"libglib2.0-0t64", "xvfb"}
    assert boot.missing_packages(("libglib2.0-0", "xvfb", "openbox")) == ["openbox"]


def test_packages_that_cannot_be_installed_are_told_with_the_command(boot, debian, monkeypatch, capsys):
    monkeypatch.setattr(boot, "is_root", lambda: True)
    debian.faults["apt-get install"] = "E: Could not get lock /var/lib/dpkg/lock-frontend"
    assert boot.main(["setup"]) == 2
    told = capsys.readouterr().err
    assert "Another program is installing packages" in told
    assert "or run: sudo apt-get update && sudo apt-get install --no-install-recommends libglib2.0-0" in told


def test_without_the_venv_module_root_installs_it(boot, debian, monkeypatch):
    monkeypatch.setattr(boot, "is_root", lambda: True)
    debian.has_venv_module = False
    boot.set_up("run")
    assert debian.ran("apt-get install")[-1].endswith(" python3.12-venv")
    assert debian.ran("-m venv")


def test_without_the_venv_module_others_are_told_the_command(boot, debian, capsys):
    debian.has_venv_module = False
    assert boot.main(["setup"]) == 2
    assert "sudo apt-get install --no-install-recommends python3.12-venv\n" in capsys.readouterr().err
    assert not debian.ran("-m venv --clear")


# -- commands ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "status"), [([], 2), (["tset"], 2), (["--help"], 0), (["-h"], 0)])
def test_usage(boot, machine, capsys, words, status):
    assert boot.main(words) == status
    assert capsys.readouterr().out == boot.USAGE + "\n"
    assert not machine.commands


def test_run_becomes_the_program_and_hands_on_its_arguments(boot, machine, monkeypatch):
    became = []
    monkeypatch.setattr(boot.os, "execv", lambda path, words: became.extend(words))
    boot.main(["run", "--preset", "two words", "train"])
    python, launcher, *arguments = became
    assert Path(python).parent.parent == boot.VENV
    assert Path(launcher) == boot.ROOT / "main.py"
    assert arguments == ["--preset", "two words", "train"]


def test_on_windows_the_status_comes_from_the_program(boot, monkeypatch):
    ran = []
    monkeypatch.setattr(boot.signal, "signal", lambda *_: None)
    monkeypatch.setattr(boot.subprocess, "run", lambda words, **_: ran.append(words) or SimpleNamespace(returncode=130))
    with monkeypatch.context() as patch:
        patch.setattr(boot.os, "name", "nt")
        status = boot.run_program(["train"])
    assert status == 130
    assert Path(ran[0][0]).relative_to(boot.VENV).as_posix() == "Scripts/python.exe"


@pytest.mark.parametrize("failing", [[], ["ruff"], ["mypy", "lint-imports"], ["pytest"]], ids=" ".join)
def test_every_check_is_made_and_the_tests_come_last(boot, machine, monkeypatch, capsys, failing):
    ran = []

    def play(words, **options):
        ran.append([Path(words[0]).name, *words[1:]])
        assert options["env"]["QT_QPA_PLATFORM"] == "offscreen"
        return SimpleNamespace(returncode=int(ran[-1][0] in failing))

    monkeypatch.setattr(boot.subprocess, "run", play)
    status = boot.main(["test", "-k", "word"])
    assert [words[0] for words in ran] == ["ruff", "ruff", "mypy", "lint-imports", "pytest"]
    assert ran[-1] == ["pytest", "-k", "word"]
    assert status == (1 if failing else 0)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("Not clean: " if failing else "== pytest")


# -- pins --------------------------------------------------------------------------------------------------------------


def pins():
    """Every pinned distribution and its version."""
    lines = [
        line.split("#")[0].strip()
        for name in ("run.txt", "test.txt")
        for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    ]
    wanted = [line for line in lines if line and line != "-r run.txt"]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in wanted), "exact versions and nothing else"
    return {canonicalize_name(line.partition("==")[0]): line.partition("==")[2] for line in wanted}


def test_whatever_a_pinned_package_needs_is_pinned():
    pinned = pins()
    for name in pinned:
        for text in metadata.requires(name) or []:
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                assert canonicalize_name(need.name) in pinned, f"{name} needs {need}"
                assert need.specifier.contains(pinned[canonicalize_name(need.name)]), f"{name} needs {need}"


def test_what_the_project_file_asks_for_is_pinned():
    pinned = pins()
    for text in metadata.requires("l1gui"):
        need = Requirement(text)
        assert need.specifier.contains(pinned[canonicalize_name(need.name)]), text
