"""The built site, and visits to its pages."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Route

SITE = Path(__file__).parents[2] / "_build" / "html"


def html_files() -> list[str]:
    """Return the addresses of the built pages, relative to the site; none while it is not built."""
    return sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if "_static" not in path.parts)


def chapters() -> list[str]:
    """Return the pages that come from notebooks."""
    return [page for page in html_files() if (SITE / "_sources" / page).with_suffix(".ipynb").exists()]


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
