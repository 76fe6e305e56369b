"""Takes the pictures of the README and the docs from a running demo of `caseward run`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from caseward.jobs.demo.people import PASSWORD

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
CHROMIUM = os.environ.get("CASEWARD_CHROMIUM", "/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
ADDRESS = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"


def main(arguments: list[str]) -> None:
    """Take every picture anew."""
    address = (arguments or [ADDRESS])[0].rstrip("/")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        _take_the_form(browser, address)
        _take_the_desk(browser, address)
        _take_an_escalation(browser, address)
        _take_the_leads_page(browser, address)
        _take_pages(browser, address)
        browser.close()


def _take_the_form(browser: Browser, address: str) -> None:
    with _page(browser, PHONE) as page:
        page.goto(f"{address}/help/account-security/")
        _keep(page, "form")


def _take_the_desk(browser: Browser, address: str) -> None:
    """A queue, and a case of it with a macro in the reply; nothing is sent or taken."""
    with _signed_in(browser, address, "aarav-khanna") as page:
        page.goto(f"{address}/desk/queues/")
        _keep(page, "desk")
        _open_a_case(page, "main tr:has(.language:text-is('en')) a[href*='/desk/case/']")
        _insert_a_macro(page)
        _keep(page, "case")


def _insert_a_macro(page: Page) -> None:
    page.keyboard.press("m")
    page.wait_for_selector("dialog[open] [role=option]")
    page.keyboard.type("yours")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('textarea[name=text]').value !== ''")


def _take_an_escalation(browser: Browser, address: str) -> None:
    with _signed_in(browser, address, "nandini-iyer") as page:
        page.goto(f"{address}/desk/tier-2")
        _open_a_case(page, "main tr:has-text('Escalated') a[href*='/desk/case/']")
        _keep(page, "escalation")


def _take_the_leads_page(browser: Browser, address: str) -> None:
    with _signed_in(browser, address, "ananya-deshpande") as page:
        page.goto(f"{address}/lead/")
        _keep(page, "lead")


# A picture, who sees it, the address, and the link to follow from there, if any.
PAGES = (
    ("wellbeing", "gayatri-menon", "/desk/wellbeing", ""),
    ("floor", "ananya-deshpande", "/floor/", ""),
    ("backlog", "ananya-deshpande", "/lead/backlog/", ""),
    ("campaign", "ananya-deshpande", "/lead/backlog/campaigns", "main tbody th a"),
    ("escalations", "ananya-deshpande", "/lead/escalations", ""),
    ("routing", "ananya-deshpande", "/lead/routing/", ""),
    ("law", "ananya-deshpande", "/lead/legal/IN-ITR-3-2-B", ""),
    ("macro", "priyanka-bhalla", "/lead/macros/of/account-back", ""),
    ("automations", "ananya-deshpande", "/lead/automations/of/money-first", ""),
    ("misses", "ananya-deshpande", "/lead/misses", ""),
)


def _take_pages(browser: Browser, address: str) -> None:
    """Take one picture of each of these pages; nothing is changed by looking."""
    for name, who, path, link in PAGES:
        with _signed_in(browser, address, who) as page:
            page.goto(f"{address}{path}")
            if link:
                _open_a_case(page, link)
            _keep(page, name)
    with _signed_in(browser, address, "ananya-deshpande") as page:
        page.goto(f"{address}/desk/unfinished?status=OPEN&tier=1")
        _open_a_case(page, "main a[href*='/desk/case/']")
        page.goto(page.url.split("?")[0].rstrip("/") + "/why")
        _keep(page, "why")


def _open_a_case(page: Page, link: str) -> None:
    page.goto(page.locator(link).first.evaluate("link => link.href"))


@contextmanager
def _signed_in(browser: Browser, address: str, who: str) -> Iterator[Page]:
    with _page(browser, DESK) as page:
        page.goto(f"{address}/sign-in")
        page.fill("input[name=username]", who)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        yield page


@contextmanager
def _page(browser: Browser, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(viewport=size, color_scheme="light", reduced_motion="reduce")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def _keep(page: Page, name: str) -> None:
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(500)  # charts draw themselves after the page has loaded
    file = IMAGES / f"{name}.png"
    page.screenshot(path=file)
    sys.stdout.write(f"Took {file.name}, {file.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
