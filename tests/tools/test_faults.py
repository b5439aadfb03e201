"""Every kind of fault changes what its name says, and nothing else."""

from __future__ import annotations

import ast
import importlib.util
import textwrap
from pathlib import Path

import numpy as np
import pytest

import handgrad
from tools.faults import faults_of
from tools.operators import OPERATORS, RESULTS

FIGURES = ["handgrad.figures"]
NUMBERS = ("Array", "float", "tuple[Array, ...]", "tuple[Array, Array]", "tuple[Array, Array, Array]", "list[Array]")

SOURCE = '''
from __future__ import annotations
import numpy as np
Array = np.ndarray

def affine(A: Array, W: Array, b: Array) -> Array:
    """Return 2 + 2, says the docstring: no fault is planted here."""
    if A.shape[1] != W.shape[0]:
        raise ValueError(f"{A.shape[0] + 1} - {-1}")
    return np.maximum(A @ W + b, 0) / 4

def vjps(A: Array, D: Array) -> tuple[Array, Array]:
    return A.T @ D, D.sum(axis=0)

def outer(A: Array, B: Array) -> Array:
    return np.einsum("ip,jq->ijpq", A, B)

def both(A: Array, D: Array) -> tuple[Array, Array]:
    return vjps(A, D)
'''


@pytest.fixture
def faults(tmp_path):
    folder = tmp_path / "garden"
    folder.mkdir()
    (folder / "__init__.py").write_text(SOURCE, encoding="utf-8")
    return faults_of("garden", folder)


def loaded(source):
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("garden", None))
    exec(compile(source, "garden", "exec"), vars(module))  # noqa: S102
    return module


def of_kind(faults, kind, function):
    chosen = [fault for fault in faults if fault.kind == kind and fault.function == function]
    assert chosen
    return chosen


def arguments(rng):
    return rng.normal(size=(3, 4)), rng.normal(size=(4, 5)), rng.normal(size=5)


def test_each_fault_is_another_program_and_no_two_are_the_same(faults):
    programs = [ast.dump(ast.parse(fault.source)) for fault in faults]
    assert len({*programs, ast.dump(ast.parse(SOURCE))}) == len(faults) + 1


def test_every_kind_of_fault_is_planted(faults):
    assert {fault.kind for fault in faults} == {*OPERATORS, *RESULTS, "clipped input"}


def test_a_fault_changes_one_function_and_no_docstring_or_message(faults):
    sound = {node.name: node for node in ast.parse(SOURCE).body if isinstance(node, ast.FunctionDef)}
    for fault in faults:
        for node in ast.parse(fault.source).body:
            if isinstance(node, ast.FunctionDef):
                changed = ast.dump(node) != ast.dump(sound[node.name])
                assert changed == (node.name == fault.function)
                assert ast.get_docstring(node) == ast.get_docstring(sound[node.name])
                raised = [ast.dump(part) for part in ast.walk(node) if isinstance(part, ast.Raise)]
                assert raised == [ast.dump(p) for p in ast.walk(sound[node.name]) if isinstance(p, ast.Raise)]


def test_a_dropped_term_leaves_the_other(faults):
    A, W, b = arguments(np.random.default_rng(0))
    results = []
    for fault in of_kind(faults, "dropped term", "affine"):
        if fault.before == "A @ W + b":
            results.append(loaded(fault.source).affine(A, W, np.broadcast_to(b, (3, 5)) if len(results) else b))
    np.testing.assert_array_equal(results[0], np.maximum(A @ W, 0) / 4)
    np.testing.assert_array_equal(results[1], np.maximum(np.broadcast_to(b, (3, 5)), 0) / 4)


def test_a_flipped_sign_of_each_result_negates_that_result_alone(faults):
    A, _, _ = arguments(np.random.default_rng(1))
    D = np.random.default_rng(2).normal(size=(3, 5))
    sound = loaded(SOURCE).vjps(A, D)
    signs = []
    for fault in of_kind(faults, "flipped sign", "vjps"):
        broken = loaded(fault.source).vjps(A, D)
        signs.append(
            [-1 if np.array_equal(x, -y) else int(np.array_equal(x, y)) for x, y in zip(broken, sound, strict=True)]
        )
    assert signs == [[-1, 1], [1, -1]]


def test_a_tuple_that_is_passed_on_whole_is_changed_in_every_part(faults):
    A = np.random.default_rng(3).normal(size=(3, 4))
    (fault,) = of_kind(faults, "flipped sign", "both")
    for broken, sound in zip(loaded(fault.source).both(A, A), loaded(SOURCE).both(A, A), strict=True):
        np.testing.assert_array_equal(broken, -sound)


def test_a_transposed_operand_is_refused_or_changes_the_shape_when_all_sizes_differ(faults):
    A, W, b = arguments(np.random.default_rng(4))
    for fault in of_kind(faults, "transposed operand", "affine"):
        try:
            broken = loaded(fault.source).affine(A, W, b)
        except ValueError:
            continue
        assert broken.shape != (3, 5)


def test_the_wrong_axis_is_another_axis_or_none(faults):
    D = np.arange(15.0).reshape(3, 5)
    sums = [loaded(fault.source).vjps(D, D)[1] for fault in of_kind(faults, "wrong axis", "vjps")]
    np.testing.assert_array_equal(sums[0], 105)
    np.testing.assert_array_equal(sums[1], [10, 35, 60])


def test_permuted_indices_of_a_contraction_all_give_something_else(faults):
    rng = np.random.default_rng(5)
    A, B = rng.normal(size=(3, 4)), rng.normal(size=(2, 5))
    sound = loaded(SOURCE).outer(A, B)
    chosen = of_kind(faults, "wrong axis", "outer") + of_kind(faults, "transposed operand", "outer")
    assert len(chosen) == 2 + 6 + 1
    for fault in chosen:
        assert not np.array_equal(loaded(fault.source).outer(A, B), sound)


@pytest.mark.parametrize(("kind", "dtype"), [("float32 leak", np.float32), ("float32 detour", np.float64)])
def test_what_goes_through_single_precision_loses_its_digits(faults, kind, dtype):
    A = np.random.default_rng(6).normal(size=(3, 4))
    (fault,) = of_kind(faults, kind, "outer")
    broken, sound = loaded(fault.source).outer(A, A), loaded(SOURCE).outer(A, A)
    assert broken.dtype == dtype
    np.testing.assert_array_equal(broken, sound.astype(np.float32))


def test_a_clipped_input_is_the_same_up_to_thirty_and_no_further(faults):
    for fault in of_kind(faults, "clipped input", "outer"):
        broken = loaded(fault.source).outer
        np.testing.assert_array_equal(broken(np.full((1, 1), 30.0), np.full((1, 1), -30.0)), -900)
        assert broken(np.full((1, 1), 31.0), np.full((1, 1), 31.0)).item() == 30 * 31


def test_a_swapped_branch_takes_the_other_of_two_arguments(faults):
    A, W, b = arguments(np.random.default_rng(7))
    (fault,) = (f for f in of_kind(faults, "swapped branch", "affine") if "maximum" in f.before)
    np.testing.assert_array_equal(loaded(fault.source).affine(A, W, b), np.minimum(A @ W + b, 0) / 4)


def test_every_function_of_handgrad_that_computes_has_faults():
    folder = Path(handgrad.__file__).parent
    planted = {(fault.path, fault.function.split(".")[-1]) for fault in faults_of("handgrad", folder, FIGURES)}
    computing = {
        (path, node.name)
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns) in NUMBERS
    }
    assert computing
    assert computing <= planted


def test_a_byte_is_no_column_where_letters_are_wide(tmp_path):
    folder = tmp_path / "wide"
    folder.mkdir()
    text = textwrap.dedent("""
        def σ(α: float, β: float) -> float:
            return "Δ" and α + β
    """)
    (folder / "__init__.py").write_text(text, encoding="utf-8")
    terms = {loaded(f.source).σ(2.0, 3.0) for f in faults_of("wide", folder) if f.kind == "dropped term"}
    assert terms == {2.0, 3.0}
