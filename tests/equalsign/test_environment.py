"""The marks tell apart what must be told apart, and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import equalsign
from equalsign.environment import digest, environment, module_mark, python_mark

PROGRAM = "import json, equalsign, {module}; print(json.dumps(equalsign.environment.environment()))"


def marks_in_another_process(folder=None, module="handgrad", program=None):
    """Return the marks of another process of this interpreter, which finds `folder` before anything installed."""
    command = ["-c", PROGRAM.format(module=module)]
    if program:
        program.write_text(command[1])
        command = [str(program)]
    path = [str(folder)] if folder else []
    path += filter(None, [os.environ.get("PYTHONPATH")])
    run = subprocess.run(
        [sys.executable, *command],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def installed():
    return marks_in_another_process()


def test_another_process_of_the_same_environment_has_the_same_marks(installed):
    assert installed == marks_in_another_process()
    assert installed == {"python": python_mark()} | {name: module_mark(name) for name in ("equalsign", "handgrad")}


def test_a_package_shadowed_by_pythonpath_changes_its_own_mark_and_no_other(tmp_path, installed):
    package = tmp_path / "handgrad"
    package.mkdir()
    (package / "__init__.py").write_text("relu = None\n")
    shadowed = marks_in_another_process(tmp_path)
    assert shadowed.keys() == installed.keys()
    assert {name for name in installed if shadowed[name] != installed[name]} == {"handgrad"}


def test_a_module_of_ones_own_is_marked_too(tmp_path, installed):
    (tmp_path / "homemade.py").write_text("")
    marks = marks_in_another_process(tmp_path, module="homemade")
    assert marks.keys() == {"python", "equalsign", "homemade"}


def test_the_program_that_was_started_is_not_marked(tmp_path, installed):
    assert marks_in_another_process(program=tmp_path / "program.py") == installed


def test_another_interpreter_has_another_mark(monkeypatch):
    before = python_mark()
    monkeypatch.setattr(sys, "prefix", sys.prefix + "-other")
    assert python_mark() != before
    monkeypatch.undo()
    monkeypatch.setattr(sys, "version", sys.version + "+")
    assert python_mark() != before


def test_installed_packages_and_the_standard_library_have_no_mark_of_their_own():
    assert "equalsign" in environment()
    assert not {"numpy", "sympy", "json", "pytest", "__main__", "builtins"} & environment().keys()


def test_a_package_has_the_same_mark_before_it_is_imported(tmp_path, monkeypatch):
    (tmp_path / "notyet.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    before = module_mark("notyet")
    __import__("notyet")
    assert module_mark("notyet") == before == digest(str((tmp_path / "notyet.py").resolve()))
    monkeypatch.delitem(sys.modules, "notyet")


def test_a_module_that_is_nowhere_is_missing():
    assert module_mark("no_module_has_this_name") == "missing"


def test_marks_do_not_tell_where_on_a_disk_they_were_made():
    place = str(Path(equalsign.__file__).parent)
    for mark in environment().values():
        assert re.fullmatch("[0-9a-f]{12}", mark)
        assert mark not in place
