"""The pages of the book as the tests see them: front matter, lines, code cells, displays."""

from __future__ import annotations

import functools
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from equalsign.lint import Cell

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Chapter:
    """One page of the book."""

    name: str
    """Its path without the suffix, as in the table of contents."""
    text: str

    @functools.cached_property
    def body(self) -> str:
        """The text without its front matter."""
        return re.sub(r"\A---\n.*?\n---\n", "", self.text, count=1, flags=re.DOTALL)

    @functools.cached_property
    def notebook(self) -> Any:
        """The notebook that MyST-NB makes of the page."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of the libraries by which it is read.
            from myst_nb.core.read import read_myst_markdown_notebook

            return read_myst_markdown_notebook(self.text, add_source_map=True)

    @functools.cached_property
    def cells(self) -> list[Cell]:
        """Its code cells; the line of each is that of its fence."""
        starts = self.notebook.metadata["source_map"]
        return [
            Cell(cell.source, start + 1, cell.metadata)
            for start, cell in zip(starts, self.notebook.cells, strict=True)
            if cell.cell_type == "code"
        ]

    @functools.cached_property
    def labels(self) -> list[str]:
        """The labels of its displays."""
        return re.findall(r"^\$\$ \(([^)]+)\)$", self.body, flags=re.MULTILINE)

    @functools.cached_property
    def prose(self) -> list[tuple[int, str]]:
        """Its lines of text with their numbers, without displays, code, tables, headings and options."""
        lines, fenced, display = [], False, False
        for number, line in enumerate(self.text.splitlines(), start=1):
            if line.startswith("```"):
                # What stands in a directive is text, unless it is code or the directive ends here.
                fenced = bool(re.match(r"```(\{(code-cell|bibliography|eval-rst|ledger)\}|\w)", line))
            elif line.startswith("$$"):
                display = not display
            elif not (fenced or display or line.startswith(("|", "#", ":", "("))):
                lines.append((number, line))
        front = self.text.count("\n") - self.body.count("\n")
        return [(number, line) for number, line in lines if number > front and line.strip()]


def _read(path: Path) -> Chapter:
    return Chapter(path.relative_to(ROOT).with_suffix("").as_posix(), path.read_text(encoding="utf-8"))


PAGES = [_read(ROOT / "index.md")] + [
    _read(path)
    for path in sorted((ROOT / "book").rglob("*.md"))
    if not any(part.startswith("_") for part in path.relative_to(ROOT).parts)
]
NOTEBOOKS = [page for page in PAGES if "```{code-cell}" in page.text]
CHAPTERS = [page for page in NOTEBOOKS if page.name != "index"]
DERIVATIONS = [page for page in CHAPTERS if not page.name.startswith("book/start/")]
