"""Read a page the way MyST-NB will: its cells, their lines, and the cells that it comes upon too late to run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core.read import create_nb_reader
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from equalsign.lint import Cell


@dataclass(frozen=True)
class Page:
    """The source of one page."""

    notebook: Any
    """The notebook that MyST-NB makes of it, or None if it takes the page for plain text."""
    cells: list[Cell]
    """Its code cells that MyST-NB runs, in order."""


def read_page(env: Any, docname: str) -> Page:
    """Read the source file of `docname`; `env` is Sphinx's environment, with the configuration of MyST-NB."""
    path = Path(env.doc2path(docname))
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    if reader is None:
        return Page(None, [])
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
    return Page(notebook, cells)


def _first_line(lines: list[str], start: int, source: str) -> int:
    """Return the line on which `source` starts; the options of a cell may stand before it."""
    code = source.lstrip("\n")
    blank = len(source) - len(code)
    first = code.partition("\n")[0].strip()
    for number in range(start, len(lines)):
        if first and lines[number].strip() == first:
            return number + 1 - blank
    return start + 1


class StrayCell(SphinxDirective):
    """A code cell that does not run: inside something else, in an included file, on a page without the header."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Leave a mark where the cell would have been."""
        return [nodes.container("", equalsign="stray-cell")]


def stray_cells(doctree: nodes.document) -> int:
    """Count the code cells of a page that do not run."""
    return sum(node.get("equalsign") == "stray-cell" for node in doctree.findall(nodes.container))
