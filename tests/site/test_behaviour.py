"""What a reader does: tab, open a solution, search, print, switch the colours."""

from __future__ import annotations

import pytest
from visits import SITE, Visit, chapters


@pytest.fixture
def with_solution(site: object) -> str:
    """Return a chapter with a hidden solution."""
    for chapter in chapters():
        if 'class="solution dropdown' in (SITE / chapter).read_text(encoding="utf-8"):
            return chapter
    pytest.fail("No chapter has a hidden solution, so there is nothing to open.")


def test_the_first_press_of_tab_reaches_the_skip_link_and_shows_it(visit: Visit) -> None:
    page = visit.open("index.html")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#main-content"
    assert skip.bounding_box()["y"] >= 0, "the focused skip link stands outside the window"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main-content"


def test_focus_is_visible_on_everything_that_takes_it(visit: Visit) -> None:
    page = visit.open("index.html")
    for _ in range(25):
        page.keyboard.press("Tab")
        style = page.evaluate("""(() => {
            const style = getComputedStyle(document.activeElement);
            return [style.outlineStyle, parseFloat(style.outlineWidth), document.activeElement.outerHTML.slice(0, 80)];
        })()""")
        assert style[0] != "none", style
        assert style[1] >= 2, style


def test_a_solution_is_hidden_until_the_keyboard_opens_it(visit: Visit, with_solution: str) -> None:
    page = visit.open(with_solution)
    solution = page.locator("div.solution.dropdown").first
    content = solution.locator("section").first
    assert not content.is_visible()
    solution.locator("button.toggle-button").focus()
    page.keyboard.press("Enter")
    assert content.is_visible()
    assert solution.locator("button").first.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Space")
    assert not content.is_visible()


def test_print_shows_the_chapter_with_its_solutions_and_no_navigation(visit: Visit, with_solution: str) -> None:
    page = visit.open(with_solution)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", "dark paper"
    for navigation in ("#pst-primary-sidebar", "#pst-secondary-sidebar", ".bd-header-article", ".prev-next-footer"):
        assert not page.locator(navigation).is_visible(), navigation
    assert page.locator("article h1").is_visible()
    assert page.locator("div.solution.dropdown section").first.is_visible()


def test_search_finds_the_sigmoid(visit: Visit) -> None:
    page = visit.open("search.html?q=sigmoid")
    page.wait_for_selector("#search-results li a")
    assert any("sigmoid" in link for link in page.locator("#search-results li a").all_inner_texts())
    assert visit.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_one_way_to_search_is_in_sight(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 844})
    page = visit.open("index.html")
    buttons = page.locator("button.search-button__button").all()
    assert sum(button.is_visible() and button.bounding_box()["x"] >= 0 for button in buttons) == 1


def test_the_colours_follow_the_system_until_the_reader_chooses(visit: Visit) -> None:
    page = visit.open("index.html")
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours[0] != colours[1]
    page.click(".theme-switch-button")
    assert page.evaluate("localStorage.mode") in ("light", "dark")
