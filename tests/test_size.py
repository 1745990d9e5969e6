"""Files and functions stay short; a longer one is named here, with its reason."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE_LINES = 300
FUNCTION_LINES = 40
LONGER = {
    "l1gui/core/penalties.py": "the one place of all methods",
    "l1gui/core/kernel.py::train_rows": "the hot loop; a call out of it would pass each array again",
    "l1gui/core/penalties.py::penalised_step": "one branch per penalty method, read as a table",
}


def sources():
    return sorted((ROOT / "l1gui").rglob("*.py"))


def too_long(path):
    """What is too long in a file: the file itself, or functions in it."""
    name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    if len(text.splitlines()) > FILE_LINES:
        yield name
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= FUNCTION_LINES:
            yield f"{name}::{node.name}"


def test_files_and_functions_are_short():
    found = [name for path in sources() for name in too_long(path)]
    assert sources()
    assert [name for name in found if name not in LONGER] == []
    assert [name for name in LONGER if name not in found] == [], "no longer long: strike it from the list"


def test_bootstrap_is_short():
    assert list(too_long(ROOT / "bootstrap.py")) == []


def test_init_files_are_empty():
    assert [str(path) for path in sources() if path.name == "__init__.py" and path.stat().st_size] == []
