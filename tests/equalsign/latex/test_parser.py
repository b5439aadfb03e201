"""What is read as what: the shapes of the trees, and the errors where nothing can be read."""

from __future__ import annotations

import pytest

from equalsign.latex import LatexError, ast, parse
from equalsign.latex.parser import grammar

A, B, C, D, X, Y = map(ast.Symbol, "abcdxy")
ONE, TWO = ast.Number("1"), ast.Number("2")
EQUALS = ast.Relation("=")


def read(latex):
    """Return the only thing that stands on the only line."""
    (line,) = parse(latex).lines
    (part,) = line.parts
    return part


def chain(*members):
    return ast.Chain(members, (EQUALS,) * (len(members) - 1))


def words(text):
    return ast.Words(text)


def test_the_grammar_has_no_conflict():
    grammar(strict=True)


NOTATION = {
    "gradient": (
        r"\nabla_w L",
        ast.Product((ast.Scripts(ast.Symbol(r"\nabla"), ast.Symbol("w")), ast.Symbol("L")), ("",)),
    ),
    "sum takes the rest of its term": (
        r"\sum_i x \cdot y + 1",
        ast.Sum((ast.BigOperator(r"\sum", ast.Product((X, Y), (r"\cdot",)), ast.Symbol("i")), ONE), ("", "+")),
    ),
    "limit": (
        r"\lim_{x \to 1} y",
        ast.BigOperator(r"\lim", Y, ast.Chain((X, ONE), (ast.Relation(r"\to"),))),
    ),
    "expectation": (r"\mathbb{E}_x[y]", ast.Function(r"\mathbb{E}", ast.Group("[", "]", Y), X)),
    "norm": (r"\|x\|_2", ast.Scripts(ast.Group(r"\|", r"\|", X), TWO)),
    "norm of single bars": (r"||x||", ast.Group(r"\|", r"\|", X)),
    "nested absolute values": (
        r"|x - |y||",
        ast.Group("|", "|", ast.Sum((X, ast.Group("|", "|", Y)), ("", "-"))),
    ),
    "conditional bar": (
        r"a(x | y)",
        ast.Product((A, ast.Group("(", ")", ast.Chain((X, Y), (ast.Relation(r"\mid"),)))), ("",)),
    ),
    "evaluation bar": (r"a|_{x = 1}", ast.Evaluated(A, chain(X, ONE))),
    "stretched evaluation bar": (r"\left. a \right|_{x = 1}", ast.Evaluated(A, chain(X, ONE))),
    "bold one": (r"\mathbf{1}", ast.Styled(r"\mathbf", ONE)),
    "product in bold": (
        r"\mathbf{1 \Delta}",
        ast.Styled(r"\mathbf", ast.Product((ONE, ast.Symbol(r"\Delta")), ("",))),
    ),
    "upright name": (r"\mathrm{tr}(a)", ast.Product((ast.Word("tr", r"\mathrm"), ast.Group("(", ")", A)), ("",))),
    "named operator": (r"\operatorname{ReLU}'", ast.Scripts(ast.Word("ReLU", r"\operatorname"), primes=1)),
    "text of any shape": (r"\textrm{new}", ast.Word("new")),
    "inverse": (r"a^{-1}", ast.Scripts(A, sup=ast.Sum((ONE,), ("-",)))),
    "transpose": (r"a^\top", ast.Scripts(A, sup=ast.Symbol(r"\top"))),
    "prime as a command": (r"a\prime", ast.Scripts(A, primes=1)),
    "prime as an exponent": (r"a^{\prime\prime}", ast.Scripts(A, primes=2)),
    "operators": (
        r"a \circ b \otimes c * d",
        ast.Product((A, B, C, D), (r"\circ", r"\otimes", "*")),
    ),
    "synonyms of bold": (r"\bm a", ast.Styled(r"\boldsymbol", A)),
    "derivative": (r"\frac{d}{dx}", ast.Fraction(D, ast.Product((D, X), ("",)))),
    "slash": (r"a/b", ast.Product((A, B), ("/",))),
    "defining relation": (r"a := b", ast.Chain((A, B), (ast.Relation(":="),))),
    "stacked relation": (r"a \stackrel{!}{=} b", ast.Chain((A, B), (ast.Relation("=", ast.Symbol("!")),))),
    "mapping": (r"a: b \rightarrow c", ast.Mapping(A, B, C)),
    "colon as an index": (r"a_{x,:}", ast.Scripts(A, ast.Listing((X, ast.Symbol(":"))))),
    "digits of an index": (r"a_{12}", ast.Scripts(A, ast.Number("12"))),
    "brace note": (
        r"\underbrace{a}_{\text{for}}",
        ast.Scripts(ast.Styled(r"\underbrace", A), ast.Word("for")),
    ),
    "function in brackets": (r"\exp(x)", ast.Function(r"\exp", ast.Group("(", ")", X))),
    "function with an exponent": (r"\tanh^2(x)", ast.Function(r"\tanh", ast.Group("(", ")", X), sup=TWO)),
    "power of a function": (r"\tanh(x)^2", ast.Scripts(ast.Function(r"\tanh", ast.Group("(", ")", X)), sup=TWO)),
    "function without brackets": (
        r"\log x y \cdot a",
        ast.Product((ast.Function(r"\log", ast.Product((X, Y), ("",))), A), (r"\cdot",)),
    ),
    "function of a sum": (r"\log \sum_x y", ast.Function(r"\log", ast.BigOperator(r"\sum", Y, X))),
    "name of a function": (
        r"\frac{d \tanh}{dx}",
        ast.Fraction(ast.Product((D, ast.Function(r"\tanh")), ("",)), ast.Product((D, X), ("",))),
    ),
    "maximum over something": (r"\max_x y", ast.BigOperator(r"\max", Y, X)),
    "maximum of several": (r"\max(x, y)", ast.Function(r"\max", ast.Group("(", ")", ast.Listing((X, Y))))),
    "arg max": (r"\operatorname*{arg\,max}_x y", ast.BigOperator(r"\arg\max", Y, X)),
    "arg max over a letter below": (r"\underset{x}{\arg\max} y", ast.BigOperator(r"\arg\max", Y, X)),
    "interval": (r"[1, 2)", ast.Group("[", ")", ast.Listing((ONE, TWO)))),
    "factorial": (r"x!", ast.Factorial(X)),
    "binomial": (r"\binom{a}{b}", ast.Binomial(A, B)),
    "root": (r"\sqrt[a]{x}", ast.Root(X, A)),
    "negation": (r"a \not\in b", ast.Chain((A, B), (ast.Relation(r"\notin"),))),
    "list": (r"1, \ldots, x", ast.Listing((ONE, ast.Dots(r"\ldots"), X))),
    "lists on both sides": (r"a, b = 1, 2", chain(ast.Listing((A, B)), ast.Listing((ONE, TWO)))),
    "chain": (r"a = b = c", chain(A, B, C)),
    "relation without a left side": (
        r"a_{> 1}",
        ast.Scripts(A, ast.Chain((ast.Nothing(), ONE), (ast.Relation(">"),))),
    ),
    "matrix with dots": (
        r"\begin{bmatrix} a & \cdots \\ & b \end{bmatrix}",
        ast.Matrix("bmatrix", ((A, ast.Dots(r"\cdots")), (ast.Nothing(), B))),
    ),
    "array": (r"\begin{array}{cc} a & b \end{array}", ast.Matrix("array", ((A, B),))),
    "cases": (
        r"\begin{cases} a & \text{if } x = 1 \\ b & \text{otherwise} \end{cases}",
        ast.Cases(
            (
                ast.Branch(A, ast.Line((words("if"), chain(X, ONE)))),
                ast.Branch(B, ast.Line((words("otherwise"),))),
            )
        ),
    ),
    "cases without a column": (
        r"\begin{cases} a, \quad x = 1 \\ b \text{ if $x = 2$}, \end{cases}",
        ast.Cases((ast.Branch(A, chain(X, ONE)), ast.Branch(B, ast.Line((words("if"), chain(X, TWO)))))),
    ),
    "cases as an array behind a brace": (
        r"\left\{ \begin{array}{ll} a & x = 1 \\ b & x = 2 \end{array} \right.",
        ast.Cases((ast.Branch(A, chain(X, ONE)), ast.Branch(B, chain(X, TWO)))),
    ),
    "index below several lines": (
        r"\sum_{\substack{a = 1 \\ b = 2}} x",
        ast.BigOperator(r"\sum", X, ast.Line((chain(A, ONE), ast.Mark(","), chain(B, TWO)))),
    ),
}


@pytest.mark.parametrize("name", NOTATION)
def test_notation_is_read(name):
    latex, expected = NOTATION[name]
    assert read(latex) == expected


@pytest.mark.parametrize(
    ("seen", "plain"),
    [
        (r"\left( a \right)", "(a)"),
        (r"\bigl( a \bigr)", "(a)"),
        (r"\lvert a \rvert", "|a|"),
        (r"\displaystyle a \, b \label{eq-a} \tag{1}", "a b"),
        (r"{\color{Orange} {a}} \textcolor{red}{b}", "a b"),
        (r"2{a + b}", "2 a + b"),
        (r"\frac12", r"\frac{1}{2}"),
        (r"x^12", r"x^{1} 2"),
        (r"\hat\max_a", r"\hat{\max}_{a}"),
        (r"\hat\mathbf y", r"\hat{\mathbf{y}}"),
        (r"\sum\limits_a b", r"\sum_{a} b"),
        ("a % = b\n= c", "a = c"),
        (r"1{,}000", "1000"),
        (r"a = b.", "a = b"),
        (r"a = b,", "a = b"),
    ],
)
def test_what_looks_the_same_is_the_same(seen, plain):
    assert parse(seen) == parse(plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.5", "0.50"),
        ("a_b", "a^b"),
        ("a = b", r"a \approx b"),
        ("ab", r"a \cdot b"),
        ("a", r"\hat{a}"),
        ("(a)", "a"),
    ],
)
def test_what_looks_different_is_different(one, other):
    assert parse(one) != parse(other)


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{aligned} a &= b \\ &= c \\ d &= x \end{aligned}",
        r"\begin{align*} a &= b, \\ &= c \\ d &= x. \end{align*}",
        r"\begin{equation} \begin{split} a &= b \\ &= c \\ d &= x \end{split} \end{equation}",
        r"\begin{gather} a = b \\ = c \\[2pt] d = x \end{gather}",
        r"\begin{eqnarray} a &=& b \\ &=& c \\ d &=& x \end{eqnarray}",
        r"\begin{array}{rcl} a &=& b \\ &=& c \\ d &=& x \end{array}",
        r"a = b \\ = c \\ d = x",
        "a &= b \\\\ &= c \\\\ d &= x",
        "a = b = c\n\nd = x",
        r"\quad \\ a = b \\ \qquad \\ = c \\[2pt] \\ d = x \\",
        r"\begin{align} && \\ a &= b &&\\ &&\\ &= c \\ d &= x \end{align}",
    ],
)
def test_environments_lay_out_lines_and_a_relation_continues_the_one_before(latex):
    assert [line.parts for line in parse(latex).lines] == [(chain(A, B, C),), (chain(D, X),)]


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{multline} a = b \\ + c \\ - d \end{multline}",
        r"\begin{split} a &= b \\ &\quad + c \\ &\quad - d \end{split}",
        r"a = b + \\ c - \\ d",
    ],
)
def test_a_sum_goes_on_in_the_next_line(latex):
    assert read(latex) == chain(A, ast.Sum((B, C, D), ("", "+", "-")))


def test_a_chain_goes_on_behind_a_comment_and_a_condition():
    display = parse(r"\begin{aligned} a &= b && \text{(why)} \\ &= c && \text{for } x = 1 \\ &= d \end{aligned}")
    assert display.lines == (ast.Line((chain(A, B, C, D), words("(why)"), words("for"), chain(X, ONE))),)


def test_columns_of_equations_are_statements_of_their_own():
    display = parse(r"\begin{align} a &= b & c &= d \end{align}")
    assert display.lines == (ast.Line((chain(A, B), ast.Mark(r"\quad"), chain(C, D))),)


@pytest.mark.parametrize(
    ("latex", "parts"),
    [
        (r"a = b, c = d", (chain(A, B), ast.Mark(","), chain(C, D))),
        (r"a = b \quad c = d", (chain(A, B), ast.Mark(r"\quad"), chain(C, D))),
        (r"a = b, \quad c, d = x", (chain(A, B), ast.Mark(r", \quad"), chain(ast.Listing((C, D)), X))),
        (r"a = b \implies c = d", (chain(A, B), ast.Mark(r"\Rightarrow"), chain(C, D))),
        (r"a = b \quad \text{for } c = d", (chain(A, B), words("for"), chain(C, D))),
        (r"\text{if } a = b \text{ and } c = d", (words("if"), chain(A, B), words("and"), chain(C, D))),
        (r"\text{if $a = b$ then } c = d", (words("if"), chain(A, B), words("then"), chain(C, D))),
        (r"\forall a = b", (ast.Mark(r"\forall"), chain(A, B))),
    ],
)
def test_statements_stand_apart(latex, parts):
    assert parse(latex).lines == (ast.Line(parts),)


ERRORS = [
    ("", 0, "the display is empty"),
    ("% nothing", 0, "the display is empty"),
    (r"x_{i", 4, "a closing brace for the one at column 3"),
    ("x}", 1, "no opening brace"),
    (r"(a", 2, "a closing parenthesis for the one at column 1"),
    (r"a)", 1, "nothing is open"),
    (r"(a]", 2, "expected `)`"),
    (r"\left( a", 8, r"`\right` and a delimiter"),
    (r"\left\{ a \right.", 0, "an invisible partner"),
    (r"|a", 0, "a closing bar"),
    (r"\begin{cases} a", 15, r"`\end{cases}`"),
    (r"\begin{cases} a \end{matrix}", 16, r"`\end{cases}`"),
    (r"\begin{verse} a \end{verse}", 0, "`verse` is not known"),
    (r"\begin{cases} a = b \end{cases}", 14, "no single value"),
    (r"(\begin{aligned} a \end{aligned})", 1, "stands inside a formula"),
    (r"\hatt{y}", 0, r"expected `\hat`"),
    (r"\frac{a}", 8, r"the second argument of `\frac`"),
    (r"\frac{a}{}", 9, "expected a term"),
    (r"x^", 2, "an exponent"),
    (r"a^b^c", 3, "two exponents"),
    (r"a_b_c", 3, "two indices"),
    (r"a^2'", 3, "a prime and an exponent"),
    (r"n!^2", 2, "brackets"),
    (r"2 3", 2, "two numbers stand side by side"),
    (r"a = ", 2, "the line ends after `=`"),
    (r"a == b", 3, "expected a term"),
    (r"a \cdot -b", 8, "expected a term"),
    (r"a + * b", 4, "expected a term"),
    (r"\sin x \cos x", 7, "parentheses around its argument"),
    (r"\log \log x", 10, "parentheses around its argument"),
    (r"\log -x", 5, r"what `\log` applies to"),
    (r"\sum_i -x", 7, r"what `\sum` applies to"),
    (r"\max^2_i x", 0, "the index first"),
    (r"a & b", 2, "outside of an environment that aligns"),
    (r"\begin{align} a &= b & c &= d \\ &= x \end{align}", 34, "side by side"),
    (r"\text{if $a}", 0, "a second dollar"),
    (r"\not a", 0, "a relation after it"),
    (r"(a \middle) b)", 10, "a bar"),
    (r"\left) a \right(", 5, "faces the wrong way"),
    (r"\bigl) a", 5, "faces the wrong way"),
    (r"\operatorname{a^2}", 0, "no name for an operator"),
    ("x = α", 4, "U+03B1"),
    ("a\\", 1, "a backslash ends the display"),
    (r"(, a)", 1, "`,` stands here"),
]


@pytest.mark.parametrize(("latex", "position", "message"), ERRORS)
def test_an_error_says_where_and_what_was_expected(latex, position, message):
    with pytest.raises(LatexError) as caught:
        parse(latex)
    assert caught.value.position == position
    assert message in str(caught.value)


def test_an_error_in_a_later_line_is_shown_there():
    with pytest.raises(LatexError) as caught:
        parse("a = b \\\\\nc = \\foo")
    error = caught.value
    assert (error.line, error.column) == (2, 5)
    assert error.caret() == "c = \\foo\n    ^"
    assert str(error).startswith("line 2, column 5: ")


def test_a_long_line_is_shown_around_the_caret():
    with pytest.raises(LatexError) as caught:
        parse("a + " * 100 + "α" + " + a" * 100)
    line, caret = caught.value.caret(60).splitlines()
    assert len(line) == 60
    assert line[len(caret) - 1] == "α"


def test_every_node_knows_where_it_stands():
    latex = r"a = \frac{b}{c}"
    equation = read(latex)
    assert [member.position for member in equation.members] == [0, 4]
    assert equation.relations[0].position == 2
    assert [latex[node.position] for node in (equation.members[1].numerator, equation.members[1].denominator)] == [
        "b",
        "c",
    ]
