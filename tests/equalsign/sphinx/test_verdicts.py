"""A record becomes one line on its page; every other output is left to MyST-NB."""

from __future__ import annotations

from importlib.metadata import entry_points
from types import SimpleNamespace

import pytest
from docutils import nodes
from sphinx.addnodes import pending_xref

from equalsign import check, recording
from equalsign.record import MIME
from equalsign.sphinx.verdicts import VerdictRenderer, verdict_line

RENDERER = SimpleNamespace(renderer=SimpleNamespace(sphinx_env=SimpleNamespace(docname="chapter")))


def record(expected, **settings):
    with recording() as records:
        check("eq-a", [1.0, 2.0], [1.0, expected], **settings)
    return records[0]


def output(mime, content):
    return SimpleNamespace(mime_type=mime, content=content)


@pytest.mark.parametrize(("expected", "mark", "verdict"), [(2.0, "✓", "holds"), (3.0, "✗", "fails")])
def test_a_line_has_a_mark_a_link_to_the_equation_and_a_sentence(expected, mark, verdict):
    line = verdict_line(record(expected), "chapter")
    assert {"equalsign", "verdict", verdict} <= set(line["classes"])
    assert line.astext().startswith(f"{mark} eq-a {verdict}: ")
    [reference] = line.findall(pending_xref)
    assert (reference["refdomain"], reference["reftype"], reference["reftarget"]) == ("math", "eq", "eq-a")
    assert reference["refdoc"] == "chapter"


def test_the_reason_of_a_tolerance_of_its_own_is_shown():
    line = verdict_line(record(2.0, tolerance=1e-6, because="six digits are <printed>"), "chapter")
    assert "because six digits are <printed>" in line.astext()


def test_a_line_is_made_of_nodes_that_every_builder_knows():
    kinds = {type(node) for node in verdict_line(record(2.0), "chapter").findall()}
    assert kinds <= {nodes.container, nodes.paragraph, nodes.inline, nodes.literal, nodes.Text, pending_xref}


def test_a_record_is_rendered_from_the_json_of_a_notebook():
    found = record(3.0)
    [node] = VerdictRenderer.handle_mime(RENDERER, output(MIME, found.to_json()), False)
    assert node.astext() == verdict_line(found, "chapter").astext()


@pytest.mark.parametrize("mime", ["text/plain", "text/html", "image/svg+xml", "text/latex"])
def test_other_outputs_are_left_alone(mime):
    assert VerdictRenderer.handle_mime(RENDERER, output(mime, "x"), False) is None


def test_myst_nb_finds_the_renderer_by_its_entry_point():
    [found] = [e for e in entry_points(group="myst_nb.mime_renderers") if e.name == "equalsign"]
    assert found.load() is VerdictRenderer
