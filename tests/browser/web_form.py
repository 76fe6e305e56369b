"""The public form, filled in by somebody on a phone without JavaScript."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.looking import PHONE
from tests.browser.requesters import TINY_PICTURE

WORDS = "என் கணக்கு ஹேக் செய்யப்பட்டது. யாரோ கடவுச்சொல்லை மாற்றிவிட்டார்."
PICTURE: Any = {"name": "படம்.png", "mimeType": "image/png", "buffer": TINY_PICTURE}


@dataclass(frozen=True)
class WebCase:
    """Where its requester finds a case."""

    sent: str
    status: str
    reference: str


def write_by_form(chromium: Browser, url: str) -> WebCase:
    context = chromium.new_context(
        base_url=url, viewport=PHONE, locale="ta", java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/help/account-security/")
    fill_in(page)
    page.locator(".form-actions button").click()
    case = where_it_is(page)
    context.close()
    return case


def fill_in(page: Page, words: str = WORDS) -> None:
    """Answer everything the form of Account Security must know, and add a picture."""
    page.locator("[name=name]").fill("தமிழ்ச்செல்வி")
    page.locator("[name=email]").fill("tamilselvi@example.org")
    page.locator("[name=reason][value=hacked-account]").check()
    page.locator("[name=message]").fill(words)
    page.locator("[name=handle]").fill("@tamilselvi")
    page.locator("[name=symptom][value=strange-posts]").check()
    page.locator("[name=consent]").check()
    page.locator("#new_files").set_input_files(PICTURE)


def where_it_is(page: Page) -> WebCase:
    return WebCase(
        sent=page.url,
        status=page.locator("a.button--primary").get_attribute("href") or "",
        reference=page.locator(".receipt__reference").inner_text(),
    )
