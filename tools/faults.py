"""Every fault that is planted: small changes of a function's source, each a mistake that is easily made by hand.

A fault is made where a function computes, and not in the messages of its errors. The text around it stays as it is, so
that lines keep their numbers and a build can be made with it. `operators` knows the kinds.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.operators import OPERATORS, RESULTS

CLIP = 30
"""Inputs are clipped to plus and minus this, as textbook code does to keep exponentials from overflowing."""


@dataclass(frozen=True)
class Fault:
    """One change of one function."""

    module: str
    path: Path
    function: str
    """Name within the module, as in ``Elementwise.vjp``."""
    lines: tuple[int, int]
    """First and last line of the outermost function, with its decorators, before the change."""
    in_body: bool
    """Whether it is made in the body, and not in a decorator or a default, which run when the module is imported."""
    line: int
    kind: str
    before: str
    after: str
    source: str
    """The whole module, with the fault."""

    @property
    def name(self) -> str:
        """Everything by which it can be chosen, in a line."""
        return f"{self.module}.{self.function}:{self.line} {self.kind}: {self.before} -> {self.after}"


@dataclass(frozen=True)
class Scope:
    """A function that faults are planted in."""

    name: str
    node: ast.FunctionDef
    outermost: ast.FunctionDef
    numbers: frozenset[str]
    """What annotations call a number or an array, or a record of them."""
    numpy: str
    """How the module calls NumPy."""


def faults_of(package: str, folder: Path, excluded: Iterable[str] = ()) -> list[Fault]:
    """Return every fault of every function of `package`, whose source is in `folder`, in order of appearance.

    Modules whose dotted name starts with one of `excluded` are left out.
    """
    found: list[Fault] = []
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        module = ".".join((package, *(part for part in parts if part != "__init__")))
        if not any(module == name or module.startswith(f"{name}.") for name in excluded):
            found += _faults_of_module(module, path)
    return found


def _faults_of_module(module: str, path: Path) -> Iterator[Fault]:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    text = _Text(source.encode())
    seen = {ast.dump(tree)}
    for scope in _scopes(tree):
        heads = [node.lineno for node in (scope.outermost, *scope.outermost.decorator_list)]
        for change in _changes(scope, text):
            changed = text.changed(change)
            program = ast.dump(ast.parse(changed))
            if program in seen:  # The same program, or one that has been planted already.
                continue
            seen.add(program)
            yield Fault(
                module=module,
                path=path,
                function=scope.name,
                lines=(min(heads), scope.outermost.end_lineno or 0),
                in_body=change.start >= text.start(scope.node.body[0]),
                line=change.line,
                kind=change.kind,
                before=change.before,
                after=change.after,
                source=changed,
            )


@dataclass(frozen=True)
class _Change:
    """Bytes of a module, from `start` up to `end`, that are replaced by `text`."""

    kind: str
    line: int
    start: int
    end: int
    text: str
    before: str
    """For the reader, on one line, as `after`."""
    after: str


class _Text:
    """The bytes of a module, by the nodes of its tree, whose columns count bytes."""

    def __init__(self, code: bytes) -> None:
        self.code = code
        self.starts = [0, *itertools.accumulate(len(line) for line in code.splitlines(keepends=True))]

    def start(self, node: ast.stmt | ast.expr) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.stmt | ast.expr) -> int:
        return self.starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.stmt | ast.expr) -> str:
        return self.code[self.start(node) : self.end(node)].decode()

    def changed(self, change: _Change) -> str:
        return (self.code[: change.start] + change.text.encode() + self.code[change.end :]).decode()


def _scopes(tree: ast.Module) -> Iterator[Scope]:
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    records = {node.name for node in classes if _all_floats(node)}
    numbers = frozenset({"Array", "float", "NDArray", "ndarray"} | records)
    numpy = next(
        (a.asname or a.name for n in tree.body if isinstance(n, ast.Import) for a in n.names if a.name == "numpy"),
        '__import__("numpy")',
    )

    def inside(body: list[ast.stmt], prefix: str, outermost: ast.FunctionDef | None) -> Iterator[Scope]:
        for node in body:
            if isinstance(node, ast.ClassDef):
                yield from inside(node.body, f"{prefix}{node.name}.", outermost)
            elif isinstance(node, ast.FunctionDef):
                yield Scope(f"{prefix}{node.name}", node, outermost or node, numbers, numpy)
                yield from inside(node.body, f"{prefix}{node.name}.", outermost or node)

    return inside(tree.body, "", None)


def _all_floats(node: ast.ClassDef) -> bool:
    fields = [field.annotation for field in node.body if isinstance(field, ast.AnnAssign)]
    return bool(fields) and all(isinstance(f, ast.Name) and f.id == "float" for f in fields)


def _changes(scope: Scope, text: _Text) -> Iterator[_Change]:
    def change(kind: str, node: ast.expr, after: str, shown: str) -> _Change:
        before = " ".join(text.of(node).split())
        return _Change(kind, node.lineno, text.start(node), text.end(node), after, before, shown)

    for node in _computing(scope.node):
        for kind, operator in OPERATORS.items():
            for other in operator(node):
                yield change(kind, node, _enclosed(other), ast.unparse(other))
    returns = _names_outside_callables(scope.node.returns)
    for value, several in _returned(scope) if returns & scope.numbers else ():
        for kind, form in RESULTS.items():
            if kind != "transposed operand" or "Array" in returns:
                yield change(
                    kind, value, _result(form, text.of(value), scope, several), form.format(value="…", np="np")
                )
    first = _body(scope.node)[0]
    for argument in _arguments(scope):
        clip = f"{argument} = {scope.numpy}.clip({argument}, -{CLIP}, {CLIP})"
        start = text.start(first)
        indented = f"{clip}\n{' ' * first.col_offset}"
        yield _Change("clipped input", first.lineno, start, start, indented, argument, clip.partition(" = ")[2])


def _result(form: str, value: str, scope: Scope, several: bool) -> str:
    if several:
        return f"tuple({form.format(value='each', np=scope.numpy)} for each in {value})"
    return form.format(value=value, np=scope.numpy)


def _enclosed(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript) else f"({text})"


def _body(function: ast.FunctionDef) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) is not None and function.body[1:] else function.body


def _computing(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield the expressions of a function that compute, but not those of functions inside it."""
    pending: list[ast.AST] = [*_body(function)[::-1], *function.args.defaults, *function.decorator_list]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Raise | ast.JoinedStr | ast.FunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.expr):
            yield node
        parts = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.AnnAssign):
            parts.remove(node.annotation)
        pending += reversed(parts)


def _names_outside_callables(annotation: ast.expr | None) -> set[str]:
    """Return the names in an annotation; those inside ``Callable[...]`` are of something not yet computed."""
    if annotation is None or (isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Callable"):
        return set()
    if isinstance(annotation, ast.Name):
        return {annotation.id}
    return set().union(*(_names_outside_callables(n) for n in ast.iter_child_nodes(annotation)))


def _returned(scope: Scope) -> Iterator[tuple[ast.expr, bool]]:
    """Yield each number or array that a function returns, and whether it is a tuple of them, not taken apart."""
    annotation = scope.node.returns
    returns_tuple = isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "tuple"
    pending: list[ast.AST] = scope.node.body[::-1]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            for value in _parts(node.value, scope.numbers):
                yield value, returns_tuple and value is node.value
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.expr):
            pending += reversed(list(ast.iter_child_nodes(node)))


def _parts(value: ast.expr, records: frozenset[str]) -> Iterator[ast.expr]:
    match value:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _parts(part, records)
        case ast.ListComp(elt=part):
            yield part
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords) if name in records | {"replace"}:
            yield from arguments[1:] if name == "replace" else arguments
            yield from (keyword.value for keyword in keywords)
        case _:
            yield value


def _arguments(scope: Scope) -> Iterator[str]:
    """Yield the numbers and arrays that a function takes and reads."""
    read = {node.id for part in scope.node.body for node in ast.walk(part) if isinstance(node, ast.Name)}
    for argument in [*scope.node.args.posonlyargs, *scope.node.args.args, *scope.node.args.kwonlyargs]:
        if argument.arg in read and ast.unparse(argument.annotation or ast.Name("")) in (
            "Array",
            "float",
            "ArrayLike",
        ):
            yield argument.arg
