"""Displayed equations: what the label of each one says about it, and what its LaTeX must not do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from equalsign.latex import LatexError, ast, parse

DEFINITION_PREFIX = "def-"
"""The label of a display that defines something starts so; every other display is a claim."""

_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")


@dataclass(frozen=True)
class Display:
    """One displayed equation of a page."""

    label: str | None
    line: int
    latex: str

    @property
    def is_definition(self) -> bool:
        """Whether its label marks it as a definition."""
        return bool(self.label) and str(self.label).startswith(DEFINITION_PREFIX)

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with the display by itself."""
        if not self.label:
            yield "the display has no label, so no check can name it: write $$ (eq-...) or $$ (def-...) after it"
            return
        if has_comment(self.latex):
            yield f"{self.label}: a TeX comment in a display can swallow what stands after it: take it out"
        try:
            display = parse(self.latex)
        except LatexError as error:
            yield f"{self.label}: the display cannot be read, {error}"
            return
        if self.is_definition and (relations(display) > 1 or len(display.lines) > 1):
            yield (
                f"{self.label}: a definition states one thing, but this display has several relations or lines: "
                "label it as a claim (eq-...) and check it, or display the claim by itself"
            )


def has_comment(latex: str) -> bool:
    """Say whether a TeX comment stands in `latex`; a percent sign after a backslash is none."""
    return _COMMENT.search(latex) is not None


def relations(display: ast.Display) -> int:
    """Count what a display states: its relations, apart from those in conditions, indices and brackets."""
    parts = [part for line in display.lines for part in line.parts]
    return sum(len(part.relations) for part in parts if isinstance(part, ast.Chain))
