"""Displayed equations: what the label of each one says about it, and what its LaTeX must not do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

DEFINITION_PREFIX = "def-"
"""The label of a display that defines something starts so; every other display is a claim."""

_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")
_GROUP = re.compile(r"\{[^{}]*\}")
_ENVIRONMENT = re.compile(r"\\begin\{(cases|[bpvBV]?matrix|array)\}.*?\\end\{\1\}", re.DOTALL)
_RELATION = re.compile(r":=|=|\\(?:approx|coloneqq|equiv|triangleq|simeq)(?![A-Za-z])")
_LONE_RELATION = re.compile(rf"\{{\s*({_RELATION.pattern})\s*\}}")  # As in \overset{!}{=}.


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
        if self.is_definition and (relations(self.latex) > 1 or "\\\\" in _outside_environments(self.latex)):
            yield (
                f"{self.label}: a definition states one thing, but this display has several relations or lines: "
                "label it as a claim (eq-...) and check it, or display the claim by itself"
            )


def has_comment(latex: str) -> bool:
    """Say whether a TeX comment stands in `latex`; a percent sign after a backslash is none."""
    return _COMMENT.search(latex) is not None


def relations(latex: str) -> int:
    """Count the equals signs of a display, apart from those inside braces, cases and matrices."""
    text = _LONE_RELATION.sub(r" \1 ", _outside_environments(latex))
    while (inner := _GROUP.sub("", text)) != text:
        text = inner
    return len(_RELATION.findall(text))


def _outside_environments(latex: str) -> str:
    return _ENVIRONMENT.sub("", latex)
