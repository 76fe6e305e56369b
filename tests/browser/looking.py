"""What every page must keep for whoever looks at it: accessible, nothing sideways, nothing cut."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [(theme, size) for size in (DESKTOP, PHONE) for theme in ("light", "dark")]
AXE = """rules => axe.run({
    runOnly: {type: "tag", values: rules}, resultTypes: ["violations"], preload: false,
})"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """() => [...document.querySelectorAll("button, .button, .tab, .menu__item")]
    .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.textContent.trim() || one.ariaLabel)"""


def problems(page: Page) -> list[str]:
    """Look at a page in light and dark, on a desk and on a phone; say what is wrong with it."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    return [problem for theme, size in LOOKS for problem in _seen(page, theme, size)]


def _seen(page: Page, theme: str, size: dict[str, int]) -> list[str]:
    page.set_viewport_size(size)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    found = [*_violations(page), *_out_of_reach(page), *_cut_off(page)]
    return [f"{theme}, {size['width']} px: {problem}" for problem in found]


def _violations(page: Page) -> list[str]:
    results: dict[str, Any] = page.evaluate(AXE, RULES)
    return [
        f"{rule['id']}: {node['html'][:160]} {_why(node)}"
        for rule in results["violations"]
        for node in rule["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    return " ".join(node["failureSummary"].split())[:240]


def _out_of_reach(page: Page) -> list[str]:
    wider = page.evaluate(SIDEWAYS)
    return [f"the page is {wider} px wider than the window"] if wider > 0 else []


def _cut_off(page: Page) -> list[str]:
    return [f"cut off: {words}" for words in page.evaluate(CUT_OFF)]
