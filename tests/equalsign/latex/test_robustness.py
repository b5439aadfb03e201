"""Whatever stands between the dollars gives a tree or an error, and soon."""

from __future__ import annotations

import time

import pytest
from corpora import SOURCES
from hypothesis import given, settings
from hypothesis import strategies as st

from equalsign.latex import LatexError, parse
from equalsign.latex.commands import PLAIN
from equalsign.latex.lexer import MAX_DEPTH
from equalsign.latex.parser import MAX_LENGTH
from equalsign.latex.printer import to_latex

SIGNS = "{}[]_^&%~'!,.;:|12xy$\\?() \n"
COMMANDS = (
    "left right middle bigl frac sqrt hat mathbf mathrm mathbb overset underset stackrel text operatorname "
    "operatorname* substack not color tag label begin{cases} end{cases} begin{aligned} end{aligned} "
    "begin{array}{c} end{array} begin{matrix} end{matrix} text{if} text{new} left. right| prime argmax unknown"
)
PIECES = [*PLAIN, *SIGNS, "\n\n", "\\\\", *(f"\\{name}" for name in COMMANDS.split())]


def failure(latex: str) -> LatexError | None:
    """Read `latex`, and see that what comes of it is whole: a tree or an error."""
    try:
        display = parse(latex)
    except LatexError as error:
        return error
    hash(display)
    assert parse(to_latex(display)) == display
    return None


def attempt(latex: str) -> None:
    error = failure(latex)
    if error is not None:
        assert 0 <= error.position <= len(latex)
        assert str(error)
        assert error.caret()


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=15).map(" ".join)
    | st.lists(st.sampled_from(PIECES), max_size=15).map("".join)
)
def test_random_commands(latex):
    attempt(latex)


@settings(max_examples=200, deadline=None)
@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_random_characters(latex):
    attempt(latex)


@pytest.mark.parametrize("name", SOURCES)
def test_truncated_displays(name):
    latex = SOURCES[name]
    for end in range(0, len(latex), 3):
        attempt(latex[:end])


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("(", ")"),
        ("{", "}"),
        ("\\frac{", "}{x}"),
        ("\\hat", "x"),
        ("\\sum_i ", "x"),
        ("|+", "|"),
        ("x^{", "}"),
        ("\\left(", "\\right)"),
    ],
)
def test_nesting_has_a_bound_and_says_so(opening, closing):
    with pytest.raises(LatexError, match=r"deep|characters"):
        parse(opening * 10_000 + "x" + closing * 10_000)
    with pytest.raises(LatexError, match=f"more than {MAX_DEPTH} levels deep"):
        parse(opening * (MAX_DEPTH + 2) + "x" + closing * (MAX_DEPTH + 2))


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("(", ")"),
        ("a = b, c + d x_{i}^{", "}"),
        ("-c + \\frac{", "}{2}"),
        ("(\\text{if } a = b, -c + x", ")"),
        ("\\begin{cases} 1 & \\text{if } a = -b x", "\\end{cases}"),
        ("a = -b \\sum_{i} \\log x", ""),
        ("\\mathbf{", "}"),
    ],
)
def test_as_deep_as_is_allowed_is_no_strain(opening, closing):
    levels = next(n for n in range(MAX_DEPTH, 0, -1) if _reads(opening * n + "x" + closing * n))
    assert levels >= MAX_DEPTH // 2 - 1
    attempt(opening * levels + "x" + closing * levels)


def _reads(latex: str) -> bool:
    error = failure(latex)
    assert error is None or "deep" in str(error)
    return error is None


def test_an_enormous_display_is_refused_at_once():
    started = time.perf_counter()
    with pytest.raises(LatexError, match="1000000 characters: expected at most"):
        parse("x" * 1_000_000)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "piece",
    [
        "x + ",
        "x_i y ",
        "a \\cdot ",
        "a = b \\\\ ",
        "= b \\text{ for } i \\\\ ",
        "a, ",
        "|x| ",
        "x|_a ",
        "'",
        "\\quad x",
        "\\not= ",
    ],
)
def test_cost_grows_with_length_and_not_with_its_square(piece):
    def cost(length: int) -> float:
        latex = "x" + piece * (length // len(piece)) + "x"
        started = time.process_time()
        attempt_only(latex)
        return time.process_time() - started

    cost(1000)
    small, large = min(cost(5_000) for _ in range(3)), cost(40_000)
    assert large < 8 * small * 3 + 0.2  # Eight times as long; a square would be 64.
    assert len(piece * (40_000 // len(piece))) < MAX_LENGTH


def attempt_only(latex: str) -> None:
    try:
        parse(latex)
    except LatexError as error:
        error.caret()
