"""Writing in one step: whatever goes wrong, the old file or the new one, and nothing else."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from l1gui.faults import CAUSES
from l1gui.files.atomic import FileError, check_target, printable, write_atomically

ROOT = Path(__file__).parents[2]


def put(content):
    return lambda stream: stream.write(content)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def fails_with(number):
    def fail(*_):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.fixture
def umask_027():
    before = os.umask(0o027)
    yield
    os.umask(before)


def test_writes_and_replaces(tmp_path):
    path = tmp_path / "w.npz"
    write_atomically(path, put(b"one"))
    path.chmod(0o640)
    write_atomically(path, put(b"two"))
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["w.npz"]


def test_new_files_follow_the_umask_and_old_ones_keep_their_mode(tmp_path, umask_027):
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_bytes(b"")
    old.chmod(0o666)
    for path in (new, old):
        write_atomically(path, put(b"x"))
    assert new.stat().st_mode & 0o777 == 0o640
    assert old.stat().st_mode & 0o777 == 0o666


def test_the_temporary_is_no_more_open_than_the_file_it_replaces(tmp_path):
    path = tmp_path / "private"
    path.write_bytes(b"")
    path.chmod(0o600)
    seen = []
    write_atomically(path, lambda stream: seen.append(os.fstat(stream.fileno()).st_mode & 0o777))
    assert seen == [0o600]


def test_a_file_system_without_permissions_is_written_to(tmp_path, monkeypatch):
    path = tmp_path / "w.npz"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "chmod", fails_with(errno.EPERM))
    write_atomically(path, put(b"new"))
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("place", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT])
def test_a_failure_anywhere_leaves_the_old_file_and_no_temporary(tmp_path, monkeypatch, place, number):
    path = tmp_path / "w.npz"
    path.write_bytes(b"old")
    write = put(b"new") if place != "write" else fails_with(number)
    target = {"open": (os, "open"), "fsync": (os, "fsync"), "replace": (Path, "replace")}.get(place)
    if target is not None:
        monkeypatch.setattr(*target, fails_with(number))
    with pytest.raises(FileError, match=r"w\.npz could not be written") as caught:
        write_atomically(path, write)
    monkeypatch.undo()
    assert CAUSES.get(number, os.strerror(number)) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["w.npz"]


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="no /dev/full here")
def test_a_disk_that_is_full_says_so(tmp_path, monkeypatch):
    path = tmp_path / "w.npz"
    path.write_bytes(b"old")
    created = os.open
    monkeypatch.setattr(os, "open", lambda _path, _flags, _mode=0: created("/dev/full", os.O_WRONLY))
    with pytest.raises(FileError, match="the disk is full"):
        write_atomically(path, put(b"x" * 100_000))
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("fault", [ZeroDivisionError, KeyboardInterrupt, MemoryError])
def test_a_fault_in_the_writer_leaves_no_temporary(tmp_path, fault):
    (tmp_path / "w.npz").write_bytes(b"old")

    def fail(stream):
        stream.write(b"half")
        raise fault

    with pytest.raises(fault):
        write_atomically(tmp_path / "w.npz", fail)
    assert names(tmp_path) == ["w.npz"]
    assert (tmp_path / "w.npz").read_bytes() == b"old"


def test_killed_at_any_moment_the_old_file_is_whole(tmp_path):
    path = tmp_path / "w.npz"
    path.write_bytes(b"old")
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom l1gui.files.atomic import write_atomically\n"
        "def write(stream):\n    stream.write(b'x' * 100_000)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_atomically(Path(sys.argv[1]), write)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, timeout=60, check=False)
    assert done.returncode < 0
    assert path.read_bytes() == b"old"


def test_links_are_followed(tmp_path):
    target, link = tmp_path / "target.npz", tmp_path / "link.npz"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_atomically(link, put(b"new"))
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    (tmp_path / "new link").symlink_to("not yet")
    write_atomically(tmp_path / "new link", put(b"made"))
    assert (tmp_path / "not yet").read_bytes() == b"made"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder, "it is a folder"),
        (lambda folder: folder / "nowhere" / "w.npz", "does not exist"),
        (lambda folder: folder / "file" / "w.npz", "does not exist"),
        (lambda folder: folder / ("n" * 300 + ".npz"), "too long"),
        (lambda folder: folder / "loop", "cannot be written"),
        (lambda folder: folder / "pipe", "no ordinary file"),
        (lambda folder: folder / "nul\0.npz", "cannot be written"),
        (lambda folder: folder / "two\nlines" / "w.npz", "does not exist"),
        (lambda folder: folder / ("long" * 40) / "w.npz", "does not exist"),
    ],
)
def test_places_that_cannot_be_written(tmp_path, make, said):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match=said) as caught:
        write_atomically(make(tmp_path), put(b""))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250
    assert names(tmp_path) == ["file", "loop", "pipe"]


@pytest.mark.parametrize(("forbidden", "said"), [("w.npz", "write-protected"), ("", "no permission to write there")])
def test_places_without_permission(tmp_path, monkeypatch, forbidden, said):
    (tmp_path / "w.npz").write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != tmp_path / forbidden)
    with pytest.raises(FileError, match=said):
        check_target(tmp_path / "w.npz")


@pytest.mark.parametrize("name", ["two\nlines.npz", "\N{SPARKLES} emoji.npz", "ümläut & <b>.npz", "%s \u202e.npz"])
def test_odd_names(tmp_path, name):
    write_atomically(tmp_path / name, put(b"x"))
    assert (tmp_path / name).read_bytes() == b"x"
    with pytest.raises(FileError) as caught:
        write_atomically(tmp_path / "gone" / name, put(b"x"))
    assert str(caught.value).isprintable()


def test_printable_keeps_text_and_shows_that_something_was_there():
    assert printable("a b \N{SPARKLES}") == "a b \N{SPARKLES}"
    assert printable("a\x1b[31m\n") == "a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}"
    assert printable("x" * 100, 10) == "x" * 9 + "…"
