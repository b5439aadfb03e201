"""Matplotlib's list of fonts, made before a page needs it."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def list_fonts(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Let Matplotlib list the fonts of this machine, which it does once, when it is first used on it.

    In a cell it would say on stderr that this takes long, and a page that writes to stderr is not in order.
    """
    if docnames:
        import matplotlib.font_manager  # noqa: F401 - the import makes the list
