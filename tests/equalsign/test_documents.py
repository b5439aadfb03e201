"""Displays are found where a reader sees them, and nowhere else."""

from __future__ import annotations

import json

import pytest

from equalsign.documents import DocumentError, displays, documents


def found(tmp_path, text):
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    return [(source.line, source.label, source.latex) for source in displays(path)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$\na = b\n$$", (2, None, "a = b")),
        ("\n$$ a = b $$ (eq-one)", (2, "eq-one", "a = b")),
        ("$$\na = b\n$$ (eq-one)", (2, "eq-one", "a = b")),
        ("$$\n\n\n a\n= b\n$$", (4, None, "a\n= b")),
        ("```{math}\na = b\n```", (2, None, "a = b")),
        ("```{math}\n:label: eq-one\n\na = b\n```", (4, "eq-one", "a = b")),
        ("```{math}\n---\nlabel: eq-one\n---\na = b\n```", (5, "eq-one", "a = b")),
        ("```{math} a = b\n```", (1, None, "a = b")),
        (":::{math}\n:name: eq-one\na = b\n:::", (3, "eq-one", "a = b")),
        ("\\begin{align}\na &= b\n\\end{align}", (1, None, "\\begin{align}\na &= b\n\\end{align}")),
        ("> quoted\n>\n> $$\n> a = b\n> $$", (4, None, "a = b")),
        ("- item\n\n  $$\n  a = b\n  $$ (eq-one)", (4, "eq-one", "a = b")),
        ("````{exercise} Title\n:label: ex\n\nText.\n\n$$\na = b\n$$\n````", (7, None, "a = b")),
        (":::{note}\n```{math}\na = b\n```\n:::", (3, None, "a = b")),
        ("````{note}\n```{admonition} Title\n:class: tip\n$$\na = b\n$$\n```\n````", (5, None, "a = b")),
        ("---\ntitle: x\n---\n\n(target)=\n% comment\n\n$$\na = b\n$$", (9, None, "a = b")),
    ],
)
def test_a_display_is_found_with_its_line_and_label(tmp_path, text, expected):
    assert found(tmp_path, text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "inline $a = b$ only",
        "a price of \\$\\$ a = b \\$\\$",
        "```python\n$$\na = b\n$$\n```",
        "```{code-cell} ipython3\n\n$$\na = b\n$$\n```",
        "```{where}\na := b\n$$\nx\n$$\n```",
        "    $$\n    a = b\n    $$",
        "% $$ a = b $$",
        "\\[ a = b \\]",
    ],
)
def test_what_no_reader_sees_as_a_display_is_none(tmp_path, text):
    assert found(tmp_path, text) == []


def test_a_notebook_is_read_cell_by_cell(tmp_path):
    path = tmp_path / "page.ipynb"
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "\n", "$$\n", "a = b\n", "$$ (eq-one)"]},
        {"cell_type": "code", "source": "'$$ c = d $$'"},
        {"cell_type": "markdown", "source": "$$ e = f $$"},
    ]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    sources = displays(path)
    assert [(source.cell, source.line, source.label, source.latex) for source in sources] == [
        (1, 4, "eq-one", "a = b"),
        (3, 1, None, "e = f"),
    ]
    assert sources[0].place == f"{path}:cell 1:4"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"cells": 3}', '{"cells": [{"cell_type": "markdown"}]}'])
def test_what_is_no_notebook_is_refused(tmp_path, text):
    path = tmp_path / "page.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"page\.ipynb: is no notebook"):
        displays(path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "page.md"
    path.write_bytes(b"\xff\xfe$$")
    with pytest.raises(DocumentError, match=r"page\.md: cannot be read"):
        displays(path)


def test_directories_are_walked_in_order_and_each_file_counts_once(tmp_path):
    for name in (
        "b.md",
        "a_b.c/w.md",
        "a/x.ipynb",
        "a/y.md",
        "a/y.txt",
        "_build/z.md",
        ".venv/z.md",
        "node_modules/z.md",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    names = [path.relative_to(tmp_path).as_posix() for path in documents([tmp_path, tmp_path / "b.md"])]
    assert names == ["a/x.ipynb", "a/y.md", "a_b.c/w.md", "b.md"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing.md", "no such file"), ("page.txt", "only .md and .ipynb"), ("empty", "there is no")],
)
def test_a_path_that_is_no_document_is_refused(tmp_path, name, message):
    (tmp_path / "page.txt").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(DocumentError, match=message):
        documents([tmp_path / name])
