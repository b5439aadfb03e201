"""The chapters of the book as tools see them: their code cells, and the part of these that can notice a fault.

To plant many faults, a chapter must run quickly. So it is run once as it stands, and then again, for every fault, only
in those statements through which something of the package under test reaches a check. All else, such as the expected
sides of the checks, is as it was the first time: each statement starts from what the names held at that moment.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any

import numpy as np
from myst_nb.core.config import NbParserConfig
from myst_parser.config.main import MdParserConfig
from sphinx_external_toc.parsing import parse_toc_yaml

from equalsign import Record, recording
from equalsign.sphinx.sources import Page, read_page

CHANGING_METHODS = frozenset(
    {"add", "append", "clear", "extend", "fill", "insert", "pop", "remove", "setdefault", "sort", "update"}
    | {"choice", "integers", "normal", "permutation", "random", "shuffle", "standard_normal", "uniform"}
)
"""Methods that change what they are called on; a generator of random numbers is changed by each draw."""

CHANGING_FUNCTIONS = frozenset({"copyto", "fill_diagonal", "place", "put", "putmask"})
CHANGING_TYPES = np.ndarray | np.random.Generator | list | dict | set


def pages(root: Path) -> Iterator[tuple[Path, Page]]:
    """Yield the file of each page in the table of contents of the book at `root`, and what is written in it."""
    for docname in parse_toc_yaml(root / "_toc.yml"):
        path = next(path for path in (root / f"{docname}.md", root / docname) if path.is_file())
        yield path, read(path)


def read(path: Path) -> Page:
    """Read one page as MyST-NB does."""
    env = SimpleNamespace(doc2path=str, myst_config=MdParserConfig(), mystnb_config=NbParserConfig())
    return read_page(env, str(path))


@dataclass(frozen=True)
class Noticed:
    """How a page noticed a fault."""

    page: str
    line: int
    label: str | None
    """Of the check that failed; None if the page did not run to its end."""
    message: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {f'{self.label} ' if self.label else ''}{self.message}"


@dataclass
class _Step:
    """A statement that is run again for every fault."""

    line: int
    code: CodeType
    fixed: dict[str, Any] = field(default_factory=dict)
    """What the names that no fault can reach held before it."""
    others: dict[str, Any] = field(default_factory=dict)


class Chapter:
    """A page whose checks are run again and again.

    Parameters
    ----------
    name
        What the page is called in messages.
    page
        Its cells.
    under_test
        The package in which faults are planted; it can be imported.
    """

    def __init__(self, name: str, page: Page, under_test: str) -> None:
        self.name = name
        self.seconds = 0.0
        self.problems: list[Noticed] = []
        """What is wrong with the page when no fault is planted."""
        self._names: dict[str, Any] = {}
        self.steps: list[_Step] = []
        self._run_once(list(_slice(_statements(page), under_test)))
        started = time.perf_counter()
        self.problems += [noticed for noticed in [self.run()] if noticed]
        self.seconds = time.perf_counter() - started

    def run(self) -> Noticed | None:
        """Run the checks; return the first that fails, or the exception that ended the page."""
        self._names.clear()
        with recording() as records, _warnings_raise():
            for step in self.steps:
                self._names.update({name: _own(value) for name, value in step.fixed.items()})
                for name, value in step.others.items():
                    self._names.setdefault(name, value)
                if noticed := self._do(step.line, step.code, records):
                    return noticed
        return None

    def _run_once(self, statements: list[_Statement]) -> None:
        relevant = set().union(*(s.reads for s in statements if s.tainted or isinstance(s.node, ast.FunctionDef)))
        with recording() as records, _warnings_raise():
            for statement in statements:
                code = statement.compiled(self.name)
                if statement.tainted:
                    step = _Step(statement.node.lineno, code)
                    for name in relevant & set(self._names):
                        kept = step.others if name in statement.tainted_names else step.fixed
                        kept[name] = _own(self._names[name])
                    self.steps.append(step)
                if noticed := self._do(statement.node.lineno, code, records):
                    self.problems.append(noticed)
                    records.clear()
                    if noticed.label is None:
                        return

    def _do(self, line: int, code: CodeType, records: list[Record]) -> Noticed | None:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(code, self._names)  # noqa: S102  # A page is a program.
        except Exception as error:  # Whatever it is, with it the page does not build.
            return Noticed(self.name, line, None, f"{type(error).__name__}: {error}")
        failed = next((record for record in records if not record.holds), None)
        return Noticed(self.name, line, failed.label, failed.sentence) if failed else None


def called(function: Callable[[], object], folder: Path) -> set[tuple[str, int]]:
    """Return the file and the first line of every function with its source in `folder` that `function` calls."""
    found: set[tuple[str, int]] = set()

    def note(frame: Any, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(folder)):
            found.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(before)
    return found


def _own(value: Any) -> Any:
    """Return a copy of what can be changed, so that no run sees what another one did to it."""
    return copy.deepcopy(value) if isinstance(value, CHANGING_TYPES) else value


class _warnings_raise(warnings.catch_warnings):  # noqa: N801  # Used as a function.
    """Turn warnings that a kernel would print into exceptions: a page that writes to stderr does not build."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.simplefilter("error")
        for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", category)


@dataclass
class _Statement:
    """One statement of a page, at its top level."""

    node: ast.stmt
    tainted: bool = False
    """Whether anything of the package under test takes part in it."""
    tainted_names: frozenset[str] = frozenset()
    """Names that carry something of the package under test before it."""

    def __post_init__(self) -> None:
        self.reads = {node.id for node in ast.walk(self.node) if isinstance(node, ast.Name)}
        self.writes = set(_written(self.node))

    @property
    def checks(self) -> bool:
        return any(isinstance(n, ast.Call) and ast.unparse(n.func) == "check" for n in ast.walk(self.node))

    def compiled(self, page: str) -> CodeType:
        module = ast.fix_missing_locations(ast.Module([self.node], []))
        return compile(module, page, "exec")


def _statements(page: Page) -> Iterator[_Statement]:
    for cell in page.cells:
        for node in ast.parse(cell.source).body:
            yield _Statement(ast.increment_lineno(node, cell.line - 1))


def _slice(statements: Iterable[_Statement], under_test: str) -> Iterator[_Statement]:
    """Yield the statements to run: all that no fault can reach, and of the others those on which a check depends."""
    followed = list(_follow(statements, under_test))
    needed: set[str] = set()
    kept = []
    for statement in reversed(followed):
        if not statement.tainted or statement.checks or statement.writes & needed:
            if statement.tainted and isinstance(statement.node, ast.ImportFrom):
                aliases = [a for a in statement.node.names if (a.asname or a.name) in needed]
                statement.node = ast.copy_location(
                    ast.ImportFrom(statement.node.module, aliases, statement.node.level), statement.node
                )
            kept.append(statement)
            needed |= statement.reads
    yield from reversed(kept)


def _follow(statements: Iterable[_Statement], under_test: str) -> Iterator[_Statement]:
    """Find out which statements a fault can reach, and separate the expected sides of checks from the rest."""
    tainted: set[str] = set()
    for number, statement in enumerate(statements):
        for part in _expected_apart(statement, tainted, number):
            part.tainted_names = frozenset(tainted)
            part.tainted = bool(part.reads & tainted) or _imports(part.node, under_test)
            if part.tainted:
                tainted |= part.writes
            elif isinstance(part.node, ast.Assign | ast.Import | ast.ImportFrom | ast.FunctionDef):
                tainted -= part.writes
            yield part


def _expected_apart(statement: _Statement, tainted: set[str], number: int) -> Iterator[_Statement]:
    match statement.node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="check"), args=[label, got, expected])) as node:
            side = _Statement(
                ast.copy_location(ast.Assign([ast.Name(f"expected {number}", ast.Store())], expected), node)
            )
            if not side.reads & tainted:
                yield side
                call = ast.Call(node.value.func, [label, got, ast.Name(f"expected {number}", ast.Load())],
                                node.value.keywords)  # fmt: skip
                yield _Statement(ast.copy_location(ast.Expr(ast.copy_location(call, node)), node))
                return
    yield statement


def _imports(node: ast.stmt, package: str) -> bool:
    match node:
        case ast.Import(names=aliases):
            return any(alias.name.split(".")[0] == package for alias in aliases)
        case ast.ImportFrom(module=str(module)):
            return module.split(".")[0] == package
    return False


def _written(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds, or whose values it changes."""
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            yield node.name
            return
        case ast.Lambda():
            return
        case ast.comprehension():  # Its variables are its own.
            yield from _written(node.iter)
            return
        case ast.alias():
            yield (node.asname or node.name).split(".")[0]
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
            yield from _root(node)
        case ast.Call(func=ast.Attribute(value=receiver, attr=name)) if name in CHANGING_METHODS:
            yield from _root(receiver)
        case ast.Call(func=ast.Attribute(attr=name), args=[changed, *_]) if name in CHANGING_FUNCTIONS:
            yield from _root(changed)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=arguments)) if name not in ("check", "print"):
            for argument in arguments:
                yield from _root(argument)
        case ast.keyword(arg="out", value=value):
            yield from _root(value)
    for part in ast.iter_child_nodes(node):
        yield from _written(part)


def _root(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id
