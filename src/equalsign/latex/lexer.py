r"""Cut LaTeX into tokens, as TeX would: what is left out is left out here, and every argument stands in braces.

A token is a `lark.Token` whose `start_pos` is its place in the original string. Braces that only group for TeX
vanish, because the reader does not see them: `2{a + b}` is read as `2 a + b`. What remains in braces is an argument,
also where the source had none: `x^12` becomes `x^{1}2` and `\frac12` becomes `\frac{1}{2}`.
"""

from __future__ import annotations

import re

from lark import Token

from equalsign.latex import commands as c
from equalsign.latex.errors import LatexError, place

MAX_DEPTH = 24
"""How deep a display may nest: more than any reader follows, and little enough for Python's stack."""

_BLANK = re.compile(r"(?:\s|%[^\n]*(?:\n|$))+")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.|$)", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:\{,\}\d{3})*(?:\.\d+)?|\.\d+")
_PRIMES = re.compile(r"\^\s*(?:\\prime(?![A-Za-z])|\{\s*(?:(?:\\prime(?![A-Za-z])|')\s*)+\})")
_ARG = re.compile(r"\\arg\s*(?:\\[,!;: ]\s*)*\\(max|min)(?![A-Za-z])")
_SUBSCRIPT_NEXT = re.compile(r"\s*(?:\\limits\s*)?_")
_LENGTH = re.compile(r"\*?(?:\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|\\baselineskip|\\jot)\s*\])?")
_NAME = re.compile(r"[A-Za-z](?:[\w .-]*[\w.])?$", re.ASCII)
_SPACING = re.compile(r"(?:\\[,!;: ]|[~\s])+")
_EXTREMUM = re.compile(r"arg ?(max|min)")
_RELATION = re.compile(r":=|=:|[=<>]")
_PLAIN = {
    "&": "_AMP",
    "_": "SUB",
    "^": "SUP",
    "!": "FACT",
    ",": "PUNCT",
    ".": "PUNCT",
    ";": "SEMICOLON",
    ":": "COLON",
} | {"?": "SYMBOL"}
_BRACKETS = {"(": "OPEN", "[": "OPEN", ")": "CLOSE", "]": "CLOSE", "|": "BAR"}


def tokens(latex: str) -> list[Token]:
    """Return the tokens of `latex`.

    Raises
    ------
    LatexError
        At a character or a command that is not known, a missing argument, or braces that do not match.
    """
    reader = _Reader(latex)
    reader.sequence(None)
    return reader.tokens


class _Reader:
    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.at = 0
        self.depth = 0
        self.environments = 0
        self.tokens: list[Token] = []

    def emit(self, kind: str, value: str, position: int) -> None:
        self.tokens.append(Token(kind, value, start_pos=position))

    def fail(self, message: str, position: int, *expected: str) -> LatexError:
        return LatexError(message, position, expected, self.latex)

    def blank(self) -> None:
        if found := _BLANK.match(self.latex, self.at):
            # Sphinx starts a new line at an empty one.
            if self.depth == 1 and not self.environments and _EMPTY_LINE.search(found[0]):
                self.emit("_NEWLINE", "", self.at)
            self.at = found.end()

    def sequence(self, opener: int | None, closing: str = "}") -> None:
        """Read items up to the brace that closes the one at `opener`, or all if there is none."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"the display nests more than {MAX_DEPTH} levels deep", self.at)
        while True:
            self.blank()
            if self.at == len(self.latex):
                if opener is None:
                    break
                wanted = f"a closing {'brace' if closing == '}' else 'bracket'} for the one at"
                raise self.fail("the display ends too early", self.at, f"{wanted} {place(self.latex, opener)}")
            if self.latex[self.at] == closing and opener is not None:
                self.at += 1
                break
            self.item()
        self.depth -= 1

    def item(self) -> None:
        """Read one character, number or command, with its arguments."""
        start, sign = self.at, self.latex[self.at]
        if sign == "\\":
            self.command()
        elif found := _NUMBER.match(self.latex, start):
            self.at = found.end()
            self.emit("NUMBER", found[0].replace("{,}", ""), start)
        elif found := _PRIMES.match(self.latex, start):
            self.at = found.end()
            for _ in range(found[0].count("\\prime") + found[0].count("'")):
                self.emit("PRIME", "'", start)
        elif found := _RELATION.match(self.latex, start):
            self.at = found.end()
            self.emit("REL", found[0], start)
        else:
            self.at += 1
            self.character(sign, start)

    def character(self, sign: str, start: int) -> None:
        if sign.isascii() and sign.isalpha():
            self.emit("SYMBOL", sign, start)
        elif sign in c.SIGNS:
            self.emit("SIGN", sign, start)
        elif sign in c.OPERATORS:
            self.emit("OP", sign, start)
        elif sign in ("_", "^"):
            self.emit(_PLAIN[sign], sign, start)
            self.argument("an index" if sign == "_" else "an exponent")
        elif sign in _BRACKETS:
            self.emit(_BRACKETS[sign], sign, start)
        elif sign in _PLAIN:
            self.emit(_PLAIN[sign], sign, start)
        elif sign == "'":
            self.emit("PRIME", sign, start)
        elif sign == "{":
            self.group(start)
        elif sign == "}":
            raise self.fail("there is no opening brace for this closing one", start)
        elif sign != "~":
            raise self.fail(
                f"the character {sign!r} (U+{ord(sign):04X}) is not read in a display", start, "a LaTeX command"
            )

    def group(self, start: int) -> None:
        """Read a group in braces that is no argument; only what stands in it counts."""
        before = len(self.tokens)
        self.sequence(start)
        self.blank()
        if len(self.tokens) == before and self.latex[self.at : self.at + 1] in ("_", "^"):
            self.emit("EMPTY", "", start)

    def argument(self, what: str) -> None:
        """Read one argument, which is a group in braces or one item, and put it in braces."""
        self.blank()
        start = self.at
        following = self.latex[start : start + 1]
        if following == "{":
            self.at += 1
            self.emit("_LBRACE", "{", start)
            self.sequence(start)
            self.emit("_RBRACE", "}", self.at - 1)
            return
        if following in ("", "}", "&", "_", "^", "~", "'"):
            found = "the display ends" if not following else f"`{following}` stands"
            raise self.fail(f"{found} where an argument is due", start, what)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"the display nests more than {MAX_DEPTH} levels deep", start)
        self.emit("_LBRACE", "{", start)
        before = len(self.tokens)
        if following.isdigit() and following.isascii():  # TeX takes one digit, not a number.
            self.at += 1
            self.emit("NUMBER", following, start)
        else:
            self.item()
            if self.tokens[before:] and self.tokens[before] in c.LIMITS:  # An index after it is not its own.
                self.tokens[before] = Token("FUNC", str(self.tokens[before]), start_pos=start)
        if len(self.tokens) == before or self.tokens[before].type in ("_NEWLINE", "SPACE", "BEGIN", "END"):
            raise self.fail(f"`{self.latex[start : self.at]}` stands where an argument is due", start, what)
        self.emit("_RBRACE", "}", self.at)
        self.depth -= 1

    def raw(self, command: str, start: int) -> str:
        """Return the next argument as it is written, without reading it."""
        self.blank()
        if not self.latex.startswith("{", self.at):
            found = _COMMAND.match(self.latex, self.at) or re.compile("[^}&]").match(self.latex, self.at)
            if not found:
                raise self.fail(f"`{command}` has no argument", start, "an opening brace")
            self.at = found.end()
            return found[0]
        opener, depth = self.at, 0
        for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(self.latex, self.at):
            depth += {"{": 1, "}": -1}.get(found[0], 0)
            if not depth:
                self.at = found.end()
                return self.latex[opener + 1 : found.start()]
        wanted = f"a closing brace for the one at {place(self.latex, opener)}"
        raise self.fail("the display ends too early", len(self.latex), wanted)

    def command(self) -> None:
        start = self.at
        found = _COMMAND.match(self.latex, start)
        assert found is not None
        name, self.at = found[0], found.end()
        if name in c.STARRED and self.latex.startswith("*", self.at):
            self.at += 1
            name = "\\operatorname*" if name == "\\operatorname" else name
        if name == "\\\\":
            if length := _LENGTH.match(self.latex, self.at):
                self.at = length.end()
            self.emit("_NEWLINE", name, start)
        elif name in c.INVISIBLE:
            pass
        elif name in c.SKIPPED_WITH_ARGUMENT:
            self.raw(name, start)
        elif name in c.PLAIN:
            self.plain(name, start)
        elif name in c.STYLES:
            self.style(name, start)
        elif name in c.TEXTS:
            self.text(name, start)
        elif name in c.FRACTIONS or name in c.STACKS:
            self.two_arguments(name, start)
        else:
            self.special(name, start)

    def plain(self, name: str, start: int) -> None:
        """Read a command without arguments."""
        kind, value = c.PLAIN[name]
        if merged := _ARG.match(self.latex, start):
            self.at = merged.end()
            value = f"\\arg\\{merged[1]}"
        limits = _SUBSCRIPT_NEXT.match(self.latex, self.at)
        self.emit("BIGOP" if merged or (value in c.LIMITS and limits) else kind, value, start)

    def style(self, name: str, start: int) -> None:
        at = self.at
        letters = self.raw(name, start).strip()
        if name in c.NAMING and _NAME.match(letters):
            self.emit("WORD", f"{c.STYLES[name]}{{{letters}}}", start)
        elif c.STYLES[name] == "\\mathbb" and letters.strip("{ }") == "E":
            self.emit("FUNC", "\\mathbb{E}", start)
        else:
            self.at = at
            self.emit("STYLE", c.STYLES[name], start)
            self.argument(f"what `{name}` is put on")

    def text(self, name: str, start: int) -> None:
        r"""Read `\text{...}`; mathematics between dollars in it is read as such."""
        opener = self.latex.find("{", self.at) + 1
        parts = re.split(r"(?<!\\)\$", self.raw(name, start))
        end = self.at
        if len(parts) % 2 == 0:
            raise self.fail("a dollar in this text opens mathematics that does not end", start, "a second dollar")
        position = opener
        for number, part in enumerate(parts):
            if number % 2:
                inner = _Reader(self.latex[: position + len(part)])
                inner.at, inner.depth = position, self.depth
                inner.sequence(None)
                self.tokens += inner.tokens
            elif written := " ".join(part.replace("~", " ").split()):
                # Words between statements start with a space, a connective or a bracket; a name does not.
                first = written.split()[0].strip(",;:").lower()
                speaks = len(parts) > 1 or part[0].isspace() or first in c.CONNECTIVES or not written[0].isalnum()
                self.emit("WORDS" if speaks else "WORD", f"\\text{{{written}}}", start)
            position += len(part) + 1
        self.at = end

    def two_arguments(self, name: str, start: int) -> None:
        kind, table = ("FRAC", c.FRACTIONS) if name in c.FRACTIONS else ("STACK", c.STACKS)
        place_of_command = len(self.tokens)
        self.emit(kind, table[name], start)
        self.argument(f"the first argument of `{name}`")
        second = len(self.tokens)
        self.argument(f"the second argument of `{name}`")
        lone = self.tokens[second + 1] if len(self.tokens) == second + 3 else None
        if kind == "FRAC" or lone is None:
            return
        if lone.type == "REL":
            self.tokens[place_of_command] = Token("STACKREL", table[name], start_pos=start)
        elif name == "\\underset" and (lone.type == "BIGOP" or lone in c.LIMITS):
            note = self.tokens[place_of_command + 1 : second]
            operator = Token("BIGOP", str(lone), start_pos=start)
            self.tokens[place_of_command:] = [operator, Token("SUB", "_", start_pos=start), *note]

    def special(self, name: str, start: int) -> None:
        """Read a command with a form of its own."""
        if name in ("\\left", "\\right", "\\middle"):
            self.delimiter(name[1:].upper(), start)
        elif name in c.SIZES:
            self.delimiter(c.SIZES[name], start)
        elif name in ("\\begin", "\\end"):
            self.environment(name, start)
        elif name in ("\\operatorname", "\\operatorname*"):
            written = _SPACING.sub(" ", self.raw(name, start)).strip()
            if not _NAME.match(written):
                raise self.fail(f"`{written}` is no name for an operator", start, "letters")
            if extremum := _EXTREMUM.fullmatch(written):
                self.emit("BIGOP", f"\\arg\\{extremum[1]}", start)
            else:
                below = name.endswith("*") and _SUBSCRIPT_NEXT.match(self.latex, self.at)
                self.emit("BIGOP" if below else "WORD", f"\\operatorname{{{written}}}", start)
        elif name in ("\\argmax", "\\argmin"):
            self.emit("BIGOP", f"\\arg\\{name[-3:]}", start)
        elif name == "\\sqrt":
            self.emit("SQRT", name, start)
            self.blank()
            if self.latex.startswith("[", self.at):
                opener, self.at = self.at, self.at + 1
                self.emit("_LBRACKET", "[", opener)
                self.sequence(opener, "]")
                self.emit("_RBRACKET", "]", self.at - 1)
            self.argument("what the root is taken of")
        elif name == "\\not":
            self.blank()
            before = len(self.tokens)
            self.argument("a relation")
            negated = self.tokens[before + 1]
            if negated.type != "REL" or len(self.tokens) != before + 3:
                raise self.fail("`\\not` negates a relation only", start, "a relation after it")
            self.tokens[before:] = [Token("REL", c.NEGATED.get(negated, f"\\not{negated}"), start_pos=start)]
        elif name == "\\substack":
            before = len(self.tokens)
            self.argument("lines")
            inner = self.tokens[before + 1 : -1]
            self.tokens[before:] = [
                Token("PUNCT", ",", start_pos=token.start_pos) if token.type == "_NEWLINE" else token
                for token in inner
            ]
        elif name == "\\colon":
            self.emit("COLON", ":", start)
        elif name == "\\prime":
            self.emit("PRIME", "'", start)
        elif name == "\\":
            raise self.fail("a backslash ends the display", start, "a command")
        else:
            raise self.unknown(name, start)

    def delimiter(self, kind: str, start: int) -> None:
        self.blank()
        at = self.at
        found = _COMMAND.match(self.latex, at)
        written = found[0] if found else self.latex[at : at + 1]
        self.at = at + len(written)
        value = "." if written == "." and kind in ("LEFT", "RIGHT") else c.DELIMITERS.get(written, "")
        if written in c.SIDED_BARS:
            value = c.SIDED_BARS[written][1]
            kind = kind or c.SIDED_BARS[written][0]
        if not value:
            raise self.fail(
                f"`{written or 'the end'}` is no delimiter", at, "a bracket, a bar or a brace with backslash"
            )
        side = (
            c.CLOSING if kind in ("LEFT", "OPEN") else c.CLOSING.values() if kind in ("RIGHT", "CLOSE") else (value,)
        )
        if value != "." and value not in side:
            raise self.fail(f"`{written}` faces the wrong way", at, "its mirror image")
        if kind == "MIDDLE":
            if value != "|":
                raise self.fail(f"`{written}` stands between two delimiters", at, "a bar")
            self.emit("REL", "\\mid", start)
        else:
            self.emit(kind if kind else c.PLAIN[written][0], value, start)

    def environment(self, name: str, start: int) -> None:
        environment = self.raw(name, start).strip().removesuffix("*")
        self.environments += 1 if name == "\\begin" else -1
        if name == "\\begin":
            if not {environment} & (c.LAYOUTS | c.MATRICES | c.CASES):
                raise self.fail(f"the environment `{environment}` is not known", start, "aligned, cases, bmatrix, ...")
            self.blank()
            if option := re.compile(r"\[[tbclr]\]\s*").match(self.latex, self.at):
                self.at = option.end()
            if environment in c.COLUMNED:
                self.raw(name, start)
        self.emit(name[1:].upper(), environment, start)

    def unknown(self, name: str, start: int) -> LatexError:
        import difflib  # Here, because only an error needs it.

        everything = {*c.PLAIN, *c.STYLES, *c.TEXTS, *c.FRACTIONS, *c.STACKS, "\\sqrt", "\\operatorname", "\\left"}
        close = difflib.get_close_matches(name, sorted(everything), n=3, cutoff=0.75)
        return self.fail(f"the command `{name}` is not known", start, *(f"`{command}`" for command in close))
