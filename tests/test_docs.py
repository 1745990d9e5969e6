"""The reference is what the program's tables say, and the README names what is there."""

import importlib.util
from pathlib import Path

from l1gui.cli.main import COMMANDS
from l1gui.data.presets import presets

ROOT = Path(__file__).parents[1]


def test_reference_is_up_to_date():
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.TARGET.read_text(encoding="utf-8") == module.reference(), "run docs/make_reference.py"


def test_readme_names_presets_commands_and_its_picture():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in presets():
        assert f"`{name}`" in readme
    for name in COMMANDS:
        assert f"l1gui {name}" in readme
    assert "python3 bootstrap.py run" in readme
    assert "python3 bootstrap.py test" in readme
    assert "docs/window.png" in readme
    assert (ROOT / "docs" / "window.png").stat().st_size > 50_000
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").count("python3 bootstrap.py test") == 1
