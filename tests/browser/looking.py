"""What every page must keep for whoever looks at it: accessible, in reach, one key per thing."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
NARROWEST = {"width": 360, "height": 740}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [(theme, size) for size in (DESKTOP, PHONE) for theme in ("light", "dark")]
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # all that another theme can change
# An open menu is looked at alone: what it covers is out of reach until it closes.
AXE = """only => axe.run(
    document.querySelector("details.menu[open]") ?? document,
    {runOnly: only, resultTypes: ["violations"], preload: false},
)"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """() => [...document.querySelectorAll("button, .button, .tab, .menu__item")]
    .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.textContent.trim() || one.ariaLabel)"""
CLASHES = """() => {
    const all = [...document.querySelectorAll("[data-key]")];
    const keys = all.filter((one) => !one.closest("dialog")).map((one) => one.dataset.key);
    return [...new Set(keys.filter((key, at) => keys.indexOf(key) < at))];
}"""


def problems(page: Page) -> list[str]:
    """Look at a page in light and dark, on a desk and on a phone; say what is wrong with it."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found = [problem for theme, size in LOOKS for problem in _seen(page, theme, size)]
    found += [*_out_of_reach(page, NARROWEST), *_ambiguous(page)]
    page.set_viewport_size(DESKTOP)
    return found


def _seen(page: Page, theme: str, size: dict[str, int]) -> list[str]:
    page.set_viewport_size(size)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    found = [*_violations(page, theme), *_out_of_reach(page, size), *_cut_off(page)]
    return [f"{theme}, {size['width']} px: {problem}" for problem in found]


def _violations(page: Page, theme: str) -> list[str]:
    """Ask axe: everything of the light page, of the dark one what colours decide."""
    light, dark = {"type": "tag", "values": RULES}, {"type": "rule", "values": OF_COLOURS}
    results: dict[str, Any] = page.evaluate(AXE, light if theme == "light" else dark)
    return [
        f"{rule['id']}: {node['html'][:160]} {_why(node)}"
        for rule in results["violations"]
        for node in rule["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    return " ".join(node["failureSummary"].split())[:240]


def _out_of_reach(page: Page, size: dict[str, int]) -> list[str]:
    page.set_viewport_size(size)
    wider = page.evaluate(SIDEWAYS)
    return [f"{wider} px wider than a window of {size['width']} px"] if wider > 0 else []


def _cut_off(page: Page) -> list[str]:
    return [f"cut off: {words}" for words in page.evaluate(CUT_OFF)]


def _ambiguous(page: Page) -> list[str]:
    return [f"two meanings of the key {key}" for key in page.evaluate(CLASHES)]
