"""People at a browser, watched: whatever a page complains about fails the test."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser import looking
from tests.browser.looking import DESKTOP

PASSWORD = "caseward-demo"
USUALLY: dict[str, Any] = {"viewport": DESKTOP, "locale": "en", "reduced_motion": "reduce"}
HERE = "127.0.0.1"
REFUSALS = re.compile(r"status of (\d+)")


class Visitors:
    """Opens browsers for people and keeps what their pages complain about."""

    def __init__(self, browser: Browser, url: str, signed_in: dict[str, Any]) -> None:
        self.pages: list[Page] = []
        self.complaints: list[str] = []
        self.expected_refusals: set[int] = set()
        self.is_listening = True
        self._browser, self._url, self._signed_in = browser, url, signed_in
        self._contexts: list[BrowserContext] = []

    def anybody(self, **options: Any) -> Page:
        """Return the page of somebody who is not signed in."""
        context = self._browser.new_context(base_url=self._url, **(USUALLY | options))
        context.set_default_timeout(20_000)
        self._contexts.append(context)
        context.on("page", self._watch)
        return context.new_page()

    def staff(self, key: str, **options: Any) -> Page:
        """Return the page of a staff member who signed in earlier; each signs in once."""
        if key not in self._signed_in:
            page = self.anybody()
            sign_in(page, key)
            self._signed_in[key] = page.context.storage_state()
            page.context.close()
        return self.anybody(storage_state=self._signed_in[key], **options)

    @contextmanager
    def may_be_refused(self, status: int) -> Iterator[None]:
        """Let the server refuse something on purpose; the browser notes that as an error."""
        self.expected_refusals.add(status)
        yield
        self.expected_refusals.discard(status)

    def problems_of(self, page: Page) -> list[str]:
        """Look at a page; what axe does to it breaks the content policy, so that is not heard."""
        self.is_listening = False
        try:
            return looking.problems(page)
        finally:
            self.is_listening = True

    def leave(self) -> None:
        for context in self._contexts:
            context.close()

    def _watch(self, page: Page) -> None:
        self.pages.append(page)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", self._follow)
        page.on("response", self._check)

    def _hear(self, message: ConsoleMessage) -> None:
        if not self.is_listening:
            return
        refusal = REFUSALS.search(message.text)
        if refusal and int(refusal[1]) in self.expected_refusals:
            return
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def _follow(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname != HERE:
            self.complaints.append(f"left this machine: {request.url}")

    def _check(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status}: {response.url}")


def sign_in(page: Page, key: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Sign-in name or work e-mail address").fill(key)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
