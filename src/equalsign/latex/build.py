"""Build the tree: one method for each rule of the grammar, called as the parser reduces it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lark import Token, Transformer

from equalsign.latex import ast
from equalsign.latex.commands import CASES, CLOSING, LIMITS, MATRICES
from equalsign.latex.delimiters import matches
from equalsign.latex.errors import LatexError

PUNCTUATION = frozenset(",;.")
_WORD = re.compile(r"(\\[a-z]+)\{(.*)\}", re.DOTALL)


@dataclass
class _Statement:
    """A statement before it is known which of the lists around it belong to it."""

    members: list[list[ast.Node]]
    relations: list[ast.Relation]


@dataclass
class _Scripts:
    """What stands at a base."""

    sub: ast.Node | None = None
    sup: ast.Node | None = None
    primes: int = 0
    factorial: Token | None = None
    evaluated: list[_Scripts] = field(default_factory=list)


class _Builder(Transformer[Token, Any]):
    """Turns what a rule has read into a node."""

    def line(self, children: list[Any]) -> ast.Node:
        parts: list[Any] = []
        for child in children:
            if not isinstance(child, _Statement):
                parts.append(_between(child))
            elif len(parts) > 1 and parts[-1] == ast.Mark(",") and isinstance(parts[-2], _Statement):
                _join(parts, child)
            else:
                parts.append(child)
        return _line([_statement(part) if isinstance(part, _Statement) else part for part in parts])

    def statement(self, children: list[Any]) -> _Statement:
        if isinstance(children[0], ast.Relation):
            children.insert(0, ast.Nothing(position=children[0].position))
        return _Statement([[member] for member in children[::2]], children[1::2])

    def relation(self, children: list[Any]) -> ast.Relation:
        if len(children) == 1:
            return ast.Relation(str(children[0]), position=_at(children[0]))
        command, note, sign = children
        return ast.Relation(str(sign), note, str(command), position=_at(command))

    def expr(self, children: list[Any]) -> ast.Node:
        position = _at(children[0])
        if not isinstance(children[0], Token):
            if len(children) == 1:
                term: ast.Node = children[0]
                return term
            children.insert(0, "")
        for term, sign in zip(children[1::2], children[2::2], strict=False):
            _complete(term, sign)
        return ast.Sum(tuple(children[1::2]), tuple(map(str, children[::2])), position=position)

    def term(self, children: list[Any]) -> ast.Node:
        factors: list[ast.Node] = []
        operators: list[str] = []
        pending: Token | None = None
        for child in children:
            if isinstance(child, Token):
                if child != "\\circ":
                    _complete(factors[-1], child)
                pending = child
                continue
            if factors:
                operators.append(str(pending or ""))
                if pending is None and isinstance(factors[-1], ast.Number) and isinstance(_first(child), ast.Number):
                    raise LatexError("two numbers stand side by side", child.position, ("an operator between them",))
            factors.append(child)
            pending = None
        if len(factors) == 1:
            return factors[0]
        return ast.Product(tuple(factors), tuple(operators), position=factors[0].position)

    def bare(self, children: list[Any]) -> ast.Function:
        head, *argument = children
        return _called(head, self.term(argument)) if argument else head

    open_call = bare

    def applied(self, children: list[Any]) -> ast.Node:
        head, group, *scripts = children
        return _scripted(_called(head, group), scripts)

    def plain(self, children: list[Any]) -> ast.Node:
        base, *scripts = children
        return _scripted(_atom(base) if isinstance(base, Token) else base, scripts)

    parenthesis = plain

    def head(self, children: list[Any]) -> ast.Function:
        token, *scripts = children
        found = _fold(scripts)
        if found.factorial or found.evaluated:
            raise LatexError(f"`{token}` is given no argument", _at(token), ("its argument",))
        if token in LIMITS and found.sub is not None:
            raise LatexError(f"the exponent of `{token}` stands before its index", _at(token), ("the index first",))
        return ast.Function(str(token), None, found.sub, found.sup, found.primes, position=_at(token))

    def bigop(self, children: list[Any]) -> ast.BigOperator:
        token, *rest = children
        body = rest.pop() if rest and isinstance(rest[-1], ast.Node) else None
        found = _fold(rest)
        if found.factorial or found.evaluated or found.primes:
            raise LatexError(f"`{token}` takes bounds only", _at(token), ("an index or an upper bound",))
        return ast.BigOperator(str(token), body, found.sub, found.sup, position=_at(token))

    def group(self, children: list[Any]) -> ast.Node:
        opening, body, closing = children
        position = _at(opening)
        if opening == "\\{" and closing == "." and isinstance(body, ast.Matrix) and body.environment == "array":
            return _cases(body.rows, position)
        if "." in (opening, closing) and (opening, closing) != (".", "|"):
            seen, wanted = (opening, "cases for branches") if closing == "." else (closing, "a visible partner")
            raise LatexError(f"`{seen}` has an invisible partner", _at(opening), (wanted,))
        interval = isinstance(body, ast.Listing) and len(body.items) == 2
        if not matches(opening, closing) and not (interval and {opening, closing} <= {"(", "[", ")", "]"}):
            raise LatexError(f"`{closing}` does not close `{opening}`", _at(closing), (f"`{CLOSING[opening]}`",))
        return ast.Group(str(opening), str(closing), body, position=position)

    def script(self, children: list[Any]) -> tuple[Token, ast.Node | None]:
        return children[0], children[1] if len(children) > 1 else None

    def fraction(self, children: list[Any]) -> ast.Node:
        command, upper, lower = children
        return (ast.Fraction if command == "\\frac" else ast.Binomial)(upper, lower, position=_at(command))

    def root(self, children: list[Any]) -> ast.Root:
        token, *degree, body = children
        return ast.Root(body, *degree, position=_at(token))

    def styled(self, children: list[Any]) -> ast.Styled:
        token, body = children
        return ast.Styled(str(token), body, position=_at(token))

    def stacked(self, children: list[Any]) -> ast.Stacked:
        token, note, body = children
        return ast.Stacked(str(token), note, body, position=_at(token))

    def environment(self, children: list[Any]) -> ast.Node:
        token, *rows, _ = children
        while len(rows) > 1 and rows[-1] == (ast.Nothing(),):  # A line break at the end starts no row.
            rows.pop()
        if token in CASES:
            return _cases(tuple(rows), _at(token))
        if token in MATRICES:
            return ast.Matrix(str(token), tuple(rows), position=_at(token))
        wanted = "cases, a matrix, or an environment around the whole formula"
        raise LatexError(f"`{token}` stands inside a formula", _at(token), (wanted,))

    def row(self, cells: list[Any]) -> tuple[ast.Node, ...]:
        return tuple(cells)

    def cell(self, children: list[Any]) -> ast.Node:
        return children[0] if children else ast.Nothing()


BUILDER = _Builder()


def _line(parts: list[ast.Node]) -> ast.Node:
    """Return what stands on a line: the statement itself, if there is nothing else."""
    while len(parts) > 1 and isinstance(parts[-1], ast.Mark) and parts[-1].symbol in PUNCTUATION:
        parts.pop()  # It belongs to the sentence around the display.
    if len(parts) == 1 and not isinstance(parts[0], ast.Mark | ast.Words):
        return parts[0]
    return ast.Line(tuple(parts), position=parts[0].position)


def _between(token: Token) -> ast.Node:
    if token.type == "WORDS":
        found = _WORD.fullmatch(token)
        assert found is not None
        return ast.Words(found[2], position=_at(token))
    return ast.Mark(str(token), position=_at(token))


def _join(parts: list[Any], following: _Statement) -> None:
    """Add a statement behind a comma: a list goes with the relation before it, or else with the one after it."""
    before: _Statement = parts[-2]
    if before.relations and following.relations:
        parts.append(following)
        return
    parts.pop()
    if following.relations:
        parts[-1] = _Statement([before.members[0] + following.members[0], *following.members[1:]], following.relations)
    else:
        before.members[-1] += following.members[0]


def _statement(statement: _Statement) -> ast.Node:
    members = tuple(
        items[0] if len(items) == 1 else ast.Listing(tuple(items), position=items[0].position)
        for items in statement.members
    )
    if not statement.relations:
        return members[0]
    if [relation.symbol for relation in statement.relations] == [":", "\\to"] and not statement.relations[1].note:
        return ast.Mapping(*members, position=members[0].position)
    return ast.Chain(members, tuple(statement.relations), position=members[0].position)


def _cases(rows: tuple[tuple[ast.Node, ...], ...], position: int) -> ast.Cases:
    return ast.Cases(tuple(_branch(row, position) for row in rows), position=position)


def _branch(row: tuple[ast.Node, ...], position: int) -> ast.Branch:
    """Split a row into value and condition, at the `&` or else at the first words."""
    cells = [cell for cell in row if cell != ast.Nothing()]
    if not cells or len(cells) > 2 or row[0] == ast.Nothing():
        raise LatexError("a branch of cases is no value with a condition", position, ("a value, `&` and a condition",))
    value, *conditions = cells
    if isinstance(value, ast.Line) and not conditions:
        value, *rest = value.parts
        while isinstance(rest[0], ast.Mark) and len(rest) > 1:
            del rest[0]
        conditions = [_line(rest)]
    if isinstance(value, ast.Line | ast.Chain | ast.Listing | ast.Mark | ast.Words):
        raise LatexError("this branch of cases states no single value", value.position, ("a value",))
    return ast.Branch(value, *conditions, position=value.position)


def _atom(token: Token) -> ast.Node:
    position = _at(token)
    if token.type == "NUMBER":
        return ast.Number(str(token), position=position)
    if token.type == "DOTS":
        return ast.Dots(str(token), position=position)
    if token.type == "EMPTY":
        return ast.Nothing(position=position)
    if token.type == "SYMBOL":
        return ast.Symbol(str(token), position=position)
    found = _WORD.fullmatch(token)
    assert found is not None
    return ast.Word(found[2], found[1], position=position)


def _called(head: ast.Function, argument: ast.Node) -> ast.Function:
    return ast.Function(head.name, argument, head.sub, head.sup, head.primes, position=head.position)


def _fold(scripts: list[tuple[Token, ast.Node | None]]) -> _Scripts:
    """Collect the scripts of one base; those behind an evaluation bar are that bar's."""
    found = current = _Scripts()
    for token, body in scripts:
        if (found.factorial and token.type != "EVAL") or (found.evaluated and token.type not in ("SUB", "SUP")):
            raise LatexError(f"it is not clear what `{token}` belongs to", _at(token), ("brackets",))
        if token.type == "FACT":
            found.factorial = token
        elif token.type == "EVAL":
            current = _Scripts()
            found.evaluated.append(current)
        elif token.type == "PRIME" and current.sup is None:
            current.primes += 1
        elif token.type == "SUB" and current.sub is None:
            current.sub = body
        elif token.type == "SUP" and current.sup is None:
            current.sup = body
        else:
            what = {"PRIME": "a prime and an exponent", "SUB": "two indices", "SUP": "two exponents"}[token.type]
            wanted = "the prime first" if token.type == "PRIME" else "one, in braces"
            raise LatexError(f"there are {what} at one place", _at(token), (wanted,))
    return found


def _scripted(base: ast.Node, scripts: list[tuple[Token, ast.Node | None]]) -> ast.Node:
    if not scripts:
        return base
    found, position = _fold(scripts), base.position
    if isinstance(base, ast.Group) and (base.opening, base.closing) == (".", "|"):
        if found.primes or found.factorial or found.evaluated:
            raise LatexError(
                "the bar takes no more than bounds", position, ("brackets around what the bar belongs to",)
            )
        return ast.Evaluated(base.body, found.sub, found.sup, position=position)
    if found.sub is not None or found.sup is not None or found.primes:
        base = ast.Scripts(base, found.sub, found.sup, found.primes, position=position)
    if found.factorial:
        base = ast.Factorial(base, position=position)
    for at in found.evaluated:
        base = ast.Evaluated(base, at.sub, at.sup, position=position)
    return base


def _complete(term: ast.Node, following: Token) -> None:
    r"""Refuse an operator where an argument is still due: `\log -x` is no difference."""
    while inner := _last(term):
        term = inner
    due = isinstance(term, ast.Function) and term.argument is None
    if due or (isinstance(term, ast.BigOperator) and term.body is None):
        assert isinstance(term, ast.Function | ast.BigOperator)
        wanted = f"what `{term.name}` applies to, in parentheses if it starts with a sign"
        raise LatexError(f"`{following}` stands directly behind `{term.name}`", _at(following), (wanted,))


def _last(term: ast.Node) -> ast.Node | None:
    """Return what a term ends with, if it is open to the right."""
    if isinstance(term, ast.Product):
        return term.factors[-1]
    if isinstance(term, ast.BigOperator):
        return term.body
    if isinstance(term, ast.Function) and not isinstance(term.argument, ast.Group):
        return term.argument
    return None


def _first(factor: ast.Node) -> ast.Node:
    """Return what a factor begins with."""
    while isinstance(factor, ast.Scripts | ast.Factorial | ast.Evaluated):
        factor = factor.base if isinstance(factor, ast.Scripts) else factor.body
    return factor


def _at(thing: Token | ast.Node) -> int:
    return thing.position if isinstance(thing, ast.Node) else thing.start_pos or 0
