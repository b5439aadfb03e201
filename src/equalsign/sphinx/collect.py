"""While a page is read: collect its checks from the executed notebook, and its displays from the document.

The records are read from the executed notebook and not from what is rendered, because an output that is removed on
its way to the page is still there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from equalsign.displays import Display
from equalsign.lint import Cell, lint_page
from equalsign.problem import Problem
from equalsign.record import MIME, Record
from equalsign.sphinx.execution import executed_notebook
from equalsign.sphinx.findings import Checked, PageFindings, findings, merge
from equalsign.sphinx.sources import Page, read_page


def connect(app: Sphinx) -> None:
    """Connect to the events of `app`."""
    app.connect("doctree-read", collect_page)
    app.connect("env-purge-doc", lambda app, env, docname: findings(env).pop(docname, None))
    app.connect("env-merge-info", lambda app, env, docnames, other: merge(env, docnames, other))


def collect_page(app: Sphinx, doctree: nodes.document) -> None:
    """Write down everything that the gate will want to know about the page just read."""
    env = app.env
    docname = env.docname
    page = read_page(env, docname)
    source = Path(env.doc2path(docname)).relative_to(app.srcdir).as_posix()
    found = PageFindings(source, cells=page.written)
    front_matter = dict(page.notebook.metadata) if page.notebook else {}
    front_matter.pop("source_map", None)
    found.calls, found.problems = lint_page(source, front_matter, page.cells, app.config.equalsign_under_test)
    _collect_execution(env, docname, page, found)
    _collect_displays(doctree, found)
    findings(env)[docname] = found
    _mark_definitions(doctree, found)
    _count_checks(doctree, found)


def _collect_execution(env: Any, docname: str, page: Page, found: PageFindings) -> None:
    def problem(line: int, message: str) -> None:
        found.problems.append(Problem(found.source, line, message))

    if page.written > len(page.cells):
        problem(
            1,
            f"{page.written} code cells are written, but {len(page.cells)} are executed: the page needs the header of "
            "a notebook (jupytext: text_representation: format_name: myst), and its cells must stand at the top level",
        )
    if page.notebook is None or not page.cells:
        return
    executed = NbMetadataCollector.get_exec_data(env, docname)
    if executed is None or not executed["succeeded"]:
        error = _last_line((executed or {}).get("traceback") or "it was not executed")
        problem(0, f"the page does not run: {error}")
    notebook = executed_notebook(env, docname, page.notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, (cell, outputs) in enumerate(zip(page.cells, cells, strict=True)):
        lines = {call.label: call.line for call in reversed(found.calls) if call.cell == number}
        for record in _records(outputs["outputs"]):
            found.checked.append(Checked(record, lines.get(record.label, cell.line)))
        for message in _output_problems(cell, outputs["outputs"]):
            problem(cell.line, message)


def _records(outputs: list[dict[str, Any]]) -> Iterator[Record]:
    for output in outputs:
        if data := output.get("data", {}).get(MIME):
            yield Record.from_json(data)


def _output_problems(cell: Cell, outputs: list[dict[str, Any]]) -> Iterator[str]:
    for output in outputs:
        data = output.get("data", {})
        if output.get("name") == "stderr":
            yield (
                f"the cell writes to stderr ({_last_line(''.join(output['text']))!r}): a warning, or an exception in "
                "another thread, must not pass"
            )
        if "text/html" in data and MIME not in data:
            yield "the cell displays HTML, which no checker can read: print text, or draw a picture"
        if any(kind.startswith("image/") for kind in data):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            if not str(alt).strip():
                yield "the cell draws a picture without saying in words what it shows: set mystnb: image: alt:"


def _collect_displays(doctree: nodes.document, found: PageFindings) -> None:
    for node in doctree.findall(nodes.math_block):
        if _is_output(node):
            continue  # What SymPy displays was computed, not typed.
        display = Display(node.get("label"), node.line or 0, node.astext())
        found.displays.append(display)
        found.problems += [Problem(found.source, display.line, message) for message in display.problems()]
    for node in doctree.findall(lambda n: isinstance(n, nodes.raw | nodes.image)):
        if isinstance(node, nodes.Element) and not _is_output(node):
            kind = "raw HTML" if isinstance(node, nodes.raw) else "a picture that no cell has drawn"
            message = f"the page holds {kind}, where an equation would go unread: write MyST, or draw it in a cell"
            found.problems.append(Problem(found.source, node.line or 0, message))
    for reference in doctree.findall(pending_xref):
        if reference.get("refdomain") == "math" and not _inside(reference, "equalsign", "verdict"):
            found.cited.add(reference["reftarget"])


def _mark_definitions(doctree: nodes.document, found: PageFindings) -> None:
    labels = {display.label for display in found.definitions}
    for node in list(doctree.findall(nodes.math_block)):
        if node.get("label") in labels:
            mark = nodes.inline("", "definition", classes=["equalsign", "definition-mark"])
            node.parent.insert(node.parent.index(node) + 1, nodes.paragraph("", "", mark, classes=["definition-line"]))


def _count_checks(doctree: nodes.document, found: PageFindings) -> None:
    """Say beneath the title how much of the page was checked."""
    if not found.checked:
        return
    hold = sum(checked.record.holds for checked in found.checked)
    text = f"{hold} of {len(found.checked)} checks hold, for {_count(len(found.claims), 'equation')}"
    if found.definitions:
        text += f"; {_count(len(found.definitions), 'definition')}"
    line = nodes.paragraph("", f"{text}.", classes=["equalsign", "page-count"])
    for title in doctree.findall(nodes.title):
        title.parent.insert(title.parent.index(title) + 1, line)
        return


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _is_output(node: nodes.Node) -> bool:
    return _inside(node, "nb_element", "cell_code_output") or _inside(node, "nb_element", "mime_bundle")


def _inside(node: nodes.Node, key: str, value: str) -> bool:
    parent = node.parent
    while parent is not None:
        if isinstance(parent, nodes.Element) and parent.get(key) == value:
            return True
        parent = parent.parent
    return False


def _last_line(text: str) -> str:
    return ([line.strip() for line in text.splitlines() if line.strip()] or [""])[-1]
