"""What can be written in the place of an expression, or around a result, by mistake.

Conversions between types are left alone: a check in one precision cannot see them, and the unit tests do.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator

CONVERSIONS = frozenset({"asarray", "array", "astype", "copy", "float32", "float64"})
REDUCTIONS = frozenset({"sum", "mean", "max", "min", "prod"})
CHOICES = frozenset({"where", "minimum", "maximum", "copysign"})
"""NumPy functions whose result is one of their arguments, entry by entry."""


def _dropped_term(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Mult() | ast.MatMult(), right=right):
            yield from (left, right)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            yield from (left, ast.UnaryOp(ast.USub(), right))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            yield from (left, ast.BinOp(ast.Constant(1), ast.Div(), right))
        case ast.BinOp(left=left, op=ast.Pow()):
            yield left
        case ast.Call(func=ast.Attribute(attr=name), args=arguments) if name in CHOICES:
            yield from arguments[-2:]
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "sympy"), attr=name), args=[argument]):
            if name not in CONVERSIONS:
                yield argument
        case ast.Call(func=ast.Attribute(value=receiver, attr=name), args=[]) if name in REDUCTIONS:
            yield receiver


def _flipped_sign(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(op=ast.Add()):
            yield _with(node, op=ast.Sub())
        case ast.BinOp(op=ast.Sub()):
            yield _with(node, op=ast.Add())
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield operand


def _transposed_operand(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Attribute(value=value, attr="T"):
            yield value
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            yield _with(node, left=ast.Attribute(left, "T"))
            yield _with(node, right=ast.Attribute(right, "T"))
            yield _with(node, left=right, right=left)
        case ast.Call(func=ast.Attribute(attr="einsum"), args=[ast.Constant(value=str(indices)), *rest]):
            inputs, output = indices.split("->")
            for swapped in _swapped(output):
                yield _with(node, args=[ast.Constant(f"{inputs}->{swapped}"), *rest])


def _wrong_axis(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=ast.Attribute(attr="einsum"), args=[ast.Constant(value=str(indices)), *rest]):
            inputs, output = indices.split("->")
            operands = inputs.split(",")
            for number, operand in enumerate(operands):
                for swapped in _swapped(operand):
                    changed = ",".join([*operands[:number], swapped, *operands[number + 1 :]])
                    yield _with(node, args=[ast.Constant(f"{changed}->{output}"), *rest])
        case ast.Call(keywords=keywords):
            for number, keyword in enumerate(keywords):
                if keyword.arg == "axis":
                    others = [*keywords[:number], *keywords[number + 1 :]]
                    yield _with(node, keywords=others)
                    if isinstance(keyword.value, ast.Constant) and keyword.value.value in (0, 1):
                        axis = ast.keyword("axis", ast.Constant(1 - keyword.value.value))
                        yield _with(node, keywords=[*others, axis])
        case ast.Subscript(value=ast.Attribute(attr="shape"), slice=ast.Constant(value=0 | 1 as axis)):
            yield _with(node, slice=ast.Constant(1 - axis))


def _swapped(indices: str) -> Iterator[str]:
    for i, j in itertools.combinations(range(len(indices)), 2):
        letters = list(indices)
        letters[i], letters[j] = letters[j], letters[i]
        yield "".join(letters)


OPPOSITE = {ast.Lt: ast.GtE, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.In: ast.NotIn, ast.NotIn: ast.In}  # fmt: skip
AT_THE_TIE = {ast.Lt: ast.LtE, ast.Gt: ast.GtE, ast.LtE: ast.Lt, ast.GtE: ast.Gt}


def _swapped_branch(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(ops=[operator]):
            for table in (OPPOSITE, AT_THE_TIE):
                if type(operator) in table:
                    yield _with(node, ops=[table[type(operator)]()])
        case ast.Call(func=ast.Attribute(value=value, attr="minimum" | "maximum" as name)):
            other = "maximum" if name == "minimum" else "minimum"
            yield _with(node, func=ast.Attribute(value, other))
        case ast.IfExp(body=body, orelse=orelse):
            yield _with(node, body=orelse, orelse=body)


def _wrong_constant(node: ast.expr) -> Iterator[ast.expr]:
    """Double each factor, summand, exponent and limit; sizes in tuples and places in arrays are no such numbers."""
    match node:
        case ast.BinOp() | ast.Compare() | ast.Call():
            for field in ("left", "right", "args", "comparators"):
                value = getattr(node, field, None)
                for part in value if isinstance(value, list) else [value]:
                    if isinstance(part, ast.Constant) and type(part.value) in (int, float):
                        wrong = ast.Constant(2 * part.value if part.value else type(part.value)(1))
                        parts = [wrong if other is part else other for other in value] if value is not part else wrong
                        yield _with(node, **{field: parts})
        case ast.Tuple(elts=parts):
            for part in parts:
                if isinstance(part, ast.Constant) and type(part.value) is float:
                    wrong = ast.Constant(2 * part.value if part.value else 1.0)
                    yield _with(node, elts=[wrong if other is part else other for other in parts])


def _with(node: ast.expr, **fields: object) -> ast.expr:
    """Return a copy of `node` with other fields."""
    return type(node)(**{name: getattr(node, name) for name in node._fields} | fields)


OPERATORS: dict[str, Callable[[ast.expr], Iterator[ast.expr]]] = {
    "dropped term": _dropped_term,
    "flipped sign": _flipped_sign,
    "transposed operand": _transposed_operand,
    "wrong axis": _wrong_axis,
    "swapped branch": _swapped_branch,
    "wrong constant": _wrong_constant,
}
"""For every kind of fault in an expression, what can be written in the place of one."""

RESULTS = {
    "flipped sign": "-({value})",
    "float32 leak": "{np}.float32({value})",
    "float32 detour": "{np}.asarray({np}.float32({value})).astype({np}.asarray({value}).dtype)",
    "lost digits": "({value}) * (1 + 1e-12)",
    "transposed operand": "({value}).T",
}
"""For every kind of fault in a result, how it is written."""
