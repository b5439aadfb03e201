"""A miniature book, built as its readers build theirs: by plain `jupyter-book build`, in a process of its own."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

CONFIG = {
    "title": "A miniature book",
    "author": "nobody",
    "logo": "",
    "only_build_toc_files": True,
    "exclude_patterns": ["_build", "src"],
    "execute": {"execute_notebooks": "cache", "timeout": 60},
    "sphinx": {
        "extra_extensions": ["equalsign.sphinx"],
        "config": {"equalsign_under_test": ["toy"], "equalsign_sources": ["src/**/*.py"]},
    },
}

HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""

TOY = "def double(z):\n    return 2 * z\n"


@dataclass(frozen=True)
class Build:
    """What came of one build."""

    status: int
    output: str
    """What it printed, without colours."""

    @property
    def problems(self) -> list[str]:
        return re.findall(r"^ERROR: (.*)", self.output, flags=re.MULTILINE)

    @property
    def executed(self) -> int:
        """How many pages were executed, by the extension or by MyST-NB itself."""
        return len(re.findall(r"^\[\d+/\d+\] executed|Executing notebook using", self.output, flags=re.MULTILINE))


class Book:
    """A book of one good page, whose one check holds, until something is done to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.config = copy.deepcopy(CONFIG)
        self.environment = {"PYTHONPATH": str(root / "src")}
        self.pages: list[str] = []
        self.write("src/toy.py", TOY)
        self.add("index", self.page())

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def add(self, name: str, text: str) -> None:
        """Add a page; the first one is the root."""
        self.pages.append(name)
        self.write(f"{name}.md", text)

    def append(self, text: str, page: str = "index.md") -> None:
        self.write(page, (self.root / page).read_text(encoding="utf-8") + text)

    def replace(self, old: str, new: str, page: str = "index.md") -> None:
        text = (self.root / page).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {page}"
        self.write(page, text.replace(old, new))

    def place(self, text: str, page: str = "index.md") -> str:
        """Return the one place where `text` begins, as ``file:line``."""
        before, _ = (self.root / page).read_text(encoding="utf-8").split(text)
        return f"{page}:{before.count(chr(10)) + 1}"

    @staticmethod
    def page(title: str = "Doubling", label: str = "eq-double") -> str:
        """Write a page with one equation and one check, which holds."""
        setup = (
            "import numpy as np\nfrom equalsign import check\nfrom toy import double\n\nx = np.array([1.0, -2.0, 3.0])"
        )
        check = f'check("{label}", double(x), x + x)'
        return f"{HEADER}\n# {title}\n{Book.display(label)}{Book.cell(setup)}{Book.cell(check)}"

    @staticmethod
    def cell(source: str, options: str = "") -> str:
        """Write a code cell, with `options` in its YAML header."""
        header = f"---\n{dedent(options).strip()}\n---\n" if options else ""
        return f"\n```{{code-cell}} ipython3\n{header}{source}\n```\n"

    @staticmethod
    def display(label: str, latex: str = "y = 2 x") -> str:
        """Write a displayed equation."""
        return f"\n$$\n{latex}\n$$ ({label})\n"

    def build(self, *options: str) -> Build:
        self.write_settings()
        return self.run("jupyter-book", "build", *options, str(self.root))

    def write_settings(self) -> None:
        self.write("_config.yml", yaml.safe_dump(self.config))
        root, *chapters = self.pages
        toc = {"format": "jb-book", "root": root}
        if chapters:
            toc["chapters"] = [{"file": page} for page in chapters]
        self.write("_toc.yml", yaml.safe_dump(toc))

    def run(self, program: str, *arguments: str) -> Build:
        """Run a program of the environment that the tests run in."""
        command = [str(Path(sys.executable).with_name(program)), *arguments]
        done = subprocess.run(
            command, env=os.environ | self.environment, cwd=self.root, capture_output=True, encoding="utf-8"
        )
        return Build(done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr))

    def read(self, path: str) -> str:
        """Return a file of the built site."""
        return (self.root / "_build" / "html" / path).read_text(encoding="utf-8")

    @property
    def ledger(self) -> dict:
        return json.loads(self.read("checks.json"))


@pytest.fixture
def book(tmp_path) -> Book:
    return Book(tmp_path)


def pytest_assertrepr_compare(op, left, right):
    """Show the whole of a build's output when a sentence is missing from it."""
    if op == "in" and isinstance(right, str) and "\n" in right:
        return [f"{left!r} is not in", *right.splitlines()[-40:]]
    return None


@pytest.fixture(scope="session")
def book_class() -> type[Book]:
    return Book
