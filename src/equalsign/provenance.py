"""Follow values through the cells of a page, to see what was computed by the code under test.

A check whose expected side comes from the code under test passes whatever that code does. The analysis errs on the
side of caution: a name is tainted as soon as anything tainted takes part in what is bound to it or stored in it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

_MUTATING_METHODS = frozenset({"add", "append", "extend", "fill", "insert", "itemset", "setdefault", "update"})
_MUTATING_FUNCTIONS = frozenset({"copyto", "fill_diagonal", "place", "put", "putmask"})


class Provenance:
    """The names of a page that carry values from the packages under test, after the cells read so far."""

    def __init__(self, under_test: Iterable[str]) -> None:
        self._packages = frozenset(under_test)
        self._tainted: set[str] = set()

    def tainted_names(self, expression: ast.AST) -> list[str]:
        """Return the names in `expression` that come from the code under test, in order of appearance."""
        return [name for name in _names(expression) if name in self._tainted]

    def read(self, statements: Iterable[ast.stmt]) -> None:
        """Take note of what `statements` bind."""
        for statement in statements:
            self._read(statement)

    def _read(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Import(names=aliases):
                for alias in aliases:
                    self._bind([alias.asname or alias.name.split(".")[0]], self._under_test(alias.name))
            case ast.ImportFrom(module=module, names=aliases):
                self._bind([a.asname or a.name for a in aliases], self._under_test(module or ""))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._bind([statement.name], self._is_tainted(statement))
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._store(target, self._is_tainted(value))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._store(target, self._is_tainted(value))
            case ast.AugAssign(target=target, value=value):
                self._store(target, self._is_tainted(value) or self._is_tainted(target))
            case ast.For(target=target, iter=iterable):
                self._store(target, self._is_tainted(iterable))
            case _:
                pass
        self._read_parts(statement)

    def _read_parts(self, statement: ast.stmt) -> None:
        """Read named expressions and in-place changes by calls, then the statements inside this one."""
        for node in _own_expressions(statement):
            match node:
                case ast.NamedExpr(target=ast.Name(id=name), value=value):
                    self._bind([name], self._is_tainted(value))
                case ast.Call(func=ast.Attribute(attr=method, value=receiver)) if method in _MUTATING_METHODS:
                    self._spread(_roots(receiver), node)
                case ast.Call(func=ast.Attribute(attr=function)) if function in _MUTATING_FUNCTIONS:
                    self._spread(set().union(*map(_roots, node.args[:1])), node)
                case ast.Call(keywords=keywords):
                    for keyword in keywords:
                        if keyword.arg == "out":
                            self._spread(_roots(keyword.value), node)
                case _:
                    pass
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for body in ("body", "orelse", "finalbody"):
                self.read(getattr(statement, body, []))

    def _store(self, target: ast.expr, tainted: bool) -> None:
        match target:
            case ast.Name(id=name):
                self._bind([name], tainted)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._store(part, tainted)
            case ast.Starred(value=value):
                self._store(value, tainted)
            case _:  # An entry or an attribute: what it belongs to is tainted, but never cleared by it.
                if tainted:
                    self._tainted.update(_roots(target))

    def _spread(self, names: set[str], call: ast.Call) -> None:
        if self._is_tainted(call):
            self._tainted |= names

    def _bind(self, names: Iterable[str], tainted: bool) -> None:
        for name in names:
            if tainted:
                self._tainted.add(name)
            else:
                self._tainted.discard(name)

    def _under_test(self, module: str) -> bool:
        return module.split(".")[0] in self._packages

    def _is_tainted(self, node: ast.AST) -> bool:
        return bool(self.tainted_names(node))


def _names(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id


def _roots(node: ast.expr) -> set[str]:
    """Return the name that an attribute, a subscript or a call starts from."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _own_expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the expressions of `statement` itself, without those of the statements inside it."""
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt):
            yield from ast.walk(child)
