"""The files of the built site, read without a browser."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from visits import SITE, html_files

OTHER_HOST = re.compile(r"""(?:src|srcset)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import\s+["']//""")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|Users|root|tmp|work|usr|var|private)/[\w.-]+|[A-Z]:\\\\")


@cache
def parsed(page: str) -> BeautifulSoup:
    """Return a page of the site as a tree."""
    return BeautifulSoup((SITE / page).read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(page: str) -> frozenset[str]:
    """Return all that a fragment may name on a page."""
    return frozenset(tag["id"] for tag in parsed(page).find_all(id=True)) | {"", "top"}


def test_every_link_of_a_page_leads_to_a_file_and_an_anchor_of_the_site(site: Path, page_name: str) -> None:
    broken = []
    for tag in parsed(page_name).find_all(["a", "link", "script", "img", "source", "form", "object"]):
        for attribute in ("href", "src", "action", "data"):
            address = tag.get(attribute)
            parts = urlsplit(address or "data:")
            # 404.html is shown at any depth, so its links start at the top of the site.
            if parts.scheme or parts.netloc or (page_name == "404.html" and parts.path.startswith("/")):
                continue
            target = (site / page_name).parent / unquote(parts.path) if parts.path else site / page_name
            if not target.resolve().is_file():
                broken.append(f"{address} (no such file)")
            elif target.suffix == ".html" and tag.name == "a":
                name = target.resolve().relative_to(site.resolve()).as_posix()
                if unquote(parts.fragment) not in anchors(name):
                    broken.append(f"{address} (no such anchor)")
    assert broken == []


def test_no_identifier_stands_twice_on_a_page(site: Path, page_name: str) -> None:
    identifiers = [tag["id"] for tag in parsed(page_name).find_all(id=True)]
    assert sorted({name for name in identifiers if identifiers.count(name) > 1}) == []


def test_every_image_of_a_page_has_a_text_that_says_what_it_shows(site: Path, page_name: str) -> None:
    images = [tag for tag in parsed(page_name).find_all("img") if tag.get("role") != "presentation"]
    file_names = re.compile(r"^(|\S*/\S*|\S+\.(svg|png))$")
    assert [str(tag) for tag in images if file_names.match(tag.get("alt", ""))] == []


def test_a_page_names_no_other_host_for_its_parts(site: Path, page_name: str) -> None:
    assert OTHER_HOST.findall((site / page_name).read_text(encoding="utf-8")) == []
    assert "thebe" not in (site / page_name).read_text(encoding="utf-8").lower()


def test_a_page_says_its_version_and_links_to_no_unknown_address(site: Path, page_name: str) -> None:
    text = (site / page_name).read_text(encoding="utf-8")
    if page_name != "404.html":
        assert f"Gradients by Hand {version('gradients-by-hand')}" in parsed(page_name).find(class_="colophon").text
    canonical = parsed(page_name).find("link", rel="canonical")
    assert canonical is None or canonical["href"].startswith("https://")
    assert "executablebooks/jupyter-book" not in text
    assert not parsed(page_name).find("a", href="")


def test_a_description_is_prose_without_tex(site: Path, chapter: str) -> None:
    described = parsed(chapter).find_all("meta", attrs={"name": "description"})
    assert len(described) == 1
    assert 20 <= len(described[0]["content"]) <= 320
    assert not re.search(r"[\\${}]", described[0]["content"])


def test_every_icon_of_a_page_is_drawn(site: Path, page_name: str) -> None:
    drawn = set(re.findall(r"^\.(fa-[a-z-]+) ", (site / "_static" / "icons.css").read_text(), re.MULTILINE))
    used = {
        name
        for tag in parsed(page_name).find_all(class_=re.compile("^fa"))
        for name in tag["class"]
        if name.startswith("fa-") and name not in ("fa-solid", "fa-brands", "fa-lg")
    }
    assert used <= drawn


def test_the_notebook_of_a_chapter_is_executed_and_names_no_path_of_a_machine(site: Path, chapter: str) -> None:
    file = (site / "_sources" / chapter).with_suffix(".ipynb")
    text = file.read_text(encoding="utf-8")
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    assert cells, "a notebook without code"
    assert all(cell["execution_count"] for cell in cells)
    assert MACHINE_PATH.findall(text) == []
    links = [tag["href"] for tag in parsed(chapter).select("a.btn-download-notebook-button")]
    assert len(links) == 1
    assert ((site / chapter).parent / links[0]).resolve() == file.resolve()


@pytest.mark.parametrize("name", [".nojekyll", "404.html", "search.html", "searchindex.js", "objects.inv"])
def test_the_site_holds(site: Path, name: str) -> None:
    assert (site / name).is_file()


def test_equations_do_not_share_a_number(site: Path) -> None:
    numbers = [next(tag.strings) for page in html_files() for tag in parsed(page).select("div.math > span.eqno")]
    assert sorted({number for number in numbers if numbers.count(number) > 1}) == []


def test_no_file_is_published_that_no_page_needs(site: Path) -> None:
    heavy = [file.relative_to(site).as_posix() for file in site.rglob("*") if file.stat().st_size > 500_000]
    assert [name for name in heavy if not name.endswith(".map")] == []
    assert not list(site.rglob("*fontawesome*"))
    assert not list(site.rglob("*thebe*"))
