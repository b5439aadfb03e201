"""Run the tests of the book on each page of the kind they ask for."""

from __future__ import annotations

import pytest
from chapters import CHAPTERS, DERIVATIONS, NOTEBOOKS, PAGES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a ``page``, a ``notebook``, a ``chapter`` or a ``derivation`` on each of its kind."""
    kinds = {"page": PAGES, "notebook": NOTEBOOKS, "chapter": CHAPTERS, "derivation": DERIVATIONS}
    for kind, pages in kinds.items():
        if kind in metafunc.fixturenames:
            metafunc.parametrize(kind, pages, ids=lambda page: page.name)
