"""One real installation and one real browser for all browser tests."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.installation import Installation
from tests.browser.requesters import Mailbox
from tests.browser.visitors import Visitors
from tests.browser.web_form import WebCase, write_by_form

HERE = Path(__file__).parent
RESULTS = HERE.parents[1] / "test-results"
CHROMIUM = os.environ.get("CASEWARD_CHROMIUM", "/usr/bin/chromium")
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run browser tests last: Playwright's event loop would make Django refuse to query."""
    items.sort(key=lambda item: item.path.is_relative_to(HERE))


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.failed and "installation" in getattr(item, "fixturenames", ()):
        item.stash[FAILED] = True
        installation = item.funcargs.get("installation")
        if installation:
            report.sections.append(("logs of the installation", installation.logs()))
    return report


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    running = Installation(tmp_path_factory.mktemp("installation"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """The cookies of everybody who signed in, so that each does it once."""
    return {}


@pytest.fixture
def visitors(
    request: pytest.FixtureRequest,
    installation: Installation,
    chromium: Browser,
    signed_in: dict[str, Any],
) -> Iterator[Visitors]:
    """Open pages; at the end none may have complained. Of a failure, screenshots stay."""
    people = Visitors(chromium, installation.url, signed_in)
    yield people
    if people.complaints or request.node.stash.get(FAILED, False):
        _take_pictures(request.node.name, people)
    people.leave()
    assert not people.complaints


def _take_pictures(name: str, people: Visitors) -> None:
    RESULTS.mkdir(exist_ok=True)
    safe = "".join(letter if letter.isalnum() else "-" for letter in name)
    for number, page in enumerate(people.pages, start=1):
        if not page.is_closed():
            page.screenshot(path=RESULTS / f"{safe}-{number}.png")


@pytest.fixture
def mailbox(installation: Installation, visitors: Visitors) -> Mailbox:
    """Write to us by SMTP, and read what we sent in the mail viewer."""
    return Mailbox(installation.smtp_port, visitors.staff("ananya-deshpande"))


@pytest.fixture(scope="session")
def a_web_case(installation: Installation, chromium: Browser) -> WebCase:
    """A case that somebody sent by the web form, in Tamil."""
    return write_by_form(chromium, installation.url)
