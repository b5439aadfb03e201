"""Which LaTeX commands are read, and as what: tables, and nothing else.

Commands that look the same to the reader have one name after reading: the first of a row below.
"""

from __future__ import annotations


def _names(words: str) -> dict[str, str]:
    r"""Return `\name` for every spelling in `words`, whose rows `name=other=another` list the spellings of one."""
    table: dict[str, str] = {}
    for row in words.split():
        first, *others = row.split("=")
        table |= {f"\\{spelling}": f"\\{first}" for spelling in (first, *others)}
    return table


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


SYMBOLS = _names(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi pi varpi "
    "rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi "
    "Psi Omega digamma partial nabla infty ell top bot dagger ddagger intercal hbar imath jmath Re Im aleph emptyset "
    "varnothing angle sharp flat natural square checkmark % $ # & _"
)

DOTS = _names("ldots=dots=dotsc=dotso=mathellipsis cdots=dotsb=dotsm=dotsi=hdots vdots ddots iddots")

SIGNS = {"+": "+", "-": "-"} | _names("pm mp oplus ominus")

OPERATORS = {"*": "*", "/": "/"} | _names(
    "cdot=cdotp times odot otimes circ oslash div ast star bullet wedge cup cap setminus bmod boxtimes diamond"
)

RELATIONS = (
    {sign: sign for sign in ("=", "<", ">", ":=", "=:")}
    | {"\\coloneqq": ":=", "\\coloneq": ":=", "\\eqqcolon": "=:", "\\lt": "<", "\\gt": ">"}
    | _names(
        "neq=ne leq=le=leqslant geq=ge=geqslant approx approxeq simeq sim equiv cong propto triangleq doteq asymp "
        "ll gg in notin ni subset subseteq supset supseteq prec preceq succ succeq perp parallel mid "
        "to=rightarrow=longrightarrow mapsto=longmapsto leftarrow=gets=longleftarrow leftrightarrow "
        "hookrightarrow rightharpoonup nearrow searrow uparrow downarrow models vdash"
    )
)

NEGATED = {"=": "\\neq", "\\in": "\\notin"}
r"""What `\not` makes of a relation that has a negation of its own."""

ARROWS = _names(
    "Rightarrow=implies=Longrightarrow Leftarrow=impliedby=Longleftarrow Leftrightarrow=iff=Longleftrightarrow "
    "therefore because forall exists nexists land lor lnot=neg"
)
"""Signs between statements."""

FUNCTIONS = _names(
    "exp log ln lg sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth max min sup inf det dim ker gcd "
    "deg hom arg Pr"
)

BIG_OPERATORS = _names("sum prod coprod lim liminf limsup bigcup bigcap bigoplus bigotimes bigodot int iint oint")

LIMITS = frozenset({"\\max", "\\min", "\\sup", "\\inf"})
"""Functions that are big operators once something stands below them."""

FRACTIONS = _names("frac=dfrac=tfrac=cfrac binom=dbinom=tbinom")

STYLES = _names(
    "mathbf boldsymbol=bm=pmb=symbf mathbb=Bbb mathcal=cal mathscr mathfrak hat=widehat bar tilde=widetilde vec dot "
    "ddot acute grave check breve mathring overline underline overrightarrow overleftarrow underbrace overbrace "
    "cancel bcancel xcancel mathrm mathit mathsf mathtt"
)

STACKS = _names("overset=stackrel underset")

NAMING = frozenset({"\\mathrm", "\\mathit", "\\mathsf", "\\mathtt"})
"""Styles in which letters make a name."""

TEXTS = _names("text=textrm=textnormal=textup=mbox=hbox=textbf=textit=textsf=texttt=textsc=emph")

DELIMITERS = {
    "(": "(",
    ")": ")",
    "[": "[",
    "]": "]",
    "|": "|",
    "\\{": "\\{",
    "\\}": "\\}",
    "\\|": "\\|",
} | _names("{=lbrace }=rbrace langle rangle lfloor rfloor lceil rceil |=Vert")
DELIMITERS |= {"\\vert": "|", "\\lbrack": "[", "\\rbrack": "]"}

CLOSING = {
    "(": ")",
    "[": "]",
    "\\{": "\\}",
    "|": "|",
    "\\|": "\\|",
    "\\langle": "\\rangle",
    "\\lfloor": "\\rfloor",
    "\\lceil": "\\rceil",
}
"""The partner of each opening delimiter."""

SIDED_BARS = {
    "\\lvert": ("OPEN", "|"),
    "\\rvert": ("CLOSE", "|"),
    "\\lVert": ("OPEN", "\\|"),
    "\\rVert": ("CLOSE", "\\|"),
}
"""Bars that say themselves on which side they stand."""

SIZES = {
    f"\\{size}{side}": {"l": "OPEN", "r": "CLOSE", "m": "MIDDLE", "": ""}[side]
    for size in ("big", "Big", "bigg", "Bigg")
    for side in ("l", "r", "m", "")
}
"""Prefixes that only size the delimiter after them, and the side that they say it stands on."""

WIDE_SPACES = frozenset({"\\quad", "\\qquad"})

INVISIBLE = (
    {f"\\{sign}" for sign in ",;:!>/"}
    | {"\\ ", "\\\n", "\\\t"}
    | _names(
        "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag hline thinspace medspace "
        "thickspace enspace enskip negthinspace negmedspace negthickspace hfill strut mathstrut allowbreak nobreak "
        "noindent centering mathop mathbin mathrel mathord mathopen mathclose mathpunct mathinner boxed "
        "ensuremath smash relax"
    ).keys()
)
"""Commands that are left out: spacing, size, and wrappers whose content is read as if they were not there."""

SKIPPED_WITH_ARGUMENT = _names(
    "label tag color textcolor colorbox hspace vspace phantom hphantom vphantom mspace require"
).keys()
r"""Left out with their first argument; what `\textcolor` colours stands in its second, and is read."""

STARRED = frozenset({"\\operatorname", "\\tag", "\\hspace", "\\vspace", "\\\\"})
"""Commands that have a variant with a star."""

LAYOUTS = _words(
    "equation align aligned alignat alignedat flalign gather gathered multline multlined split eqnarray "
    "displaymath math"
)
"""Environments that lay out lines."""

COLUMNED = frozenset({"array", "alignat", "alignedat"})
"""Environments whose first argument only describes columns."""

MATRICES = _words("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix array")

CASES = frozenset({"cases", "dcases", "rcases"})

CONNECTIVES = _words(
    "for if where and or otherwise else when whenever with such s.t. st then so hence thus therefore because since by "
    "as in is on at to from but let given i.e. e.g. unless iff while which we that it are holds all any every each a "
    "an the of using not subject only exists"
)
r"""First words of a `\text{...}` that speaks between statements, and is no name."""

SUBORDINATE = _words("for if when whenever where with since because as by using given unless such")
"""Those of them that begin a condition or a comment on the statement before, never a statement of its own."""


def _plain() -> dict[str, tuple[str, str]]:
    rows = [
        ("SYMBOL", SYMBOLS),
        ("DOTS", DOTS),
        ("SIGN", SIGNS),
        ("OP", OPERATORS),
        ("REL", RELATIONS),
        ("ARROW", ARROWS),
        ("FUNC", FUNCTIONS),
        ("BIGOP", BIG_OPERATORS),
    ]
    table = {spelling: (kind, name) for kind, names in rows for spelling, name in names.items()}
    for spelling, name in DELIMITERS.items():
        bar = name in ("|", "\\|")
        table[spelling] = ("BAR" if bar else "OPEN" if name in CLOSING else "CLOSE", name)
    return table | SIDED_BARS | dict.fromkeys(WIDE_SPACES, ("SPACE", "\\quad"))


PLAIN = _plain()
"""The type of token and the name of every command that takes no argument."""
