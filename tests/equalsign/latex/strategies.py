"""Random trees of every shape that a display can have, for Hypothesis.

The shapes are those of the grammar, written down a second time: what stands where, not how it is read.
"""

from __future__ import annotations

import functools

from hypothesis import strategies as st

from equalsign.latex import ast
from equalsign.latex.commands import (
    BIG_OPERATORS,
    CLOSING,
    DOTS,
    FUNCTIONS,
    LIMITS,
    NAMING,
    OPERATORS,
    RELATIONS,
    STYLES,
    SYMBOLS,
)

numbers = st.builds(ast.Number, st.sampled_from(["0", "1", "12", "0.50", ".5", "3.1416"]))
symbols = st.builds(ast.Symbol, st.sampled_from([*"abdeLWxyz", *sorted(set(SYMBOLS.values()))]))
words = st.builds(
    ast.Word,
    st.sampled_from(["ReLU", "new", "softmax", "number of samples"]),
    st.sampled_from(["\\text", "\\operatorname", "\\mathrm"]),
)
dots = st.builds(ast.Dots, st.sampled_from(sorted(set(DOTS.values()))))
leaves = numbers | symbols | symbols | words | dots
lone = st.builds(ast.Symbol, st.sampled_from(["+", "*", ":", "\\cdot"]))
speech = st.builds(ast.Words, st.sampled_from(["if", "for all", "otherwise", "chain rule"]))
operators = st.sampled_from(sorted(set(OPERATORS.values())))
styles = st.sampled_from(sorted(set(STYLES.values()) - NAMING))
brackets = st.sampled_from(sorted(CLOSING.items()))
functions = st.sampled_from([*sorted(set(FUNCTIONS.values()) - {"\\arg"}), "\\mathbb{E}"])
matrices = st.sampled_from(["matrix", "pmatrix", "bmatrix", "vmatrix", "smallmatrix", "array"])


def starts_with_a_number(node: ast.Node) -> bool:
    while isinstance(node, ast.Scripts | ast.Factorial | ast.Evaluated):
        node = node.base if isinstance(node, ast.Scripts) else node.body
    return isinstance(node, ast.Number)


@st.composite
def atoms(draw, depth):
    if depth == 0:
        return draw(leaves)
    inner = expressions(depth - 1)
    kind = draw(st.integers(-4, 9))
    if kind < 4:
        return draw(leaves)
    if kind == 4:
        return ast.Styled(draw(styles), draw(contents(depth - 1)))
    if kind == 5:
        return ast.Stacked(
            draw(st.sampled_from(["\\overset", "\\underset"])), draw(contents(depth - 1)), draw(symbols)
        )
    if kind == 6:
        return ast.Root(draw(inner), draw(st.none() | inner))
    if kind == 7:
        return draw(st.sampled_from([ast.Fraction, ast.Binomial]))(draw(inner), draw(inner))
    return draw(matrix(depth - 1) if kind == 8 else cases(depth - 1))


@st.composite
def matrix(draw, depth):
    environment = draw(matrices)
    rows, columns = draw(st.integers(1, 2)), 2
    # An array of relations outside of everything lays out equations, and is no matrix.
    cell = st.builds(ast.Nothing) | (expressions(depth) if environment == "array" else contents(depth))
    return ast.Matrix(environment, tuple(tuple(draw(cell) for _ in range(columns)) for _ in range(rows)))


@st.composite
def cases(draw, depth):
    condition = st.none() | contents(depth) | st.builds(lambda text: ast.Line((text,)), speech)
    branch = st.builds(ast.Branch, expressions(depth), condition)
    return ast.Cases(tuple(draw(st.lists(branch, min_size=1, max_size=2))))


@st.composite
def indices(draw, depth):
    """Draw what may stand at a base: an index, an exponent, primes, at least one."""
    script = lone | contents(max(depth - 1, 0))
    sub, sup, primes = draw(st.tuples(st.none() | script, st.none() | script, st.integers(0, 2)))
    return (sub, sup, primes) if sub or sup or primes else (draw(script), None, 0)


@st.composite
def plain(draw, depth, bases):
    """Draw a base with what may stand at it."""
    base = draw(bases)
    kind = draw(st.integers(0, 7))
    if kind > 3 or depth == 0:
        return base
    if kind == 3:
        return ast.Factorial(base)
    if kind == 2:
        return ast.Evaluated(base, draw(contents(depth - 1)), draw(st.none() | contents(depth - 1)))
    return ast.Scripts(base, *draw(indices(depth)))


@st.composite
def groups(draw, depth):
    opening, closing = draw(brackets)
    if draw(st.integers(0, 5)) == 0:
        ends = st.sampled_from([("(", "]"), ("[", ")")])
        return ast.Group(*draw(ends), ast.Listing((draw(expressions(depth)), draw(expressions(depth)))))
    return ast.Group(opening, closing, draw(lone | contents(depth)))


@st.composite
def heads(draw, depth):
    name = draw(functions)
    sub, sup, primes = draw(indices(depth)) if draw(st.booleans()) else (None, None, 0)
    return ast.Function(name, None, None if name in LIMITS else sub, sup, primes)


def called(head, argument):
    return ast.Function(head.name, argument, head.sub, head.sup, head.primes)


def applied(depth):
    return plain(depth, st.builds(called, heads(depth), groups(max(depth - 1, 0))))


@st.composite
def factors(draw, depth, *, functions=True):
    kind = draw(st.integers(0, 5)) if depth else 0
    if kind == 5 and functions:
        return draw(applied(depth))
    if kind == 4:
        return draw(plain(depth, groups(depth - 1)))
    if kind == 3:
        return ast.Scripts(ast.Nothing(), draw(contents(depth - 1)), draw(st.none() | contents(depth - 1)))
    return draw(plain(depth, atoms(depth)))


@st.composite
def runs(draw, first, others, size):
    """Draw factors side by side; two numbers never are."""
    found = [draw(first)]
    for _ in range(draw(st.integers(0, size))):
        factor = draw(others)
        if isinstance(found[-1], ast.Number) and starts_with_a_number(factor):
            factor = draw(symbols)
        found.append(factor)
    return found


def product(factors, operators):
    return factors[0] if len(factors) == 1 else ast.Product(tuple(factors), tuple(operators))


@st.composite
def bare(draw, depth):
    """Draw a function with what is written next to it."""
    first = plain(depth - 1, atoms(depth - 1)) | applied(depth - 1)
    found = draw(runs(first, factors(depth - 1, functions=False), 1))
    return called(draw(heads(depth)), product(found, [""] * (len(found) - 1)))


@st.composite
def big(draw, depth):
    """Draw a big operator with its body."""
    names = [*sorted(set(BIG_OPERATORS.values())), "\\max", "\\arg\\min", "\\operatorname{proj}"]
    sub = draw(contents(depth - 1))
    return ast.BigOperator(
        draw(st.sampled_from(names)), draw(st.none() | terms(depth - 1)), sub, draw(st.none() | contents(depth - 1))
    )


@st.composite
def terms(draw, depth):
    """Draw a product: runs of factors, operators between them; the last may end with something open to the right."""
    found, between = [], []
    for number in range(draw(st.sampled_from([1, 1, 2]))):
        if number:
            between.append(draw(operators))
        run = draw(runs(factors(depth), factors(depth), 1))
        if depth and draw(st.integers(0, 3)) == 0:
            run.append(draw(bare(depth)))
        between += [""] * (len(run) - 1)
        found += run
    if depth and draw(st.integers(0, 3)) == 0 and isinstance(found[-1], ast.Symbol):
        between.append("")
        found.append(draw(big(depth) | st.builds(called, heads(depth), big(depth))))
    return product(found, between)


def is_open(term: ast.Node) -> bool:
    """Say whether something is still due behind a term."""
    if isinstance(term, ast.Product):
        return is_open(term.factors[-1])
    if isinstance(term, ast.BigOperator):
        return term.body is None or is_open(term.body)
    if isinstance(term, ast.Function) and not isinstance(term.argument, ast.Group):
        return term.argument is None or is_open(term.argument)
    return False


@st.composite
def expressions(draw, depth):
    term = draw(terms(depth))
    if draw(st.booleans()):
        return term
    found, signs = [term], [draw(st.sampled_from(["", "-", "\\pm"]))]
    for _ in range(draw(st.integers(0 if signs[0] else 1, 1))):
        if is_open(found[-1]):
            found[-1] = draw(symbols)
        found.append(draw(terms(depth)))
        signs.append(draw(st.sampled_from(["+", "-", "\\mp"])))
    return ast.Sum(tuple(found), tuple(signs))


def listings(depth):
    return st.builds(lambda items: ast.Listing(tuple(items)), st.lists(expressions(depth), min_size=2, max_size=2))


@st.composite
def chains(draw, depth, *, listed=True):
    member = expressions(depth) | listings(depth)
    note = st.none() | (expressions(depth - 1) if depth else symbols)
    signs = st.sampled_from(sorted(set(RELATIONS.values())))
    relations = draw(st.lists(st.builds(ast.Relation, signs, note), min_size=1, max_size=2))
    first = draw(member if listed else expressions(depth))
    inner = [draw(expressions(depth)) for _ in relations[1:]]  # A list here would be the end of one statement.
    return ast.Chain((first, *inner, draw(member)), tuple(relations))


@st.composite
def sentences(draw, depth):
    """Draw statements with something between them."""
    parts = [draw(speech)] if draw(st.booleans()) else []
    parts.append(draw(chains(depth)))
    for _ in range(draw(st.integers(0 if len(parts) > 1 else 1, 1))):
        mark = draw(st.sampled_from(["\\quad", ", \\quad", "\\Rightarrow", "\\forall", ",", ".", "words"]))
        parts.append(draw(speech) if mark == "words" else ast.Mark(mark))
        parts.append(draw(chains(depth, listed=mark != ",")))
    if draw(st.booleans()):
        parts.append(draw(speech))
    return ast.Line(tuple(parts))


@functools.cache
def contents(depth):
    """Draw what may stand in brackets, scripts and cells."""
    if depth == 0:
        return leaves
    mapping = st.builds(ast.Mapping, expressions(depth - 1), expressions(depth - 1), expressions(depth - 1))
    headless = chains(depth - 1).map(lambda chain: ast.Chain((ast.Nothing(), *chain.members[1:]), chain.relations))
    return st.one_of(leaves, leaves, leaves, leaves) | (
        expressions(depth - 1) | listings(depth - 1) | chains(depth - 1) | mapping | headless | sentences(depth - 1)
    )


@st.composite
def displays(draw, depth=2):
    statement = expressions(depth) | chains(depth) | listings(depth)
    line = statement.map(lambda node: ast.Line((node,))) | sentences(depth)
    return ast.Display(tuple(draw(st.lists(line, min_size=1, max_size=2))))
