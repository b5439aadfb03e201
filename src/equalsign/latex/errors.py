"""The one error of the LaTeX reader: what is wrong, where, and what was expected instead."""

from __future__ import annotations


def place(latex: str, position: int) -> str:
    """Say where `position`, counted from 0, is: a column, and a line as well if there are several."""
    before = latex[:position]
    column = position - (before.rfind("\n") + 1) + 1
    return f"line {before.count(chr(10)) + 1}, column {column}" if "\n" in latex.strip() else f"column {column}"


class LatexError(ValueError):
    """A display that cannot be read.

    Parameters
    ----------
    message
        What is wrong, as a sentence without its place.
    position
        Where, as an index into `latex`.
    expected
        What could have stood there, in words; may be empty.
    latex
        The whole display; `parse` fills it in for errors raised where it is not at hand.
    """

    def __init__(self, message: str, position: int, expected: tuple[str, ...] = (), latex: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.expected = expected
        self.latex = latex

    @property
    def line(self) -> int:
        """The line in the display, counted from 1."""
        return self.latex.count("\n", 0, self.position) + 1

    @property
    def column(self) -> int:
        """The column in that line, counted from 1."""
        return self.position - (self.latex.rfind("\n", 0, self.position) + 1) + 1

    @property
    def sentence(self) -> str:
        """The message, with what was expected."""
        return f"{self.message}: expected {_either(self.expected)}" if self.expected else self.message

    def caret(self, width: int = 100) -> str:
        """Return the line of the display with a caret below the place, cut to about `width` characters."""
        text = (self.latex.splitlines() or [""])[self.line - 1 : self.line]
        line, at = (text[0] if text else ""), self.column - 1
        start = max(0, min(at - width // 2, len(line) - width))
        shown = "".join(sign if sign.isprintable() else " " for sign in line[start : start + width])
        return f"{shown}\n{' ' * (at - start)}^"

    def __str__(self) -> str:
        return f"{place(self.latex, self.position)}: {self.sentence}"


def _either(names: tuple[str, ...]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
