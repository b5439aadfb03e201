"""What the measurements are made of: changes to pages, and bytes of a visit."""

from __future__ import annotations

import gzip

import pytest

from tools import bench, weight
from tools.chapters import pages
from tools.tree import ROOT, copy_tree


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return copy_tree(tmp_path_factory.mktemp("copy"))


def cells(tree):
    return {path: [cell.source for cell in page.cells] for path, page in pages(tree)}


def test_a_copy_has_every_page_and_nothing_that_was_built(tree):
    assert [path.relative_to(tree) for path in cells(tree)] == [path.relative_to(ROOT) for path in cells(ROOT)]
    assert not list(tree.rglob("_build")) + list(tree.rglob(".venv")) + list(tree.rglob(".git"))


def test_a_word_of_prose_changes_the_text_of_one_page_and_no_code(tree):
    chapter = bench.longest_chapter(tree)
    text, before = chapter.read_text(encoding="utf-8"), cells(tree)
    assert bench.changed(chapter, bench.with_another_word) == tree
    assert chapter.read_text(encoding="utf-8") != text
    assert cells(tree) == before


def test_a_line_of_code_changes_one_cell_of_one_page_each_time(tree):
    chapter = bench.longest_chapter(tree)
    for _ in range(2):
        before = cells(tree)
        bench.changed(chapter, bench.with_another_line)
        after = cells(tree)
        assert [path for path in after if after[path] != before[path]] == [chapter]
        assert sum(x != y for x, y in zip(before[chapter], after[chapter], strict=True)) == 1


def test_a_build_that_fails_is_not_measured(tree):
    (tree / "_config.yml").write_text("sphinx: {extra_extensions: [missing_extension]}", encoding="utf-8")
    with pytest.raises(RuntimeError, match="missing_extension"):
        bench.build(tree)


def test_a_visit_weighs_what_a_page_and_its_styles_name_each_once(tmp_path):
    (tmp_path / "deep").mkdir()
    text = """<html><head><link rel="stylesheet" href="../a.css?v=1"><link rel="next" href="other.html">
      <script src="../a.js"></script><script src="https://elsewhere.example/b.js"></script></head>
      <body><img src="../a.png"><img src="../a.png"></body></html>"""
    files = {
        "deep/page.html": text.encode(),
        "deep/other.html": b"o" * 1000,
        "a.css": b"p { background: url('font.woff2') }" + b" " * 1000,
        "a.js": b"1;" * 1000,
        "a.png": bytes(range(200)),
        "font.woff2": bytes(range(100)),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    del files["deep/other.html"]
    raw, zipped = weight.weigh(tmp_path, weight._named_by(tmp_path, "deep/page.html"))
    assert raw == sum(map(len, files.values()))
    compressed = sum(len(gzip.compress(files[name])) for name in ("deep/page.html", "a.css", "a.js"))
    assert zipped == pytest.approx(compressed + 300, abs=30)


def test_a_figure_says_whether_its_target_is_met():
    assert "MISSED" in str(bench.Figure("a build", 6.0, "s", 5.0))
    assert "met" in str(bench.Figure("a build", 5.0, "s", 5.0))
    assert "at most" not in str(bench.Figure("a build", 5.0, "s"))
