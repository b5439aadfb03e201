"""What the gate says of findings, whatever build they come from."""

from __future__ import annotations

import dataclasses

import pytest

from equalsign import check, recording
from equalsign.displays import Display
from equalsign.lint import Call
from equalsign.problem import Problem
from equalsign.sphinx.findings import Checked, PageFindings, findings, merge
from equalsign.sphinx.gate import judge


def record(label="eq-a", got=1.0, expected=1.0):
    with recording() as records:
        check(label, got + 0.0, expected + 0.0)
    return records[0]


def page(source="a.md", **changes):
    """Return the findings of a page in order: one claim on line 3, one check on line 9 that holds."""
    found = PageFindings(
        source,
        cells=1,
        calls=[Call("eq-a", 0, 9)],
        checked=[Checked(record(), 9)],
        displays=[Display("eq-a", 3, "y = x")],
    )
    return dataclasses.replace(found, **changes)


def sentences(*pages, under_test=()):
    return [str(problem) for problem in sorted(judge({p.source: p for p in pages}, under_test))]


def test_a_page_in_order_is_passed():
    assert sentences(page(), page("b.md", cells=0, calls=[], checked=[], displays=[])) == []


def test_a_failing_check_is_named_with_chapter_line_label_error_tolerance_index_and_both_values():
    with recording() as records:
        check("eq-a", [[1.0, 2.0], [3.0, 5.0]], [[1.0, 2.0], [3.0, 4.0]])
    assert sentences(page(checked=[Checked(records[0], 9)])) == [
        "a.md:9: eq-a fails: worst error 1 at [1, 1], where 1e-14 is allowed: got 5.0, expected 4.0"
    ]


def test_every_failure_of_every_page_is_listed_in_order():
    failing = [Checked(record(got=2.0), 9), Checked(record(got=3.0), 10)]
    calls = [Call("eq-a", 0, 9), Call("eq-a", 0, 10)]
    pages = [page(source, checked=failing, calls=calls, displays=[]) for source in ("b.md", "a.md")]
    failures = [sentence.split(" fails")[0] for sentence in sentences(*pages) if "fails" in sentence]
    assert failures == ["a.md:9: eq-a", "a.md:10: eq-a", "b.md:9: eq-a", "b.md:10: eq-a"]


def test_one_label_on_two_displays_is_refused_on_both():
    double = page(displays=[Display("eq-a", 3, "y = x"), Display("eq-a", 5, "y = z")])
    words = "eq-a: the label is given to more than one display"
    assert sentences(double) == [f"a.md:3: {words}", f"a.md:5: {words}"]
    assert sentences(page(), page("b.md")) == [f"a.md:3: {words}", f"b.md:3: {words}"]


def test_a_claim_and_its_check_stand_on_one_page():
    lonely = page(displays=[]), page("b.md", calls=[], checked=[])
    assert sentences(*lonely) == [
        "a.md:9: eq-a: the check names no display of this page",
        "b.md: the page has code or equations, but no check",
        "b.md:3: eq-a: the equation is displayed, but nothing checks it",
    ]


def test_a_definition_is_used_somewhere_in_the_book():
    defining = page(displays=[Display("eq-a", 3, "y = x"), Display("def-b", 5, "b = 1")])
    assert sentences(defining) == ["a.md:5: def-b: nothing in the book refers to this definition or checks it"]
    assert sentences(defining, page("c.md", cells=0, calls=[], checked=[], displays=[], cited={"def-b"})) == []


def test_a_check_that_is_written_has_run():
    assert sentences(page(calls=[Call("eq-a", 0, 9), Call("eq-a", 1, 12)])) == [
        "a.md:9: eq-a: of 2 checks, 1 ran",
        "a.md:12: eq-a: of 2 checks, 1 ran",
    ]
    assert "a.md:9: eq-a: the check was never run" in sentences(page(checked=[]))


def test_a_check_in_a_loop_may_run_more_often_than_it_is_written():
    assert sentences(page(checked=[Checked(record(), 9)] * 3)) == []


def test_a_check_that_ran_is_written_on_the_page():
    stray = Checked(record("eq-b"), 8)
    assert sentences(page(checked=[Checked(record(), 9), stray])) == [
        "a.md:8: eq-b: this check ran, but its call does not stand in the text of the page"
    ]


def test_of_a_page_that_failed_only_the_failure_is_told():
    failure = Problem("a.md", 7, "the page does not run: ZeroDivisionError: division by zero")
    assert sentences(
        page(failed=True, checked=[], problems=[failure]),
        page(
            "b.md", displays=[Display("eq-b", 1, "")], calls=[Call("eq-b", 0, 2)], checked=[Checked(record("eq-b"), 2)]
        ),
    ) == [str(failure)]


@pytest.mark.parametrize("stranger", ["python", "toy", "equalsign"])
def test_a_check_that_ran_in_another_environment_is_refused(stranger):
    there = dataclasses.replace(record(), environment={stranger: "elsewhere"})
    [sentence] = sentences(page(checked=[Checked(there, 9)]), under_test=["toy"])
    assert sentence.startswith(f"a.md:9: eq-a: the check ran with another {stranger} than this build uses; its kernel")


def test_a_local_package_that_is_not_under_test_may_be_anywhere():
    there = dataclasses.replace(record(), environment={"helper": "elsewhere"})
    assert sentences(page(checked=[Checked(there, 9)]), under_test=["toy"]) == []


def test_a_book_without_any_check_is_refused():
    assert sentences(page(cells=0, calls=[], checked=[], displays=[])) == [
        "the book: it has no check at all, so nothing in it is known to be right"
    ]


def test_what_another_process_found_is_taken_over_for_its_own_pages():
    class Environment:
        pass

    ours, theirs = Environment(), Environment()
    findings(ours)["a"] = page("ours.md")
    findings(theirs).update({"a": page("theirs.md"), "b": page("b.md")})
    merge(ours, ["b", "c"], theirs)
    assert {name: found.source for name, found in findings(ours).items()} == {"a": "ours.md", "b": "b.md"}
