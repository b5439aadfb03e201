"""Show the record of a check as one quiet line with a link to its equation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from docutils import nodes
from sphinx.addnodes import pending_xref

from equalsign.record import MIME, Record


class VerdictRenderer:
    """MyST-NB's renderer for records; it leaves every other output alone."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [("*", MIME, 1)]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """Return the nodes for a record, or None for anything else."""
        if data.mime_type != MIME or inline:
            return None
        record = Record.from_json(data.content)
        return [verdict_line(record, renderer.renderer.sphinx_env.docname)]


def verdict_line(record: Record, docname: str) -> nodes.container:
    """Return one line: a mark, the equation's number, what was found."""
    mark = nodes.inline("", "✓ " if record.holds else "✗ ", classes=["mark"])
    line = nodes.paragraph("", "", mark, equation_reference(record.label, docname))
    line += nodes.Text(f" {record.sentence}")
    return nodes.container("", line, classes=["equalsign", "verdict", record.verdict], equalsign="verdict")


def equation_reference(label: str, docname: str) -> pending_xref:
    """Return a reference that becomes the number of the equation labelled `label`."""
    return pending_xref(
        "",
        nodes.literal("", label),
        refdomain="math",
        reftype="eq",
        reftarget=label,
        refdoc=docname,
        refexplicit=False,
        refwarn=False,  # A check that names no display is reported by the gate, with its line.
    )
