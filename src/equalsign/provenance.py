"""Follow values through the cells of a page, to see what was computed by the code under test.

A check whose expected side comes from the code under test passes whatever that code does. The analysis errs on the
side of caution: a name is tainted as soon as anything tainted takes part in what is bound to it or stored in it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

_MUTATING_METHODS = frozenset({"add", "append", "extend", "fill", "insert", "itemset", "setdefault", "update"})
_MUTATING_FUNCTIONS = frozenset({"at", "copyto", "fill_diagonal", "place", "put", "putmask"})

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Provenance:
    """The names of a page that carry values from the packages under test, after the statements read so far."""

    def __init__(self, under_test: Iterable[str]) -> None:
        self._packages = frozenset(under_test)
        self.imported: set[str] = set()
        self._tainted: set[str] = set()
        self._functions: dict[str, frozenset[str]] = {}  # With the names that each takes from outside.

    def tainted_names(self, expression: ast.AST) -> list[str]:
        """Return the names in `expression` that come from the code under test, in order of appearance."""
        return [name for name in _names(expression) if name in self._tainted]

    def read(self, statement: ast.stmt) -> None:
        """Take note of what a statement at the top level of a cell binds."""
        parts = list(_parts(statement))
        for part in parts:
            self._note(part)
        found = set().union(*map(self._taints, parts))
        if len(parts) == 1:  # Whether, and in which order, the parts of a longer one run is not known.
            self._tainted -= _rebound(statement)
        while not found <= self._tainted:
            self._tainted |= found
            found = set().union(*map(self._taints, parts))
            found |= {name for name, outside in self._functions.items() if outside & self._tainted}

    def _note(self, statement: ast.stmt) -> None:
        names = _rebound(statement)
        self._functions = {name: outside for name, outside in self._functions.items() if name not in names}
        self.imported -= names
        match statement:
            case ast.Import() | ast.ImportFrom():
                self.imported |= names
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                self._functions[name] = frozenset(_names(statement))

    def _taints(self, statement: ast.stmt) -> set[str]:
        """Return the names to which `statement` itself carries something tainted."""
        found: set[str] = set()
        match statement:
            case ast.Import(names=aliases):
                found |= {a.asname or _package(a.name) for a in aliases if _package(a.name) in self._packages}
            case ast.ImportFrom(module=str(module), names=aliases) if _package(module) in self._packages:
                found |= {a.asname or a.name for a in aliases}
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return {statement.name} if self._is_tainted(statement) else set()
            case ast.Assign(targets=targets, value=value):
                pairs = (pair for target in targets for pair in _pairs(target, value))
                found = set().union(*(_roots(part) for part, source in pairs if self._is_tainted(source)))
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.AugAssign(target=target, value=value)
                | ast.For(target=target, iter=value)
                | ast.AsyncFor(target=target, iter=value)
            ) if self._is_tainted(value):
                found = _roots(target)
        for node in _expressions(statement):
            match node:
                case ast.NamedExpr(target=target, value=value) if self._is_tainted(value):
                    found |= _roots(target)
                case ast.withitem(context_expr=value, optional_vars=ast.expr() as target) if self._is_tainted(value):
                    found |= _roots(target)
                case ast.Call() if self._is_tainted(node):
                    found |= self._changed(node)
        return found

    def _changed(self, call: ast.Call) -> set[str]:
        """Return the names of what `call` changes in place, as far as its own name tells."""
        changed = set().union(*(_roots(keyword.value) for keyword in call.keywords if keyword.arg == "out"))
        match call.func:
            case ast.Attribute(attr=name, value=receiver) if name in _MUTATING_METHODS:
                changed |= _roots(receiver) - self.imported  # A function of a module does not change the module.
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in _MUTATING_FUNCTIONS:
                changed |= set().union(*map(_roots, call.args[:1]))
        return changed

    def _is_tainted(self, node: ast.AST) -> bool:
        return bool(self.tainted_names(node))


def _package(module: str) -> str:
    return module.split(".")[0]


def _parts(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield `statement` and the statements inside it, but not those of functions and classes."""
    yield statement
    if not isinstance(statement, _Function | ast.ClassDef):
        for child in _without_expressions(statement):
            yield from _parts(child)


def _without_expressions(node: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from _without_expressions(child)


def _expressions(statement: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions of `statement` itself, without those of the statements inside it."""
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt):
            yield child
            yield from _expressions(child)


def _rebound(statement: ast.stmt) -> set[str]:
    """Return the names that `statement` itself binds anew, so that nothing is left of their old values."""
    match statement:
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return {alias.asname or _package(alias.name) for alias in aliases}
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return set().union(*map(_stored, targets))
        case ast.AnnAssign(target=target, value=ast.expr()):
            return _stored(target)
        case _:
            return set()


def _stored(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield the parts of an assignment, with what each is assigned."""
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values) and not any(
            isinstance(part, ast.Starred) for part in targets + values
        ):
            for part, source in zip(targets, values, strict=True):
                yield from _pairs(part, source)
        case _:
            yield target, value


def _roots(node: ast.expr) -> set[str]:
    """Return the names that a target, or an attribute or an entry of something, starts from."""
    match node:
        case ast.Name(id=name):
            return {name}
        case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Starred(value=value):
            return _roots(value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return set().union(*map(_roots, parts))
        case _:
            return set()


def _names(node: ast.AST) -> Iterator[str]:
    """Yield the names that `node` takes from outside, in order of appearance."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Lambda(args=arguments) | ast.FunctionDef(args=arguments) | ast.AsyncFunctionDef(args=arguments):
            yield from _names(arguments)  # Their defaults come from outside.
            own = {part.arg for part in ast.walk(arguments) if isinstance(part, ast.arg)}
            yield from _names_of_children(node, own | _locals(node))
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            yield from _names(node.generators[0].iter)
            yield from _names_of_children(node, set().union(*(_stored(part.target) for part in node.generators)))
        case _:
            yield from _names_of_children(node, set())


def _names_of_children(node: ast.AST, own: set[str]) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        yield from (name for name in _names(child) if name not in own)


def _locals(function: ast.AST) -> set[str]:
    outer = {name for part in ast.walk(function) if isinstance(part, ast.Global) for name in part.names}
    return _stored(function) - outer
