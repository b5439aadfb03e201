"""The ledger: every check of the book on one page, and the same for machines in ``checks.json``."""

from __future__ import annotations

import hashlib
import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from equalsign.sphinx.findings import Checked, Findings, all_checked, findings, in_reading_order

SCHEMA = "checks.schema.json"
VERSION = 1
"""Version of the format of ``checks.json``; it changes when a field changes its meaning or goes away."""


def connect(app: Sphinx) -> None:
    """Connect to the events of `app`, and add the directive and the role."""
    app.add_directive("ledger", LedgerDirective)
    app.add_role("checks", CountRole())
    app.connect("env-updated", pages_to_rewrite)
    app.connect("doctree-resolved", fill_in)
    app.connect("build-finished", write_json)


class LedgerDirective(SphinxDirective):
    """``{ledger}``: the table of all checks; it has no options."""

    def run(self) -> list[nodes.Node]:
        """Return a place to be filled in when all pages are known."""
        return [nodes.container("", equalsign="ledger")]


class CountRole(SphinxRole):
    """``{checks}`` with ``checks``, ``holding``, ``equations``, ``definitions`` or ``pages``: a live count."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return a place to be filled in when all pages are known."""
        if self.text not in summary({}):
            message = f"checks: there is no count {self.text!r}; there are {', '.join(summary({}))}"
            error = self.inliner.reporter.error(message, line=self.lineno)
            return [], [error]
        return [nodes.inline("", "", equalsign="count", count=self.text)], []


def summary(found: Findings) -> dict[str, int]:
    """Count what the book holds."""
    records = [checked.record for _, checked in all_checked(found)]
    return {
        "checks": len(records),
        "holding": sum(record.holds for record in records),
        "equations": sum(len(page.claims) for page in found.values()),
        "definitions": sum(len(page.definitions) for page in found.values()),
        "pages": sum(bool(page.checked) for page in found.values()),
    }


def as_json(found: Findings, title: str, release: str) -> dict[str, Any]:
    """Return the ledger in the form that ``checks.schema.json`` documents."""
    checks = []
    for docname, checked in all_checked(found):
        fields = checked.record.to_json()
        del fields["environment"]
        checks.append({"document": docname, "line": checked.line, **fields})
    displays = [
        {
            "document": docname,
            "line": display.line,
            "label": display.label,
            "kind": "definition" if display.is_definition else "claim",
            "latex": display.latex.strip(),
            "checks": sum(checked.record.label == display.label for checked in page.checked),
        }
        for docname, page in found.items()
        for display in page.displays
    ]
    return {
        "version": VERSION,
        "book": title,
        "release": release,
        "summary": summary(found),
        "checks": checks,
        "displays": displays,
    }


def pages_to_rewrite(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages that show counts or the ledger, if those have changed since they were written."""
    state = json.dumps(as_json(in_reading_order(env), "", ""), sort_keys=True)
    digest = hashlib.sha256(state.encode()).hexdigest()
    # Builders share the environment, and each has written pages of its own.
    written: dict[str, str] = env.__dict__.setdefault("equalsign_digests", {})
    if written.get(app.builder.name) == digest:
        return []
    written[app.builder.name] = digest
    return [d for d in env.found_docs if any(True for _ in _places(env.get_doctree(d)))]


def _places(doctree: nodes.document) -> list[nodes.Element]:
    return [n for n in doctree.findall(nodes.Element) if n.get("equalsign") in ("ledger", "count")]


def fill_in(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the places for counts and the ledger by what is now known."""
    for place in _places(doctree):
        if place["equalsign"] == "count":
            place += nodes.Text(str(summary(findings(app.env))[place["count"]]))
        else:
            place += _tables(app, docname)
        del place["equalsign"]


def _tables(app: Sphinx, docname: str) -> list[nodes.Node]:
    parts: list[nodes.Node] = []
    for page_name, page in in_reading_order(app.env).items():
        if not page.checked:
            continue
        title = app.env.titles[page_name].astext()
        parts.append(nodes.rubric("", title))
        rows = [_row(app, docname, one) for one in page.checked]
        parts.append(_table(["equation", "verdict", "entries", "worst error", "allowed"], rows))
        checked = {one.record.label for one in page.checked}
        if unchecked := [display for display in page.definitions if display.label not in checked]:
            line = nodes.paragraph("", "Defined, not checked: ")
            for number, display in enumerate(unchecked):
                line += [nodes.Text(", " if number else ""), _equation(app, docname, str(display.label))]
            parts.append(line)
    return parts


def _row(app: Sphinx, docname: str, checked: Checked) -> list[nodes.Node]:
    record = checked.record
    error, allowed = ("–" if x is None else f"{x:.2g}" for x in (record.error, record.allowed))
    verdict = ("✓ " if record.holds else "✗ ") + (record.verdict if record.holds else record.sentence)
    label = nodes.literal("", record.label)
    equation = nodes.inline("", "", _equation(app, docname, record.label), nodes.Text(" "), label)
    texts = (verdict, f"{record.entries}, {record.dtype}", error, allowed)
    return [equation, *map(nodes.Text, texts)]


def _equation(app: Sphinx, docname: str, label: str) -> nodes.Node:
    """Return the number of an equation, as a link to it; its label, if there is no such equation."""
    domain = app.env.get_domain("math")
    text = nodes.literal("", label)
    reference = domain.resolve_xref(app.env, docname, app.builder, "eq", label, nodes.pending("x"), text)
    return reference if reference is not None else text


def _table(head: list[str], rows: list[list[nodes.Node]]) -> nodes.table:
    group = nodes.tgroup("", *(nodes.colspec("", colwidth=1) for _ in head), cols=len(head))
    group += nodes.thead("", _table_row([nodes.Text(text) for text in head]))
    group += nodes.tbody("", *map(_table_row, rows))
    return nodes.table("", group, classes=["equalsign", "ledger"])


def _table_row(cells: list[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def write_json(app: Sphinx, exception: Exception | None) -> None:
    """Write ``checks.json`` and its schema into the built site."""
    if exception is not None or app.builder.format != "html":
        return
    ledger = as_json(in_reading_order(app.env), app.config.project, app.config.release)
    out = Path(app.outdir)
    (out / "checks.json").write_text(json.dumps(ledger, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    with resources.as_file(resources.files("equalsign").joinpath(SCHEMA)) as schema:
        shutil.copyfile(schema, out / SCHEMA)
