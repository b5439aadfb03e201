"""While a page is read: collect its checks from the executed notebook, and its displays from the document.

The records are read from the executed notebook and not from what is rendered, because an output that is removed on
its way to the page is still there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from equalsign.displays import Display, has_comment
from equalsign.lint import Cell, lint_page
from equalsign.problem import Problem
from equalsign.record import MIME, Record
from equalsign.sphinx.execution import executed_notebook
from equalsign.sphinx.findings import Checked, PageFindings, findings, merge
from equalsign.sphinx.sources import Page, StrayCell, read_page, stray_cells

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_LINE_BREAKS = ("<br />", r"\\")
"""What MyST makes of a line that ends with a backslash or two blanks."""


def connect(app: Sphinx) -> None:
    """Connect to the events of `app`, and take over from MyST-NB the cells that it cannot run."""
    app.add_directive("code-cell", StrayCell, override=True)
    app.connect("doctree-read", collect_page)
    app.connect("env-purge-doc", lambda app, env, docname: findings(env).pop(docname, None))
    app.connect("env-merge-info", lambda app, env, docnames, other: merge(env, docnames, other))


def collect_page(app: Sphinx, doctree: nodes.document) -> None:
    """Write down everything that the gate will want to know about the page just read."""
    env = app.env
    docname = env.docname
    page = read_page(env, docname)
    source = Path(env.doc2path(docname)).relative_to(app.srcdir).as_posix()
    found = PageFindings(source, cells=len(page.cells) + stray_cells(doctree))
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

    if found.cells > len(page.cells):
        problem(
            1,
            f"{found.cells} code cells are written, but {len(page.cells)} are executed: the page needs the header of "
            "a notebook (jupytext: text_representation: format_name: myst), and its cells must stand at the top level",
        )
    if page.notebook is None or not page.cells:
        return
    notebook, error = executed_notebook(env, docname, page.notebook)
    executed = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if error:
        found.failed = True
        problem(*_failure(page.cells, executed, error))
    for number, (cell, outputs) in enumerate(zip(page.cells, executed, strict=True)):
        lines: dict[str, list[int]] = {}
        for call in found.calls:
            if call.cell == number:
                lines.setdefault(call.label, []).append(call.line)
        for record in _records(outputs["outputs"]):
            places = lines.get(record.label, [cell.line])
            found.checked.append(Checked(record, places.pop(0) if len(places) > 1 else places[0]))
        for message in _output_problems(cell, outputs["outputs"], stopped=bool(error)):
            problem(cell.line, message)


def _failure(cells: list[Cell], executed: list[Any], error: str) -> tuple[int, str]:
    """Return the line on which a page came to its end, and why."""
    started = [number for number, cell in enumerate(executed) if cell["execution_count"] is not None]
    if not started:
        return 0, f"the page does not run: {error}"
    line = cells[started[-1]].line
    for output in executed[started[-1]]["outputs"]:
        # A cell that was stopped from outside ends with KeyboardInterrupt, which is not why it was stopped.
        if output["output_type"] == "error" and output["ename"] != "KeyboardInterrupt":
            error = f"{output['ename']}: {output['evalue']}"
            if place := re.search(r"Cell In\[\d+\], line (\d+)", _ANSI.sub("", "\n".join(output["traceback"]))):
                line += int(place[1]) - 1
    return line, f"the page does not run: {error}"


def _records(outputs: list[dict[str, Any]]) -> Iterator[Record]:
    for output in outputs:
        if data := output.get("data", {}).get(MIME):
            yield Record.from_json(data)


def _output_problems(cell: Cell, outputs: list[dict[str, Any]], *, stopped: bool) -> Iterator[str]:
    for output in outputs:
        data = output.get("data", {})
        if output["output_type"] == "error" and not stopped:
            yield f"the cell raises ({output['ename']}: {output['evalue']}), and nothing stopped the page"
        if output.get("name") == "stderr":
            yield (
                f"the cell writes to stderr ({_last_line(''.join(output['text']))!r}): a warning, or an exception in "
                "another thread, must not pass"
            )
        if {"text/html", "text/markdown"} & set(data) and MIME not in data:
            yield "the cell displays HTML or Markdown, which no checker can read: print text, or draw a picture"
        if data.get("text/plain", "").startswith("<IPython.core.display."):
            yield "the cell displays typed text as if it had been computed: write it in the page, where it is checked"
        if any(kind.startswith("image/") for kind in data):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            if not str(alt).strip():
                yield "the cell draws a picture without saying in words what it shows: set mystnb: image: alt:"


def _collect_displays(doctree: nodes.document, found: PageFindings) -> None:
    for node in doctree.findall(nodes.math_block):
        if _is_output(node):
            continue  # What SymPy displays was computed, not typed.
        display = Display(node.get("label"), _line(node), node.astext())
        found.displays.append(display)
        found.problems += [Problem(found.source, display.line, message) for message in display.problems()]
    for inline in doctree.findall(nodes.math):
        if has_comment(inline.astext()):
            message = "a TeX comment in a formula can swallow what stands after it: take it out"
            found.problems.append(Problem(found.source, _line(inline), message))
        if _between_dollars(inline):
            message = (
                "$$ inside a line makes no display, so no check can name it: give it lines of its own, and a label"
            )
            found.problems.append(Problem(found.source, _line(inline), message))
    for node in doctree.findall(lambda n: isinstance(n, nodes.raw | nodes.image)):
        if isinstance(node, nodes.Element) and not _is_output(node) and node.astext().strip() not in _LINE_BREAKS:
            kind = "raw HTML" if isinstance(node, nodes.raw) else "a picture that no cell has drawn"
            message = f"the page holds {kind}, where an equation would go unread: write MyST, or draw it in a cell"
            found.problems.append(Problem(found.source, _line(node), message))
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


def _line(node: nodes.Node) -> int:
    """Return the line of a node, or that of the nearest one around it which has a line."""
    while not node.line and node.parent is not None:
        node = node.parent
    return node.line or 0


def _between_dollars(node: nodes.Node) -> bool:
    """Say whether a formula in a line has dollars to spare on both sides."""
    line = node.parent.children
    place = line.index(node)
    before, after = ("".join(n.astext() for n in part) for part in (line[:place][-1:], line[place + 1 :][:1]))
    return before.endswith("$") and after.startswith("$")


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
