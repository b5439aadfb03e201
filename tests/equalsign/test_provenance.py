"""The code under test must not vouch for itself: what comes from it is followed wherever it goes."""

from __future__ import annotations

import ast

import pytest

from equalsign.provenance import Provenance


def tainted(source: str) -> bool:
    """Say whether `expected` comes from `code`, the package under test, after `source` was read."""
    provenance = Provenance(["code"])
    for statement in ast.parse(source).body:
        provenance.read(statement)
    return bool(provenance.tainted_names(ast.parse("expected", mode="eval")))


IMPORT = "import numpy as np\nfrom code import relu\nfrom textbook import formula\n"

TAINTED = {
    "a result": "expected = relu(z)",
    "a module": "import code\nexpected = code.relu(z)",
    "a part of a package": "import code.layers\nexpected = code.layers.relu(z)",
    "a module under another name": "import code.layers as layers\nexpected = layers.relu(z)",
    "a name under another name": "from code.layers import relu as f\nexpected = f(z)",
    "another variable": "a = relu(z)\nb = a + 1\nexpected = b",
    "a function": "def f(z):\n    return relu(z)\nexpected = f(z)",
    "a function that reads what is computed later": "def f(z):\n    return q\nq = relu(z)\nexpected = f(z)",
    "a function of functions": "def f(z):\n    return relu(z)\ndef g(z):\n    return f(z)\nexpected = g(z)",
    "a lambda": "f = lambda z: relu(z)\nexpected = f(z)",
    "a default argument": "def f(z, relu=relu):\n    return relu(z)\nexpected = f(z)",
    "a class": "class F:\n    rule = relu\nexpected = F.rule(z)",
    "unpacking": "a, (b, *c) = 1, relu(z)\nexpected = c",
    "its part of an assignment": "(a, expected), b = (formula(z), relu(z)), 1",
    "a starred part": "a, *expected = formula(z), relu(z)",
    "a swap": "a, expected = relu(z), 1\na, expected = expected, a",
    "an entry": "expected = np.zeros(3)\nexpected[0] = relu(z)",
    "an entry of an entry": "expected = {}\nexpected['a'][0] = relu(z)",
    "an attribute": "expected.value = relu(z)",
    "adding in place": "expected = np.zeros(3)\nexpected += relu(z)",
    "a list that is appended to": "expected = []\nexpected.append(relu(z))",
    "out=": "expected = np.empty(3)\nnp.add(relu(z), 1, out=expected)",
    "out= of several": "a, expected = np.empty((2, 3))\nnp.modf(relu(z), out=(a, expected))",
    "np.copyto": "expected = np.empty(3)\nnp.copyto(expected, relu(z))",
    "np.add.at": "expected = np.zeros(3)\nnp.add.at(expected, 0, relu(z))",
    "a loop over it": "for f in (relu, formula):\n    expected = f(z)",
    "a loop that carries it round": "b = 0\nfor _ in range(2):\n    expected = b\n    b = relu(z)",
    "a comprehension": "expected = [f(z) for f in (relu,)]",
    "a comprehension over a name of its own": "relus = [relu]\nexpected = [relus for relus in relus]",
    "a named expression": "print(expected := relu(z))",
    "with": "with relu(z) as expected:\n    pass",
    "one branch": "expected = relu(z)\nif wet:\n    expected = formula(z)",
    "the other branch": "expected = 0\nif wet:\n    expected = formula(z)\nelse:\n    expected = relu(z)",
    "match": "match wet:\n    case 1:\n        expected = relu(z)",
    "an annotated assignment": "expected: float = relu(z)",
    "getattr": "import code\nexpected = getattr(code, 'relu')(z)",
}

CLEAN = {
    "another package": "expected = formula(z)",
    "the other part of an assignment": "(a, expected), b = (relu(z), formula(z)), 1",
    "a name bound anew": "expected = relu(z)\nexpected = formula(z)",
    "an import of the same name": "from textbook import relu\nexpected = relu(z)",
    "a function of the same name": "def relu(z):\n    return np.maximum(z, 0)\nexpected = relu(z)",
    "a function whose argument has a tainted name": "a = relu(z)\ndef f(a):\n    return a + 1\nexpected = f(1)",
    "a function with a variable of a tainted name": "a = relu(z)\ndef f():\n    a = 1\n    return a\nexpected = f()",
    "a lambda whose argument has a tainted name": "a = relu(z)\nf = lambda a: a + 1\nexpected = f(1)",
    "an index of a tainted name": "i = relu(z)\nexpected = [i for i in range(3)]",
    "a variable inside a function": "def f():\n    expected = relu(z)\nexpected = formula(z)",
    "a function of a module, however it is named": "relus = np.append(relu(z), 1)\nexpected = np.zeros(3)",
    "what it was only shown": "print(relu(z))\nexpected = print",
    "an argument of the code under test": "expected = np.ones(3)\nrelu(expected)",
    "another package whose name begins so": "import coder\nexpected = coder.relu(z)",
}


@pytest.mark.parametrize("way", TAINTED)
def test_what_comes_from_the_code_under_test_is_found_through(way):
    assert tainted(IMPORT + TAINTED[way])


@pytest.mark.parametrize("way", CLEAN)
def test_what_is_independent_is_left_alone(way):
    assert not tainted(IMPORT + CLEAN[way])


def test_the_names_that_carry_it_are_given_in_order_of_appearance():
    provenance = Provenance(["code"])
    provenance.read(ast.parse("from code import relu, tanh").body[0])
    expression = ast.parse("tanh(z) + np.exp(relu(z))", mode="eval")
    assert provenance.tainted_names(expression) == ["tanh", "relu"]
