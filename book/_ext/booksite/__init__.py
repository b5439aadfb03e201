"""Sphinx extension of this book's site: what its pages need comes from the site itself, and nothing more.

`assets` copies MathJax out of its PyPI package, draws the few icons in use and drops Thebe;
`fonts` has Matplotlib list the fonts of the machine before a page needs them;
`pages` gives every page its notebook to download, its description and its version.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from booksite import assets, fonts, pages


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the parts."""
    assets.drop_thebe(app)
    app.connect("config-inited", pages.state_version)
    app.connect("config-inited", pages.link_repository)
    # Before the pages are executed (500).
    app.connect("env-before-read-docs", fonts.list_fonts, priority=400)
    # Before the theme (500) makes its buttons of the context.
    app.connect("html-page-context", pages.offer_notebook, priority=400)
    app.connect("html-page-context", pages.describe)
    app.connect("html-page-context", pages.mend_markup)
    app.connect("html-page-context", pages.state_root)
    app.connect("build-finished", assets.copy_mathjax)
    app.connect("build-finished", assets.draw_icons)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
