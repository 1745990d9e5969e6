"""What the functions of `lanes` are for the compiler: a type for eight numbers, and its LLVM instructions.

LLVM makes of a vector of eight what the machine has: one register, two or four. Nothing here is of one machine, and no
multiplication is contracted with an addition, so that the same bits come out everywhere. Importing this module tells
Numba; it must be imported before anything that uses `lanes` is compiled.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import product
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import lower_builtin, models, register_model, type_callable

from l1gui.core import lanes
from l1gui.core.lanes import LANES

I32, I64 = ir.IntType(32), ir.IntType(64)
FRACTION_BITS, EXPONENT_BIAS = 52, 1023
ROUNDER = 1.5 * 2.0**FRACTION_BITS


class Eight(types.Type):
    """Numba's type of eight numbers, or of eight conditions."""

    def __init__(self, element: types.Type) -> None:
        self.element = element
        super().__init__(f"Eight({element})")


@register_model(Eight)
class EightModel(models.PrimitiveModel):
    """An LLVM vector."""

    def __init__(self, manager: Any, eight: Eight) -> None:
        is_condition = isinstance(eight.element, types.Boolean)
        element = ir.IntType(1) if is_condition else manager.lookup(eight.element).get_value_type()
        super().__init__(manager, eight, ir.VectorType(element, LANES))


CONDITION, DOUBLES = Eight(types.boolean), Eight(types.float64)
PAIRS = ((Eight, Eight), (Eight, types.Float), (types.Float, Eight))


def all_lanes(vector: ir.VectorType, value: float) -> ir.Constant:
    """The same constant in every lane."""
    return ir.Constant(vector, [value] * LANES)


def shuffled(builder: ir.IRBuilder, a: ir.Value, b: ir.Value, picks: list[int]) -> ir.Value:
    """Lanes of `a` (0 to 7) and `b` (8 to 15)."""
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(I32, LANES), picks))


def repeated(builder: ir.IRBuilder, value: ir.Value) -> ir.Value:
    """A single number in every lane."""
    nothing = ir.Constant(ir.VectorType(value.type, LANES), ir.Undefined)
    return shuffled(builder, builder.insert_element(nothing, value, I32(0)), nothing, [0] * LANES)


def vectors(builder: ir.IRBuilder, signature: Any, args: Any) -> list[ir.Value]:
    """The arguments, single numbers repeated."""
    return [
        arg if isinstance(kind, Eight) else repeated(builder, arg)
        for kind, arg in zip(signature.args, args, strict=True)
    ]


def resized(context: Any, builder: ir.IRBuilder, value: ir.Value, had: types.Type, wanted: types.Type) -> ir.Value:
    """Eight numbers in another precision."""
    if had == wanted:
        return value
    change = builder.fptrunc if had == DOUBLES else builder.fpext
    return change(value, context.get_value_type(wanted))


# -- operators


def common(a: types.Type, b: types.Type) -> types.Type | None:
    """Element type of two operands, one of them eight numbers; None where they do not go together."""
    elements = {getattr(operand, "element", operand) for operand in (a, b)}
    return elements.pop() if len(elements) == 1 and any(isinstance(operand, Eight) for operand in (a, b)) else None


def define_operator(function: Callable[..., Any], build: Callable[..., ir.Value], result: types.Type | None) -> None:
    """Let an operator work on eight numbers; it gives `result`, or the type of its operands."""

    def typing(a: types.Type, b: types.Type) -> types.Type | None:
        element = common(a, b)
        return None if element is None else result or Eight(element)

    def lower(_context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        return build(builder, *vectors(builder, signature, args))

    type_callable(function)(lambda _context: typing)
    for pair in PAIRS:
        lower_builtin(function, *pair)(lower)


for _functions, _build in (
    ((operator.add, operator.iadd), ir.IRBuilder.fadd),
    ((operator.sub, operator.isub), ir.IRBuilder.fsub),
    ((operator.mul, operator.imul), ir.IRBuilder.fmul),
    ((operator.truediv, operator.itruediv), ir.IRBuilder.fdiv),
):
    for _function in _functions:
        define_operator(_function, _build, None)
for _function, _symbol in ((operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.eq, "==")):

    def _compare(builder: ir.IRBuilder, a: ir.Value, b: ir.Value, symbol: str = _symbol) -> ir.Value:
        return builder.fcmp_ordered(symbol, a, b)

    define_operator(_function, _compare, CONDITION)
define_operator(operator.and_, ir.IRBuilder.and_, CONDITION)
define_operator(operator.or_, ir.IRBuilder.or_, CONDITION)


# -- functions


def define(function: Callable[..., Any], typing: Callable[..., Any], *kinds: Any) -> Callable[..., Any]:
    """Decorator of the function that builds the instructions of one of `lanes`, given its typing."""

    def note(lower: Callable[..., Any]) -> Callable[..., Any]:
        type_callable(function)(lambda _context: typing)
        lower_builtin(function, *kinds)(lower)
        return lower

    return note


def place(context: Any, builder: ir.IRBuilder, kind: types.Array, array: ir.Value, at: ir.Value) -> Any:
    """Pointer to a number of an array, and the size of one."""
    pointer = builder.gep(context.make_array(kind)(context, builder, array).data, [at])
    return pointer, context.get_abi_sizeof(context.get_data_type(kind.dtype))


def load_from(context: Any, builder: ir.IRBuilder, kind: types.Array, array: ir.Value, at: ir.Value) -> ir.Value:
    """Eight numbers of an array."""
    pointer, size = place(context, builder, kind, array, at)
    vector = context.get_value_type(Eight(kind.dtype))
    return builder.load(builder.bitcast(pointer, vector.as_pointer()), align=size)


@define(lanes.load, lambda array, at: Eight(array.dtype), types.Array, types.Integer)
def lower_load(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    return load_from(context, builder, signature.args[0], *args)


@define(lanes.store, lambda array, at, eight: types.none, types.Array, types.Integer, Eight)
def lower_store(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    kind, _, had = signature.args
    pointer, size = place(context, builder, kind, *args[:2])
    value = resized(context, builder, args[2], had, Eight(kind.dtype))
    builder.store(value, builder.bitcast(pointer, value.type.as_pointer()), align=size)
    return context.get_dummy_value()


@define(lanes.spread, lambda array, at: Eight(array.dtype), types.Array, types.Integer)
def lower_spread(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    return repeated(builder, builder.load(place(context, builder, signature.args[0], *args)[0]))


@define(lanes.zeros, lambda array: Eight(array.dtype), types.Array)
def lower_zeros(context: Any, _builder: ir.IRBuilder, signature: Any, _args: Any) -> ir.Value:
    return context.get_constant_null(signature.return_type)


@define(lanes.first, lambda n: CONDITION, types.Integer)
def lower_first(_context: Any, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
    numbers = ir.Constant(ir.VectorType(args[0].type, LANES), list(range(LANES)))
    return builder.icmp_signed("<", numbers, repeated(builder, args[0]))


def type_of_choice(condition: types.Type, yes: types.Type, no: types.Type) -> types.Type | None:
    """Typing of `lanes.select`."""
    element = common(yes, no)
    return Eight(element) if condition == CONDITION and element is not None else None


def lower_select(_context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    return builder.select(*vectors(builder, signature, args))


for _pair in PAIRS:
    lower_builtin(lanes.select, Eight, *_pair)(lower_select)
type_callable(lanes.select)(lambda _context: type_of_choice)


@define(lanes.wide, lambda eight: DOUBLES, Eight)
@define(lanes.rounded_as, lambda eight, other: other, Eight, Eight)
def lower_resize(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    return resized(context, builder, args[0], signature.args[0], signature.return_type)


def intrinsic(name: str) -> Callable[..., ir.Value]:
    """Builder of a call to one of LLVM's own functions, for a vector or a single number."""

    def lower(_context: Any, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        kind = args[0].type
        lanes_text, element = (f"v{kind.count}", kind.element) if isinstance(kind, ir.VectorType) else ("", kind)
        full = f"llvm.{name}.{lanes_text}{'f64' if element == ir.DoubleType() else 'f32'}"
        function = get_or_insert_function(builder.module, ir.FunctionType(kind, [kind] * len(args)), full)
        return builder.call(function, args)

    return lower


define(lanes.magnitude, lambda eight: eight, Eight)(intrinsic("fabs"))
define(lanes.with_sign, lambda eight, other: eight if eight == other else None, Eight, Eight)(intrinsic("copysign"))
define(lanes.square_root, lambda value: value, Eight)(intrinsic("sqrt"))
lower_builtin(lanes.square_root, types.Float)(intrinsic("sqrt"))

define(lanes.is_single, lambda eight: types.boolean, Eight)(
    lambda context, builder, signature, args: ir.IntType(1)(signature.args[0].element == types.float32)
)


def type_of_sum(total: types.Type, x: types.Type, y: types.Type, _is_loose: types.Type) -> types.Type | None:
    """Typing of `lanes.plus_product`."""
    element = common(x, y)
    return Eight(element) if element is not None and common(total, x) == element else None


def lower_plus_product(_context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    total, x, y = (
        arg if isinstance(kind, Eight) else repeated(builder, arg)
        for kind, arg in zip(signature.args[:3], args[:3], strict=True)
    )
    loose = intrinsic("fmuladd")(None, builder, None, (x, y, total))
    # Which of them is known once functions are put into each other.
    return builder.select(args[3], loose, builder.fadd(total, builder.fmul(x, y)))


type_callable(lanes.plus_product)(lambda _context: type_of_sum)
for _total, _factor in product((Eight, types.Float), repeat=2):
    lower_builtin(lanes.plus_product, _total, Eight, _factor, types.Boolean)(lower_plus_product)


@define(lanes.sign, lambda eight: eight, Eight)
def lower_sign(_context: Any, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
    zero, one = all_lanes(args[0].type, 0.0), all_lanes(args[0].type, 1.0)
    is_above, is_below = (builder.fcmp_ordered(symbol, args[0], zero) for symbol in "><")
    return builder.fsub(builder.select(is_above, one, zero), builder.select(is_below, one, zero))


@define(lanes.power_of_two, lambda eight: eight if eight == DOUBLES else None, Eight)
def lower_power_of_two(_context: Any, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
    # Added to so large a number, the whole one stands in the lowest bits; from there it is moved to the exponent's.
    longs = ir.VectorType(I64, LANES)
    bits = builder.bitcast(builder.fadd(args[0], all_lanes(args[0].type, ROUNDER)), longs)
    exponents = builder.shl(bits, all_lanes(longs, FRACTION_BITS))
    return builder.bitcast(builder.add(exponents, all_lanes(longs, EXPONENT_BIAS << FRACTION_BITS)), args[0].type)


@define(lanes.lane, lambda eight, k: eight.element, Eight, types.Integer)
def lower_lane(_context: Any, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
    return builder.extract_element(args[0], builder.trunc(args[1], I32))


for _largest, _distances in ((lanes.largest, (4, 2, 1)), (lanes.largest_of_four, (2, 1))):

    def _lower_largest(
        _context: Any, builder: ir.IRBuilder, _signature: Any, args: Any, distances: tuple[int, ...] = _distances
    ) -> ir.Value:
        value = args[0]
        for distance in distances:
            other = shuffled(builder, value, value, [k ^ distance for k in range(LANES)])
            value = builder.select(builder.fcmp_ordered(">", value, other), value, other)
        return builder.extract_element(value, I32(0))

    define(_largest, lambda eight: eight.element, Eight)(_lower_largest)


@define(lanes.sum_by_halves, lambda eight: eight.element, Eight)
def lower_sum_by_halves(_context: Any, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
    value = args[0]
    for distance in (4, 2, 1):
        other = shuffled(builder, value, value, [k ^ distance for k in range(LANES)])
        value = builder.fadd(value, other)
    return builder.extract_element(value, I32(0))
