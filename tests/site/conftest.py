"""The built site, a local server for it, and one headless Chromium for all tests of this folder."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

SITE = Path(__file__).parents[2] / "_build" / "html"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def html_files() -> list[str]:
    """Return the addresses of the built pages, relative to the site; none while it is not built."""
    return sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if "_static" not in path.parts)


def chapters() -> list[str]:
    """Return the pages that come from notebooks."""
    return [page for page in html_files() if (SITE / "_sources" / page).with_suffix(".ipynb").exists()]


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


class Visit:
    """One page of the browser with the network cut, and what it asked for and complained about."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self.server = server
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page: Page = context.new_page()
        self.page.route("**/*", self._cut)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._see)

    def open(self, name: str) -> Page:
        """Go to a page of the site and wait until its formulas are set."""
        self.page.goto(self.server + name, wait_until="load")
        self.page.evaluate("window.MathJax?.startup?.promise?.then(() => document.fonts.ready).then(() => true)")
        return self.page

    def _cut(self, route: Route) -> None:
        if route.request.url.startswith((self.server, "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def _hear(self, message: object) -> None:
        if message.type in ("error", "warning"):  # type: ignore[attr-defined]
            self.complaints.append(message.text)  # type: ignore[attr-defined]

    def _see(self, response: object) -> None:
        if response.status >= 400:  # type: ignore[attr-defined]
            self.complaints.append(f"{response.status} {response.url}")  # type: ignore[attr-defined]


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
