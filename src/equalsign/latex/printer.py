"""Print a tree as LaTeX that reads well, and that reads back as the same tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from equalsign.latex import ast
from equalsign.latex.commands import MATRICES, NAMING

_TALL = ("\\frac", "\\binom", "\\begin", "\\sum", "\\prod", "\\int", "\\left", "\\sqrt")
"""What is higher than a line, so that brackets around it grow."""

_FACTORS = (
    ast.Number,
    ast.Symbol,
    ast.Word,
    ast.Dots,
    ast.Styled,
    ast.Stacked,
    ast.Scripts,
    ast.Factorial,
    ast.Group,
    ast.Fraction,
    ast.Binomial,
    ast.Root,
    ast.Matrix,
    ast.Cases,
)
"""What a bar may stand behind and be seen to belong to."""

_NAMES = (ast.Symbol, ast.Word, ast.Styled, ast.Scripts)
"""What reads well directly before a parenthesis."""


def to_latex(node: ast.Node) -> str:
    """Return LaTeX for `node`; `parse` reads that of a display as an equal one."""
    return _PRINTERS[type(node)](node)


def _all(nodes: tuple[ast.Node, ...], separator: str) -> str:
    return separator.join(map(to_latex, nodes))


def _scripts(sub: ast.Node | None, sup: ast.Node | None, primes: int = 0) -> str:
    below = "" if sub is None else f"_{{{to_latex(sub)}}}"
    above = "" if sup is None else f"^{{{to_latex(sup)}}}"
    return below + "'" * primes + above


def _styled(node: ast.Styled) -> str:
    body = to_latex(node.body)
    # Letters alone would be read as a name.
    return f"{node.style}{{{{{body}}}}}" if node.style in NAMING else f"{node.style}{{{body}}}"


def _evaluated(node: ast.Evaluated) -> str:
    bounds = _scripts(node.sub, node.sup)
    called = isinstance(node.body, ast.Function) and isinstance(node.body.argument, ast.Group)
    if node.sub is not None and (called or isinstance(node.body, _FACTORS)):
        return f"{to_latex(node.body)}\\big|{bounds}"
    return f"\\left. {to_latex(node.body)} \\right|{bounds}"


def _group(node: ast.Group) -> str:
    body = to_latex(node.body)
    # Bars look the same on both sides: only \left and \right tell nested ones apart.
    if {"|", "\\|", "."} & {node.opening, node.closing} or any(command in body for command in _TALL):
        return f"\\left{node.opening} {body} \\right{node.closing}"
    space = " " if node.opening[-1].isalpha() else ""
    return f"{node.opening}{space}{body}{space}{node.closing}"


def _root(node: ast.Root) -> str:
    if node.degree is None:
        return f"\\sqrt{{{to_latex(node.body)}}}"
    degree = to_latex(node.degree)
    shown = f"{{{degree}}}" if "]" in degree else degree  # A bracket would end the degree.
    return f"\\sqrt[{shown}]{{{to_latex(node.body)}}}"


def _product(node: ast.Product) -> str:
    result = to_latex(node.factors[0])
    for operator, before, factor in zip(node.operators, node.factors, node.factors[1:], strict=False):
        applied = isinstance(factor, ast.Group) and factor.opening == "(" and isinstance(before, _NAMES)
        gap = f" {operator} " if operator else "" if applied else " "
        result += gap + to_latex(factor)
    return result


def _sum(node: ast.Sum) -> str:
    sign = node.signs[0]
    result = f"{sign}{' ' * (len(sign) > 1)}{to_latex(node.terms[0])}"
    for sign, term in zip(node.signs[1:], node.terms[1:], strict=True):
        result += f" {sign} {to_latex(term)}"
    return result


def _big_operator(node: ast.BigOperator) -> str:
    name = node.name.replace("\\operatorname{", "\\operatorname*{")
    head = name + _scripts(node.sub, node.sup)
    return head if node.body is None else f"{head} {to_latex(node.body)}"


def _function(node: ast.Function) -> str:
    head = node.name + _scripts(node.sub, node.sup, node.primes)
    if node.argument is None:
        return head
    return head + ("" if isinstance(node.argument, ast.Group) else " ") + to_latex(node.argument)


def _rows(rows: list[list[str]]) -> str:
    return " \\\\ ".join(" & ".join(row) for row in rows)


def _matrix(node: ast.Matrix) -> str:
    rows = [["" if isinstance(cell, ast.Nothing) else to_latex(cell) for cell in row] for row in node.rows]
    columns = f"{{{'c' * max(map(len, rows))}}}" if node.environment == "array" else ""
    assert node.environment in MATRICES
    return f"\\begin{{{node.environment}}}{columns} {_rows(rows)} \\end{{{node.environment}}}"


def _cases(node: ast.Cases) -> str:
    rows = [
        [to_latex(branch.value)] + ([] if branch.condition is None else [to_latex(branch.condition)])
        for branch in node.branches
    ]
    return f"\\begin{{cases}} {_rows(rows)} \\end{{cases}}"


def _relation(node: ast.Relation) -> str:
    return node.symbol if node.note is None else f"{node.command}{{{to_latex(node.note)}}}{{{node.symbol}}}"


def _chain(node: ast.Chain) -> str:
    first, *others = node.members
    result = "" if isinstance(first, ast.Nothing) else to_latex(first)
    for relation, member in zip(node.relations, others, strict=True):
        result += f" {_relation(relation)} {to_latex(member)}"
    return result.lstrip()


def _line(node: ast.Line) -> str:
    result = ""
    for part in node.parts:
        closes_up = isinstance(part, ast.Mark) and part.symbol in (",", ";", ".")
        result += to_latex(part) if closes_up or not result else f" {to_latex(part)}"
    return result


_PRINTERS: dict[type[ast.Node], Callable[[Any], str]] = {
    ast.Nothing: lambda node: "{}",
    ast.Number: lambda node: node.text,
    ast.Symbol: lambda node: node.name,
    ast.Word: lambda node: f"{node.font}{{{node.name}}}",
    ast.Dots: lambda node: node.name,
    ast.Styled: _styled,
    ast.Stacked: lambda node: f"{node.command}{{{to_latex(node.note)}}}{{{to_latex(node.body)}}}",
    ast.Scripts: lambda node: to_latex(node.base) + _scripts(node.sub, node.sup, node.primes),
    ast.Factorial: lambda node: f"{to_latex(node.body)}!",
    ast.Evaluated: _evaluated,
    ast.Group: _group,
    ast.Fraction: lambda node: f"\\frac{{{to_latex(node.numerator)}}}{{{to_latex(node.denominator)}}}",
    ast.Binomial: lambda node: f"\\binom{{{to_latex(node.upper)}}}{{{to_latex(node.lower)}}}",
    ast.Root: _root,
    ast.Product: _product,
    ast.Sum: _sum,
    ast.BigOperator: _big_operator,
    ast.Function: _function,
    ast.Matrix: _matrix,
    ast.Cases: _cases,
    ast.Listing: lambda node: _all(node.items, ", "),
    ast.Relation: _relation,
    ast.Chain: _chain,
    ast.Mapping: lambda node: f"{to_latex(node.name)} : {to_latex(node.source)} \\to {to_latex(node.target)}",
    ast.Mark: lambda node: node.symbol,
    ast.Words: lambda node: f"\\text{{ {node.text} }}",
    ast.Line: _line,
    ast.Display: lambda node: _all(node.lines, " \\\\\n"),
}
