"""Symbolic comparison: indifferent to form, sensitive to every term."""

from __future__ import annotations

import re

import pytest
import sympy
from sympy import Abs, Heaviside, Integer, Matrix, Max, Piecewise, Rational, Symbol, exp, log, sech, sin, sqrt, tanh

from equalsign.symbols import DIGITS, POINTS, compare_symbols, is_symbolic

a, b, z = sympy.symbols("a b z", real=True)
p = Symbol("p", positive=True)
SIGMOID = 1 / (1 + exp(-z))

IDENTITIES = {
    "binomial": ((a + b) ** 2, a**2 + 2 * a * b + b**2),
    "the slope of the sigmoid": (sympy.diff(SIGMOID, z), SIGMOID * (1 - SIGMOID)),
    "the slope of the sigmoid as one fraction": (sympy.diff(SIGMOID, z), exp(z) / (1 + exp(z)) ** 2),
    "the slope of tanh, which cancels in the tails": (1 - tanh(z) ** 2, sech(z) ** 2),
    "the same so far out that only roundings are left": (1 - tanh(9 * z) ** 2, sech(9 * z) ** 2),
    "the sigmoid as a tanh": (SIGMOID, (1 + tanh(z / 2)) / 2),
    "an unevaluated derivative": (sympy.Derivative(tanh(z), z), 1 - tanh(z) ** 2),
    "ReLU by absolute value": (Max(z, 0), (z + Abs(z)) / 2),
    "the slope of ReLU on both sides of its kink": (sympy.diff(Max(z, 0), z), Piecewise((1, z > 0), (0, True))),
    "a step": (Heaviside(z), Piecewise((0, z < 0), (1, True))),
    "a root of a positive symbol": (sqrt(p**2), p),
    "a logarithm of positive symbols": (log(p**3), 3 * log(p)),
    "numbers": (sqrt(8), 2 * sqrt(2)),
    "an expression and a plain number": (sympy.Sum(z, (z, 1, 4)), 10),
    "a matrix product": (Matrix([[a, b], [b, a]]) * Matrix([1, z]), Matrix([a + b * z, b + a * z])),
    "an immutable and a mutable matrix": (sympy.ImmutableMatrix([[a, 1]]), Matrix([[a, 1]])),
}


@pytest.mark.parametrize(("got", "expected"), IDENTITIES.values(), ids=IDENTITIES)
@pytest.mark.parametrize("seed", range(5))
def test_equal_expressions_hold_however_they_are_written(got, expected, seed):
    for left, right in ((got, expected), (expected, got)):
        found = compare_symbols(left, right, seed=seed)
        assert found.holds, found.message
        assert 0 <= found.error <= found.allowed == 10.0**-DIGITS


def _same(one, other, at):
    values = [side.subs({a: at, b: at + 1, z: at, p: abs(at) + 2}).evalf(80) for side in (one, other)]
    return abs(values[0] - values[1]) < 1e-60


def mutants(expression):
    """Yield the expression with one part negated, doubled, moved by 1 or in the fortieth digit, or left out."""
    for part in sympy.preorder_traversal(expression):
        if isinstance(part, sympy.Expr):
            hole = sympy.Dummy(real=True)
            template = expression.xreplace({part: hole})
            for other in (-part, 2 * part, part + 1, part * (1 + Rational(1, 10**40)), Integer(0), Integer(1)):
                yield template.xreplace({hole: other}).doit()


@pytest.mark.parametrize(
    "expression",
    [
        SIGMOID * (1 - SIGMOID),
        1 - tanh(z) ** 2,
        (a * z + b - p) ** 2 / 2,
        Piecewise((z**2, z > 0), (b * exp(z), True)),
    ],
)
def test_every_mutation_of_one_part_fails(expression):
    tried = 0
    for mutant in mutants(expression):
        # A mutant may happen to state the same, which SymPy's own arithmetic decides at other points.
        if mutant.has(sympy.zoo, sympy.nan) or all(_same(mutant, expression, at) for at in (Rational(7, 10), -3)):
            continue
        tried += 1
        assert not compare_symbols(mutant, expression, seed=3).holds, mutant
    assert tried >= 20


def test_a_failure_names_the_point_and_both_values():
    found = compare_symbols(a + b, a - b, seed=0)
    assert not found.holds
    match = re.fullmatch(r"at a = (\S+), b = (\S+): got (\S+), expected (\S+)", found.message)
    at_a, at_b, got, expected = map(float, match.groups())
    assert got == pytest.approx(at_a + at_b, rel=1e-4)
    assert expected == pytest.approx(at_a - at_b, rel=1e-4)
    assert (found.got, found.expected) == (pytest.approx(got), pytest.approx(expected))
    assert found.error == pytest.approx(abs(got - expected))
    assert (found.shape, found.index, found.entries) == ((), (), 1)


def test_a_failing_matrix_names_the_entry():
    found = compare_symbols(Matrix([[a, b, z], [1, z, 3]]), Matrix([[a, b, z], [1, z, 4]]), seed=0)
    assert not found.holds
    assert (found.shape, found.index, found.entries) == ((2, 3), (1, 2), 6)
    assert (found.got, found.expected) == (3, 4)


def test_numbers_that_differ_only_in_the_fortieth_digit_fail():
    found = compare_symbols(sympy.pi + Rational(1, 10**40), sympy.pi, seed=0)
    assert not found.holds
    assert found.message.startswith("at the numbers given: ")


def test_numbers_need_one_point_and_symbols_many():
    assert compare_symbols(sqrt(8), 2 * sqrt(2), seed=0).message == "symbols, exact numbers, agreement to 50 digits"
    assert compare_symbols(z, z + 0, seed=0).message == f"symbols, {POINTS} points, agreement to 50 digits"


def test_a_rounded_number_is_not_its_exact_value():
    assert not compare_symbols(sympy.Float(0.1), Rational(1, 10), seed=0).holds


def test_the_points_follow_from_the_seed():
    one, again, other = (compare_symbols(a, b, seed=seed).message for seed in (1, 1, 2))
    assert one == again != other


@pytest.mark.parametrize("seed", range(10))
def test_a_difference_on_one_side_of_a_kink_is_seen(seed):
    assert not compare_symbols(Max(z, 0), z, seed=seed).holds
    assert not compare_symbols(Max(z, 0), Piecewise((z, z > 0), (z / 10**9, True)), seed=seed).holds


@pytest.mark.parametrize("seed", range(10))
def test_a_difference_only_in_the_tails_is_seen(seed):
    clipped = Piecewise((1, z > 20), (0, z < -20), (SIGMOID, True))
    assert not compare_symbols(SIGMOID, clipped, seed=seed).holds


UNDEFINED = {
    "division by zero at every point": 1 / (Abs(z) - sqrt(z**2, evaluate=False)),
    "division by zero that only a point reveals": 1 / (sympy.sign(z) ** 2 - 1),
    "a pole of a function": sympy.gamma(Integer(0), evaluate=False),
    "a pole that only a point reveals": sympy.gamma(sympy.floor(z) - 1000),
    "no branch applies": Piecewise((1, z > 1000)),
    "complex infinity": sympy.zoo,
    "infinity": sympy.oo,
    "nan": sympy.nan,
}


@pytest.mark.parametrize("expression", UNDEFINED.values(), ids=UNDEFINED)
def test_a_side_that_is_undefined_at_a_point_fails_even_against_itself(expression):
    for left, right in ((expression, Integer(1)), (Integer(1), expression), (expression, expression)):
        found = compare_symbols(left, right, seed=0)
        assert not found.holds
        assert found.error is None or not found.error < 1


def test_values_beyond_floating_point_fail_without_numbers_that_json_lacks():
    found = compare_symbols(sympy.Integer(10) ** 400, sympy.Integer(10) ** 400 + 10**399, seed=0)
    assert not found.holds
    assert (found.error, found.got, found.expected) == (None, None, None)


@pytest.mark.parametrize("one", [Matrix([[a, b]]), Matrix([a, b]), Matrix([[a, b], [b, a]])])
def test_shapes_must_be_equal(one):
    other = Matrix([[a, b, z]])
    found = compare_symbols(one, other, seed=0)
    assert not found.holds
    assert found.message == f"got has shape {one.shape}, but expected has shape (1, 3)"
    assert not compare_symbols(one, a, seed=0).holds


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (2, 0)])
def test_a_matrix_without_entries_fails(shape):
    found = compare_symbols(sympy.zeros(*shape), sympy.zeros(*shape), seed=0)
    assert not found.holds
    assert found.message == f"both sides have shape {shape}: there is no entry to compare"


@pytest.mark.parametrize("assumption", ["integer", "even", "imaginary", "complex"])
def test_a_symbol_that_is_no_real_variable_is_refused(assumption):
    n = Symbol("n", **{assumption: True})
    sentence = "check: no point can be drawn for the symbol n, which is not a real variable"
    with pytest.raises(TypeError, match=f"^{sentence}$"):
        compare_symbols(n + 1, 1 + n, seed=0)


@pytest.mark.parametrize(
    ("assumption", "identity"),
    [
        ("positive", (Abs(a), a)),
        ("nonnegative", (Abs(a), a)),
        ("negative", (Abs(a), -a)),
        ("nonpositive", (Abs(a), -a)),
    ],
)
def test_points_respect_the_sign_of_a_symbol(assumption, identity):
    # The sign is hidden from SymPy's own simplification by exchanging the symbol afterwards.
    symbol = Symbol("a", **{assumption: True})
    held = [sympy.sqrt((2 * symbol) ** 2, evaluate=False), 2 * identity[1].xreplace({a: symbol})]
    assert compare_symbols(*held, seed=0).holds
    assert not compare_symbols(held[0], -held[1], seed=0).holds


def test_two_symbols_of_one_name_are_refused():
    sentence = "check: two symbols are named z, with different assumptions; declare it once"
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        compare_symbols(Symbol("z"), z, seed=0)


@pytest.mark.parametrize("value", ["z", [z, 1], None, sympy.Eq(z, 1), sympy.true])
def test_what_is_no_expression_is_refused(value):
    with pytest.raises(TypeError, match=r"^check: .* (is no SymPy expression|is neither a SymPy expression nor)"):
        compare_symbols(z, value, seed=0)


@pytest.mark.parametrize("expression", [sympy.Function("f")(z), sympy.DiracDelta(z)])
def test_a_function_without_a_value_is_refused_by_name(expression):
    sentence = f"check: {expression.func} has no definition from which its value could be computed"
    with pytest.raises(TypeError, match=f"^{sentence}$"):
        compare_symbols(expression, expression, seed=0)


def test_only_expressions_and_matrices_of_sympy_are_symbolic():
    assert all(map(is_symbolic, (z, sin(z), Integer(2), Matrix([z]), sympy.ImmutableMatrix([1]))))
    assert not any(map(is_symbolic, (2, 0.5, "z", [z], None)))
