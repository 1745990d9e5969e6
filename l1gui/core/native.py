"""Compiled loops called from Python: LLVM links their machine code, `ctypes` calls it, without the interpreter's lock.

No compiler is loaded for that. Each loop has a way in of its own, made by `build`: it takes the address of a block of
eight bytes for each address, extent and number of the arguments, followed by the results'.
"""

from __future__ import annotations

import ctypes
import json
import struct
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

PREFIX = "l1gui_"
"""Begins the names of the ways in."""

FAILED = 1
"""What a way in returns when the loop raised an error."""

CALL = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)
FORMATS = {"int64": "q", "bool": "q", "float64": "d"}


class Signature(NamedTuple):
    """What a compiled function takes and gives, tuples laid out flat.

    An array is its type and number of dimensions, as in "float32:2"; a number is "int64", "float64" or "bool".
    """

    arguments: list[str]
    results: list[str]


class Image(NamedTuple):
    """Machine code of all loops in one precision, and what `exercise.exercise` must give with it."""

    signatures: dict[str, Signature]
    expected: list[float]
    code: bytes

    def to_bytes(self) -> bytes:
        """The image as a line of JSON and the code."""
        return json.dumps({"signatures": self.signatures, "expected": self.expected}).encode() + b"\n" + self.code

    @classmethod
    def from_bytes(cls, content: bytes) -> Image:
        """The image that `to_bytes` made a content of."""
        head, _, code = content.partition(b"\n")
        head = json.loads(head)
        signatures = {name: Signature(*each) for name, each in head["signatures"].items()}
        return cls(signatures, head["expected"], code)


def link(image: Image) -> dict[str, Variant]:
    """The image's functions, ready to be called."""
    import llvmlite.binding as llvm  # noqa: PLC0415 - optional, and slow to import

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    compiler = llvm.create_lljit_compiler(machine)
    builder = llvm.JITLibraryBuilder().add_object_img(image.code).add_current_process()
    for name in image.signatures:
        builder.export_symbol(PREFIX + name)
    library = builder.link(compiler, "loops")
    return {name: Variant(library, name, signature) for name, signature in image.signatures.items()}


KINDS = {(np.dtype(name), n): f"{name}:{n}" for name in ("float32", "float64", "int64", "uint32") for n in (1, 2, 3)}
Known = tuple[Callable[[], Any], str, tuple[int, ...]]
_known: dict[int, Known] = {}
"""Of arrays that were arguments, by their identity: a weak reference, the kind, the address and the extents.

A run calls with the same ones again and again, and asking each for its address takes longer than an epoch. So the shape
of an array that was an argument must not be set to another.
"""


def _look_at(value: Any) -> Known:
    """Find out what `_known` keeps of an array; of anything else, and of arrays that cannot be passed, no kind."""
    if type(value) is not np.ndarray:
        return (lambda: None), "", ()
    key, flags = id(value), value.flags
    is_usable = flags.c_contiguous and flags.aligned and flags.writeable
    kind = KINDS.get((value.dtype, value.ndim), "") if is_usable else ""
    found = weakref.ref(value, lambda _: _known.pop(key, None)), kind, (value.ctypes.data, *value.shape)
    if kind:
        _known[key] = found
    return found


class Variant:
    """A compiled function for one list of types."""

    def __init__(self, library: Any, name: str, signature: Signature) -> None:
        self._library = library  # the code goes when it goes
        self._function = CALL(library[PREFIX + name])
        self._name = name
        self._results = signature.results
        self._kinds = [kind if ":" in kind else None for kind in signature.arguments]
        formats = []
        for kind in signature.arguments:
            dtype, _, dimensions = kind.partition(":")
            formats.append("q" * (1 + int(dimensions)) if dimensions else FORMATS[dtype])
        self._taken = struct.Struct("=" + "".join(formats))
        self._given = struct.Struct("=" + "".join(FORMATS[kind] for kind in signature.results))
        self._block = ctypes.c_char * (self._taken.size + self._given.size)

    def packed(self, values: Sequence[Any]) -> bytearray | None:
        """The block of some arguments, room for the results in it; None when they are not of this variant's types."""
        if len(values) != len(self._kinds):
            return None
        numbers: list[Any] = []
        for value, kind in zip(values, self._kinds, strict=True):
            if kind is None:
                numbers.append(value)
                continue
            found = _known.get(id(value))
            if found is None or found[0]() is not value:
                found = _look_at(value)
            if found[1] != kind:
                return None
            numbers += found[2]
        block = bytearray(ctypes.sizeof(self._block))
        try:
            self._taken.pack_into(block, 0, *numbers)
        except struct.error:
            return None
        return block

    def call(self, block: bytearray) -> Any:
        """Call with a block of `packed`, while its arrays are there."""
        if self._function(ctypes.addressof(self._block.from_buffer(block))) == FAILED:
            raise RuntimeError(f"the compiled {self._name} failed")
        found = self._given.unpack_from(block, self._taken.size)
        results = tuple(bool(each) if kind == "bool" else each for each, kind in zip(found, self._results, strict=True))
        return results if len(results) > 1 else results[0] if results else None


class Native:
    """Stands for a marked function, and calls the variant that is for the arguments.

    Parameters
    ----------
    plain : callable
        The function as it is written.
    find_more : callable
        Called when no variant is; has the others that there are put in by `add`, and returns whether compiled functions
        can be had at all. Where not, the plain one is called.
    """

    def __init__(self, plain: Callable[..., Any], find_more: Callable[[], bool]) -> None:
        self.__name__ = plain.__name__
        self._plain = plain
        self._find_more = find_more
        self._variants: list[Variant] = []

    def add(self, variant: Variant) -> None:
        """One variant more."""
        self._variants.append(variant)

    def __call__(self, *arguments: Any) -> Any:
        """Call it, with whole arrays in C order, numbers, and tuples of these."""
        values = list(_flat(arguments))
        for _ in range(2):
            for variant in self._variants:
                block = variant.packed(values)
                if block is not None:
                    return variant.call(block)
            if not self._find_more():
                return self._plain(*arguments)
        kinds = ", ".join(f"{v.dtype}:{v.ndim}" if isinstance(v, np.ndarray) else type(v).__name__ for v in values)
        raise TypeError(f"{self.__name__} is not compiled for ({kinds})")


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, tuple):
            yield from _flat(value)
        else:
            yield value
