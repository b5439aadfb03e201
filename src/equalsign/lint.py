"""Read the code cells of a page and refuse what would make its checks worthless.

These are the ways in which a book passes while it is wrong that can be seen without running it: exceptions that are
hidden, checks that cannot fail, results that come from nowhere.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from equalsign.problem import Problem
from equalsign.provenance import Provenance

HIDING_TAGS = frozenset(
    {"raises-exception", "skip-execution", "remove-cell", "remove-output", "remove_cell", "remove_output"}
)
"""Cell tags that keep an exception, or a verdict, from being seen."""

HIDING_METADATA = frozenset({"execution", "mystnb"})
"""Front matter under which execution settings of a single page are made."""

BACKGROUND_MODULES = frozenset(
    {"asyncio", "concurrent", "joblib", "multiprocessing", "subprocess", "threading", "_thread"}
)
"""Modules that run code where an exception does not reach the cell."""

DISPLAY_CLASSES = frozenset({"HTML", "Image", "Javascript", "Latex", "Markdown", "Math", "SVG"})
"""Classes of `IPython.display` that show typed text as if it had been computed."""


DYNAMIC_NAMES = frozenset(
    {"__import__", "delattr", "eval", "exec", "get_ipython", "globals", "importlib", "locals", "setattr", "vars"}
)
"""Names by which code comes from where no reader, and no analysis, can follow it."""

SWALLOWING_NAMES = frozenset({"capture_output", "popen", "redirect_stderr", "suppress", "system"})
"""Functions that keep an error, or a command's failure, to themselves: of `contextlib`, IPython and `os`."""

SILENCING_NAMES = frozenset({"filterwarnings", "seterr", "simplefilter"})
"""Functions of `warnings` and NumPy that, told to ignore something, hide it from every cell that follows."""

GENERATORS = frozenset({"Random", "RandomState", "default_rng"})
"""Makers of random numbers, which differ on every run unless they are given a seed."""
_INDEPENDENT = {"expected": "expected side", "scale": "scale", "terms": "number of terms", "tolerance": "tolerance"}
"""Arguments of `check` that decide whether it holds, and so must not come from the code under test."""


@dataclass(frozen=True)
class Cell:
    """One code cell of a page."""

    source: str
    line: int
    """Line of the document, counted from 1, on which `source` starts."""
    metadata: Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of `check` in the text of a page."""

    label: str
    cell: int
    """Index of the code cell, counted from 0."""
    line: int


def lint_page(
    document: str, metadata: Mapping[str, Any], cells: Sequence[Cell], under_test: Iterable[str]
) -> tuple[list[Call], list[Problem]]:
    """Return the calls of `check` on a page, and what is wrong with its cells.

    Parameters
    ----------
    document
        Name of the page, for the problems.
    metadata
        Front matter of the page.
    cells
        Its code cells, in order.
    under_test
        Packages from which no expected value may come.
    """
    problems = [Problem(document, 1, m) for m in _front_matter(metadata)]
    calls: list[Call] = []
    provenance = Provenance(under_test)
    for number, cell in enumerate(cells):
        problems += [Problem(document, cell.line, message) for message in _cell_metadata(cell)]
        tree, magics = _parse(cell)
        problems += [Problem(document, cell.line + offset, message) for offset, message in magics]
        if tree is None:
            continue
        for node in ast.walk(tree):
            problems += [Problem(document, _line(cell, node), message) for message in _statement(node)]
        for statement in tree.body:
            provenance.read(statement)
            problems += [Problem(document, _line(cell, n), m) for n, m in _replaced(statement, provenance.imported)]
            for call in _checks(statement):
                line = _line(cell, call)
                label, messages = _check(call, provenance)
                problems += [Problem(document, line, message) for message in messages]
                if label:
                    calls.append(Call(label, number, line))
        problems += [Problem(document, _line(cell, node), message) for node, message in _indirect_checks(tree)]
    return calls, problems


def _front_matter(metadata: Mapping[str, Any]) -> Iterator[str]:
    for key in HIDING_METADATA & set(metadata):
        yield f"the front matter sets {key!r}: how pages are executed is set once, for the whole book"


def _cell_metadata(cell: Cell) -> Iterator[str]:
    for tag in sorted(HIDING_TAGS & set(cell.metadata.get("tags", ()))):
        yield f"the cell is tagged {tag!r}, which can hide an exception or a verdict: take the tag away"
    for key in sorted(k for k in cell.metadata.get("mystnb") or {} if k.startswith(("execution", "remove"))):
        yield f"the cell sets {key!r}, which can hide an exception or a verdict: take it away"


def _parse(cell: Cell) -> tuple[ast.Module | None, list[tuple[int, str]]]:
    """Parse a cell; return its tree, or None and a message for each line that is no Python."""
    magics = [
        (offset, f"{line.strip()!r} is a notebook magic or a shell command, which can hide an error: write Python")
        for offset, line in enumerate(cell.source.splitlines())
        if line.lstrip().startswith(("%", "!", "?")) or line.rstrip().endswith("?")
    ]
    try:
        return ast.parse(cell.source), []
    except SyntaxError as error:
        return None, magics or [((error.lineno or 1) - 1, f"the cell is not valid Python: {error.msg}")]


def _statement(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Try() | ast.TryStar():
            yield "a try statement can swallow the exception that should fail the build: let it be raised"
        case ast.Import(names=aliases) if any(_root(a.name) in BACKGROUND_MODULES for a in aliases):
            yield "the cell starts other threads or processes, whose exceptions are lost: run the code in the cell"
        case ast.ImportFrom(module=str(module)) if _root(module) in BACKGROUND_MODULES:
            yield "the cell starts other threads or processes, whose exceptions are lost: run the code in the cell"
        case ast.ImportFrom(module=str(module), names=aliases) if _root(module) == "IPython":
            for alias in aliases:
                if alias.name in DISPLAY_CLASSES:
                    yield f"IPython's {alias.name} displays typed text that no check reads: write it in the page"
        case ast.Attribute(attr=name, value=ast.Attribute(attr="display") | ast.Name(id="display")):
            if name in DISPLAY_CLASSES:
                yield f"IPython's {name} displays typed text that no check reads: write it in the page"
        case ast.ImportFrom(module="equalsign", names=aliases) if any(
            a.name == "check" and a.asname not in (None, "check") for a in aliases
        ):
            yield "'check' is given another name, under which no lint knows it: import it as it is"
        case ast.ImportFrom(module=module, names=aliases) if module != "equalsign":
            if any((a.asname or a.name) == "check" for a in aliases):
                yield f"'check' is imported from {module!r}, but a check comes from equalsign"
        case ast.alias(name="*"):
            yield "a star import hides where names come from: name what is imported"
        case ast.Name(id=name, ctx=ast.Load()) | ast.alias(name=name) if name in DYNAMIC_NAMES:
            yield f"{name} hides where a value comes from: write the code out"
        case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name) | ast.alias(name=name) if (
            name in SWALLOWING_NAMES
        ):
            yield f"{name} can swallow the error that should fail the build: let it be raised"
        case ast.Name(id="check", ctx=ast.Store() | ast.Del()) | ast.arg(arg="check"):
            yield "'check' is bound to something else, so the checks after it are not equalsign's"
        case ast.FunctionDef(name="check") | ast.ClassDef(name="check") | ast.AsyncFunctionDef(name="check"):
            yield "'check' is bound to something else, so the checks after it are not equalsign's"
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in SILENCING_NAMES | GENERATORS:
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            if name in GENERATORS and not values:
                yield f"{name} without a seed gives other numbers on every run, and luck may decide: give it one"
            if name in SILENCING_NAMES and any(isinstance(v, ast.Constant) and v.value == "ignore" for v in values):
                yield f"{name} silences the warnings of all cells that follow: mend what warns"
        case ast.Constant(value=str(text)) if text.count("$") >= 2 and "=" in text:
            yield "the string sets an equation in a picture, where no check reads it: display it in the page"
        case _:
            pass


def _replaced(statement: ast.stmt, imported: Set[str]) -> Iterator[tuple[ast.AST, str]]:
    """Yield places where something that was imported gets a new part, or loses one."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            target = ast.unparse(node)
            if _root(target) in imported:
                yield node, f"{target} is replaced, so other code is checked than was imported: give it another name"


def _checks(statement: ast.stmt) -> list[ast.Call]:
    calls = [node for node in _published(statement) if isinstance(node, ast.Call) and _is_check(node.func)]
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _published(node: ast.AST) -> Iterator[ast.AST]:
    """Yield `node` and what is inside it, but for the body of ``with recording()``, whose checks count for nothing."""
    yield node
    match node:
        case ast.With(items=[ast.withitem(context_expr=ast.Call(func=ast.Name(id="recording")))]):
            return
    for child in ast.iter_child_nodes(node):
        yield from _published(child)


def _indirect_checks(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield uses of `check` other than a call that is run where it stands."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "check" and isinstance(node.ctx, ast.Load):
            if id(node) not in called:
                yield node, "'check' is handed on, so nobody can see what is checked: call it"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and _is_check(inner.func):
                    yield inner, "the check stands inside a function, where its sides are not to be seen: move it out"


def _is_check(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "check") or (
        isinstance(function, ast.Attribute) and function.attr == "check"
    )


def _check(call: ast.Call, provenance: Provenance) -> tuple[str | None, list[str]]:
    """Return the label of a call of `check`, if it has one, and what is wrong with the call."""
    arguments = dict(zip(("label", "got", "expected"), call.args, strict=False))
    arguments |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    if not {"label", "got", "expected"} <= set(arguments):
        return None, ["check takes a label, what was got and what is expected, each written out in the call"]
    label, got, expected = (arguments[name] for name in ("label", "got", "expected"))
    messages = []
    if ast.dump(got) == ast.dump(expected):
        messages.append(f"both sides of the check are {ast.unparse(got)}, so it could not fail")
    if _is_typed(got) and _is_typed(expected):
        messages.append("both sides of the check are typed numbers, so nothing was computed")
    roles = [(role, arguments[name]) for name, role in _INDEPENDENT.items() if name in arguments]
    roles += [("unpacked", keyword.value) for keyword in call.keywords if not keyword.arg]
    for role, value in roles:
        if tainted := provenance.tainted_names(value):
            messages.append(
                f"the {role} {ast.unparse(value)} comes from the code under test "
                f"(through {', '.join(dict.fromkeys(tainted))}): compute it by an independent route"
            )
    if isinstance(label, ast.Constant) and isinstance(label.value, str):
        return label.value, messages
    return None, [*messages, "the label of a check must be a literal string, or nobody can see what is checked"]


def _is_typed(side: ast.expr) -> bool:
    """Say whether `side` is a number, or a list of numbers, as it stands."""
    try:
        ast.literal_eval(side)
    except ValueError:
        return False
    return True


def _line(cell: Cell, node: ast.AST) -> int:
    return cell.line + getattr(node, "lineno", 1) - 1


def _root(module: str) -> str:
    return module.split(".")[0]
