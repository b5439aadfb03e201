"""Read a page the way MyST-NB will: its cells, their lines, and the cells that it will overlook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from myst_nb.core.read import create_nb_reader
from sphinx.errors import ExtensionError

from equalsign.lint import Cell


@dataclass(frozen=True)
class Page:
    """The source of one page."""

    notebook: Any
    """The notebook that MyST-NB makes of it, or None if it takes the page for plain text."""
    cells: list[Cell]
    """Its code cells, in order."""
    written: int
    """How many code cells are written in it, whether or not MyST-NB runs them."""


def read_page(env: Any, docname: str) -> Page:
    """Read the source file of `docname`; `env` is Sphinx's environment, with the configuration of MyST-NB."""
    path = Path(env.doc2path(docname))
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    written = 0 if path.suffix == ".ipynb" else _written_cells(text)
    if reader is None:
        return Page(None, [], written)
    try:
        notebook = reader.read(text)
    except Exception as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ExtensionError(f"{path.name}: MyST-NB cannot read this page: {reason}") from error
    lines = text.splitlines()
    starts = notebook.metadata.get("source_map", [0] * len(notebook.cells))
    cells = [
        Cell(cell.source, _first_line(lines, start, cell.source), cell.metadata)
        for start, cell in zip(starts, notebook.cells, strict=True)
        if cell.cell_type == "code"
    ]
    return Page(notebook, cells, len(cells) if path.suffix == ".ipynb" else written)


def _first_line(lines: list[str], start: int, source: str) -> int:
    """Return the line on which `source` starts; the options of a cell may stand before it."""
    code = source.lstrip("\n")
    blank = len(source) - len(code)
    first = code.partition("\n")[0].strip()
    for number in range(start, len(lines)):
        if first and lines[number].strip() == first:
            return number + 1 - blank
    return start + 1


def _written_cells(text: str) -> int:
    body = re.sub(r"\A---\n.*?\n---\n", "", text, count=1, flags=re.DOTALL)
    parser = MarkdownIt("commonmark").use(colon_fence_plugin)
    return sum(_cells_in(token, parser) for token in parser.parse(body))


def _cells_in(token: Token, parser: MarkdownIt) -> int:
    """Count code cells in a token; those inside other directives count too, but not those shown as plain code."""
    directive = re.match(r"\{([\w-]+)\}", token.info.strip())
    if token.type not in ("fence", "colon_fence") or not directive or directive[1] in ("code", "code-block"):
        return 0
    if directive[1] == "code-cell":
        return 1
    return sum(_cells_in(inner, parser) for inner in parser.parse(token.content))
