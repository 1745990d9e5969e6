"""Who takes part: every peer with its works, the program that runs it, and what it does otherwise than the rest."""

from __future__ import annotations

import functools
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.peers.serve import ONE_THREAD

ROOT = Path(__file__).resolve().parents[1]
SOURCES = Path(__file__).parent / "peers"
ALL = ("A", "A-L1", "B", "C")
ONLINE = ("A", "A-L1")


class MissingError(Exception):
    """Why a peer cannot take part."""


@dataclass(frozen=True)
class Tools:
    """What the benchmark works with.

    Attributes
    ----------
    folder : Path
        For works and compiled programs.
    pythons : tuple of str
        Interpreters to look for a Python peer's library in, best first.
    """

    folder: Path
    pythons: tuple[str, ...] = (sys.executable,)


@dataclass(frozen=True)
class Kind:
    """A kind of peer.

    Attributes
    ----------
    id, title : str
    module : str
        Module in `benchmarks.peers`, or a source file.
    library : str
        Package that a Python peer needs.
    works : tuple of str
    words : tuple of str
        For the program, behind the work's folder; of a C peer the compiler's flags.
    note : str
        What it does otherwise.
    losses : mapping
        By work the loss that it trains on in place of the work's.
    environment : mapping
        On top of the usual.
    is_ours : bool
        Whether it is the engine under test.
    """

    id: str
    title: str
    module: str
    library: str = ""
    works: tuple[str, ...] = ALL
    words: tuple[str, ...] = ()
    note: str = ""
    losses: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    is_ours: bool = False


SKLEARN_LACKS = "it has no squared error for classes (work A with cross-entropy) and no L1 penalty"

KINDS = (
    Kind("ours", "l1gui, updates alone", "ours", "numba", is_ours=True),
    Kind("ours-whole", "l1gui, whole epochs", "ours", "numba", words=("whole",), is_ours=True,
         note="shuffles the rows too, and measures everything that the history keeps after every epoch"),
    Kind("c-hand", "C, vectorised by hand for these sizes", "hand.c", works=ONLINE, words=("-O3", "-march=native")),
    Kind("c-fast", "C, generic loops, -Ofast", "loops.c", words=("-Ofast", "-march=native")),
    Kind("c", "C, generic loops, -O3", "loops.c", words=("-O3", "-march=native")),
    Kind("jax", "JAX, jit with scan, a call an epoch", "jax_scan", "jax",
         note="XLA fuses multiplications with additions, unasked"),
    Kind("jax-run", "JAX, jit with scan, a call 100 epochs", "jax_scan", "jax", words=("run",),
         note="a whole run in a few calls, with nothing measured in between"),
    Kind("js", "JavaScript under Node, Playground's style", "playground.js", note="double precision"),
    Kind("numpy", "NumPy, vectorised", "numpy_vectors", "numpy"),
    Kind("torch-compiled", "PyTorch, torch.compile", "torch_steps", "torch", words=("compiled",)),
    Kind("torch", "PyTorch, eager", "torch_steps", "torch"),
    Kind("sklearn", "scikit-learn MLPClassifier", "sklearn_mlp", "sklearn", works=("A", "B", "C"),
         note=f"its own shuffle, told the work's order; {SKLEARN_LACKS}", losses={"A": "cross-entropy"}),
    Kind("sklearn-as-given", "scikit-learn, its shuffle off", "sklearn_mlp", "sklearn", works=("A", "B", "C"),
         words=("as-given",), note=f"rows laid out in order beforehand; {SKLEARN_LACKS}",
         losses={"A": "cross-entropy"}),
    Kind("scalar", "scalar Python loops, as in the article", "scalar_loops", "numpy", works=ONLINE),
)  # fmt: skip


def environment(kind: Kind) -> dict[str, str]:
    """For the peer's process: one thread, and this checkout on Python's path."""
    return {**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT), **kind.environment}


def command(kind: Kind, tools: Tools) -> list[str]:
    """The program that runs a peer, without the work's folder; MissingError where there is none."""
    if kind.module.endswith(".c"):
        return [compiled(kind, tools.folder)]
    if kind.module.endswith(".js"):
        node = shutil.which("node")
        if node is None:
            raise MissingError("node is not installed (Debian: apt-get install nodejs)")
        return [node, str(SOURCES / kind.module)]
    pythons = (sys.executable,) if kind.is_ours else tools.pythons
    for python in pythons:
        if has_library(python, kind.library):
            return [python, "-m", f"benchmarks.peers.{kind.module}"]
    raise MissingError(
        f"{kind.library} is not installed in {' or '.join(pythons)}; install it, or name a Python that has it: "
        "--python PATH"
    )


@functools.cache
def has_library(python: str, library: str) -> bool:
    """Whether an interpreter finds a package."""
    if python == sys.executable:
        return importlib.util.find_spec(library) is not None
    words = [python, "-c", f"import importlib.util, sys; sys.exit(importlib.util.find_spec({library!r}) is None)"]
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError as error:
        raise MissingError(f"{python} cannot be run ({error.strerror})") from error


def compiled(kind: Kind, folder: Path) -> str:
    """Path of a C peer's program, compiled if it is not yet."""
    compiler = shlex.split(os.environ.get("CC", "cc"))
    if shutil.which(compiler[0]) is None:
        raise MissingError(f"there is no C compiler {compiler[0]!r} (Debian: apt-get install gcc libc6-dev)")
    target = folder / kind.id
    if not target.exists():
        words = [*compiler, *kind.words, "-o", str(target), str(SOURCES / kind.module), "-lm"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise MissingError(f"{shlex.join(words)} failed: {(done.stderr.splitlines() or [''])[0]}")
    return str(target)
