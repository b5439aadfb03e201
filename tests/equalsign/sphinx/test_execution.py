"""Pages run once, again when what they depend on has changed, and never in vain; what fails is told, all of it."""

from __future__ import annotations

import nbformat

BROKEN = "def double(z):\n    return 3 * z\n"
WHOLE = "def double(z):\n    return 2 * z\n"


def test_everything_that_is_wrong_with_several_pages_is_listed_in_one_build(book):
    # MyST-NB would stop at the first page that fails; the gate reports all of them all the same.
    book.config["execute"] |= {"raise_on_error": True, "timeout": 6}
    for name, source in {
        "raises": "def slope(z):\n    return 1 / z\n\nslope(0)",
        "sleeps": "import time\ntime.sleep(600)",
        "dies": "import os\nos._exit(1)",
        "leaves": "import sys\nsys.exit()",
        "warns": "import warnings\nwarnings.warn('beware')",
    }.items():
        book.add(name, book.page(name.title(), f"eq-{name}") + book.cell(source))
    book.add("strange", book.page("Strange", "eq-strange").replace("name: python3", "name: nowhere"))
    book.replace('check("eq-double", double(x), x + x)', 'check("eq-double", double(x), x + 1)\n' * 2)

    line = int(book.place('check("eq-double", double(x), x + 1)\ncheck').split(":")[1])
    failure = "eq-double fails: worst error 3 at [1], where 8e-15 is allowed: got -4.0, expected -1.0"
    expected = [
        f"index.md:{line}: {failure}",
        f"index.md:{line + 1}: {failure}",
        f"{book.place('slope(0)', 'raises.md')}: the page does not run: ZeroDivisionError: division by zero",
        f"{book.place('import time', 'sleeps.md')}: the page does not run: A cell timed out while it was being",
        f"{book.place('import os', 'dies.md')}: the page does not run: Kernel died",
        f"{book.place('import sys', 'leaves.md')}: the page does not run: SystemExit",
        f"{book.place('import warnings', 'warns.md')}: the cell writes to stderr",
        "strange.md: the page does not run: No such kernel named nowhere",
    ]
    for build in book.build(), book.build():
        assert build.status != 0
        for sentence in expected:
            assert any(problem.startswith(sentence) for problem in build.problems), (sentence, build.problems)
        assert not any("nothing checks it" in problem or "never run" in problem for problem in build.problems)


def test_pages_that_run_in_every_build_are_all_reported_too(book):
    book.config["execute"] |= {"execute_notebooks": "force", "raise_on_error": True}
    book.append(book.cell("1 / 0"))
    book.add("other", book.page("Other", "eq-other") + book.cell("[][1]"))
    for build in book.build(), book.build():
        assert build.status != 0
        assert f"{book.place('1 / 0')}: the page does not run: ZeroDivisionError: division by zero" in build.problems
        assert (
            f"{book.place('[][1]', 'other.md')}: the page does not run: IndexError: list index out of range"
            in build.problems
        )


def test_when_only_the_code_changes_the_book_fails_and_when_it_is_restored_nothing_runs(book):
    first, untouched = book.build(), book.build()
    assert (first.status, first.executed) == (0, 1)
    assert (untouched.status, untouched.executed) == (0, 0)

    book.write("src/toy.py", BROKEN)
    broken, again = book.build(), book.build()
    assert (broken.status, broken.executed) == (1, 1)
    assert (again.status, again.executed) == (1, 0)
    assert again.problems == broken.problems

    book.write("src/toy.py", WHOLE)
    restored = book.build()
    assert (restored.status, restored.executed) == (0, 0)
    assert "equalsign: 1 of 1 checks hold" in restored.output


def test_pages_that_run_in_every_build_pass_again_when_the_code_is_restored(book):
    book.config["execute"]["execute_notebooks"] = "force"
    book.write("src/toy.py", BROKEN)
    assert book.build().status == 1
    book.write("src/toy.py", WHOLE)
    assert book.build().status == 0


def test_a_page_heals_when_what_it_failed_for_goes_away_outside_of_it(book):
    book.append(book.cell("print(open('data.txt').read())"))
    for build in book.build(), book.build():
        assert build.status != 0
        assert f"{book.place('print(open')}: the page does not run: FileNotFoundError" in build.output
    book.write("data.txt", "here")
    healed, untouched = book.build(), book.build()
    assert (healed.status, healed.executed) == (0, 1)
    assert (untouched.status, untouched.executed) == (0, 0)


def test_a_page_may_be_a_jupyter_notebook_and_is_judged_like_any_other(book):
    text = book.page("Notebook", "eq-notebook").split("\n# Notebook\n")[1]
    display, setup, check = text.split("\n```{code-cell} ipython3\n")
    cells = [
        nbformat.v4.new_markdown_cell(f"# Notebook\n{display}"),
        *(nbformat.v4.new_code_cell(source.strip().removesuffix("\n```")) for source in (setup, check)),
    ]
    book.pages.append("notebook")
    book.write("notebook.ipynb", nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    good = book.build()
    assert good.status == 0, good.problems
    assert "equalsign: 2 of 2 checks hold" in good.output

    book.write("src/toy.py", BROKEN)
    for build in book.build(), book.build():
        assert build.status != 0
        assert any(
            problem.startswith("notebook.ipynb") and "eq-notebook fails" in problem for problem in build.problems
        )


def test_a_good_page_is_executed_once_when_another_one_changes(book):
    book.add("other", book.page("Other", "eq-other"))
    assert book.build().executed == 2
    book.replace("x + x)", "2 * x)")
    build = book.build()
    assert (build.status, build.executed) == (0, 1)
    assert "equalsign: 2 of 2 checks hold" in build.output
