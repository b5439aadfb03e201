"""Read LaTeX: `parse` returns what a display says, or raises an error that says what cannot be read."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from lark import Lark, Token, UnexpectedToken
from lark.lexer import Lexer

from equalsign.latex import ast
from equalsign.latex.build import BUILDER
from equalsign.latex.delimiters import pair
from equalsign.latex.errors import LatexError
from equalsign.latex.layout import lines
from equalsign.latex.lexer import tokens

MAX_LENGTH = 50_000
"""Characters of a display; more is no display, and would only take time."""

_KINDS = {
    "NUMBER": "a term",
    "REL": "a relation",
    "OP": "an operator",
    "SIGN": "a sign",
    "SUP": "an exponent",
    "PUNCT": "a comma",
    "_RBRACE": "a closing brace",
    "_RBRACKET": "a closing bracket",
    "CLOSE": "a closing bracket",
    "END": "the end of the environment",
    "$END": "the end of the display",
}
"""What could have stood there, in words; a token of a kind that is not listed goes with one that is."""


class _Prepared(Lexer):
    """Hands Lark the tokens that are there already."""

    def __init__(self, _: Any) -> None: ...

    def lex(self, tokens: Any) -> Iterator[Token]:  # type: ignore[override]  # Lark hands over text, we tokens.
        yield from tokens


def grammar(*, strict: bool = False) -> Lark:
    """Return the parser; with `strict`, a conflict in the grammar is an error."""
    text = files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", start="line", lexer=_Prepared, strict=strict, transformer=BUILDER)


_grammar = functools.cache(grammar)


def parse(latex: str) -> ast.Display:
    r"""Read one display.

    Parameters
    ----------
    latex
        What stands between the dollars, environments included.

    Returns
    -------
    Display
        Every token of `latex` that the reader sees is in it, but for brackets' sizes, colours and spaces.

    Raises
    ------
    LatexError
        If something is not known, not balanced or not where it can be read; it says where, and what was expected.
    """
    if len(latex) > MAX_LENGTH:
        raise LatexError(f"the display has {len(latex)} characters", MAX_LENGTH, (f"at most {MAX_LENGTH}",), latex)
    try:
        return ast.Display(tuple(_line(line) for line in lines(pair(tokens(latex), latex))))
    except LatexError as error:
        error.latex = latex
        raise


def _line(line: list[Token]) -> ast.Line:
    try:
        node: Any = _grammar().parse(line)
    except UnexpectedToken as error:
        raise _explained(error, line) from None
    return node if isinstance(node, ast.Line) else ast.Line((node,), position=node.position)


def _explained(error: UnexpectedToken, line: list[Token]) -> LatexError:
    """Say in words what Lark says in names of tokens."""
    token = error.token
    if token.type == "$END":
        position, found = line[-1].start_pos or 0, f"the line ends after `{line[-1]}`"
    else:
        position, found = token.start_pos or 0, f"`{token}` stands here"
    accepts = error.accepts or set()
    if token.type in ("FUNC", "BIGOP") or ("OPEN" in accepts and "NUMBER" not in accepts):
        return LatexError(
            "it is not clear what the function before this applies to", position, ("parentheses around its argument",)
        )
    return LatexError(found, position, tuple(words for kind, words in _KINDS.items() if kind in accepts))
