"""The command line lists displays, and its exit status says whether all of them can be read."""

from __future__ import annotations

import json

import pytest

from equalsign.cli import main

GOOD = "$$\na = b\n$$ (eq-good)\n"
BAD = "Text.\n\n$$\na = b \\\\\nc = \\frac{1}{2\n$$ (eq-bad)\n"


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text):
        (tmp_path / "page.md").write_text(text, encoding="utf-8")
        return "page.md"

    return write


def test_all_displays_that_can_be_read_give_0(page, capsys):
    assert main(["check", "--list", page(GOOD)]) == 0
    assert capsys.readouterr().out.splitlines() == ["page.md:2: parses: eq-good", "1 of 1 displays parse"]


def test_one_that_cannot_gives_1_and_is_shown_with_a_caret(page, capsys):
    assert main(["check", "--list", page(GOOD + "\n" + BAD)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[1].startswith("page.md:9: unparsed: eq-bad: the display ends too early: expected a closing brace")
    assert out[2:] == ["    c = \\frac{1}{2", "                  ^", "1 of 2 displays parse"]


def test_json_says_the_same(page, capsys):
    assert main(["check", "--list", "--format", "json", page(GOOD + "\n" + BAD)]) == 1
    result = json.loads(capsys.readouterr().out)
    assert (result["version"], result["summary"]) == (1, {"parses": 1, "unparsed": 1})
    good, bad = result["displays"]
    assert good == {
        "file": "page.md",
        "line": 2,
        "label": "eq-good",
        "latex": "a = b",
        "verdict": "parses",
        "message": "",
    }
    assert (bad["verdict"], bad["line"], bad["position"]) == ("unparsed", 8, {"line": 2, "column": 15})
    assert "closing brace" in bad["message"]


@pytest.mark.parametrize("path", ["missing.md", "."])
def test_a_wrong_path_gives_2_and_says_why(page, capsys, path):
    assert main(["check", "--list", path]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"equalsign: {path}: ")
    assert not captured.out


@pytest.mark.parametrize("arguments", [[], ["check"], ["check", "--list"], ["list", "x.md"], ["check", "x.md"]])
def test_a_wrong_command_gives_2(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "usage: equalsign" in capsys.readouterr().err
