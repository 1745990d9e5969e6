"""FAULTS rows 10, 39, 40: files that are no files, change, are too large; progress, cancel; names from outside."""

import os
import re
import resource as limits
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from l1gui.data.presets import load_data
from l1gui.data.tables import columns, memory, stream, text
from l1gui.data.tables.errors import Cancelled, TableError
from l1gui.data.tables.load import load_table
from l1gui.data.tables.read import fingerprint
from l1gui.settings import RunSettings, TableSettings

ROWS = "a,b,y\n" + "".join(f"{k},{k * k % 17},{'pq'[k % 2]}\n" for k in range(5_000))


def settings_of(path, **values):
    return RunSettings().with_values(source="table", file=str(path), **values)


def said_of(path, **values):
    with pytest.raises(TableError) as caught:
        load_data(settings_of(path, **values))
    return str(caught.value)


def test_row_10_what_is_no_file_is_refused_without_hanging(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    assert said_of(tmp_path / "folder.csv") == "folder.csv: it is a folder; choose a file in it"
    os.mkfifo(tmp_path / "pipe.csv")
    assert said_of(tmp_path / "pipe.csv") == (
        "pipe.csv: it is no ordinary file but a pipe, a socket or a device; choose a file"
    )
    assert "a device" in said_of("/dev/zero")
    assert said_of(tmp_path / "none.csv") == "none.csv: there is no such file; choose another"
    assert said_of(tmp_path / "none" / "t.csv") == "t.csv: there is no such file; choose another"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.csv"))
        assert "a socket" in said_of(tmp_path / "s.csv")
    for name in ("pipe.npz", "pipe.xlsx", "pipe.parquet"):
        os.mkfifo(tmp_path / name)
        assert said_of(tmp_path / name).startswith(f"{name}: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_row_10_a_file_that_must_not_be_read(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(ROWS)
    path.chmod(0)
    assert said_of(path) == "t.csv cannot be read: there is no permission."


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(text, "BLOCK", 2_048)


def grow(path):
    with path.open("ab") as file:
        file.write(b"1,2,p\n" * 10_000)


CHANGES = {
    "it grew while it was read": grow,
    "it shrank while it was read": lambda path: os.truncate(path, 30_000),
    "it vanished while it was read": Path.unlink,
    "it changed while it was read": lambda path: os.utime(path, ns=(1, 1)),
}


@pytest.mark.parametrize("said", list(CHANGES))
@pytest.mark.usefixtures("small_blocks")
def test_row_10_a_file_that_changes_while_it_is_read(tmp_path, said):
    path = tmp_path / "t.csv"
    path.write_text(ROWS)
    shares = []

    def change(share):
        shares.append(share)
        if len(shares) == 3:
            CHANGES[said](path)

    with pytest.raises(TableError, match=rf"^t\.csv: {said}"):
        load_table(settings_of(path), change)


@pytest.mark.usefixtures("small_blocks")
def test_row_10_progress_goes_up_to_one_and_reading_can_be_called_off(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(ROWS)
    shares = []
    load_table(settings_of(path, test_file=str(path)), shares.append)
    assert len(shares) > 20
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    for most in (0, 3, 15, len(shares) - 1):
        asked = iter(range(1_000))
        with pytest.raises(Cancelled):
            load_table(
                settings_of(path, test_file=str(path)), is_cancelled=lambda asked=asked, most=most: next(asked) >= most
            )


def test_row_10_a_table_beyond_memory_is_refused_with_the_numbers_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text(ROWS)
    monkeypatch.setattr(memory, "available_bytes", lambda: 200_000)
    monkeypatch.setattr(text, "_Reader", None)  # nothing is read
    assert re.fullmatch(
        r"t\.csv: this table of about 5,\d\d\d rows and 3 columns would take about 3\d\d kB of memory, and 200 kB are "
        r"available: make a smaller table of it",
        said_of(path),
    )


def test_row_10_ten_gigabytes_are_refused_at_once(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text(ROWS)
    os.truncate(path, 10 * 10**9)
    monkeypatch.setattr(memory, "available_bytes", lambda: 8 * 10**9)
    # Sparse: what follows the rows are zeros.
    said = said_of(path)
    assert "control characters" in said or "would take about" in said
    path.write_text(ROWS * 40)
    os.truncate(path, 10 * 10**9)
    assert "rows and 3 columns would take about" in said_of(path)


def test_row_10_categories_that_would_fill_the_memory(load, monkeypatch):
    wide = "a,c,y\n" + "".join(f"{k % 900},c{k % 900},{'pq'[k % 2]}\n" for k in range(5_000))
    monkeypatch.setattr(memory, "available_bytes", lambda: 3_000_000)
    with pytest.raises(TableError, match=r"5,000 rows of 901 inputs would take about 54\.1 MB of memory"):
        load(wide, scaling="none")


def test_row_10_the_limits_of_the_process_count_as_memory():
    code = "from l1gui.memory import available_bytes; print(available_bytes())"
    limit = 4 * 2**30
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True,
        preexec_fn=lambda: limits.setrlimit(limits.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert 0 < int(done.stdout) < limit


def test_memory_in_words():
    assert memory.in_words(1.5e9) == "1.5 GB"
    assert memory.in_words(2.5e6) == "2.5 MB"
    assert memory.in_words(900) == "1 kB"
    assert memory.available_bytes() > 10**7


def test_a_changed_file_is_told_by_its_fingerprint(tmp_path):
    path, test = tmp_path / "t.csv", tmp_path / "test.csv"
    path.write_text(ROWS)
    test.write_text(ROWS)
    for values in ({}, {"test_file": str(test)}):
        found = load_data(settings_of(path, **values)).fingerprint
        assert found == fingerprint(TableSettings(file=str(path), **values))
        assert load_data(settings_of(path, fingerprint=found, **values)).fingerprint == found
    once = load_data(settings_of(path)).fingerprint
    path.write_text(ROWS + "1,2,q\n")
    assert "t.csv: it has changed since these settings were made" in said_of(path, fingerprint=once)
    assert "or a table beside it, has changed since" in said_of(path, test_file=str(test), fingerprint=found)


NAMES = [
    "<b>bold</b>",
    "100 %s",
    'q"uo"te',
    "'",
    "tab\there",
    "\u202eright to left",
    "emoji \N{SNOWMAN}",
    "a,b",
    "x" * 300,
]


@pytest.mark.parametrize("name", NAMES)
def test_row_40_strange_names_are_texts(load, refused, name):
    cell = '"' + name.replace('"', '""') + '"'
    rows = "".join(f"{k},{cell if k % 2 else 'z'},{k * k}\n" for k in range(30))
    data = load(f"{cell},y,b\n{rows}", target="y")
    plain = " ".join(name.split())
    assert data.input_names == (plain[:100], "b")
    assert name.strip() in data.class_names
    said = refused(f"{cell},y\n" + "1,x\n" * 5 + f"{cell},x\n" + "2,y\n" * 5)
    assert "row 6 (line 7)" in said
    assert len(said) < 500


def test_row_40_strange_file_names_are_told_on_one_line(tmp_path):
    path = tmp_path / "new\nline\x1b[31m<i>.csv"
    path.write_text("")
    said = said_of(path)
    assert said.startswith("new\N{REPLACEMENT CHARACTER}line\N{REPLACEMENT CHARACTER}[31m<i>.csv: it is empty")
    assert said.isprintable()
    assert "cannot be opened" in said_of("a\ud800.csv") or "no such file" in said_of("a\ud800.csv")


def test_row_39_nothing_is_run_by_a_cell(load):
    rows = "".join(f"{k},{'=cmd()' if k % 2 else '@SUM(1)'}\n" for k in range(20))
    assert load("a,y\n" + rows).class_names == ("=cmd()", "@SUM(1)")


def test_rows_behind_the_estimate_are_read(monkeypatch, load):
    """Long rows first, then many short ones: the estimate is too low, and the reading goes on all the same."""
    monkeypatch.setattr(stream, "BLOCK", 1_000)
    long = "".join(f"{'0' * 200}{k},{'pq'[k % 2]}\n" for k in range(20))
    short = "".join(f"{k},{'pq'[k % 2]}\n" for k in range(4_000))
    assert len(load("a,y\n" + long + short, test_share=0.0).train_inputs) == 4_020
    assert columns.estimated_bytes(10, 2) == 10 * 2 * columns.BYTES_PER_CELL
