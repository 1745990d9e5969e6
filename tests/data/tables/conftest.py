"""Tables written and read; what is said of those refused."""

from itertools import count

import pytest

from l1gui.data.presets import load_data
from l1gui.data.tables.errors import TableError
from l1gui.settings import RunSettings


@pytest.fixture(scope="session")
def write(tmp_path_factory):
    """Writes a table; returns its path as the setting has it."""
    numbers = count()

    def written(content, name="t.csv"):
        path = tmp_path_factory.mktemp(f"table{next(numbers)}") / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return written


@pytest.fixture(scope="session")
def load(write):
    """Writes a table and loads it."""

    def loaded(content, name="t.csv", **values):
        return load_data(RunSettings().with_values(source="table", file=write(content, name), **values))

    return loaded


@pytest.fixture(scope="session")
def refused(load):
    """What is said of a table that is refused: one line that begins with its name."""

    def said(content, name="t.csv", **values):
        with pytest.raises(TableError) as caught:
            load(content, name, **values)
        text = str(caught.value)
        assert text.startswith(f"{name}: ")
        assert text.isprintable()
        assert len(text) < 700
        return text

    return said
