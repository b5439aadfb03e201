"""Find the displayed equations of MyST and dollar-math Markdown and of notebooks, without building anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

SUFFIXES = frozenset({".md", ".ipynb"})
LITERAL = frozenset(
    ("code", "code-block", "code-cell", "sourcecode", "literalinclude", "highlight", "raw", "eval-rst", "where")
) | {"csv-table", "toctree", "include", "bibliography", "image", "tableofcontents", "mermaid"}
"""Directives whose content is no Markdown."""

_DIRECTIVE = re.compile(r"\{([^}\s]+)\}\s*(.*)")
_OPTION = re.compile(r"\s*:([\w-]+):\s*(.*)")
_SKIPPED = re.compile(r"[._].*|node_modules|venv")


class DocumentError(ValueError):
    """A path that cannot be read as a document."""


@dataclass(frozen=True, order=True)
class Source:
    """A displayed equation, as it stands in a document."""

    file: str
    """As it was asked for, so that it can be opened from where the question came."""
    cell: int
    """The cell of a notebook, counted from 1; 0 in a Markdown file."""
    line: int
    """Where the LaTeX starts, counted from 1; in a notebook, within the cell."""
    label: str | None
    latex: str

    @property
    def place(self) -> str:
        """The file and the line, as compilers name them."""
        return f"{self.file}:cell {self.cell}:{self.line}" if self.cell else f"{self.file}:{self.line}"


def documents(paths: Iterable[Path]) -> list[Path]:
    """Return the documents among `paths` and below the directories among them, each once and in order.

    Directories whose name starts with a dot or an underscore, and virtual environments, are passed over.

    Raises
    ------
    DocumentError
        If a path does not exist, is of another type, or if there is no document in a directory.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(_walk(path))
            if not inside:
                raise DocumentError(f"{path}: there is no .md or .ipynb file in this directory")
            found |= dict.fromkeys(inside)
        elif not path.exists():
            raise DocumentError(f"{path}: no such file or directory")
        elif path.suffix not in SUFFIXES:
            raise DocumentError(f"{path}: only .md and .ipynb files can be read")
        else:
            found[path] = None
    return list(found)


def displays(path: Path) -> list[Source]:
    """Return every displayed equation of one document.

    Raises
    ------
    DocumentError
        If the file cannot be read, is no UTF-8, or is no notebook although its name says so.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: cannot be read: {error}") from error
    if path.suffix == ".md":
        return list(_markdown(text, str(path)))
    try:
        cells = json.loads(text)["cells"]
        sources = [(number, "".join(cell["source"])) for number, cell in enumerate(cells, 1) if _is_prose(cell)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DocumentError(f"{path}: is no notebook of format 4: {type(error).__name__}: {error}") from error
    return [replace(found, cell=number) for number, source in sources for found in _markdown(source, str(path))]


def _is_prose(cell: dict[str, str]) -> bool:
    return cell["cell_type"] == "markdown"


def _walk(directory: Path) -> Iterator[Path]:
    for path in directory.iterdir():
        if path.is_dir():
            if not _SKIPPED.fullmatch(path.name):
                yield from _walk(path)
        elif path.suffix in SUFFIXES:
            yield path


def _parser() -> MarkdownIt:
    """Return a parser that sees what MyST sees, with its default settings for dollars."""
    markdown = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, myst_block_plugin, myst_role_plugin, colon_fence_plugin, amsmath_plugin):
        markdown.use(plugin)
    return markdown.use(dollarmath_plugin, allow_labels=True, allow_space=True, allow_digits=True)


_PARSER = _parser()


def _markdown(text: str, file: str, offset: int = 0) -> Iterator[Source]:
    """Yield the displays of Markdown whose first line is line `offset + 1` of the file."""
    for token in _PARSER.parse(text):
        if token.map is None:
            continue
        line = offset + token.map[0] + 1
        if token.type in ("math_block", "math_block_label", "amsmath"):
            yield _source(file, line, token.info or None, token.content)
        elif token.type in ("fence", "colon_fence") and (directive := _DIRECTIVE.match(token.info.strip())):
            yield from _directive(token, directive[1], directive[2], file, line)


def _source(file: str, line: int, label: str | None, latex: str) -> Source:
    blank = len(latex) - len(latex.lstrip())
    start = line + latex.count("\n", 0, blank)
    return Source(file, 0, start, label, latex.strip())


def _directive(token: Token, name: str, argument: str, file: str, line: int) -> Iterator[Source]:
    if name in LITERAL:
        return
    options, skipped = _options(token.content)
    body = "".join(token.content.splitlines(keepends=True)[skipped:])
    first = line + 1 + skipped
    label = options.get("label") or options.get("name")
    if name != "math":
        yield from _markdown(body, file, first - 1)
    elif argument and not body.strip():
        yield _source(file, line, label, argument)
    else:
        # As in docutils, the argument is a part of its own, with an empty line behind it.
        yield _source(file, line if argument else first, label, f"{argument}\n\n{body}" if argument else body)


def _options(content: str) -> tuple[dict[str, str], int]:
    """Return the options at the head of a directive, and how many lines they take."""
    lines = content.splitlines()
    options: dict[str, str] = {}
    if lines and lines[0].strip() == "---":
        end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
        pairs = (line.partition(":") for line in lines[1:end])
        return {name.strip(): value.strip() for name, _, value in pairs}, end + 1 if end else 0
    for number, line in enumerate(lines):
        option = _OPTION.match(line)
        if not option:
            return options, number
        options[option[1]] = option[2].strip()
    return options, len(lines)
