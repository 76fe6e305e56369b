"""What staff do at the desk, by keyboard wherever there is a key."""

from playwright.sync_api import Page, expect


def take(page: Page, reference: str) -> None:
    """Open a case from the lists of queues and take it."""
    page.goto("/desk/queues/")
    page.locator(f"#row-{reference}").click()
    page.wait_for_url(f"**/desk/case/{reference}**")
    with page.expect_navigation():
        page.keyboard.press("a")


def open_case(page: Page, reference: str) -> None:
    page.goto(f"/desk/case/{reference}")


def composer(page: Page):
    return page.get_by_label("Text", exact=True)


def has_status(page: Page, status: str) -> None:
    expect(page.locator("#case-head .status")).to_have_attribute("data-status", status)


def conversation(page: Page):
    return page.locator("#conversation")


def write(page: Page, text: str) -> None:
    """Write a reply and wait until its draft is kept."""
    page.keyboard.press("r")
    expect(composer(page)).to_be_focused()
    page.keyboard.insert_text(text)
    expect(page.locator("[data-draft-said]")).to_contain_text("Draft saved")


def send(page: Page) -> None:
    """Send what was written and wait until it stands in the conversation."""
    before = conversation(page).locator("[data-kind=OUTBOUND]").count()
    page.keyboard.press("Control+Enter")
    expect(conversation(page).locator("[data-kind=OUTBOUND]")).to_have_count(before + 1)
    # Only once the composer is left are keys shortcuts again.
    page.wait_for_function("!document.activeElement.matches('textarea, input')")


def answer_dialog(page: Page, key: str, *answers: str) -> None:
    """Open a dialog by its key, fill in its fields one after the other, and send it."""
    page.keyboard.press(key)
    page.locator("dialog:modal").wait_for()
    for number, answer in enumerate(answers):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.insert_text(answer)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
