"""Something that keeps a book from being trusted, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One sentence for the author, with the document and the line it is about."""

    document: str
    """The source file, relative to the root of the book."""
    line: int
    """Counted from 1; 0 where the whole document is meant."""
    message: str

    def __str__(self) -> str:
        place = f"{self.document}:{self.line}" if self.line else self.document
        return f"{place}: {self.message}"
