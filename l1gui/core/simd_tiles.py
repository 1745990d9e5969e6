"""What the functions of `tiles` are for the compiler: a tile is an array of LLVM vectors, one a row.

Vectors of more columns than a register has numbers become several registers. The one thing of a machine that is asked
for is what its registers are and whether it can fuse a multiplication with an addition; LLVM knows, of the processor
that Numba compiles for. Where it cannot, two instructions do, and the last bits differ from other machines'.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import llvmlite.binding as llvm
from llvmlite import ir
from numba.core import types
from numba.core.registry import cpu_target
from numba.extending import models, register_model

from l1gui.core import lanes, tiles
from l1gui.core.lanes import LANES
from l1gui.core.simd import I32, I64, Eight, define, intrinsic, load_from, place, shuffled

PROBE = """
define void @probe(<16 x float>* %at) {
  %x = load <16 x float>, <16 x float>* %at
  %y = call <16 x float> @llvm.fma.v16f32(<16 x float> %x, <16 x float> %x, <16 x float> %x)
  store <16 x float> %y, <16 x float>* %at
  ret void
}
declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)
"""


class Machine(NamedTuple):
    """Bytes in a vector register, number of these, and whether there is a fused multiply-add."""

    register_bytes: int
    n_registers: int
    is_fusing: bool


@cache
def machine() -> Machine:
    """What the processor has, read off the code that LLVM makes for it."""
    triple, name, features = cpu_target.target_context.codegen().magic_tuple()
    target = llvm.Target.from_triple(triple).create_target_machine(cpu=name, features=features)
    text = target.emit_assembly(llvm.parse_assembly(PROBE))
    is_fusing = "fmaf" not in text
    if "zmm" in text:
        return Machine(64, 32, is_fusing)
    return Machine(32, 16, is_fusing) if "ymm" in text else Machine(16, 16, is_fusing)


class Tile(types.Type):
    """Numba's type of a tile."""

    def __init__(self, element: types.Type, rows: int, columns: int) -> None:
        self.element, self.rows, self.columns = element, rows, columns
        super().__init__(f"Tile({element}, {rows}, {columns})")


@register_model(Tile)
class TileModel(models.PrimitiveModel):
    """An array of vectors, which LLVM takes apart."""

    def __init__(self, manager: Any, tile: Tile) -> None:
        element = manager.lookup(tile.element).get_value_type()
        super().__init__(manager, tile, ir.ArrayType(ir.VectorType(element, tile.columns), tile.rows))


def tile_of(n_registers: int) -> Callable[..., Tile]:
    """Typing of the functions that make tiles, of so many registers a row; none of them but has eight columns."""

    def typing(array: Any) -> Tile:
        size = array.dtype.bitwidth // 8
        columns = max(LANES, n_registers * machine().register_bytes // size)
        in_a_row = max(1, columns * size // machine().register_bytes)
        rows = tiles.TILE_ROWS
        # Beside the tile there must be room for a row of the right matrix and a number of the left.
        while rows > 1 and (rows + 1) * in_a_row >= machine().n_registers:
            rows //= 2
        return Tile(array.dtype, rows, columns)

    return typing


@define(tiles.wide_tile, tile_of(2), types.Array)
@define(tiles.middle_tile, tile_of(1), types.Array)
@define(tiles.narrow_tile, tile_of(0), types.Array)
def lower_zeros(context: Any, _builder: ir.IRBuilder, signature: Any, _args: Any) -> ir.Value:
    return context.get_constant_null(signature.return_type)


@define(tiles.rows_of, lambda tile: types.int64, Tile)
def lower_rows(_context: Any, _builder: ir.IRBuilder, signature: Any, _args: Any) -> ir.Value:
    return I64(signature.args[0].rows)


@define(tiles.columns_of, lambda tile: types.int64, Tile)
def lower_columns(_context: Any, _builder: ir.IRBuilder, signature: Any, _args: Any) -> ir.Value:
    return I64(signature.args[0].columns)


def steps(builder: ir.IRBuilder, at: ir.Value, step: ir.Value, n: int) -> list[ir.Value]:
    """``at``, ``at + step`` and so on."""
    found = [at]
    while len(found) < n:
        found.append(builder.add(found[-1], step))
    return found


def repeated(builder: ir.IRBuilder, value: ir.Value, n: int) -> ir.Value:
    """A vector of `n` times a single number."""
    nothing = ir.Constant(ir.VectorType(value.type, n), ir.Undefined)
    return builder.shuffle_vector(
        builder.insert_element(nothing, value, I32(0)), nothing, ir.Constant(ir.VectorType(I32, n), [0] * n)
    )


def row_at(context: Any, builder: ir.IRBuilder, tile: Tile, array: tuple[Any, Any], at: ir.Value) -> Any:
    """Pointer to as many neighbours in an array, given with its type, as the tile has columns; and a number's size."""
    kind, value = array
    pointer, size = place(context, builder, kind, value, at)
    row = ir.VectorType(context.get_value_type(tile.element), tile.columns)
    return builder.bitcast(pointer, row.as_pointer()), size


def load_row(context: Any, builder: ir.IRBuilder, tile: Tile, array: tuple[Any, Any], at: ir.Value) -> ir.Value:
    """As many neighbours as the tile has columns."""
    pointer, size = row_at(context, builder, tile, array, at)
    return builder.load(pointer, align=size)


def by_rows(builder: ir.IRBuilder, tile: Tile, value: ir.Value, make: Callable[[int, ir.Value], ir.Value]) -> ir.Value:
    """The tile of what is made of each row's number and the row."""
    for r in range(tile.rows):
        value = builder.insert_value(value, make(r, builder.extract_value(value, r)), r)
    return value


@define(tiles.tile_from, lambda array, at, step, tile: tile, types.Array, types.Integer, types.Integer, Tile)
def lower_tile_from(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    tile, array = signature.return_type, (signature.args[0], args[0])
    starts = steps(builder, args[1], args[2], tile.rows)
    return by_rows(builder, tile, args[3], lambda r, _row: load_row(context, builder, tile, array, starts[r]))


@define(tiles.put_tile, lambda tile, array, at, step: types.none, Tile, types.Array, types.Integer, types.Integer)
def lower_put_tile(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    tile, array = signature.args[0], (signature.args[1], args[1])
    for r, at in enumerate(steps(builder, args[2], args[3], tile.rows)):
        pointer, size = row_at(context, builder, tile, array, at)
        builder.store(builder.extract_value(args[0], r), pointer, align=size)
    return context.get_dummy_value()


def plus_product(builder: ir.IRBuilder, x: ir.Value, row: ir.Value, total: ir.Value) -> ir.Value:
    """A product and a sum, each rounded."""
    return builder.fadd(total, builder.fmul(x, row))


def plus_product_fused(builder: ir.IRBuilder, x: ir.Value, row: ir.Value, total: ir.Value) -> ir.Value:
    """Both, rounded once, by an instruction; a call of a library for each number would be far slower than two."""
    if not machine().is_fusing:
        return plus_product(builder, x, row, total)
    return intrinsic("fma")(None, builder, None, (x, row, total))


for _function, _plus in ((tiles.add_products, plus_product), (tiles.fuse_products, plus_product_fused)):

    def _lower_products(
        context: Any, builder: ir.IRBuilder, signature: Any, args: Any, plus: Callable[..., ir.Value] = _plus
    ) -> ir.Value:
        tile, left = signature.args[0], signature.args[1]
        value, a, a_at, row_step, b, b_at = args
        row = load_row(context, builder, tile, (signature.args[4], b), b_at)
        starts = steps(builder, a_at, row_step, tile.rows)

        def sum_of(r: int, total: ir.Value) -> ir.Value:
            x = builder.load(place(context, builder, left, a, starts[r])[0])
            return plus(builder, repeated(builder, x, tile.columns), row, total)

        return by_rows(builder, tile, value, sum_of)

    define(
        _function, lambda tile, a, a_at, row_step, b, b_at: tile,
        Tile, types.Array, types.Integer, types.Integer, types.Array, types.Integer,
    )(_lower_products)  # fmt: skip


@define(tiles.add_row, lambda tile, array, at: tile, Tile, types.Array, types.Integer)
def lower_add_row(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    tile = signature.return_type
    added = load_row(context, builder, tile, (signature.args[1], args[1]), args[2])
    return by_rows(builder, tile, args[0], lambda _r, row: builder.fadd(row, added))


@define(tiles.scaled, lambda tile, factor: tile if tile.element == factor else None, Tile, types.Float)
def lower_scaled(_context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    tile = signature.return_type
    factor = repeated(builder, args[1], tile.columns)
    return by_rows(builder, tile, args[0], lambda _r, row: builder.fmul(row, factor))


# -- squares

TRANSPOSE_ROUNDS = (
    (1, [0, 8, 1, 9, 4, 12, 5, 13], [2, 10, 3, 11, 6, 14, 7, 15]),
    (2, [0, 1, 8, 9, 4, 5, 12, 13], [2, 3, 10, 11, 6, 7, 14, 15]),
    (4, [0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]),
)
"""Distance between the two vectors of a pair, and which of their lanes they become; each is one instruction."""


def type_of_square(array: types.Array, _at: types.Type, _step: types.Type) -> types.Type:
    """Typing of `lanes.transposed`."""
    return types.UniTuple(Eight(array.dtype), LANES)


@define(lanes.transposed, type_of_square, types.Array, types.Integer, types.Integer)
def lower_transposed(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    array, at, step = args
    rows = []
    for _ in range(LANES):
        rows.append(load_from(context, builder, signature.args[0], array, at))
        at = builder.add(at, step)
    for distance, low, high in TRANSPOSE_ROUNDS:
        for k in range(LANES):
            if not k & distance:
                a, b = rows[k], rows[k + distance]
                rows[k], rows[k + distance] = shuffled(builder, a, b, low), shuffled(builder, a, b, high)
    # Pairs and halves have changed places on the way.
    return context.make_tuple(builder, signature.return_type, [rows[k] for k in (0, 2, 1, 3, 4, 6, 5, 7)])
