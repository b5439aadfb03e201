"""A page is read as MyST-NB reads it, and what MyST-NB would overlook is counted."""

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
    "another directive": "```{code-celled}\n1\n```\n",
}


@pytest.mark.parametrize("way", EXECUTED)
def test_a_cell_that_myst_nb_executes_is_counted_once(read, way):
    page, _ = read(f"\n{EXECUTED[way]}")
    assert (len(page.cells), page.written) == (1, 1)


@pytest.mark.parametrize("way", OVERLOOKED)
def test_a_cell_that_myst_nb_overlooks_is_counted_all_the_same(read, way):
    page, _ = read(f"\n{OVERLOOKED[way]}")
    assert (len(page.cells), page.written) == (0, 1)


@pytest.mark.parametrize("way", SHOWN)
def test_a_cell_that_is_shown_and_not_meant_to_run_is_not_counted(read, way):
    page, _ = read(f"\n{SHOWN[way]}")
    assert (len(page.cells), page.written) == (0, 0)


def test_a_page_without_the_header_is_no_notebook_and_its_cells_are_counted(read):
    page, _ = read("# Title\n\n```{code-cell}\n1\n```\n", header=False)
    assert (page.notebook, page.cells, page.written) == (None, [], 1)


def test_a_jupyter_notebook_has_as_many_cells_as_it_runs(read):
    cells = [nbformat.v4.new_markdown_cell("# Title"), nbformat.v4.new_code_cell("x = 1")]
    page, _ = read(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), ".ipynb", header=False)
    assert ([cell.source for cell in page.cells], page.written) == (["x = 1"], 1)


@pytest.mark.parametrize("options", ["tags: raises-exception", "tags: [unclosed"])
def test_options_that_cannot_be_read_are_an_error_that_names_the_page(read, options):
    with pytest.raises(ExtensionError, match=r"^page\.md: MyST-NB cannot read this page: "):
        read(f"\n```{{code-cell}}\n---\n{options}\n---\n1\n```\n")
