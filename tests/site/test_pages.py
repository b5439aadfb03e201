"""Every page, driven in headless Chromium with the network cut."""

from __future__ import annotations

from gzip import compress

import pytest
from axe_playwright_python.sync_playwright import Axe
from visits import Visit

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def grave_violations(visit: Visit, *, colours_only: bool) -> list[str]:
    """Return what axe calls serious or critical, one line for each element."""
    # axe would fetch style sheets a second time, by addresses of its own making.
    options: dict[str, object] = {"preload": False, "resultTypes": ["violations"]}
    if colours_only:
        options["runOnly"] = ["cat.color"]
    results = Axe().run(visit.page, options=options)
    return [
        f"{violation['id']}: {node['target'][0]} {node['failureSummary']}"
        for violation in results.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def test_every_page_is_complete_quiet_and_accessible_at_both_widths_and_in_both_schemes(
    browsing: Visit, page_name: str
) -> None:
    browsing.complaints.clear()
    browsing.foreign.clear()
    page = browsing.page
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    browsing.open(page_name)

    unset = page.evaluate("""[...document.querySelectorAll(".math")]
        .filter(formula => formula.querySelectorAll(":scope > mjx-container").length !== 1)
        .map(formula => formula.textContent)""")
    assert unset == [], "formulas that MathJax did not set"
    wrong = page.evaluate("""[...document.querySelectorAll("mjx-merror, [data-mjx-error]")]
        .map(error => error.getAttribute("data-mjx-error") || error.textContent)""")
    assert wrong == [], "formulas with an error"

    for size, schemes in ((DESKTOP, ("light", "dark")), (PHONE, ("dark", "light"))):
        page.set_viewport_size(size)
        page.wait_for_timeout(400)  # The theme answers a new width after 300 ms.
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            # The scheme changes colours and nothing else.
            assert grave_violations(browsing, colours_only=scheme == "dark") == [], f"{scheme}, {size['width']} px"

    # The window is still that of a phone.
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"the page is {width} px wide on a phone of {PHONE['width']} px"
    assert browsing.foreign == [], "requests to other hosts"
    assert browsing.complaints == [], "errors on the console"


def test_a_wide_display_scrolls_by_itself_on_a_phone_and_is_cut_nowhere(browsing: Visit, chapter: str) -> None:
    browsing.page.set_viewport_size(PHONE)
    page = browsing.open(chapter)
    cut = page.evaluate("""[...document.querySelectorAll("div.math > mjx-container")].filter(display => {
        const overflows = display.scrollWidth > display.clientWidth + 1;
        const scrolls = getComputedStyle(display).overflowX === "auto" && display.tabIndex === 0;
        const tall = display.scrollHeight > display.clientHeight + 1;
        display.scrollLeft = 0;
        const formula = display.querySelector("mjx-math").getBoundingClientRect();
        const starts = formula.left >= display.getBoundingClientRect().left - 1;
        return (overflows && !scrolls) || tall || !starts;
    }).map(display => display.parentElement.id)""")
    assert cut == []


def test_a_first_visit_of_a_chapter_is_at_most_2_mb_and_600_kb_compressed(visit: Visit, chapter: str) -> None:
    responses = []
    visit.page.on("response", lambda response: responses.append(response))
    visit.open(chapter)
    visit.page.wait_for_load_state("networkidle")
    bodies = [response.body() for response in responses]
    assert len(bodies) > 20, "the visit loaded next to nothing, so it measures nothing"
    assert sum(map(len, bodies)) <= 2_000_000
    # What is compressed already, such as fonts, is sent as it is.
    assert sum(min(len(body), len(compress(body, 6))) for body in bodies) <= 600_000


@pytest.mark.parametrize("address", ["nowhere.html", "book/nowhere/at/all.html", "book/"])
def test_a_wrong_address_at_any_depth_leads_back_to_the_first_page(visit: Visit, server: str, address: str) -> None:
    page = visit.open(address)
    page.click("#home")
    page.wait_for_load_state()
    assert page.title() == "Gradients by Hand"
    assert visit.foreign == []
