"""What was found on each page, kept in Sphinx's environment so that a page not read again is still judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sphinx.environment import BuildEnvironment

from equalsign.displays import Display
from equalsign.lint import Call
from equalsign.problem import Problem
from equalsign.record import Record


@dataclass(frozen=True)
class Checked:
    """A record together with the line of the check that left it."""

    record: Record
    line: int


@dataclass
class PageFindings:
    """Everything about one page."""

    source: str
    """The source file, relative to the root of the book."""
    cells: int = 0
    failed: bool = False
    """Whether its execution ended with an error."""
    calls: list[Call] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)
    displays: list[Display] = field(default_factory=list)
    cited: set[str] = field(default_factory=set)
    """Labels of the equations that the page refers to."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def claims(self) -> list[Display]:
        """The labelled displays that have to be checked."""
        return [display for display in self.displays if display.label and not display.is_definition]

    @property
    def definitions(self) -> list[Display]:
        """The displays that are marked as definitions."""
        return [display for display in self.displays if display.is_definition]


Findings = dict[str, PageFindings]


def findings(env: Any) -> Findings:
    """Return what was found so far, by the names of the documents; `env` is Sphinx's environment."""
    if not hasattr(env, "equalsign_findings"):
        env.equalsign_findings = {}
    found: Findings = env.equalsign_findings
    return found


def in_reading_order(env: BuildEnvironment) -> Findings:
    """Return what was found, page after page as the table of contents has them; other pages come last, by name."""
    found = findings(env)
    order = {docname: number for number, docname in enumerate(env.collect_relations())}
    return {docname: found[docname] for docname in sorted(found, key=lambda d: (order.get(d, len(order)), d))}


def all_checked(found: Findings) -> Iterator[tuple[str, Checked]]:
    """Yield every record in `found` with the name of its document."""
    for docname, page in found.items():
        for checked in page.checked:
            yield docname, checked


def merge(env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    """Take over what another process found on `docnames`."""
    theirs = findings(other)
    findings(env).update({docname: theirs[docname] for docname in docnames if docname in theirs})
