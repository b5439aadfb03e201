"""A finished picture, the style all of them share, and the colours that mean something."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import matplotlib.style
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

_STYLE = Path(__file__).with_name("book.mplstyle")
_BOOK = matplotlib.rc_params_from_file(str(_STYLE), use_default_template=False)
_CYCLE: list[str] = [to_hex(colour) for colour in _BOOK["axes.prop_cycle"].by_key()["color"]]

INK: str = to_hex(_BOOK["text.color"])
"""Text, axes and whatever is neither a value nor a gradient."""
FORWARD, GRADIENT = _CYCLE[:2]
"""Forward values, and gradients: the same two colours in every picture."""
OTHERS: tuple[str, ...] = tuple(_CYCLE[2:])
"""Colours without a meaning of their own."""
WIDTH = 330.0
"""Width of every picture, in points: a little more than a phone shows, so that letters keep their size there."""


@dataclass(frozen=True)
class Picture:
    """A picture that a notebook shows as SVG, and a terminal as the words that stand in it."""

    svg: str
    labels: tuple[str, ...]
    """Every text of the picture, as it was set: the letters of the SVG are outlines, which nobody can search."""

    def __repr__(self) -> str:
        return f"Picture with the labels {'; '.join(self.labels)}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}


@contextmanager
def book_style() -> Iterator[None]:
    """Draw in the book's style, whatever the reader's own settings are, and leave those as they were."""
    with matplotlib.style.context(["default", _STYLE]):
        yield


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Return an empty figure of that size in points, which pyplot knows nothing of and nobody need close."""
    return Figure(figsize=(width / 72, height / 72))


def finish(figure: Figure) -> Picture:
    """Return `figure` as a picture: the same drawing gives the same bytes, today and tomorrow."""
    page = io.StringIO()
    # Without these the file names the day, and the version of the library that drew it.
    figure.savefig(page, format="svg", metadata={"Date": None, "Creator": None})
    texts = [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible()]
    return Picture(page.getvalue(), tuple(text for text in texts if text))


def number(value: float, digits: int = 4) -> str:
    """Return `value` to that many significant digits, set as the formulas of the page are."""
    text = f"{value:.{digits}g}"
    if "e" not in text:
        return f"${text}$"
    # The power takes room that the last digit gives.
    mantissa, exponent = f"{value:.{digits - 1}g}".split("e")
    return rf"${mantissa} \times 10^{{{int(exponent)}}}$"
