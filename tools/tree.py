"""A copy of the project that can be changed and built without touching the original."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEFT_BEHIND = shutil.ignore_patterns(".*", "_build", "__pycache__", "*.egg-info", "dist", "node_modules")


def copy_tree(target: Path) -> Path:
    """Copy all that a build needs to `target`, without what earlier builds have left; return `target`."""
    shutil.copytree(ROOT, target, ignore=LEFT_BEHIND, dirs_exist_ok=True)
    return target


def program(name: str) -> str:
    """Return the path of a program of the Python that is running.

    Raises
    ------
    FileNotFoundError
        If it is not installed there.
    """
    found = shutil.which(name, path=Path(sys.executable).parent)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed beside {sys.executable}: run this tool through dev.py")
    return found


def build_command(tree: Path) -> list[str]:
    """Return the command that builds the book in `tree`."""
    return [program("jupyter-book"), "build", str(tree)]


def environment(tree: Path) -> dict[str, str]:
    """Return an environment in which builder and kernels import the packages of `tree`."""
    return os.environ | {"PYTHONPATH": str(tree / "src"), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}


def run(tree: Path, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run `command` for `tree`; its two outputs come together, as text."""
    return subprocess.run(
        command, cwd=tree, env=environment(tree), text=True, encoding="utf-8", errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
