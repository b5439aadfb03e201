"""Every way in which a book passes while it is wrong, tried on a miniature book: its build fails, and fails again.

The build is `jupyter-book build` without any option, because the gate must not depend on how a build is started.
"""

from __future__ import annotations

import sys

import pytest


def only_the_code_changes(book):
    assert book.build().status == 0
    book.write("src/toy.py", "def double(z):\n    return 3 * z\n")


def without_a_cache(change):
    def both(book):
        book.config["execute"]["execute_notebooks"] = "force"
        change(book)

    return both


def an_option(options):
    return lambda book: book.replace("check(", f"---\n{options}\n---\ncheck(")


def a_late_extension_raises(book):
    book.write(
        "late.py",
        "def setup(app):\n"
        "    app.connect('build-finished', late)\n\n"
        "def late(app, exception):\n"
        "    raise RuntimeError('too late to be seen')\n",
    )
    book.config["sphinx"]["local_extensions"] = {"late": "."}


def a_kernel_with_another_copy_of_the_code(book):
    book.write("elsewhere/toy.py", "def double(z):\n    return z + z\n")
    a_kernel_with(book, f'{{"PYTHONPATH": "{(book.root / "elsewhere").as_posix()}"}}')


def a_kernel_with(book, environment, python=sys.executable):
    command = f'["{python}", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"]'
    kernel = f'{{"argv": {command}, "env": {environment}, "display_name": "Python 3", "language": "python"}}'
    book.write("jupyter/kernels/python3/kernel.json", kernel)
    book.environment["JUPYTER_PATH"] = str(book.root / "jupyter")
    book.config["exclude_patterns"] += ["jupyter", "elsewhere"]


def a_page_without_a_check(book):
    text = book.page("Unchecked", "eq-unchecked")
    book.add("unchecked", text[: text.index("check(")] + "print(double(x))\n```\n")


def no_check_at_all(book):
    book.write("index.md", "# Only words\n\nNothing is claimed here.\n")


def no_header(book):
    text = book.page()
    book.write("index.md", text[text.index("# Doubling") :])


def the_last_check_is_dropped(book):
    book.replace('check("eq-double", double(x), x + x)', 'check("eq-double", double(x), x + 1) or 7\nprint(x)')


def in_another_thread(book):
    # What starts the thread is in the code under test, where no lint of cells sees it.
    book.write(
        "src/toy.py",
        "import threading\n\n"
        "def double(z):\n"
        "    return 2 * z\n\n"
        "def in_background():\n"
        "    thread = threading.Thread(target=lambda: 1 / 0)\n"
        "    thread.start()\n"
        "    thread.join()\n",
    )
    book.append(book.cell("import toy\n\ntoy.in_background()"))


def an_error_allowed_under_another_key(book):
    book.config["execute"]["execute_notebooks"] = "force"
    book.config["sphinx"]["config"]["nb_metadata_key"] = "notebook"
    book.replace("kernelspec:", "notebook:\n  execution_allow_errors: true\nkernelspec:")
    book.append(book.cell("1 / 0"))


SITUATIONS = {
    "a cell raises": (
        lambda book: book.append(book.cell("y = x\n1 / 0")),
        "1 / 0",
        "the page does not run: ZeroDivisionError: division by zero",
    ),
    "a cell raises, and the page was told to go on": (
        an_error_allowed_under_another_key,
        "1 / 0",
        "the cell raises (ZeroDivisionError: division by zero), and nothing stopped the page",
    ),
    "a check fails": (
        lambda book: book.replace("x + x)", "x + 4)"),
        'check("eq-double"',
        "eq-double fails: worst error 6 at [1], where 8e-15 is allowed: got -4.0, expected 2.0",
    ),
    "only the code changes, pages come from the cache": (
        only_the_code_changes,
        'check("eq-double"',
        "eq-double fails: worst error 1 at [0], where 6e-15 is allowed: got 3.0, expected 2.0",
    ),
    "only the code changes, pages run in every build": (
        without_a_cache(only_the_code_changes),
        'check("eq-double"',
        "eq-double fails: worst error 1 at [0], where 6e-15 is allowed: got 3.0, expected 2.0",
    ),
    "a check's output is removed": (
        an_option("tags: [remove-output]"),
        'check("eq-double"',
        "the cell is tagged 'remove-output', which can hide an exception or a verdict: take the tag away",
    ),
    "a check's cell is removed": (
        an_option("tags: [remove-cell]"),
        'check("eq-double"',
        "the cell is tagged 'remove-cell', which can hide an exception or a verdict: take the tag away",
    ),
    "a failing check is not the last expression of its cell": (
        the_last_check_is_dropped,
        'check("eq-double"',
        "eq-double fails: worst error 3 at [1], where 8e-15 is allowed: got -4.0, expected -1.0",
    ),
    "a page loses its notebook header": (
        no_header,
        "# Doubling",
        "2 code cells are written, but 0 are executed: the page needs the header of a notebook",
    ),
    "a page has no check": (
        a_page_without_a_check,
        None,
        "unchecked.md: the page has code or equations, but no check",
    ),
    "the book has no check": (no_check_at_all, None, "the book: it has no check at all"),
    "the expected value comes from the code under test": (
        lambda book: book.replace("x + x)", "double(x + 0))"),
        "double(x + 0)",
        "the expected side double(x + 0) comes from the code under test (through double): compute it",
    ),
    "an exception in another thread": (
        in_another_thread,
        "import toy",
        "the cell writes to stderr ('ZeroDivisionError: division by zero'): a warning, or an exception in another",
    ),
    "an exception in a late event": (a_late_extension_raises, None, "too late to be seen"),
    "an equation as raw HTML": (
        lambda book: book.append("\n<div>y = 3 x</div>\n"),
        "<div>",
        "the page holds raw HTML, where an equation would go unread: write MyST, or draw it in a cell",
    ),
    "an equation as an image": (
        lambda book: (
            book.write("equation.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
            book.append("\n![y = 3 x](equation.svg)\n"),
        ),
        "![y",
        "the page holds a picture that no cell has drawn, where an equation would go unread",
    ),
    "an equation is passed off as a definition": (
        lambda book: book.append(book.display("def-triple", "y = 3 x")),
        "$$\ny = 3 x",
        "def-triple: nothing in the book refers to this definition or checks it",
    ),
    "a TeX comment": (
        lambda book: book.replace("y = 2 x", "y = 2 x % obviously"),
        "$$\ny = 2 x %",
        "eq-double: a TeX comment in a display can swallow what stands after it: take it out",
    ),
    "a kernel that runs another copy of the code": (
        a_kernel_with_another_copy_of_the_code,
        'check("eq-double"',
        "eq-double: the check ran with another toy than this build uses; its kernel is not the environment",
    ),
    "a display inside a line": (
        lambda book: book.append("\nSo we find $$y = 3 x$$ at once.\n"),
        "So we",
        "$$ inside a line makes no display, so no check can name it: give it lines of its own, and a label",
    ),
    "a cell in an included file": (
        lambda book: (
            book.config["exclude_patterns"].append("part.md"),
            book.write("part.md", book.cell("1 / 0")),
            book.append("\n```{include} part.md\n```\n"),
        ),
        None,
        "index.md:1: 3 code cells are written, but 2 are executed",
    ),
    "nothing is said to be under test": (
        lambda book: book.config["sphinx"]["config"].pop("equalsign_under_test"),
        None,
        "equalsign_under_test is empty, so any code may vouch for itself",
    ),
    "a label renamed in the text": (
        lambda book: book.replace("$$ (eq-double)", "$$ (eq-twofold)"),
        'check("eq-double"',
        "eq-double: the check names no display of this page",
    ),
    "an equation without a check": (
        lambda book: book.append(book.display("eq-triple", "y = 3 x") + "\nThe end.\n"),
        "$$\ny = 3 x",
        "eq-triple: the equation is displayed, but nothing checks it",
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_build_fails_and_fails_again_untouched(book, situation):
    change, where, words = SITUATIONS[situation]
    change(book)
    sentence = f"{book.place(where)}: {words}" if where else words
    for build in book.build(), book.build():
        assert build.status != 0
        assert sentence in build.output


def test_what_is_wrong_in_other_ways_is_listed_in_one_build(book):
    book.append("\nClearly <b>y = 3 x</b>.\n\n$$\ny = 4 x\n$$\n\nThe end.\n")
    book.append(book.display("def-chain", "a = b = c") + "\nSee {eq}`def-chain`.\n")
    book.append("\n````{note}\n```{code-cell} ipython3\nprint(1)\n```\n````\n")
    book.add(
        "other", book.page("Other").replace("check(", 'check("eq-double", double(x), x * 2)\nif False:\n    check(')
    )
    expected = [
        f"{book.place('Clearly')}: the page holds raw HTML, where an equation would go unread",
        f"{book.place('$$' + chr(10) + 'y = 4')}: the display has no label, so no check can name it",
        f"{book.place('$$' + chr(10) + 'a = b')}: def-chain: a definition states one thing, but this display has",
        "index.md:1: 3 code cells are written, but 2 are executed",
        f"{book.place('    check', 'other.md')}: eq-double: of 2 checks, 1 ran",
        f"{book.place('$$' + chr(10) + 'y = 2 x')}: eq-double: the label is given to more than one",
        f"{book.place('$$' + chr(10) + 'y = 2 x', 'other.md')}: eq-double: the label is given to more than one",
    ]
    for build in book.build(), book.build():
        assert build.status != 0
        for sentence in expected:
            assert sentence in build.output
