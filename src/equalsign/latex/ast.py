r"""What a display says, as an immutable tree.

The tree holds what the reader sees and decides nothing that depends on declarations: juxtaposition stays a `Product`
without an operator, whether or not its first factor turns out to be a function, and :math:`\frac{d}{dx}` a `Fraction`.
Every node knows its `position` in the source, which takes no part in equality. Names are LaTeX: `x`, `\sigma`, `\leq`.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Node:
    """The base of all nodes."""

    position: int = field(default=0, compare=False, repr=False, kw_only=True)
    """Where the node starts, as an index into the LaTeX it was read from."""


@dataclass(frozen=True, slots=True)
class Nothing(Node):
    r"""What is left out: an empty cell, the base of `{}^{\top}`, the left side where a relation comes first."""


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number, as it is printed: `0.50` has one more digit than `0.5`."""

    text: str


@dataclass(frozen=True, slots=True)
class Symbol(Node):
    r"""A letter, or a sign that stands for something: `x`, `\sigma`, `\partial`, `\top`, a lone `:` or `*`."""

    name: str


@dataclass(frozen=True, slots=True)
class Word(Node):
    r"""A name of several upright letters; `font` is the command that sets it: `\text`, `\operatorname`, ..."""

    name: str
    font: str = "\\text"


@dataclass(frozen=True, slots=True)
class Dots(Node):
    r"""An ellipsis, `\ldots`, `\cdots`, `\vdots` or `\ddots`: rows and sums that go on as they began."""

    name: str


@dataclass(frozen=True, slots=True)
class Styled(Node):
    r"""Something in a font, under an accent or over a brace: `\mathbf{W}`, `\hat{y}`, `\underbrace{a + b}`."""

    style: str
    body: Node


@dataclass(frozen=True, slots=True)
class Stacked(Node):
    r"""A note over (`\overset`) or under (`\underset`) something."""

    command: str
    note: Node
    body: Node


@dataclass(frozen=True, slots=True)
class Scripts(Node):
    """Something with an index, an exponent or primes; at least one of them."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Factorial(Node):
    """Something with an exclamation mark."""

    body: Node


@dataclass(frozen=True, slots=True)
class Evaluated(Node):
    """Something with a bar behind it that says where it is taken."""

    body: Node
    sub: Node | None = None
    sup: Node | None = None


@dataclass(frozen=True, slots=True)
class Group(Node):
    r"""Something in brackets; absolute values and norms are the groups of `|` and `\|`."""

    opening: str
    closing: str
    body: Node


@dataclass(frozen=True, slots=True)
class Fraction(Node):
    """A fraction, which may be a derivative."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True, slots=True)
class Binomial(Node):
    """A binomial coefficient."""

    upper: Node
    lower: Node


@dataclass(frozen=True, slots=True)
class Root(Node):
    """A root, square if it has no degree."""

    body: Node
    degree: Node | None = None


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Two factors or more; between each and the next an operator, empty where they only stand side by side."""

    factors: tuple[Node, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Terms, each with its sign; the first may have none, and then there are two or more."""

    terms: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BigOperator(Node):
    r"""A sum, a product, a limit, a maximum over something, ...; its body is all that follows in its term.

    The name is the command, as in `\sum`, `\arg\max` or `\operatorname{proj}`.
    """

    name: str
    body: Node | None = None
    sub: Node | None = None
    sup: Node | None = None


@dataclass(frozen=True, slots=True)
class Function(Node):
    r"""A function of LaTeX, such as `\exp` or `\max`, with what stands at its name: `\tanh^{2}(z)`.

    Its argument is a `Group` if it stands in brackets, otherwise what is written next to it; it may have none.
    """

    name: str
    argument: Node | None = None
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    """An array of cells; the environment says which brackets stand around it."""

    environment: str
    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True)
class Branch(Node):
    """A value, and the condition under which it holds, if one is stated."""

    value: Node
    condition: Node | None = None


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """Branches behind a brace."""

    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Listing(Node):
    """Two things or more with commas between them."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Relation(Node):
    r"""A relation sign, and the note above or below it: `\overset{!}{=}`."""

    symbol: str
    note: Node | None = None
    command: str = "\\overset"
    r"""Where the note stands; without one it says nothing."""


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Members with relations between them: `a = b < c` has three and two."""

    members: tuple[Node, ...]
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Mapping(Node):
    r"""What a function takes to what, `f: A \to B`."""

    name: Node
    source: Node
    target: Node


@dataclass(frozen=True, slots=True)
class Mark(Node):
    r"""What separates statements: `,`, `;`, `.`, `\quad`, or a sign such as `\Rightarrow`."""

    symbol: str


@dataclass(frozen=True, slots=True)
class Words(Node):
    r"""Words between statements, such as `\text{if}`."""

    text: str


@dataclass(frozen=True, slots=True)
class Line(Node):
    """Statements, and the marks and words between, before and after them."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Display(Node):
    """The lines of a display. Lines that continue one another are one."""

    lines: tuple[Line, ...]
