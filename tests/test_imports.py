"""The direction of imports: the contracts hold, and what runs without a window never loads Qt."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def python(code):
    """Run code in a new interpreter; returns what it printed, in one text."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return f"{done.stdout.strip()} [{done.returncode}]"


def test_contracts_are_kept():
    told = python("import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))")
    assert told.endswith("0 broken. [0]"), told


@pytest.mark.parametrize("module", ["l1gui.cli.main", "l1gui.runs", "l1gui.files.weights", "l1gui.app.mailbox"])
def test_runs_without_a_window_load_no_qt(module):
    code = f"import sys, {module}; print([n for n in ('PySide6', 'shiboken6', 'pyqtgraph') if n in sys.modules])"
    assert python(code) == "[] [0]"


def test_the_window_comes_up_without_the_plots():
    """They load behind its first paint, and the compiler on another thread."""
    code = "import sys, l1gui.app.main_window; print([n for n in ('pyqtgraph', 'numba') if n in sys.modules])"
    assert python(code) == "[] [0]"


@pytest.mark.parametrize("package", ["views", "controls"])
def test_each_view_and_panel_is_under_contract(package):
    files = {
        f"l1gui.app.{package}.{path.stem}"
        for path in (ROOT / "l1gui/app" / package).glob("*.py")
        if path.stem not in ("__init__", "column")  # the column puts the panels together
    }
    listed = {module for contract in CONTRACTS if contract["type"] == "independence" for module in contract["modules"]}
    assert files <= listed
