"""What every page says of itself: its notebook, its description, its version, and where it is kept."""

from __future__ import annotations

import re
import shutil
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

DISTRIBUTION = "gradients-by-hand"
DESCRIPTION_LENGTH = 200

_FORMULA_AND_STOP = re.compile(r'<span class="math notranslate nohighlight">[^<]*</span>[.,;:?!)]+')


def state_version(app: Sphinx, config: Config) -> None:
    """Take the version of the book from its installed package.

    Raises
    ------
    ConfigError
        If the package is not installed.
    """
    try:
        config.release = config.version = version(DISTRIBUTION)
    except PackageNotFoundError:
        raise ConfigError(
            f"The package {DISTRIBUTION} is not installed, so the book has no version: "
            "run `pip install -r requirements.txt` first."
        ) from None
    config.project = config.html_title


def link_repository(app: Sphinx, config: Config) -> None:
    """Show the buttons that lead to the repository when its address is set, and none while it is not."""
    known = bool(config.html_theme_options.get("repository_url"))
    for button in ("use_repository_button", "use_issues_button"):
        config.html_theme_options[button] = known


def offer_notebook(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the executed notebook of a page into the site and name it to the theme, whose menu links to it."""
    if "kernelspec" not in app.env.metadata.get(page, {}):
        return
    executed = Path(app.outdir).parent / "jupyter_execute" / f"{page}.ipynb"
    target = Path(app.outdir, "_sources", f"{page}.ipynb")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(executed, target)
    context["ipynb_source"] = f"{page}.ipynb"


def describe(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Describe a page to search engines by its first sentences without formulas, unless it describes itself."""
    if doctree is None or 'name="description"' in context.get("metatags", ""):
        return
    description = first_sentences(doctree)
    if description:
        context["metatags"] = f'{context["metatags"]}<meta name="description" content="{escape(description)}">\n'


def first_sentences(doctree: nodes.document) -> str:
    """Return sentences from the first paragraphs of `doctree`: whole ones, and none that holds a formula."""
    chosen = ""
    for paragraph in doctree.findall(nodes.paragraph):
        if not isinstance(paragraph.parent, nodes.section):
            continue
        text = "".join(
            "\0" if isinstance(part, nodes.math) else part.astext()
            for part in paragraph.findall(lambda node: isinstance(node, nodes.Text | nodes.math))
            if not isinstance(part.parent, nodes.math)
        )
        for sentence in re.split(r"(?<=[.!?])\s+", " ".join(text.split())):
            if "\0" in sentence or not sentence.endswith((".", "!", "?")):
                continue
            if len(chosen) + len(sentence) > DESCRIPTION_LENGTH:
                return chosen or sentence[:DESCRIPTION_LENGTH].rpartition(" ")[0] + " …"
            chosen = f"{chosen} {sentence}".strip()
    return chosen


def mend_markup(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Mend what other extensions write.

    A role that ARIA withdrew, the same identifier in box after box, and a full stop that a formula before it leaves
    to begin the next line.
    """
    if "body" in context:
        body = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')
        body = re.sub(r' id="(?:exercise|solution|proof)-content"', "", body)
        context["body"] = _FORMULA_AND_STOP.sub(r'<span class="unbroken">\g<0></span>', body)


def state_root(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Tell the page for wrong addresses, shown at any depth, where the site begins, as far as that is known."""
    if page == "404":
        context["site_url"] = app.config.html_baseurl
        context["site_root"] = urlsplit(app.config.html_baseurl).path.rstrip("/") + "/"
