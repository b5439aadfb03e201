"""Sphinx extension: collects the checks of a book's pages and fails the build when one of them does not hold.

The gate lives here, and not in a script around the build, so that every way of building the book passes through it.

Settings:

``equalsign_under_test``
    Packages whose results are checked, at least one; no expected value may come from them. A module of the book's own
    that hands on what it imports from them belongs here too. When their source changes, every page runs again.
``equalsign_sources``
    Other files whose change makes every page run again, as patterns relative to the book: all that cells read, and the
    modules that they import, unless these are installed.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from equalsign.sphinx import collect, execution, gate, ledger, settings


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up the extension."""
    app.setup_extension("myst_nb")
    app.add_config_value("equalsign_under_test", [], "env", list)
    app.add_config_value("equalsign_sources", [], "env", list)
    app.add_config_value("equalsign_fingerprint", "", "env", str)
    settings.connect(app)
    execution.connect(app)
    collect.connect(app)
    ledger.connect(app)
    gate.connect(app)
    return {"version": "1", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
