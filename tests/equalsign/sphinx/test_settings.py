"""Settings that would hide a failure are refused, and the cache depends on all that the results depend on."""

from __future__ import annotations

import pytest
from sphinx.errors import ConfigError

from equalsign.sphinx import settings

HIDING = {
    "pages may not run": ({"execute_notebooks": "off"}, {}, "execute_notebooks is 'off', so pages may not run at all"),
    "pages with outputs do not run": ({"execute_notebooks": "auto"}, {}, "execute_notebooks is 'auto', so pages may"),
    "errors are allowed": ({"allow_errors": True}, {}, "allow_errors is set, so a cell that raises would pass"),
    "pages are excluded": ({"exclude_patterns": ["index*"]}, {}, "pages are excluded from execution (['index*'])"),
    "no package is under test": ({}, {"equalsign_under_test": []}, "equalsign_under_test is empty, so any code may"),
    "a package under test is misspelt": (
        {},
        {"equalsign_under_test": ["toy", "tay"]},
        "equalsign_under_test: 'tay' is no package that can be imported, so it is not watched",
    ),
    "a module is under test, but its package is not": (
        {},
        {"equalsign_under_test": ["json.decoder"]},
        "equalsign_under_test: 'json.decoder' is no package that can be imported",
    ),
    "outputs are removed": ({}, {"nb_remove_code_outputs": True}, "outputs are removed or merged, so verdicts may be"),
}


@pytest.mark.parametrize("way", HIDING)
def test_a_setting_that_hides_failures_ends_every_build(book, way):
    execute, sphinx, words = HIDING[way]
    book.append(book.cell("1 / 0"))
    book.config["execute"] |= execute
    book.config["sphinx"]["config"] |= sphinx
    for build in book.build(), book.build():
        assert build.status != 0
        assert words in build.output
        assert build.executed == 0


def test_front_matter_and_options_of_a_cell_hide_nothing(book):
    allowing = {"myst": "mystnb:\n  execution_allow_errors: true\n", "run": "execution:\n  allow_errors: true\n"}
    for name, metadata in allowing.items():
        page = book.page(name, f"eq-{name}") + book.cell("1 / 0")
        book.add(name, page.replace("kernelspec:", f"{metadata}kernelspec:", 1))
    book.append(book.cell("raise ValueError(1)", "tags: [raises-exception]"))
    book.append(book.cell("raise ValueError(2)", "tags: [skip-execution]"))
    book.append(book.cell("%%capture\nx"))
    for build in book.build(), book.build():
        assert build.status != 0
        for sentence in (
            "myst.md:1: the front matter sets 'mystnb': how pages are executed is set once, for the whole book",
            "run.md:1: the front matter sets 'execution': how pages are executed is set once, for the whole book",
            f"{book.place('raise ValueError(1)')}: the cell is tagged 'raises-exception', which can hide an exception",
            f"{book.place('raise ValueError(2)')}: the cell is tagged 'skip-execution', which can hide an exception",
            f"{book.place('%%capture')}: '%%capture' is a notebook magic or a shell command, which can hide an error",
        ):
            assert sentence in build.output


def test_what_is_displayed_as_if_it_had_been_computed_is_refused(book):
    for source in (
        "from toy import shown\nshown('Math', 'y = 3 x')",
        "shown('HTML', '<b>y = 3 x</b>')",
        "shown('Markdown', '$$y = 3 x$$')",
        "shown('SVG', '<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    ):
        book.append(book.cell(source))
    book.append("\nInline math with a comment, $x % and\n$, is swallowed too.\n")
    # Made by the code under test, where no lint of cells sees it.
    book.write(
        "src/toy.py",
        "import IPython.display\n\n"
        "def double(z):\n    return 2 * z\n\n"
        "def shown(kind, text):\n    return getattr(IPython.display, kind)(text)\n",
    )
    build = book.build()
    assert build.status != 0
    typed = "the cell displays typed text as if it had been computed: write it in the page, where it is checked"
    markup = "the cell displays HTML or Markdown, which no checker can read: print text, or draw a picture"
    unseen = "the cell draws a picture without saying in words what it shows: set mystnb: image: alt:"
    for sentence in (
        f"{book.place('from toy import shown')}: {typed}",
        f"""{book.place("shown('HTML'")}: {markup}""",
        f"""{book.place("shown('Markdown'")}: {markup}""",
        f"""{book.place("shown('SVG'")}: {unseen}""",
        f"{book.place('Inline math')}: a TeX comment in a formula can swallow what stands after it: take it out",
    ):
        assert sentence in build.problems


def test_a_kernel_that_is_mended_runs_the_pages_again(book):
    book.environment |= {"PYTHONPATH": str(book.root / "src"), "JUPYTER_PATH": str(book.root / "jupyter")}
    book.config["exclude_patterns"] += ["jupyter", "elsewhere"]
    book.write("elsewhere/toy.py", "def double(z):\n    return z + z\n")
    specification = (
        '{"argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"], '
        '"env": {"PYTHONPATH": "%s"}, "display_name": "Python 3", "language": "python"}'
    )
    book.write("jupyter/kernels/python3/kernel.json", specification % (book.root / "elsewhere").as_posix())
    assert "ran with another toy than this build uses" in book.build().output
    book.write("jupyter/kernels/python3/kernel.json", specification % (book.root / "src").as_posix())
    mended = book.build()
    assert (mended.status, mended.executed) == (0, 1)


@pytest.fixture
def fingerprint(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("1")

    def fingerprint(patterns=("src/**/*.py",), under_test=()):
        return settings.fingerprint(tmp_path, list(patterns), list(under_test))

    return fingerprint


def test_the_fingerprint_is_the_same_while_nothing_changes(fingerprint, tmp_path):
    before = fingerprint()
    (tmp_path / "notes.txt").write_text("not among the sources")
    (tmp_path / "src" / "a.py").touch()
    assert fingerprint() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda src: (src / "a.py").write_text("2"),
        lambda src: (src / "a.py").rename(src / "b.py"),
        lambda src: (src / "b.py").write_text("1"),
        lambda src: ((src / "deep").mkdir(), (src / "deep" / "c.py").write_text("1")),
    ],
    ids=["a file changes", "a file is renamed", "a file is added", "a file is added in a folder"],
)
def test_the_fingerprint_changes_when_a_source_does(fingerprint, tmp_path, change):
    before = fingerprint()
    change(tmp_path / "src")
    assert fingerprint() != before


@pytest.mark.parametrize("file", ["outside.py", "outside/__init__.py", "outside/deep/part.py"])
def test_the_fingerprint_changes_when_the_source_of_a_package_under_test_does(
    fingerprint, tmp_path_factory, monkeypatch, file
):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.syspath_prepend(elsewhere)
    if file != "outside.py":
        (elsewhere / "outside" / "deep").mkdir(parents=True)
        (elsewhere / "outside" / "__init__.py").touch()
    (elsewhere / file).write_text("1")
    before = fingerprint(under_test=["outside"])
    assert fingerprint(under_test=["outside"]) == before
    (elsewhere / file).write_text("2")
    assert fingerprint(under_test=["outside"]) != before


def test_the_fingerprint_tells_the_packages_under_test_the_versions_and_the_interpreter(fingerprint, monkeypatch):
    prints = [fingerprint(), fingerprint(under_test=["json"])]
    monkeypatch.setattr(settings.importlib.metadata, "distributions", list)
    prints.append(fingerprint())
    monkeypatch.setattr(settings, "python_mark", lambda: "another")
    prints.append(fingerprint())
    assert len(set(prints)) == 4


def test_a_pattern_that_matches_nothing_is_an_error_because_a_change_would_go_unseen(fingerprint, tmp_path):
    with pytest.raises(ConfigError, match=r"^equalsign_sources: the pattern 'source/\*\.py' matches no file under "):
        fingerprint(["source/*.py"])
