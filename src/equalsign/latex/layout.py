r"""Lay a display out in lines, and settle what depends on a token's neighbours.

The environments that only place things (`aligned`, `split`, `gather`, ...) vanish here. A line that starts with a
relation or an operator continues the line before, and so does one that stands in a bracket still open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile

from lark import Token

from equalsign.latex.commands import LAYOUTS, SUBORDINATE
from equalsign.latex.delimiters import CLOSERS, OPENERS, OPERAND_ENDS
from equalsign.latex.errors import LatexError

_STARTS = frozenset(
    ("OPEN", "_LBRACE", "_LBRACKET", "BEGIN", "_AMP", "_NEWLINE", "PUNCT", "SEMICOLON", "WORDS", "ARROW")
)
"""After these an operand starts anew."""
_ENDS = frozenset(("CLOSE", "_RBRACE", "_RBRACKET", "END", "_AMP", "_NEWLINE", "PUNCT", "SEMICOLON", "WORDS", "ARROW"))
"""Before these an operand is over."""
_OPERAND_STARTS = frozenset(
    (
        "NUMBER",
        "SYMBOL",
        "WORD",
        "DOTS",
        "EMPTY",
        "FUNC",
        "BIGOP",
        "FRAC",
        "SQRT",
        "STYLE",
        "STACK",
        "OPEN",
        "BEGIN",
        "SIGN",
    )
)
_COLUMN = "&"
"""What a `SPACE` says that comes from the gap between two columns of equations."""
_HANGING = frozenset(("REL", "STACKREL", "SIGN", "OP", "COLON"))
"""A line that ends with one of these goes on in the next."""


def lines(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the lines of a display, each with the tokens of the lines that continue it.

    Raises
    ------
    LatexError
        At a `&` that no environment asks for, and if nothing is displayed.
    """
    result: list[_Line] = []
    for row in _rows(_columns(tokens)):
        # Space at the head of a row only moves it.
        row.tokens = list(dropwhile(lambda token: token.type == "SPACE", row.tokens))
        if not row.tokens:
            continue
        if result and _continues(result[-1], row):
            result[-1].extend(row.tokens)
        else:
            result.append(_Line(row.tokens))
    if not result:
        raise LatexError("the display is empty", 0, ("a formula",))
    return [_settled([*line.statements, *line.comment]) for line in result]


@dataclass
class _Row:
    """What stands between two line breaks."""

    tokens: list[Token] = field(default_factory=list)
    aligned: bool = False
    """Whether its first column is empty."""
    joined: bool = False
    """Whether the environment makes it part of the row before."""


class _Line:
    """A row with those that continue it: the statements, and apart from them the words that end it."""

    def __init__(self, tokens: list[Token]) -> None:
        self.statements: list[Token] = []
        self.comment: list[Token] = []
        self.columns = False
        self.extend(tokens)

    @property
    def last(self) -> Token:
        return (self.comment or self.statements)[-1]

    def extend(self, tokens: list[Token]) -> None:
        """Add a row behind the last statement, which is in front of a comment or a condition."""
        if self.columns:
            raise LatexError(
                "several equations stand side by side in the line above, and it is not clear which one goes on here",
                tokens[0].start_pos or 0,
                ("each in lines of its own",),
            )
        end = _end(tokens)
        self.columns = any(not depth and str(token) == _COLUMN for token, depth in _nested(tokens[:end]))
        self.statements += tokens[:end]
        if all(token.type == "PUNCT" for token in self.comment):
            self.comment = []
        self.comment += tokens[end:]


def _end(line: list[Token]) -> int:
    """Return where the last statement of `line` ends, and words about it, or punctuation, begin."""
    end = len(line)
    while end > 1 and line[end - 1].type in ("WORDS", "PUNCT", "SPACE"):
        end -= 1
    for index, (token, depth) in enumerate(_nested(line[:end])):
        if index and not depth and token.type == "WORDS" and _first_word(token) in SUBORDINATE:
            end = index
            break
    while end > 1 and line[end - 1].type in ("PUNCT", "SPACE"):
        end -= 1
    return end


def _columns(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens, with an `array` that lays out equations made an `eqnarray`."""
    result, opened = list(tokens), []
    depth = 0
    for index, token in enumerate(tokens):
        if token.type in OPENERS and not (token.type == "BEGIN" and token in LAYOUTS):
            depth += 1
            opened.append([index, False])
        elif token.type in CLOSERS and not (token.type == "END" and token in LAYOUTS):
            start, related = opened.pop()
            depth -= 1
            if str(token) == "array" and token.type == "END" and not depth and related:
                for edge in (start, index):
                    result[edge] = Token(tokens[edge].type, "eqnarray", start_pos=tokens[edge].start_pos)
        elif token.type in ("REL", "STACKREL", "COLON") and opened:
            opened[-1][1] = True
    return result


def _rows(tokens: Sequence[Token]) -> list[_Row]:
    rows = [_Row()]
    environments: list[Token] = []
    scopes: list[Token] = []
    columns = 0
    # Sphinx puts what has line breaks in a split environment.
    split = any(not depth and token.type == "_NEWLINE" and token for token, depth in _nested(tokens))
    for token in tokens:
        row = rows[-1]
        plain = all(scope.type == "OPEN" for scope in scopes)  # At most a few, so that this is cheap.
        if token.type == "BEGIN" and token in LAYOUTS and not scopes:
            environments.append(token)
            columns = 0
        elif token.type == "END" and environments and not scopes:
            environments.pop()
        elif token.type == "_NEWLINE" and plain:
            columns = 0
            if not scopes:
                rows.append(_Row(joined=any(environment.startswith("multline") for environment in environments)))
        elif token.type == "_AMP" and plain:
            if not environments and not split:
                raise LatexError("`&` stands outside of an environment that aligns", token.start_pos or 0)
            columns += 1
            row.aligned = row.aligned or not row.tokens
            if columns % 2 == 0 and environments[-1:] != ["eqnarray"] and not scopes:
                row.tokens.append(Token("SPACE", _COLUMN, start_pos=token.start_pos))
        else:
            if token.type in OPENERS:
                scopes.append(token)
            elif token.type in CLOSERS:
                scopes.pop()
            row.tokens.append(token)
    return rows


def _continues(line: _Line, row: _Row) -> bool:
    start = row.tokens[0]
    if row.joined or start.type in ("REL", "STACKREL", "OP") or line.last.type in _HANGING:
        return True
    # A sign may also begin a statement; but not one behind an empty column, unless it is related to something.
    return start.type == "SIGN" and (start == "+" or (row.aligned and not _related(row.tokens)))


def _first_word(token: Token) -> str:
    return token.partition("{")[2].rstrip("}").split()[0].strip(",;:.").lower()


def _nested(line: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Yield every token with the number of brackets around it."""
    depth = 0
    for token in line:
        depth += (token.type in OPENERS) - (token.type in CLOSERS)
        yield token, depth


def _related(line: list[Token]) -> bool:
    return any(not depth and token.type in ("REL", "STACKREL") for token, depth in _nested(line))


def _settled(line: list[Token]) -> list[Token]:
    """Settle what a lone operator, a colon, a semicolon, a text and a wide space mean between their neighbours."""
    result: list[Token] = []
    for index, (token, depth) in enumerate(_nested(line)):
        before = line[index - 1].type if index else "_NEWLINE"
        after = line[index + 1].type if index + 1 < len(line) else "_NEWLINE"
        kind, value = token.type, str(token)
        if kind == "SPACE":
            # Next to an operator it is only space; between two operands, it keeps two statements apart.
            last = result[-1].type if result else "_NEWLINE"
            starts = after in _OPERAND_STARTS and line[index + 1] != "+"
            if starts and last == "PUNCT" and result[-1] == ",":
                # Wider than in a list: what follows is a statement of its own.
                result[-1] = Token("PUNCT", ", \\quad", start_pos=result[-1].start_pos)
            if last not in OPERAND_ENDS or not starts:
                continue
            value = "\\quad"
        elif kind in ("OP", "SIGN", "FACT") and depth and before in _STARTS and after in _ENDS:
            kind = "SYMBOL"
        elif kind == "COLON":
            kind = "SYMBOL" if depth and (before in _STARTS or after in _ENDS) else "REL"
        elif kind == "SEMICOLON":
            kind = "REL" if depth else "PUNCT"
        elif kind == "WORDS" and before == "_LBRACE" and after == "_RBRACE":
            kind = "WORD"
        result.append(Token(kind, value, start_pos=token.start_pos))
    return result
