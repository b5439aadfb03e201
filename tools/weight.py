"""How many bytes a browser loads that visits a page for the first time."""

from __future__ import annotations

import functools
import gzip
import http.server
import importlib.util
import re
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

COMPRESSED = (".woff", ".woff2", ".png", ".jpg", ".gz")
"""Files that hold compressed data, and that servers send as they are."""

Weight = tuple[int, int]
"""Bytes before and after compression."""


def first_visits(site: Path, pages: Iterable[str]) -> tuple[dict[str, Weight], str]:
    """Weigh pages of `site`, and say how: in headless Chromium where there is one, by what the files name if not."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser and importlib.util.find_spec("playwright"):
        return _in_browser(site, pages, browser), "loaded in Chromium"
    return {page: weigh(site, _named_by(site, page)) for page in pages}, "by what its files name, without a browser"


def weigh(site: Path, files: Iterable[str]) -> Weight:
    """Add up files of `site`, each once."""
    raw = zipped = 0
    for file in sorted(set(files)):
        data = (site / file).read_bytes()
        raw += len(data)
        zipped += len(data) if file.endswith(COMPRESSED) else len(gzip.compress(data, 6))
    return raw, zipped


def _in_browser(site: Path, pages: Iterable[str], browser: str) -> dict[str, Weight]:
    from playwright.sync_api import sync_playwright  # Only where there is a browser.

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    weights = {}
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for page in pages:
            loaded: list[str] = []
            tab = chromium.new_context().new_page()  # With a cache of its own, which is empty.
            tab.on("response", lambda response, loaded=loaded: response.ok and loaded.append(response.url))
            tab.goto(f"http://127.0.0.1:{server.server_port}/{page}", wait_until="networkidle")
            weights[page] = weigh(site, (_file(url) for url in loaded))
            tab.context.close()
        chromium.close()
        server.shutdown()
    return weights


def _file(url: str) -> str:
    path = unquote(urlsplit(url).path).lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def _named_by(site: Path, page: str) -> set[str]:
    """Return a page and the scripts, styles, pictures and fonts that it and its styles name."""
    found = {page}
    pending = [page]
    while pending:
        file = pending.pop()
        text = (site / file).read_text(encoding="utf-8")
        named = re.findall(r"url\(['\"]?([^'\")]+)", text)
        if file.endswith(".html"):
            named = re.findall(r"<(?:script|img|source)\b[^>]*\bsrc=\"([^\"]+)", text)
            links = re.findall(r"<link\b[^>]*>", text)
            named += [
                href
                for link in links
                if re.search(r'rel="(?:stylesheet|preload|icon)', link)
                for href in re.findall(r'href="([^"]+)', link)
            ]
        for name in named:
            other = _file(urljoin(f"/{file}", name))
            if not urlsplit(name).scheme and other not in found and (site / other).is_file():
                found.add(other)
                pending += [other] if other.endswith(".css") else []
    return found
