"""`check`: what it records, where it shows it, and what it refuses."""

from __future__ import annotations

import atexit
import json
import re
import threading

import numpy as np
import pytest
import sympy
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from equalsign import Record, check, recording
from equalsign.environment import environment
from equalsign.record import MIME

z = sympy.Symbol("z", real=True)


def recorded(*arguments, **options):
    with recording() as records:
        check(*arguments, **options)
    (record,) = records
    return record


def raises(kind, sentence):
    return pytest.raises(kind, match=f"^{re.escape(sentence)}$")


class TestRecord:
    def test_a_check_that_holds(self):
        record = recorded("eq-a", np.ones((2, 3)), np.full((2, 3), 1 + 1e-15), scale=2.0, terms=4)
        assert record.holds
        assert (record.label, record.entries, record.shape, record.dtype) == ("eq-a", 6, (2, 3), "float64")
        assert (record.terms, record.because, record.environment) == (4, None, environment())
        assert 0 < record.error <= record.allowed
        assert record.message.startswith("6 entries, worst error 1.1e-15 where ")

    def test_a_check_that_fails_does_not_raise(self):
        record = recorded("eq-a", [[1.0, 2.0]], [[1.0, 3.0]])
        assert (record.verdict, record.index, record.got, record.expected, record.error) == ("fails", (0, 1), 2, 3, 1)

    @pytest.mark.parametrize(
        ("got", "expected"), [(np.nan, np.nan), (np.ones(3), np.ones((4, 3))), ([], []), (np.float32(1), 1.0)]
    )
    def test_what_cannot_be_compared_fails(self, got, expected):
        assert not recorded("eq-a", np.array(got), np.array(expected)).holds

    def test_a_tolerance_with_its_reason(self):
        record = recorded("eq-a", 0.333, 0.33302, tolerance=1e-4, because="the source prints three digits")
        assert record.holds
        assert record.because == "the source prints three digits"

    def test_a_length_from_numpy_is_still_json(self):
        record = recorded("eq-a", 1.0, 2.0, terms=np.int64(3))
        assert json.loads(json.dumps(record.to_json()))["terms"] == 3

    def test_symbols(self):
        record = recorded("eq-a", sympy.diff(sympy.tanh(z), z), sympy.sech(z) ** 2)
        assert (record.verdict, record.dtype) == ("holds", "50 digits")
        record = recorded("eq-a", sympy.diff(sympy.tanh(z), z), 1 + sympy.tanh(z) ** 2)
        assert record.verdict == "fails"
        assert record.message.startswith("at z = ")

    def test_matrices_of_symbols(self):
        assert recorded("eq-a", sympy.Matrix([[z, 1]]).T, sympy.Matrix([z, 1])).holds
        record = recorded("eq-a", sympy.Matrix([[z, 1]]), sympy.Matrix([[z, 2]]))
        assert (record.holds, record.index, record.shape) == (False, (0, 1), (1, 2))

    def test_an_expression_and_a_number(self):
        assert recorded("eq-a", z - z, 0).holds
        assert not recorded("eq-a", 2, sympy.Integer(3)).holds

    def test_the_points_follow_from_the_label(self):
        one, again, other = (recorded(label, z, 2 * z).message for label in ("eq-a", "eq-a", "eq-b"))
        assert one == again != other


class TestRefusals:
    @pytest.mark.parametrize("label", ["", None, 3])
    def test_a_check_without_a_label(self, label):
        with raises(ValueError, f"check: the label must name a displayed equation, but it is {label!r}"):
            check(label, 1.0, 1.5)

    @pytest.mark.parametrize(
        "options",
        [{"tolerance": 1e-6}, {"tolerance": 1e-6, "because": " "}, {"because": "it is rounded"}],
        ids=["no reason", "blank reason", "no tolerance"],
    )
    def test_a_tolerance_and_its_reason_only_come_together(self, options):
        with raises(ValueError, "check eq-a: a tolerance of its own and the reason for it (because=) go together"):
            check("eq-a", 1.0, 1.5, **options)

    def test_a_tolerance_beyond_the_bound_even_with_a_reason(self):
        with raises(ValueError, "check: tolerance is 0.01, but it must be above 0 and at most 0.0001"):
            check("eq-a", 1.0, 1.5, tolerance=0.01, because="two digits are printed")

    @pytest.mark.parametrize(
        "same", [np.ones(3), [1.0], 0.25, sympy.Matrix([z])], ids=["array", "list", "float", "matrix"]
    )
    def test_one_object_on_both_sides(self, same):
        with raises(ValueError, "check eq-a: both sides are one and the same object, so the check could not fail"):
            check("eq-a", same, same)

    @pytest.mark.parametrize("shared", [3, True, sympy.Integer(0), sympy.cos(z)])
    def test_objects_that_python_and_sympy_share_are_no_mistake(self, shared):
        assert recorded("eq-a", shared, shared).holds

    def test_an_expression_beside_an_array(self):
        sentence = "check eq-a: one side is a SymPy expression and the other an array"
        for sides in ((z, np.ones(3)), (np.ones(3), z)):
            with raises(TypeError, sentence):
                check("eq-a", *sides)

    @pytest.mark.parametrize(
        "options",
        [{"scale": 2.0}, {"terms": 3}, {"tolerance": 1e-6, "because": "it is rounded"}],
        ids=lambda o: next(iter(o)),
    )
    def test_a_tolerance_for_symbols(self, options):
        with raises(ValueError, "check eq-a: SymPy expressions are compared at fifty digits, without a tolerance"):
            check("eq-a", z, 2 * z, **options)

    def test_complex_numbers(self):
        with raises(TypeError, "check: got has dtype complex128, but only real numbers can be compared"):
            check("eq-a", 1j, 1.0)

    def test_a_refused_check_leaves_no_record(self):
        with recording() as records, pytest.raises(ValueError, match="label"):
            check("", 1.0, 2.0)
        assert records == []


class TestRecording:
    def test_records_stand_in_the_order_of_the_checks(self, capsys):
        with recording() as records:
            check("eq-a", 1.0, 2.0)
            check("eq-b", 0.1 + 0.2, 0.3)
        assert [(record.label, record.holds) for record in records] == [("eq-a", False), ("eq-b", True)]
        assert capsys.readouterr().out == ""

    def test_the_innermost_collects_and_the_outer_goes_on_afterwards(self):
        with recording() as outer:
            check("eq-a", 1.0, 2.0)
            with recording() as inner:
                check("eq-b", 1.0, 2.0)
            check("eq-c", 1.0, 2.0)
        assert [record.label for record in outer] == ["eq-a", "eq-c"]
        assert [record.label for record in inner] == ["eq-b"]

    def test_an_exception_ends_it(self, capsys):
        with pytest.raises(ZeroDivisionError), recording() as records:
            raise ZeroDivisionError
        check("eq-a", 1.0, 2.0)
        assert records == []
        assert capsys.readouterr().out.startswith("✗ eq-a fails: ")

    def test_a_check_in_another_thread_is_shown_and_not_swallowed(self, capsys):
        with recording() as records:
            thread = threading.Thread(target=check, args=("eq-a", 1.0, 2.0))
            thread.start()
            thread.join()
        assert len(records) + capsys.readouterr().out.count("✗ eq-a") == 1


def test_outside_a_notebook_the_verdict_is_printed(capsys):
    assert check("eq-a", [1.0, 2.0], [1.0, 2.0]) is None
    assert re.fullmatch(r"✓ eq-a holds: 2 entries, worst error 0 where \S+ is allowed\n", capsys.readouterr().out)


@pytest.fixture
def shell(monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    yield shell
    shell.atexit_operations()
    atexit.unregister(shell.atexit_operations)
    InteractiveShell.clear_instance()


class TestInANotebook:
    def test_every_check_of_a_cell_is_displayed_as_its_record(self, shell):
        with capture_output() as captured:
            result = shell.run_cell(
                'from equalsign import check\ncheck("eq-a", [1.0], [2.0])\ncheck("eq-b", 0.1 + 0.2, 0.3)\nx = 1\n'
            )
        assert result.success
        records = [Record.from_json(output.data[MIME]) for output in captured.outputs]
        assert [(record.label, record.verdict) for record in records] == [("eq-a", "fails"), ("eq-b", "holds")]
        for record, output in zip(records, captured.outputs, strict=True):
            assert output.data["text/plain"] == str(record)
            assert output.data["text/html"].startswith("<p>")
        assert captured.stdout == ""

    def test_a_failing_check_lets_the_cell_go_on(self, shell):
        with capture_output():
            assert shell.run_cell('from equalsign import check\ncheck("eq-a", 1.0, 2.0)\nreached = True').success
        assert shell.user_ns["reached"]

    def test_a_check_is_no_value_that_a_cell_could_display_twice(self, shell):
        with capture_output() as captured:
            assert shell.run_cell('from equalsign import check\ncheck("eq-a", 1.0, 2.0)').result is None
        assert len(captured.outputs) == 1
