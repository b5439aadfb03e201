r"""Pair brackets, bars and environments, so that what follows can rely on their balance.

A bar looks the same on both sides. It closes if one is open and an operand stands before it; it opens otherwise. A
lone one between two operands is a condition, as in `p(y | x)`, and one before a subscript says where a value is taken,
as in `f'(x)|_{x = 0}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lark import Token

from equalsign.latex.commands import CLOSING
from equalsign.latex.errors import LatexError, place
from equalsign.latex.lexer import MAX_DEPTH

OPERAND_ENDS = frozenset(
    ("NUMBER", "SYMBOL", "WORD", "DOTS", "EMPTY", "CLOSE", "_RBRACE", "END", "PRIME", "FACT", "EVAL", "FUNC")
)
"""Types of token after which an operand is complete."""

OPENERS = frozenset(("OPEN", "LEFT", "_LBRACE", "_LBRACKET", "BEGIN"))
CLOSERS = frozenset(("CLOSE", "RIGHT", "_RBRACE", "_RBRACKET", "END"))
_PARTNER = {"LEFT": "RIGHT", "OPEN": "CLOSE", "_LBRACE": "_RBRACE", "_LBRACKET": "_RBRACKET", "BEGIN": "END"}
_BODY_ENDS = frozenset(("SIGN", "REL", "PUNCT", "SEMICOLON", "SPACE", "WORDS", "ARROW", "_AMP", "_NEWLINE"))
_WORD = {"(": "parenthesis", ")": "parenthesis", "[": "bracket", "]": "bracket", "|": "bar", "\\|": "bar"}


@dataclass
class _Scope:
    opener: Token | None
    bars: list[int] = field(default_factory=list)
    """Where the bars stand that are not yet told apart."""
    bodies: int = 0
    """How many big operators are open: each nests what follows it."""


def pair(tokens: Sequence[Token], latex: str) -> list[Token]:
    """Return the tokens with every bracket and bar typed as `OPEN` or `CLOSE`, and all of them balanced.

    Raises
    ------
    LatexError
        At a bracket, a bar or an environment without its partner, and where the display nests too deeply.
    """
    return _Pairing(tokens, latex).run()


class _Pairing:
    def __init__(self, tokens: Sequence[Token], latex: str) -> None:
        self.tokens = list(tokens)
        self.latex = latex
        self.scopes = [_Scope(None)]
        self.depth = 0
        self.dropped: set[int] = set()
        """Tokens that went into the one before."""

    def run(self) -> list[Token]:
        for index, token in enumerate(self.tokens):
            scope = self.scopes[-1]
            if token.type in OPENERS:
                self.scopes.append(_Scope(token))
                self.deeper(1, token)
                if token.type == "LEFT":
                    self.retype(index, "OPEN")
            elif token.type in CLOSERS:
                self.close(index)
            elif token.type == "BAR":
                scope.bars.append(index)
            elif token.type == "BIGOP":
                scope.bodies += 1
                self.deeper(1, token)
            elif token.type in _BODY_ENDS:
                self.depth -= scope.bodies
                scope.bodies = 0
                if token.type in ("_AMP", "_NEWLINE"):
                    self.settle(scope)
        last = self.scopes.pop()
        if last.opener is not None:
            raise self.unclosed(last.opener, len(self.latex), "the display ends")
        self.settle(last)
        return [token for index, token in enumerate(self.tokens) if index not in self.dropped]

    def deeper(self, levels: int, token: Token) -> None:
        self.depth += levels
        if self.depth > MAX_DEPTH:
            raise self.fail(f"the display nests more than {MAX_DEPTH} levels deep", _at(token))

    def close(self, index: int) -> None:
        token, scope = self.tokens[index], self.scopes[-1]
        opener = scope.opener
        if opener is None or (
            token.type != _PARTNER[opener.type] and opener.type in ("_LBRACE", "_LBRACKET", "BEGIN")
        ):
            raise self.fail(f"nothing is open that this {_name(token)} could close", _at(token))
        if token.type != _PARTNER[opener.type]:
            raise self.unclosed(opener, _at(token), f"{_article(_name(token))} stands here")
        if token.type == "END" and str(token) != str(opener):
            raise self.fail(
                f"`\\end{{{token}}}` does not end the environment from {place(self.latex, _at(opener))}",
                _at(token),
                f"`\\end{{{opener}}}`",
            )
        self.settle(scope)
        self.scopes.pop()
        self.depth -= 1 + scope.bodies
        if token.type == "RIGHT":
            self.retype(index, "CLOSE")

    def settle(self, scope: _Scope) -> None:
        """Tell the bars of `scope` apart."""
        bars, scope.bars = scope.bars, []
        left = {kind: sum(self.tokens[index] == kind for index in bars) for kind in ("|", "\\|")}
        opened: list[int] = []
        skip = False
        for number, index in enumerate(bars):
            token = self.tokens[index]
            left[str(token)] -= 1
            if skip:
                skip = False
                continue
            lone = bool(opened) and opened[-1] == index - 2 and self.tokens[index - 1].type in ("OP", "SIGN")
            operand = lone or (index > 0 and self.tokens[index - 1].type in OPERAND_ENDS - {"FUNC"})
            followed = self.tokens[index + 1].type if index + 1 < len(self.tokens) else None
            partner = str(self.tokens[opened[-1]]) if opened else ""
            # ||x|| is how a norm is often typed.
            double = str(token) == "|" and number + 1 < len(bars) and self.adjacent(index, bars[number + 1])
            if double and (partner == "\\|" if operand else not opened):
                skip = True
                self.tokens[index] = token = Token("BAR", "\\|", start_pos=token.start_pos)
                self.dropped.add(bars[number + 1])
            if operand and str(token) == partner:
                opened.pop()
                self.retype(index, "CLOSE")
            elif operand and not opened and followed == "SUB":
                self.retype(index, "EVAL")
            elif operand and not opened and left[str(token)] % 2 == 0:
                self.tokens[index] = Token("REL", "\\mid", start_pos=token.start_pos)
            else:
                opened.append(index)
                if self.depth + len(opened) > MAX_DEPTH:
                    raise self.fail(f"the display nests more than {MAX_DEPTH} levels deep", _at(token))
                self.retype(index, "OPEN")
        if opened:
            raise self.fail("this bar has no partner", _at(self.tokens[opened[-1]]), "a closing bar")

    def adjacent(self, index: int, following: int) -> bool:
        """Say whether two bars touch in the source."""
        one, other = self.tokens[index], self.tokens[following]
        return following == index + 1 and other == "|" and _at(other) == _at(one) + 1

    def retype(self, index: int, kind: str) -> None:
        token = self.tokens[index]
        self.tokens[index] = Token(kind, str(token), start_pos=token.start_pos)

    def unclosed(self, opener: Token, position: int, found: str) -> LatexError:
        if opener.type == "BEGIN":
            wanted = f"`\\end{{{opener}}}` for the environment from {place(self.latex, _at(opener))}"
        else:
            stretchy = "`\\right` and a delimiter" if opener.type == "LEFT" else f"a closing {_name(opener)}"
            wanted = f"{stretchy} for the one at {place(self.latex, _at(opener))}"
        return self.fail(f"{found} too early", position, wanted)

    def fail(self, message: str, position: int, *expected: str) -> LatexError:
        return LatexError(message, position, expected, self.latex)


def matches(opening: str, closing: str) -> bool:
    """Say whether two delimiters are partners; a bar and the dot before it are."""
    return CLOSING.get(opening) == closing or (opening, closing) == (".", "|")


def _at(token: Token) -> int:
    return token.start_pos or 0


def _name(token: Token) -> str:
    if token.type in ("LEFT", "RIGHT"):
        return f"`\\{token.type.lower()}`"
    if token.type == "END":
        return f"`\\end{{{token}}}`"
    return "brace" if token.type in ("_LBRACE", "_RBRACE") else _WORD.get(token, f"`{token}`")


def _article(name: str) -> str:
    return name if name.startswith("`") else f"a closing {name}"
