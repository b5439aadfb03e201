"""The LaTeX of displayed equations, read into a tree and printed again."""

from equalsign.latex.errors import LatexError
from equalsign.latex.parser import parse

__all__ = ["LatexError", "parse"]
