"""Where the files that come with the program are: in a checkout's `resources/`, or inside an installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Path of a resource, such as ``presets/article.toml``; FileNotFoundError when it is not there."""
    for home in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        path = home / name
        if path.exists():
            return path
    raise FileNotFoundError(f"the program's own file {name} is missing; install l1gui again")
