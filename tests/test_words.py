"""What the files of the project may not say: a place on the machine of one of its authors means nothing to others."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GENERATED = {"_build", "dist", "node_modules", "__pycache__"}

# An absolute path, not the end of an address or of a relative path: no word, dot, brace or slash stands before it.
BEFORE = r"(?<![\w.}~$/)-])"
MACHINE_PATH = re.compile(
    BEFORE + r"(?:/(?:root|work|home/\w+|Users/\w+|private/var|var/folders)(?![\w-])|[A-Z]:\\+Users)"
)
TEMPORARY = re.compile(BEFORE + r"/(?:var/)?tmp(?![\w-])")
"""Temporary folders are asked for (tempfile, mktemp, tmp_path), never named."""


def project_files() -> list[Path]:
    """Return the tracked files; in a copy without Git, all that are not hidden and not generated."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        files = [ROOT / name for name in run.stdout.split("\0") if name]
    else:
        files = [
            path
            for path in ROOT.rglob("*")
            if not any(part in GENERATED or part.startswith(".") for part in path.relative_to(ROOT).parts)
        ]
    return [path for path in files if path.is_file()]


def machine_paths(text: str) -> list[str]:
    return [
        f"line {number}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATH.search(line) or TEMPORARY.search(line)
    ]


def test_no_file_names_a_place_on_a_machine():
    found = {}
    for path in project_files():
        try:
            lines = machine_paths(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:  # A picture or a font.
            continue
        if lines:
            found[str(path.relative_to(ROOT))] = lines
    assert not found


def test_the_files_of_the_project_are_found():
    names = {path.relative_to(ROOT).as_posix() for path in project_files()}
    assert {"pyproject.toml", "src/handgrad/__init__.py", "src/equalsign/__init__.py"} <= names
    assert not any(part in GENERATED for name in names for part in name.split("/"))


# Written in parts, so that this file is no exception to its own rule.
@pytest.mark.parametrize("folder", ["root", "work", "work/main", "home/ann", "Users/ann", "tmp", "tmp/x", "var/tmp"])
@pytest.mark.parametrize("sentence", ["see {}", '"{}/book"', "cd {} && ls", "={}", "(`{}`)", "file:{}"])
def test_a_path_on_a_machine_is_seen(folder, sentence):
    assert machine_paths(sentence.format("/" + folder))


@pytest.mark.parametrize(
    "sentence",
    [
        "https://example.org/" + "work/index.html",
        "../" + "root/a.md",
        "docs/" + "tmp",
        "$HOME/" + "work",
        "${{ github.workspace }}/" + "tmp",
        "a/" + "root-finding",
        "m/" + "workers, the square /" + "roots",
        "{tmp_path}/" + "work",
    ],
)
def test_other_paths_and_addresses_pass(sentence):
    assert not machine_paths(sentence)
