"""Every display of published texts and of this book is read whole."""

from __future__ import annotations

import pytest
from corpora import READABLE, ROOT, SOURCES, UNBALANCED

from equalsign.documents import displays, documents
from equalsign.latex import LatexError, parse
from equalsign.latex.printer import to_latex

BOOK = [path for path in (ROOT / "index.md", ROOT / "book") if path.exists()]


@pytest.mark.parametrize("name", READABLE)
def test_a_published_display_is_read_and_printed_as_what_it_says(name):
    display = parse(READABLE[name])
    assert parse(to_latex(display)) == display


def test_a_bracket_that_was_never_opened_is_pointed_at():
    latex = SOURCES[UNBALANCED]
    with pytest.raises(LatexError, match="nothing is open that this parenthesis could close") as caught:
        parse(latex)
    assert latex[caught.value.position :] == "\\Big)}},"


@pytest.mark.skipif(not BOOK, reason="the book is not beside the tests")
def test_every_display_of_the_book_is_read():
    found = [source for path in documents(BOOK) for source in displays(path)]
    assert len(found) > 100
    for source in found:
        display = parse(source.latex)
        assert parse(to_latex(display)) == display, source.place
