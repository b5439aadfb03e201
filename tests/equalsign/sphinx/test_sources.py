"""A page is read as MyST-NB reads it, and what MyST-NB overlooks is reported."""

from __future__ import annotations

from types import SimpleNamespace

import nbformat
import pytest
from myst_nb.core.config import NbParserConfig
from myst_parser.config.main import MdParserConfig
from sphinx.errors import ExtensionError

from equalsign.sphinx.sources import read_page


@pytest.fixture
def read(tmp_path, book):
    """Read a page from its text, after the header of a notebook."""

    def read(text, suffix=".md", header=True):
        path = tmp_path / f"page{suffix}"
        whole = (book.page().split("\n# ")[0] if header else "") + text
        path.write_text(whole, encoding="utf-8")
        extensions = MdParserConfig(enable_extensions={"dollarmath", "colon_fence"})
        env = SimpleNamespace(doc2path=lambda _: str(path), myst_config=extensions, mystnb_config=NbParserConfig())
        return read_page(env, "page"), whole.splitlines()

    return read


@pytest.mark.parametrize(
    "options",
    [
        "",
        ":tags: [hide-input]\n",
        ":tags: [hide-input]\n\n",
        "---\ntags: [hide-input]\n---\n",
        "---\ntags:\n- a\n---\n\n\n",
    ],
)
@pytest.mark.parametrize("source", ["first = 1\nsecond = 2", "# a comment\nfirst = 1", "if first:\n    second"])
def test_the_line_of_a_cell_is_that_of_its_first_line_of_code(read, options, source):
    text = f"\n# Title\n\nfirst = 1 in prose\n\n```{{code-cell}} ipython3\n{options}{source}\n```\n\nAnd so on.\n"
    page, lines = read(text)
    [cell] = page.cells
    assert cell.source.strip() == source
    for number, line in enumerate(cell.source.splitlines(), start=cell.line):
        assert lines[number - 1] == line


def test_two_equal_cells_stand_on_lines_of_their_own(read):
    page, lines = read("\n```{code-cell}\nx = 1\n```\n\n```{code-cell}\nx = 1\n```\n")
    one, two = (cell.line for cell in page.cells)
    assert (two - one, lines[one - 1], lines[two - 1]) == (4, "x = 1", "x = 1")


EXECUTED = {
    "backticks": "```{code-cell}\n1\n```\n",
    "tildes": "~~~{code-cell} ipython3\n1\n~~~\n",
    "many backticks": "`````{code-cell}\n1\n`````\n",
}
OVERLOOKED = {
    "in a directive": "````{note}\n```{code-cell}\n1\n```\n````\n",
    "in two directives": "`````{note}\n````{tip} Title\n```{code-cell}\n1\n```\n````\n`````\n",
    "in a colon fence": ":::{note}\n```{code-cell}\n1\n```\n:::\n",
    "as a colon fence": ":::{code-cell}\n1\n:::\n",
    "in a list": "- item\n\n  ```{code-cell}\n  1\n  ```\n",
    "in a quotation": "> ```{code-cell}\n> 1\n> ```\n",
}
SHOWN = {
    "plain code": "````\n```{code-cell}\n1\n```\n````\n",
    "code in a language": "````md\n```{code-cell}\n1\n```\n````\n",
    "a code block": "````{code-block} md\n```{code-cell}\n1\n```\n````\n",
    "indented code": "    ```{code-cell}\n    1\n    ```\n",
    "inline code": "Write `{code-cell}`.\n",
}


@pytest.mark.parametrize("way", EXECUTED)
def test_a_cell_that_myst_nb_executes_is_read(read, way):
    page, _ = read(f"\n{EXECUTED[way]}")
    assert [cell.source for cell in page.cells] == ["1"]


@pytest.mark.parametrize("way", OVERLOOKED | SHOWN)
def test_a_cell_that_myst_nb_does_not_execute_is_not_read(read, way):
    page, _ = read(f"\n{(OVERLOOKED | SHOWN)[way]}")
    assert page.cells == []


def test_a_page_without_the_header_is_no_notebook(read):
    page, _ = read("# Title\n\n```{code-cell}\n1\n```\n", header=False)
    assert (page.notebook, page.cells) == (None, [])


def test_a_cell_that_does_not_run_is_reported_wherever_it_stands_and_one_that_is_shown_is_not(book):
    book.config["parse"] = {"myst_enable_extensions": ["dollarmath", "colon_fence"]}
    book.config["exclude_patterns"].append("part.md")
    book.write("part.md", book.cell("1 / 0"))
    overlooked = OVERLOOKED | {
        "in an included file": "```{include} part.md\n```\n",
        "in capitals": "```{Code-Cell} ipython3\n1\n```\n",
    }
    for number, text in enumerate((*overlooked.values(), *SHOWN.values())):
        book.add(f"page{number}", book.page(f"Page {number}", f"eq-{number}") + f"\n{text}")
    found = {
        problem.split(":")[0] for problem in book.build().problems if "3 code cells are written, but 2" in problem
    }
    assert found == {f"page{number}.md" for number in range(len(overlooked))}


def test_the_cells_of_a_jupyter_notebook_are_read(read):
    cells = [nbformat.v4.new_markdown_cell("# Title"), nbformat.v4.new_code_cell("x = 1")]
    page, _ = read(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), ".ipynb", header=False)
    assert [cell.source for cell in page.cells] == ["x = 1"]


@pytest.mark.parametrize("options", ["tags: raises-exception", "tags: [unclosed"])
def test_options_that_cannot_be_read_are_an_error_that_names_the_page(read, options):
    with pytest.raises(ExtensionError, match=r"^page\.md: MyST-NB cannot read this page: "):
        read(f"\n```{{code-cell}}\n---\n{options}\n---\n1\n```\n")
