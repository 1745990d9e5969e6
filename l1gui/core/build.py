"""Compiling: from the marked functions to one piece of machine code, by Numba, with a way in for each.

``python -m l1gui.core.build float32`` compiles for one precision and leaves the result in the cache. It is a program of
its own so that the window's process never loads the compiler, which takes a second and 130 MB.

Numba would make machine code of every function by itself, and again of every one that calls it. Here each stays what
the compiler understands until all are together, and is optimised and translated once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, codegen, types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.extending import register_jitable
from numba.np import arrayobj

from l1gui.core import cache, compiled, simd_tiles  # noqa: F401
from l1gui.core.exercise import exercise
from l1gui.core.native import FAILED, PREFIX, Image, Signature

OPTIONS: dict[str, Any] = {
    "error_model": "numpy",
    "_nrt": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
"""Of Numba: a division by zero is infinite, as in NumPy; references to arrays are not counted, which would cost a small
layer more than its arithmetic, so slices are views still, but no array can be made."""

I64, DOUBLE = ir.IntType(64), ir.DoubleType()


class Part(codegen.AOTCodeLibrary):
    """A function for the compiler's eyes only."""

    def _optimize_final_module(self) -> None:
        """Not here: as a part of the whole."""

    def get_pointer_to_function(self, _name: str) -> int:
        """Where the code is; any number will do, as nothing is run here."""
        return 1


class PartCodegen(codegen.AOTCPUCodegen):
    """Makes parts, with this very processor in mind."""

    _library_class = Part

    def _customize_tm_options(self, options: dict[str, Any]) -> None:
        take_options: Callable[..., None] = codegen.JITCPUCodegen._customize_tm_options  # noqa: SLF001 - as Numba itself
        take_options(self, options)

    def _customize_tm_features(self) -> str:
        return str(self._get_host_cpu_features())

    def set_env(self, _name: str, _environment: Any) -> None:
        """What functions keep for Python, which these never call."""


def register_parts() -> None:
    """Tell Numba of the functions marked as `inlined`; importing `simd_tiles` has told it of `lanes` and `tiles`."""
    while compiled.parts:
        register_jitable(forceinline=True, **OPTIONS)(compiled.parts.pop())


def observed(dtype: Any) -> tuple[dict[str, tuple[types.Type, ...]], list[float]]:
    """With what types `exercise` calls the marked functions, and what it gives."""
    seen: dict[str, tuple[types.Type, ...]] = {}

    def watched(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            seen.setdefault(name, tuple(map(numba.typeof, arguments)))
            return function(*arguments)

        return call

    compiled.put_in({name: watched(name, function) for name, function in compiled.plain.items()})
    with np.errstate(all="ignore"):
        result = exercise(dtype)
    compiled.put_back()
    return seen, result


def build(dtype: Any) -> Image:
    """Compile all marked functions for one precision."""
    calls, expected = observed(dtype)
    register_parts()
    context = cpu_target.target_context
    usual = context._internal_codegen  # noqa: SLF001 - there is no other way to say how a dispatcher compiles
    context._internal_codegen = PartCodegen("l1gui")  # noqa: SLF001
    try:
        functions = {name: numba.njit(**OPTIONS)(function) for name, function in compiled.plain.items()}
        compiled.put_in(functions)
        with global_compiler_lock:
            return Image(*_whole(context, functions, calls, expected))
    finally:
        compiled.put_back()
        context._internal_codegen = usual  # noqa: SLF001


def _whole(context: Any, functions: dict[str, Any], calls: dict[str, Any], expected: list[float]) -> Any:
    library = codegen.AOTCodeLibrary(context.codegen(), "loops")
    module = context.create_module("ways in")
    signatures = {}
    for name, arguments in calls.items():
        functions[name].compile(arguments)
        found = functions[name].overloads[arguments]
        library.add_linking_library(found.library)
        signatures[name] = add_way_in(context, module, name, found.fndesc)
    library.add_ir_module(module)
    return signatures, expected, library.emit_native_object()


# -- ways in


def members(kind: Any) -> list[types.Type]:
    """Types of what is in a tuple."""
    return list(kind.types)


class Block:
    """The block of arguments and results, looked at word by word as the code is made."""

    def __init__(self, context: Any, builder: ir.IRBuilder, address: ir.Value) -> None:
        self._context, self._builder, self._address = context, builder, address
        self._at = 0

    def _place(self, kind: ir.Type) -> ir.Value:
        place = self._builder.gep(self._address, [I64(self._at)])
        self._at += 1
        return self._builder.bitcast(place, kind.as_pointer())

    def take(self, kind: Any) -> ir.Value:
        """The next argument, of Numba's type `kind`."""
        context, builder = self._context, self._builder
        if isinstance(kind, types.BaseTuple):
            return context.make_tuple(builder, kind, [self.take(each) for each in members(kind)])
        if isinstance(kind, types.Array):
            return self._take_array(kind)
        number = builder.load(self._place(DOUBLE if isinstance(kind, types.Float) else I64))
        return builder.icmp_signed("!=", number, I64(0)) if isinstance(kind, types.Boolean) else number

    def _take_array(self, kind: types.Array) -> ir.Value:
        context, builder = self._context, self._builder
        element = context.get_data_type(kind.dtype)
        size = I64(context.get_abi_sizeof(element))
        data = builder.inttoptr(builder.load(self._place(I64)), element.as_pointer())
        shape = [builder.load(self._place(I64)) for _ in range(kind.ndim)]
        strides: list[ir.Value] = [size]
        for extent in shape[:0:-1]:
            strides.insert(0, builder.mul(strides[0], extent))
        array = context.make_array(kind)(context, builder)
        shape, strides = cgutils.pack_array(builder, shape), cgutils.pack_array(builder, strides)
        arrayobj.populate_array(array, data=data, shape=shape, strides=strides, itemsize=size, meminfo=None)
        return array._getvalue()  # noqa: SLF001 - the way Numba's own code has it

    def put(self, kind: Any, value: ir.Value) -> None:
        """Write the next result."""
        if kind == types.none:
            return
        if isinstance(kind, types.BaseTuple):
            for k, each in enumerate(members(kind)):
                self.put(each, self._builder.extract_value(value, k))
            return
        if isinstance(kind, types.Boolean):
            value = self._builder.zext(value, I64)
        self._builder.store(value, self._place(value.type))


def words(kind: Any) -> Iterator[str]:
    """Numba's type in the words of `native.Signature`."""
    if isinstance(kind, types.BaseTuple):
        for each in members(kind):
            yield from words(each)
    elif isinstance(kind, types.Array) and kind.layout == "C" and kind.mutable:
        yield f"{kind.dtype}:{kind.ndim}"
    elif kind in (types.int64, types.float64, types.boolean):
        yield str(kind)
    elif kind != types.none:
        raise TypeError(f"compiled loops cannot take {kind}")


def add_way_in(context: Any, module: ir.Module, name: str, found: Any) -> Signature:
    """Add to a module the function by which a compiled one is called from outside."""
    convention = context.call_conv
    callee = ir.Function(module, convention.get_function_type(found.restype, found.argtypes), found.llvm_func_name)
    function = ir.Function(module, ir.FunctionType(I64, [I64.as_pointer()]), PREFIX + name)
    builder = ir.IRBuilder(function.append_basic_block())
    block = Block(context, builder, function.args[0])
    arguments = [block.take(kind) for kind in found.argtypes]
    status, result = convention.call_function(builder, callee, found.restype, found.argtypes, arguments)
    with builder.if_then(status.is_error, likely=False):
        builder.ret(I64(FAILED))
    block.put(found.restype, result)
    builder.ret(I64(0))
    return Signature([word for kind in found.argtypes for word in words(kind)], list(words(found.restype)))


def main(dtype: str) -> int:
    """Compile for one precision and keep what was made; returns the exit status."""
    try:
        cache.write(dtype, build(dtype).to_bytes())
    except OSError:
        return cache.NO_PLACE
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
