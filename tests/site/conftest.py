"""A local server for the built site, and one headless Chromium for all tests of this folder."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from visits import SITE, Visit, chapters, html_files

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for every page, or every chapter, when it asks for one."""
    for name, pages in (("page_name", html_files), ("chapter", chapters)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, pages() or ["index.html"])


@pytest.fixture(scope="session")
def site() -> Path:
    if not (SITE / "index.html").exists():
        pytest.fail(
            f"The site is not built: run `python3 dev.py book` first, which makes {SITE.parent.name}/{SITE.name}."
        )
    return SITE


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """Serve the site on a free port of this machine, as a web host would: 404.html for any wrong address."""

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None: ...

        def list_directory(self, path: object) -> None:
            self.send_error(404)

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            body = (site / "404.html").read_bytes()
            self.send_response(code, message)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site))) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    named = os.environ.get("CHROMIUM")
    program = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if program is None:
        sentence = (
            "No Chromium was found: install it (Debian: `apt-get install chromium`; macOS: "
            "`brew install chromium`), or name the program in the environment variable CHROMIUM."
        )
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Visit]:
    """Return a visit with an empty cache, on a desktop."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    yield Visit(context, server)
    context.close()


@pytest.fixture(scope="module")
def browsing(browser: Browser, server: str) -> Iterator[Visit]:
    """Return a visit that many tests share, so that its scripts are loaded once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    yield Visit(context, server)
    context.close()
