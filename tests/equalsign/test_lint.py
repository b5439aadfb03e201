"""Each way of writing a cell in which a mistake would pass is refused, with the line it stands on."""

from __future__ import annotations

import pytest

from equalsign.lint import HIDING_TAGS, Cell, lint_page

SETUP = "import numpy as np\nfrom equalsign import check\nfrom code import relu\nx = np.ones(3)"
GOOD = 'check("eq-relu", relu(x), np.maximum(x, 0))'


def lint(*sources, metadata=None, front_matter=None):
    """Lint a page whose cells start on the lines 101, 201, ..."""
    cells = [
        Cell(source, 100 * number + 1, metadata or {}) for number, source in enumerate((SETUP, *sources), start=1)
    ]
    return lint_page("page.md", front_matter or {}, cells, ["code"])


def problems(*sources, **settings):
    return [str(problem) for problem in lint(*sources, **settings)[1]]


def test_a_page_in_order_is_left_alone_and_its_checks_are_listed_with_cell_and_line():
    calls, found = lint(GOOD, f"\n{GOOD}\nfor scale in (1, 2):\n    {GOOD}")
    assert found == []
    assert [(call.label, call.cell, call.line) for call in calls] == [
        ("eq-relu", 1, 201),
        ("eq-relu", 2, 302),
        ("eq-relu", 2, 304),
    ]


REFUSED = {
    # What swallows an exception.
    "try:\n    1 / 0\nexcept ZeroDivisionError:\n    print()": "a try statement can swallow the exception",
    "try:\n    1 / 0\nexcept* ValueError:\n    print()": "a try statement can swallow the exception",
    "if x:\n    try:\n        1\n    finally:\n        2": "a try statement can swallow the exception",
    "from contextlib import suppress": "suppress can swallow the error",
    "import contextlib\nwith contextlib.suppress(Exception):\n    1 / 0": "suppress can swallow the error",
    "import os\nos.system('false')": "system can swallow the error",
    "import os\nos.popen('false')": "popen can swallow the error",
    "import threading": "the cell starts other threads or processes, whose exceptions are lost",
    "from concurrent.futures import ThreadPoolExecutor": "the cell starts other threads or processes",
    "import subprocess as s": "the cell starts other threads or processes",
    "import multiprocessing.pool": "the cell starts other threads or processes",
    "import contextlib\nwith contextlib.redirect_stderr(x):\n    1": "redirect_stderr can swallow the error",
    "from IPython.utils.capture import capture_output": "capture_output can swallow the error",
    "import warnings\nwarnings.filterwarnings('ignore')": "filterwarnings silences the warnings of all cells",
    "from warnings import simplefilter\nsimplefilter(action='ignore')": "simplefilter silences the warnings",
    "np.seterr(all='ignore')": "seterr silences the warnings of all cells that follow",
    # What luck decides.
    "rng = np.random.default_rng()": "default_rng without a seed gives other numbers on every run",
    "import random\nrng = random.Random()": "Random without a seed gives other numbers on every run",
    # What takes the place of something that was imported.
    "import code\ncode.relu = abs": "code.relu is replaced, so other code is checked than was imported",
    "relu.derivative = abs": "relu.derivative is replaced",
    "import equalsign.comparison as c\nc.ROUNDINGS, y = 1e18, 0": "c.ROUNDINGS is replaced",
    "import sys\nif x.any():\n    sys.stderr = None": "sys.stderr is replaced",
    "np.allclose += 1": "np.allclose is replaced",
    "del np.allclose": "np.allclose is replaced",
    "setattr(np, 'allclose', print)": "setattr hides where a value comes from",
    # What is no Python.
    "%%capture\n1 / 0": "'%%capture' is a notebook magic or a shell command, which can hide an error",
    "%matplotlib inline": "'%matplotlib inline' is a notebook magic or a shell command",
    "!false": "'!false' is a notebook magic or a shell command",
    "y = 1\n!false": "'!false' is a notebook magic or a shell command",
    "relu?": "'relu?' is a notebook magic or a shell command",
    "x = = 1": "the cell is not valid Python: invalid syntax",
    # What comes from where nobody sees it.
    "eval('1')": "eval hides where a value comes from",
    "exec('y = 1')": "exec hides where a value comes from",
    "globals()['y'] = 1": "globals hides where a value comes from",
    "import importlib": "importlib hides where a value comes from",
    "get_ipython().system('false')": "get_ipython hides where a value comes from",
    "from code import *": "a star import hides where names come from",
    # What is shown as if it had been computed.
    "from IPython.display import Math": "IPython's Math displays typed text that no check reads",
    "from IPython.display import HTML as h": "IPython's HTML displays typed text that no check reads",
    "import IPython\nIPython.display.Latex('y')": "IPython's Latex displays typed text that no check reads",
    "axis.set_title('$y = 2 x$')": "the string sets an equation in a picture, where no check reads it",
    # What takes the place of check, or hides it.
    "check = print": "'check' is bound to something else",
    "def check(*a):\n    pass": "'check' is bound to something else",
    "class check:\n    pass": "'check' is bound to something else",
    "for check in x:\n    pass": "'check' is bound to something else",
    "lambda check: 1": "'check' is bound to something else",
    "del check": "'check' is bound to something else",
    "from elsewhere import check": "'check' is imported from 'elsewhere', but a check comes from equalsign",
    "from elsewhere import ok as check": "'check' is imported from 'elsewhere'",
    "from equalsign import check as verify": "'check' is given another name",
    "verify = check": "'check' is handed on, so nobody can see what is checked",
    "from functools import partial\npartial(check, 'eq-relu')": "'check' is handed on",
    f"def f():\n    {GOOD}": "the check stands inside a function",
    f"f = lambda: {GOOD}": "the check stands inside a function",
    # Checks that cannot fail, or speak for nothing.
    'check("eq-relu", relu(x), relu(x))': "both sides of the check are relu(x), so it could not fail",
    'check("eq-relu", relu(x), relu(x + 0))': "the expected side relu(x + 0) comes from the code",
    'check("eq-relu", got=relu(x), expected=relu(x + 0))': "comes from the code under test",
    'y = relu(x)\nfor z in y:\n    q = z\n    check("eq-relu", relu(x), q)': "the expected side q comes from the code",
    'check("eq-relu", relu(x), x, scale=relu(x))': "the scale relu(x) comes from the code under test",
    'check("eq-relu", relu(x), x, tolerance=relu(1e-6), because="")': "the tolerance relu(1e-06) comes from the code",
    'check("eq-relu", 1.0, 1)': "both sides of the check are typed numbers, so nothing was computed",
    'check("eq-relu", [1, -2.0], (1, -2))': "both sides of the check are typed numbers",
    'own = {"scale": relu(x)}\ncheck("eq-relu", relu(x), x, **own)': "the unpacked own comes from the code under test",
    'label = "eq-relu"\ncheck(label, relu(x), x)': "the label of a check must be a literal string",
    'check(f"eq-{x}", relu(x), x)': "the label of a check must be a literal string",
    'sides = relu(x), x\ncheck("eq-relu", *sides)': "check takes a label, what was got and what is expected",
    'check("eq-relu", relu(x))': "check takes a label, what was got and what is expected",
    'import equalsign\nequalsign.check("eq-relu", relu(x), relu(x))': "both sides of the check are relu(x)",
}


@pytest.mark.parametrize("source", REFUSED)
def test_a_cell_is_refused_with_its_file_and_a_line_of_its_own(source):
    found = problems(source)
    lines = range(201, 201 + len(source.splitlines()))
    assert any(
        problem.startswith(f"page.md:{line}: ") and REFUSED[source] in problem for problem in found for line in lines
    )


def test_the_line_is_that_of_the_statement_and_not_of_the_cell():
    [problem] = problems("y = 1\n\nz = 2\nimport threading")
    assert problem.startswith("page.md:204: ")


@pytest.mark.parametrize("tag", sorted(HIDING_TAGS))
def test_a_tag_that_hides_is_refused_among_others(tag):
    found = problems(metadata={"tags": ["hide-input", tag]})
    assert found == [
        f"page.md:101: the cell is tagged {tag!r}, which can hide an exception or a verdict: take the tag away"
    ]


@pytest.mark.parametrize("tag", ["hide-input", "hide-output", "margin", "remove-input"])
def test_a_tag_that_hides_no_verdict_is_left_alone(tag):
    assert problems(metadata={"tags": [tag]}) == []


@pytest.mark.parametrize("key", ["execution_allow_errors", "remove_code_outputs"])
def test_a_setting_of_a_cell_that_hides_is_refused(key):
    [found] = problems(metadata={"mystnb": {key: True}})
    assert found.startswith(f"page.md:101: the cell sets {key!r}, which can hide an exception or a verdict")


def test_empty_settings_of_a_cell_are_left_alone():
    assert problems(metadata={"mystnb": None}) == []


@pytest.mark.parametrize("key", ["execution", "mystnb"])
def test_a_page_has_no_settings_of_execution(key):
    [found] = problems(front_matter={key: {"allow_errors": True}})
    assert found.startswith(f"page.md:1: the front matter sets {key!r}: how pages are executed is set once")


def test_a_check_that_a_chapter_catches_to_show_it_counts_for_nothing():
    source = f"from equalsign import recording\nwith recording() as caught:\n    {GOOD}"
    calls, found = lint(source)
    assert (calls, found) == ([], [])


@pytest.mark.parametrize(
    "source",
    [
        'np.linspace(0, 1)  # 50 % of "check"',
        "y = x[1:] if x.any() else -x",
        "title = 'price = $5'",
        "with np.errstate(over='ignore'):\n    np.exp(x)",
        "for z in x:\n    print(z)",
        "np.seterr(all='raise')",
        "import warnings\nwarnings.simplefilter('error')",
        "rng = np.random.default_rng(0)\nrandom = np.random.RandomState(seed=1)",
        "import matplotlib.pyplot as plt\nplt.rcParams['lines.linewidth'] = 2",
        "from types import SimpleNamespace\nsizes = SimpleNamespace()\nsizes.m = 3",
        'check("eq-relu", relu(x), [1.0, 1.0, 1.0])',
        'own = {"tolerance": 1e-6, "because": "digits are printed"}\ncheck("eq-relu", relu(x), np.ones(3), **own)',
    ],
)
def test_plain_python_is_left_alone(source):
    assert problems(source) == []
