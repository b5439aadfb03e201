"""What may import what: the packages stay apart, and inside them nothing imports upwards."""

from __future__ import annotations

import ast
import graphlib
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src"
LONGEST_MODULE = 400


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in sorted(SRC.rglob("*.py"))}


def imports(module: str) -> Iterator[str]:
    """Yield the full name of everything that a module imports, at its top or inside its functions."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            # `from package import module` needs the module; `from module import name` needs the module too.
            yield from (full if (full := f"{source}.{alias.name}") in MODULES else source for alias in node.names)


def inside(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def importers(*packages: str) -> set[str]:
    """Return the modules of src that import one of the packages or something in it."""
    return {module for module in MODULES if any(inside(name, *packages) for name in imports(module))}


def test_the_reading_of_imports_sees_the_known_ones():
    assert "handgrad.arrays" in imports("handgrad.records")
    assert "numpy" in imports("handgrad.records")
    assert "IPython" in imports("equalsign.checks"), "an import inside a function"


def test_handgrad_imports_neither_the_checker_nor_the_library_it_is_checked_against():
    found = importers("equalsign", "autograd", "jax", "torch")
    assert not {module for module in found if inside(module, "handgrad")}


def test_equalsign_knows_nothing_of_handgrad():
    assert not {module for module in importers("handgrad") if inside(module, "equalsign")}


def test_the_packages_import_nothing_of_book_tests_or_tools():
    assert not importers("book", "tests", "tools", "dev", "conftest", "pytest", "hypothesis")


def test_nothing_imports_upwards():
    # A module that imports its own package, or one that is built on it, closes a circle.
    graph = {module: {name for name in imports(module) if name in MODULES} for module in MODULES}
    order = list(graphlib.TopologicalSorter(graph).static_order())
    assert set(order) == MODULES.keys()


def test_only_the_figures_import_matplotlib():
    assert all(inside(module, "handgrad.figures") for module in importers("matplotlib"))


def test_handgrad_does_not_import_its_figures():
    found = {module for module in importers("handgrad.figures") if not inside(module, "handgrad.figures")}
    assert not {module for module in found if inside(module, "handgrad")}


def test_only_the_extension_imports_sphinx():
    found = importers("sphinx", "docutils", "myst_nb", "myst_parser", "jupyter_cache", "nbformat", "nbclient")
    assert all(inside(module, "equalsign.sphinx") for module in found)
    assert not {m for m in importers("equalsign.sphinx") if not inside(m, "equalsign.sphinx")}


@pytest.mark.parametrize("package", ["handgrad", "equalsign"])
def test_a_package_loads_nothing_beyond_its_declared_dependencies(package):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["dependencies"] == ["lark", "markdown-it-py", "mdit-py-plugins", "numpy", "sympy"]
    # Reading LaTeX and documents is for the builder; a notebook that checks should start quickly.
    heavy = ["lark", "markdown_it", "autograd", "matplotlib", "sphinx", "docutils", "myst_nb", "IPython", "scipy"]
    program = f"import sys, {package}; print([name for name in {heavy} if name in sys.modules])"
    path = os.pathsep.join(filter(None, [str(SRC), os.environ.get("PYTHONPATH")]))
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_short_enough_to_be_read_at_once(module):
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) < LONGEST_MODULE
