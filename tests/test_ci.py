"""A step of continuous integration fails when any command in it fails, also one that others come after."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
RUN = ROOT / ".ci" / "run"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))

SWALLOWING = {
    "commands joined by ;": r";(?!;)",
    "a status made good": r"\|\|",
    "a pipe, whose status is that of its last command": r"(?<!\|)\|(?!\|)",
    "a command in the background": r"(?<!&)&(?!&)",
    "errors switched off": r"set \+|\bif:?\s*!",
}
"""Ways in which a shell passes over a failure."""

posix = pytest.mark.skipif(os.name == "nt", reason="a script for a POSIX shell")


def swallowed(script):
    """Return the ways in which `script` would pass over a failing command."""
    code = re.sub(r"(?m)^\s*#.*$|\d?>(&\d|/dev/null)", "", script)
    code = re.sub(r"(?s)\bif .*?; then.*?\bfi\b", "", code)
    return [way for way, pattern in SWALLOWING.items() if re.search(pattern, code)]


def steps():
    found = []
    for file in WORKFLOWS:
        for name, job in yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].items():
            for number, step in enumerate(job.get("steps", []), start=1):
                found.append(pytest.param(job, step, id=f"{file.name}:{name}:{number}"))
    return found


def run_with_failing(command, tmp_path):
    """Run a copy of ``.ci/run`` where `dev.py` fails at `command`; return the status and what was run."""
    shutil.copytree(RUN.parent, tmp_path / "project" / ".ci")
    programs, log = tmp_path / "bin", tmp_path / "log"
    programs.mkdir()
    stub = f'#!/bin/sh\necho "$*" >> "{log}"\n[ "$*" != "dev.py {command}" ]\n'
    for name in ("python3", "python", "chromium", "apt-get"):
        (programs / name).write_text(stub)
        (programs / name).chmod(0o755)
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", str(tmp_path / "project" / ".ci" / "run")], env=environment, capture_output=True)
    return done.returncode, log.read_text().splitlines()


@posix
def test_the_run_passes_when_the_book_and_the_tests_do(tmp_path):
    assert run_with_failing("nothing", tmp_path) == (0, ["dev.py book", "dev.py test"])


@posix
@pytest.mark.parametrize("command", ["book", "test"])
def test_the_run_fails_when_the_book_or_a_test_does(tmp_path, command):
    status, ran = run_with_failing(command, tmp_path)
    assert status != 0
    assert ran[-1] == f"dev.py {command}", "what comes after a failure must not run"


def test_the_run_stops_at_the_first_failure_and_passes_over_none():
    lines = [line for line in RUN.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines[0] == "set -euo pipefail"
    assert swallowed("\n".join(lines)) == []


def test_there_are_workflows_that_run_the_two_commands_of_the_readme():
    commands = [step.values[1].get("run", "").strip() for step in steps()]
    assert {"python3 dev.py book", "python3 dev.py test"} <= set(commands)


@pytest.mark.parametrize(("job", "step"), steps())
def test_a_step_passes_over_no_failure(job, step):
    assert "continue-on-error" not in step
    assert "continue-on-error" not in job
    assert swallowed(step.get("run", "")) == []
    # GitHub's own bash stops at the first failure; PowerShell, which Windows runs, looks at the last command only.
    assert step.get("shell", "bash") == "bash"
    assert len(step.get("run", "").strip().splitlines()) <= 1 or "windows" not in str(job)


@pytest.mark.parametrize(
    "script",
    [
        "make ; cp a b",
        "make || true",
        "make || echo failed",
        "make | tee log",
        "make &",
        "set +e\nmake",
        "make; cp a b",
    ],
)
def test_a_script_that_passes_over_a_failure_is_seen(script):
    assert swallowed(script)


@pytest.mark.parametrize("script", ["make && cp a b", "make\ncp a b", "make 2>&1 >/dev/null", "# make; make"])
def test_a_script_that_stops_at_a_failure_is_left_alone(script):
    assert swallowed(script) == []
