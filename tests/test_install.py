"""The other way to the book: pip and jupyter-book alone, in an environment that holds nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import venv
from pathlib import Path

import pytest

from tools.tree import copy_tree

pytestmark = pytest.mark.skipif(
    not os.environ.get("CI"), reason="it installs all packages anew, for a minute or two; set CI to run it"
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    tree = copy_tree(tmp_path_factory.mktemp("clone"))
    venv.create(tree / "env", with_pip=True)
    assert run(tree, "python", "-m", "pip", "install", "--quiet", "-r", "requirements.txt").returncode == 0
    return tree


def run(tree: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    scripts = tree / "env" / ("Scripts" if os.name == "nt" else "bin")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run([str(scripts / program), *arguments], cwd=tree, env=clean, capture_output=True, text=True)


def test_pip_and_jupyter_book_build_it_and_hold_the_same_gates(tree):
    built = run(tree, "jupyter-book", "build", ".")
    assert built.returncode == 0, built.stdout + built.stderr
    summary = json.loads((tree / "_build" / "html" / "checks.json").read_text(encoding="utf-8"))["summary"]
    assert summary["holding"] == summary["checks"] > 100

    losses = tree / "src" / "handgrad" / "losses.py"
    losses.write_text(losses.read_text(encoding="utf-8").replace("prediction - target", "prediction + target"))
    for _ in range(2):
        broken = run(tree, "jupyter-book", "build", ".")
        assert broken.returncode != 0
        assert "book/numbers/neuron.md" in broken.stdout + broken.stderr
