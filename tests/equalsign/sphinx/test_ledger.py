"""One page and one file list every check of the book, and they are never older than the checks."""

from __future__ import annotations

import json
import re
import shutil
from importlib import resources

import jsonschema
import pytest

HOME = """\
# A miniature book

{checks}`holding` of {checks}`checks` checks hold, for {checks}`equations` equations on {checks}`pages` pages, next to
{checks}`definitions` definition, {eq}`def-side`.

```{ledger}
```
"""

SYMBOLS = """
```{code-cell} ipython3
import sympy

t = sympy.Symbol("t", real=True)
for power in (2, 3):
    check("eq-power", sympy.diff(t**power, t), power * t ** (power - 1))
```
"""


def write_good_book(book):
    """Two pages with every kind of content, behind a root page with the ledger."""
    book.write("index.md", HOME)
    page = book.page("Doubling", "eq-double").replace("x + x)", "x + x, scale=np.abs(x), terms=2)")
    page += "\nA line that ends,  \nand goes on\\\nand on.\n\n| a | b |\n|---|---|\n| 1 | $x$ |\n"
    book.add(
        "one", page + book.display("def-side", "x := 1") + "\nThe side is {eq}`def-side`, as in {eq}`eq-double`.\n"
    )
    setup = book.page("Powers", "eq-twice").replace(
        "double(x), x + x)", 'double(x), 2 * x, tolerance=1e-6, because="<b>")'
    )
    book.add("two", setup + book.display("eq-power", r"\frac{d t^{n}}{d t} = n t^{n-1}") + SYMBOLS)


@pytest.fixture(scope="module")
def good_book(tmp_path_factory, book_class):
    book = book_class(tmp_path_factory.mktemp("good"))
    write_good_book(book)
    book.first = book.build("-W", "--keep-going", "-n")
    return book


@pytest.fixture
def copy_of_good_book(good_book, tmp_path, book_class):
    """A copy of the built book, to be changed. Its cache does not count, because it lies elsewhere."""
    book = book_class(tmp_path)
    shutil.copytree(good_book.root, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("_build"))
    book.pages = list(good_book.pages)
    assert book.build().status == 0
    return book


def text(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_good_book_builds_without_a_warning(good_book):
    assert good_book.first.status == 0, good_book.first.output
    assert "WARNING:" not in good_book.first.output
    assert good_book.first.problems == []
    assert "equalsign: 4 of 4 checks hold" in good_book.first.output


def test_the_file_for_machines_is_as_its_schema_says_and_the_schema_stands_beside_it(good_book):
    schema = json.loads(good_book.read("checks.schema.json"))
    assert schema == json.loads(resources.files("equalsign").joinpath("checks.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(good_book.ledger, schema)


def test_the_file_for_machines_lists_every_check_and_every_display(good_book):
    ledger = good_book.ledger
    assert ledger["summary"] == {"checks": 4, "holding": 4, "equations": 3, "definitions": 1, "pages": 2}
    assert [(c["document"], c["label"], c["verdict"]) for c in ledger["checks"]] == [
        ("one", "eq-double", "holds"),
        ("two", "eq-twice", "holds"),
        ("two", "eq-power", "holds"),
        ("two", "eq-power", "holds"),
    ]
    assert [(d["document"], d["label"], d["kind"], d["checks"]) for d in ledger["displays"]] == [
        ("one", "eq-double", "claim", 1),
        ("one", "def-side", "definition", 0),
        ("two", "eq-twice", "claim", 1),
        ("two", "eq-power", "claim", 2),
    ]
    for entry in ledger["checks"]:
        assert good_book.place(f'check("{entry["label"]}"', f"{entry['document']}.md").endswith(f":{entry['line']}")
    for entry in ledger["displays"]:
        source = (good_book.root / f"{entry['document']}.md").read_text(encoding="utf-8").splitlines()
        assert (source[entry["line"] - 1], source[entry["line"]]) == ("$$", entry["latex"])


def test_the_file_for_machines_does_not_say_where_it_was_made(good_book):
    assert "environment" not in good_book.read("checks.json")
    assert str(good_book.root) not in good_book.read("checks.json")


def test_the_counts_on_a_page_are_those_of_the_book(good_book):
    assert "4 of 4 checks hold, for 3 equations on 2 pages, next to 1 definition" in text(good_book.read("index.html"))


def test_every_page_says_beneath_its_title_how_much_of_it_was_checked(good_book):
    assert "1 of 1 checks hold, for 1 equation; 1 definition." in text(good_book.read("one.html"))
    assert "3 of 3 checks hold, for 2 equations." in text(good_book.read("two.html"))


def test_the_ledger_links_to_every_equation_and_shows_its_error_and_what_is_allowed(good_book):
    html = good_book.read("index.html")
    for page, label in (("one", "eq-double"), ("two", "eq-twice"), ("two", "eq-power"), ("one", "def-side")):
        assert re.search(rf'href="{page}\.html#equation-{label}"', html), label
    [row] = re.findall(r"eq-double.*?</tr>", html, flags=re.DOTALL)
    assert text(f"<p>{row}").endswith("eq-double ✓ holds 3, float64 0 2.1e-15")


def test_a_verdict_stands_under_its_cell_with_a_link_to_its_equation_and_its_reason(good_book):
    html = good_book.read("two.html")
    [verdict] = re.findall(r'<div class="[^"]*\bverdict\b.*?</div>', html, flags=re.DOTALL)[:1]
    assert 'href="#equation-eq-twice"' in verdict
    assert "(tolerance of its own, because &lt;b&gt;)" in verdict


def test_a_definition_is_marked_as_one_and_a_claim_is_not(good_book):
    assert good_book.read("one.html").count("definition-mark") == 1
    assert good_book.read("two.html").count("definition-mark") == 0


def test_the_ledger_follows_the_checks_of_pages_although_its_own_text_does_not_change(copy_of_good_book):
    book = copy_of_good_book
    book.append(book.cell('check("eq-double", double(x) + 1, x + x + 1)'), "one.md")
    assert book.build().status == 0
    assert "5 of 5 checks hold" in text(book.read("index.html"))
    assert book.ledger["summary"]["checks"] == 5

    # Not a letter of any page changes, but what the code gives does.
    book.write("src/toy.py", "def double(z):\n    return 3 * z\n")
    assert book.build().status == 1
    assert "2 of 5 checks hold" in text(book.read("index.html"))
    assert "✗ fails: worst error" in text(book.read("index.html"))
    assert [check["verdict"] for check in book.ledger["checks"]] == ["fails", "fails", "fails", "holds", "holds"]

    # A page that is no longer in the book is forgotten, with its failures.
    book.write("src/toy.py", "def double(z):\n    return 2 * z\n")
    book.pages.remove("two")
    assert book.build().status == 0
    assert "2 of 2 checks hold, for 1 equations on 1 pages" in text(book.read("index.html"))
    assert {check["document"] for check in book.ledger["checks"]} == {"one"}


@pytest.mark.parametrize(
    ("name", "options"),
    [("singlehtml", ["--builder", "singlehtml"]), ("epub", ["--builder", "custom", "--custom-builder", "epub"])],
)
def test_other_builders_have_the_ledger_and_the_gate_too(book, name, options):
    write_good_book(book)
    book.config["sphinx"]["config"] |= {"version": "1", "epub_show_urls": "no"}
    good = book.build(*options)
    assert good.status == 0, good.output
    [page] = (book.root / "_build" / name).glob("index.*html")
    assert "4 of 4 checks hold, for 3 equations" in text(page.read_text(encoding="utf-8"))

    book.replace("x + x, scale=np.abs(x), terms=2)", "x + 1)", "one.md")
    for build in book.build(*options), book.build(*options):
        assert build.status != 0
        assert any("eq-double fails" in problem for problem in build.problems)
    assert "3 of 4 checks hold" in text(page.read_text(encoding="utf-8"))


def test_a_page_with_counts_is_as_new_as_the_checks_although_another_builder_has_read_them_first(copy_of_good_book):
    book = copy_of_good_book
    book.replace("x + x, scale=np.abs(x), terms=2)", "x + 1)", "one.md")
    assert book.build("--builder", "singlehtml").status == book.build().status == 1
    assert "3 of 4 checks hold" in text(book.read("index.html"))


def test_plain_sphinx_passes_through_the_same_gate(book):
    write_good_book(book)
    book.write_settings()
    assert book.run("jupyter-book", "config", "sphinx", str(book.root)).status == 0
    target = str(book.root / "_build" / "plain")
    assert book.run("sphinx-build", "-q", "-b", "html", str(book.root), target).status == 0
    book.replace("x + x, scale=np.abs(x), terms=2)", "x + 1)", "one.md")
    for _ in range(2):
        build = book.run("sphinx-build", "-q", "-b", "html", str(book.root), target)
        assert build.status != 0
        assert any("eq-double fails" in problem for problem in build.problems)


def test_an_unknown_count_is_an_error_that_names_the_known_ones(book):
    book.append("\nThere are {checks}`proofs` proofs.\n")
    build = book.build("-W")
    assert build.status != 0
    assert (
        "checks: there is no count 'proofs'; there are checks, holding, equations, definitions, pages" in build.output
    )


def test_a_book_that_does_not_load_the_extension_builds_as_if_there_were_none(book):
    book.config["sphinx"] = {}
    build = book.build("-W", "--keep-going")
    assert build.status == 0, build.output
    assert "WARNING:" not in build.output
    assert "eq-double holds" in text(book.read("index.html")) or "(1) holds" in text(book.read("index.html"))
