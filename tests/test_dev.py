"""The commands of dev.py, as far as they can be tried without installing anything."""

from __future__ import annotations

import subprocess
import sys

import pytest

import dev


@pytest.fixture
def ran(monkeypatch) -> list[tuple[str, ...]]:
    """Record what would be run; every program succeeds."""
    commands: list[tuple[str, ...]] = []
    monkeypatch.setattr(dev, "run", lambda *command: commands.append(command) or 0)
    monkeypatch.setattr(dev, "install", lambda: None)
    return commands


def test_an_unknown_command_is_refused_with_the_known_ones():
    result = subprocess.run([sys.executable, dev.__file__, "bok"], capture_output=True, text=True)
    assert result.returncode == 2
    assert all(command in result.stderr for command in ("book", "test", "lint", "plant", "bench", "lock"))


def test_an_old_python_is_told_what_is_needed(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))
    assert dev.main() == 2
    assert "Python 3.11 or newer is needed" in capsys.readouterr().out


def test_a_failing_build_is_a_failing_command_and_is_read_anew_next_time(monkeypatch, tmp_path, capsys):
    pickled = tmp_path / "_build" / ".doctrees" / "environment.pickle"
    pickled.parent.mkdir(parents=True)
    pickled.touch()
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "run", lambda *_: 3)
    assert dev.book([]) == 3
    assert not pickled.exists()
    assert "was not built" in capsys.readouterr().out


@pytest.mark.parametrize("failing", ["ruff", "mypy", "jupyter-book", "pytest"])
def test_whatever_fails_makes_the_test_command_fail(monkeypatch, failing):
    monkeypatch.setattr(dev, "run", lambda name, *_: int(name == failing))
    assert dev.test([]) != 0


def test_the_test_command_lints_builds_and_hands_its_arguments_to_pytest(ran):
    assert dev.test(["tests/handgrad", "-x"]) == 0
    assert [command[0] for command in ran] == ["ruff", "ruff", "mypy", "jupyter-book", "pytest"]
    assert ran[-1] == ("pytest", "tests/handgrad", "-x")


def test_the_environment_is_made_again_when_the_lock_or_the_python_changes(monkeypatch, tmp_path):
    made: list[str] = []
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(dev.venv, "create", lambda path, with_pip: path.mkdir())
    monkeypatch.setattr(dev, "install_locked", lambda: made.append("locked") or 0)
    monkeypatch.setattr(dev, "run", lambda *_: 0)
    dev.LOCK.write_text("numpy==2\n")
    (tmp_path / "pyproject.toml").write_text("")
    dev.install()
    dev.install()
    assert len(made) == 1
    dev.LOCK.write_text("numpy==3\n")
    dev.install()
    assert len(made) == 2
    monkeypatch.setattr(sys, "version_info", FakeVersion((3, 99, 0)))
    dev.install()
    assert len(made) == 3


class FakeVersion(tuple[int, int, int]):
    """A version with the names that sys.version_info has."""

    major = property(lambda self: self[0])
    minor = property(lambda self: self[1])


def test_packages_that_cannot_be_installed_end_the_command_with_a_reason(monkeypatch, tmp_path):
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(dev.venv, "create", lambda path, with_pip: path.mkdir())
    monkeypatch.setattr(dev, "install_locked", lambda: 1)
    dev.LOCK.write_text("")
    (tmp_path / "pyproject.toml").write_text("")
    with pytest.raises(SystemExit, match="could not be installed"):
        dev.install()
    assert not (tmp_path / ".venv" / "installed").exists()
