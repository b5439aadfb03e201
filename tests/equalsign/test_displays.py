"""What a displayed equation may look like, and which of them may be called definitions."""

from __future__ import annotations

import pytest

from equalsign.displays import Display, has_comment, relations
from equalsign.latex import parse


def problems(label, latex):
    return list(Display(label, 7, latex).problems())


@pytest.mark.parametrize("label", ["eq-double", "def-double"])
def test_one_labelled_relation_is_in_order(label):
    assert problems(label, r"y = \frac{1}{2} (x - 1)^{2}") == []


@pytest.mark.parametrize("label", [None, ""])
def test_a_display_without_a_label_is_refused(label):
    [message] = problems(label, "y = 2 x")
    assert message.startswith("the display has no label, so no check can name it")


@pytest.mark.parametrize(
    "latex",
    [
        "a = b = c",
        "a = b, c = d",
        r"a := b = c",
        r"a = b \approx c",
        r"a \equiv b \coloneqq c",
        r"a = b \overset{!}{=} c",
        r"\begin{aligned} a &= b \\ &\leq c \end{aligned}",
        r"a = b \\ c",
    ],
)
def test_a_definition_that_states_several_things_is_refused_and_the_same_claim_is_not(latex):
    [message] = problems("def-a", latex)
    assert message.startswith("def-a: a definition states one thing, but this display has several relations or lines")
    assert problems("eq-a", latex) == []


@pytest.mark.parametrize(
    "latex",
    [
        r"s = \sum_{i=1}^{n} a_i",
        r"f(x) = \begin{cases} x & \text{if } x = 1 \\ 0 & \text{if } x = 2 \end{cases}",
        r"\mathbf{A} = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
        r"\mathbf{b} \in \mathbb{R}^{n}",
    ],
)
def test_what_stands_inside_something_else_is_no_second_relation(latex):
    assert relations(parse(latex)) <= 1
    assert problems("def-a", latex) == []


@pytest.mark.parametrize("label", ["eq-a", "def-a"])
@pytest.mark.parametrize(
    ("latex", "sentence"),
    [
        (
            r"y = \frac{1}{2",
            "column 15: the display ends too early: expected a closing brace for the one at column 13",
        ),
        (r"y = 2 + ", "column 7: the line ends after `+`: expected a term"),
        (r"n \approximately m", "column 3: the command `\\approximately` is not known"),
        (r"y = (2 x", "column 9: the display ends too early: expected a closing parenthesis"),
    ],
)
def test_a_display_that_cannot_be_read_says_where(label, latex, sentence):
    [message] = problems(label, latex)
    assert message.startswith(f"{label}: the display cannot be read, {sentence}")


@pytest.mark.parametrize("latex", ["y = 2 x % or so", "% y = 2 x", "y\n%\n= 2 x", r"y = 2 \\% x", r"y = \\\\%"])
def test_a_comment_is_refused_in_a_claim_and_in_a_definition(latex):
    assert has_comment(latex)
    assert any("a TeX comment in a display" in message for message in problems("eq-a", latex))
    assert any("a TeX comment in a display" in message for message in problems("def-a", latex))


@pytest.mark.parametrize("latex", [r"p = 5\%", r"p = 5 \\\% q"])
def test_a_percent_sign_that_is_printed_is_no_comment(latex):
    assert not has_comment(latex)
