"""What a reader may expect of every chapter, as far as a machine can tell."""

from __future__ import annotations

import ast
import re
import statistics

import pytest
import yaml
from chapters import PAGES, ROOT, Chapter

from equalsign import recording
from equalsign.lint import lint_page

FRONT_MATTER = """\
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


def test_the_table_of_contents_lists_every_page_once():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = [toc["root"]] + [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    assert sorted(listed) == sorted(page.name for page in PAGES)


def test_the_book_has_no_label_twice():
    labels = [label for page in PAGES for label in page.labels]
    assert sorted(labels) == sorted(set(labels))


def test_no_page_is_left_to_be_done(page: Chapter):
    assert not re.findall(r"TODO|FIXME|XXX|\bTBD\b|lorem ipsum", page.text, flags=re.IGNORECASE)


def test_a_page_begins_with_its_target_and_its_title(page: Chapter):
    assert re.match(r"\s*\([a-z-]+\)=\n# \S", page.body)


def test_each_sentence_has_a_line_of_its_own(page: Chapter):
    crowded = []
    for number, line in page.prose:
        # A formula, a role, a link or code may hold marks that end no sentence.
        text = re.sub(r"\{\w+\}`[^`]*`|`[^`]*`|\$[^$]*\$|\[[^\]]*\]\([^)]*\)", "x", line)
        if re.search(r"[.!?][”)*]* +[A-Z“*]", re.sub(r"^\*\*[^*]+\*\*", "", text)):
            crowded.append(f"{page.name}.md:{number}: {line}")
    assert not crowded


def test_the_front_matter_is_the_same_everywhere(notebook: Chapter):
    assert notebook.text.startswith(FRONT_MATTER)


def test_one_cell_imports_and_does_nothing_else_but_seed(notebook: Chapter):
    trees = [ast.parse(cell.source) for cell in notebook.cells]
    imports = [any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(tree)) for tree in trees]
    assert imports == [True] + [False] * (len(trees) - 1)
    rest = [ast.unparse(node) for node in trees[0].body if not isinstance(node, ast.Import | ast.ImportFrom)]
    assert all(re.fullmatch(r"rng = np\.random\.default_rng\(\d+\)", line) for line in rest)
    assert len(rest) <= 1


def test_randomness_is_seeded(notebook: Chapter):
    code = "\n".join(cell.source for cell in notebook.cells)
    assert not re.findall(r"random\.(?!default_rng\(\d+\))\w+\(|^import random|from random", code, flags=re.MULTILINE)


def test_cells_are_short(notebook: Chapter):
    # A statement that is wrapped to fit the page is read as one line.
    sizes = [sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(cell.source))) for cell in notebook.cells]
    assert max(len(cell.source.splitlines()) for cell in notebook.cells) <= 15
    assert statistics.median(sizes) <= 6


def test_a_chapter_is_read_in_one_sitting(chapter: Chapter):
    lines = chapter.body.split("\n## Exercises\n")[0].splitlines()
    assert sum(bool(line.strip()) and not line.startswith(("$$", "```")) for line in lines) <= 260


def test_a_chapter_says_what_it_offers_and_asks(chapter: Chapter):
    opening = chapter.body.split("\n## ")[0]
    for promise in ("*You will be able to*", "*It needs*", "*It takes*"):
        assert f"\n{promise} " in opening


def test_a_picture_is_described_and_captioned(notebook: Chapter):
    for cell in notebook.cells:
        if re.search(r"^figures\.", cell.source, flags=re.MULTILINE):
            shown = cell.metadata["mystnb"]
            assert re.fullmatch(r"[A-Z].{40,}\.", shown["image"]["alt"])
            assert shown["figure"]["caption"].endswith(".")
            assert shown["figure"]["name"].startswith("fig-")


def test_a_display_is_a_claim_or_a_definition(notebook: Chapter):
    assert all(re.fullmatch(r"(eq|def)-[a-z0-9-]+", label) for label in notebook.labels)
    assert len(notebook.labels) == len(re.findall(r"^\$\$$", notebook.body, flags=re.MULTILINE))


def test_every_exercise_has_its_solution(chapter: Chapter):
    exercises = re.findall(r"^```\{exercise\}.*\n:label: (\S+)$", chapter.text, flags=re.MULTILINE)
    solutions = re.findall(r"^```\{solution(?:-start)?\} (\S+)\n:class: dropdown$", chapter.text, flags=re.MULTILINE)
    assert len(exercises) == chapter.text.count("```{exercise}")
    assert exercises == solutions


def test_a_derivation_ends_in_exercises_of_three_grades(derivation: Chapter):
    grades = re.findall(r"^```\{exercise\} (\S+): \S", derivation.text, flags=re.MULTILINE)
    order = ["Warm-up", "Standard", "Challenge"]
    assert len(grades) >= 4
    assert sorted(grades, key=order.index) == grades
    assert set(grades) == set(order)


def test_no_check_is_worthless(notebook: Chapter):
    metadata = {key: value for key, value in notebook.notebook.metadata.items() if key != "source_map"}
    calls, problems = lint_page(notebook.name, metadata, notebook.cells, ["handgrad"])
    assert calls
    assert [str(problem) for problem in problems] == []


def test_its_cells_run_and_every_equation_is_checked(notebook: Chapter, capsys: pytest.CaptureFixture[str]):
    names: dict[str, object] = {"__name__": "__main__"}
    with recording() as records:
        for cell in notebook.cells:
            exec(compile(cell.source, f"{notebook.name}.md:{cell.line}", "exec"), names)  # noqa: S102
    assert [str(record) for record in records if not record.holds] == []
    claims = {label for label in notebook.labels if label.startswith("eq-")}
    assert claims <= {record.label for record in records} <= set(notebook.labels)
    assert capsys.readouterr().err == ""
