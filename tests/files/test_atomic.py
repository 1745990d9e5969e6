"""Writing in one step: whatever goes wrong, the old file or the new one, and nothing else."""

import errno
import os
from pathlib import Path

import pytest

from l1gui.files.atomic import FileError, write_atomically


def put(content):
    return lambda stream: stream.write(content)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_writes_and_replaces(tmp_path):
    path = tmp_path / "w.npz"
    write_atomically(path, put(b"one"))
    path.chmod(0o640)
    write_atomically(path, put(b"two"))
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["w.npz"]


@pytest.mark.parametrize("place", ["write", "fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_failure_anywhere_leaves_the_old_file_and_no_temporary(tmp_path, monkeypatch, place, number):
    path = tmp_path / "w.npz"
    path.write_bytes(b"old")

    def fail(*_):
        raise OSError(number, os.strerror(number))

    write = put(b"new")
    if place == "write":
        write = fail
    elif place == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(FileError, match=r"w\.npz could not be written") as caught:
        write_atomically(path, write)
    if number == errno.ENOSPC:
        assert "the disk is full" in str(caught.value)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["w.npz"]


def test_a_fault_in_the_writer_leaves_no_temporary(tmp_path):
    def fail(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_atomically(tmp_path / "w.npz", fail)
    assert names(tmp_path) == []


def test_links_are_followed(tmp_path):
    target, link = tmp_path / "target.npz", tmp_path / "link.npz"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_atomically(link, put(b"new"))
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder, "it is a folder"),
        (lambda folder: folder / "nowhere" / "w.npz", "does not exist"),
        (lambda folder: folder / "file" / "w.npz", "does not exist"),
        (lambda folder: folder / ("n" * 300 + ".npz"), "too long"),
        (lambda folder: folder / "loop", "cannot be written"),
    ],
)
def test_places_that_cannot_be_written(tmp_path, make, said):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(FileError, match=said) as caught:
        write_atomically(make(tmp_path), put(b""))
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == ["file", "loop"]


@pytest.mark.parametrize("name", ["two\nlines.npz", "\N{SPARKLES} emoji.npz", "ümläut & <b>.npz"])
def test_odd_names(tmp_path, name):
    write_atomically(tmp_path / name, put(b"x"))
    assert (tmp_path / name).read_bytes() == b"x"
    with pytest.raises(FileError) as caught:
        write_atomically(tmp_path / "gone" / name, put(b"x"))
    assert "\n" not in str(caught.value)
