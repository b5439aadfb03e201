"""At the end of every build: judge the whole book, list everything that is wrong, and fail if anything is.

The findings of all pages are judged, also of those that were not read again, so that a build that failed fails again
when nothing was changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from sphinx.application import Sphinx
from sphinx.util import logging

from equalsign.environment import module_mark, python_mark
from equalsign.problem import Problem
from equalsign.sphinx.findings import Findings, PageFindings, all_checked, findings

logger = logging.getLogger(__name__)

# After the handlers of everybody else.
_LAST = 1000


def connect(app: Sphinx) -> None:
    """Connect to the events of `app`."""
    app.connect("build-finished", close, priority=_LAST)


def close(app: Sphinx, exception: Exception | None) -> None:
    """Report the state of the book, and set the exit status of the build."""
    if exception is not None:
        return
    found = findings(app.env)
    problems = sorted(judge(found, app.config.equalsign_under_test))
    checks = [checked.record for _, checked in all_checked(found)]
    logger.info("equalsign: %d of %d checks hold", sum(r.holds for r in checks), len(checks))
    for problem in problems:
        logger.error("%s", problem)
    if problems:
        logger.error("equalsign: this book is not in order (%d to mend, listed above)", len(problems))
        app.statuscode = 1


def judge(found: Findings, under_test: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield everything that keeps the book from being trusted."""
    labels = Counter(display.label for page in found.values() for display in page.displays if display.label)
    cited = {label for page in found.values() for label in page.cited}
    checked_labels = {checked.record.label for _, checked in all_checked(found)}
    marks = {"python": python_mark()} | {name: module_mark(name) for name in ("equalsign", *under_test)}
    for page in found.values():
        yield from page.problems
        yield from _failed_checks(page, marks)
        yield from _loose_ends(page)
        for display in page.displays:
            if display.label and labels[display.label] > 1:
                yield Problem(
                    page.source, display.line, f"{display.label}: the label is given to more than one display"
                )
            if display.is_definition and display.label not in cited | checked_labels:
                yield Problem(
                    page.source,
                    display.line,
                    f"{display.label}: nothing in the book refers to this definition or checks it",
                )
    if not checked_labels:
        yield Problem("the book", 0, "it has no check at all, so nothing in it is known to be right")


def _failed_checks(page: PageFindings, marks: dict[str, str]) -> Iterator[Problem]:
    for checked in page.checked:
        record = checked.record
        if not record.holds:
            yield Problem(page.source, checked.line, f"{record.label} {record.sentence}")
        strangers = sorted(n for n, mark in record.environment.items() if n in marks and mark != marks[n])
        if strangers:
            yield Problem(
                page.source,
                checked.line,
                f"{record.label}: the check ran with another {' and another '.join(strangers)} than this build uses; "
                "its kernel is not the environment that was installed (see 'jupyter kernelspec list')",
            )


def _loose_ends(page: PageFindings) -> Iterator[Problem]:
    """Yield checks without an equation, equations without a check, and checks that never ran."""
    shown = {display.label for display in page.displays}
    written = Counter(call.label for call in page.calls)
    recorded = Counter(checked.record.label for checked in page.checked)
    for call in page.calls:
        if call.label not in shown:
            yield Problem(page.source, call.line, f"{call.label}: the check names no display of this page")
    for checked in page.checked:
        if checked.record.label not in written:
            message = f"{checked.record.label}: this check ran, but its call does not stand in the text of the page"
            yield Problem(page.source, checked.line, message)
    if page.failed:
        return  # What did not run left no record.
    for call in page.calls:
        if not recorded[call.label]:
            yield Problem(page.source, call.line, f"{call.label}: the check was never run")
        elif recorded[call.label] < written[call.label]:
            counts = f"of {written[call.label]} checks, {recorded[call.label]} ran"
            yield Problem(page.source, call.line, f"{call.label}: {counts}")
    for claim in page.claims:
        if claim.label not in recorded:
            yield Problem(page.source, claim.line, f"{claim.label}: the equation is displayed, but nothing checks it")
    if (page.cells or page.displays) and not recorded:
        yield Problem(page.source, 0, "the page has code or equations, but no check")
