from __future__ import annotations

import re

import numpy as np
import pytest

from handgrad.arrays import as_cotangent, as_real


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_floating_point_arrays_pass_as_they_are(dtype):
    array = np.ones((2, 3), dtype)
    assert as_real("f", "z", array) is array


@pytest.mark.parametrize("value", [2, False, [1, 2], [], np.array([[-3]], np.int16), np.array([True]), np.uint8(3)])
def test_integers_booleans_and_lists_become_float64(value):
    array = as_real("f", "z", value)
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, value)


def test_a_list_of_single_precision_numbers_stays_single():
    assert as_real("f", "z", [np.float32(1), np.float32(2)]).dtype == np.float32


@pytest.mark.parametrize(
    ("value", "dtype"), [(1j, "complex128"), (["a"], "<U1"), (None, "object"), ({}, "object"), (b"1", "|S1")]
)
def test_what_is_not_real_is_refused_by_function_and_argument(value, dtype):
    sentence = f"relu: z has dtype {dtype}, but real numbers are expected"
    with pytest.raises(TypeError, match=f"^{re.escape(sentence)}$"):
        as_real("relu", "z", value)


def test_a_cotangent_has_the_shape_of_the_output():
    cotangent = np.ones((4, 3))
    assert as_cotangent("relu", cotangent, (4, 3)) is cotangent
    assert as_cotangent("relu", 1, ()).dtype == np.float64


@pytest.mark.parametrize("shape", [(), (1,), (3,), (1, 3), (3, 4), (4, 3, 1)])
def test_a_cotangent_of_any_other_shape_is_refused(shape):
    sentence = f"relu.vjp: cotangent has shape {shape}, but the output of relu has shape (4, 3)"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        as_cotangent("relu", np.ones(shape), (4, 3))


def test_a_complex_cotangent_is_refused():
    with pytest.raises(TypeError, match=r"^relu\.vjp: cotangent has dtype complex128, but real numbers are expected$"):
        as_cotangent("relu", 1j, ())
