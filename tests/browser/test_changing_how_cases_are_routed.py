"""A lead changes the rules of routing: proposes them, tries them on last week, switches them on."""

import re

from playwright.sync_api import Page, expect

LEAD = "ananya-deshpande"
WHY = "Melati has people to spare this month"
A_REPLAY_MS = 90_000


def propose(page: Page) -> None:
    """Move ten in a hundred of the first shared line of business from one vendor to the other."""
    page.goto("/lead/routing/propose")
    line = page.locator("details:has(.rules__shares .field + .field)").first
    line.locator("summary").first.click()
    for number, change in enumerate((-10, 10)):
        share = line.locator(".rules__shares input").nth(number)
        share.fill(f"{float(share.input_value()) + change:g}")
    page.get_by_text("What counts how much when several cases").click()
    page.get_by_label("Knowing the person, in minutes").fill("5")
    page.get_by_label("Why the rules should change").fill(WHY)
    page.get_by_role("button", name="Check and write down").click()
    page.wait_for_url(re.compile(r"/lead/routing/[0-9]+$"))


def row_of(page: Page):
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=WHY, exact=True))


def test_rules_are_proposed_tried_switched_on_and_taken_back(visitors):
    page = visitors.staff(LEAD)
    propose(page)
    changes = page.get_by_role("region", name="What changes")
    expect(changes).to_contain_text("%")
    expect(changes).to_contain_text("What counts: Knowing the person")
    expect(page.get_by_role("button", name="Switch on")).to_have_count(0)
    assert visitors.problems_of(page) == []

    page.get_by_role("button", name="Try on last week").click()
    switch_on = page.get_by_role("button", name="Switch on")
    switch_on.wait_for(timeout=A_REPLAY_MS)  # the page follows by itself
    expect(page.get_by_role("heading", name="would have gone elsewhere")).to_be_visible()
    expect(page.get_by_role("region", name="What the dry run showed")).to_contain_text("Median")
    expect(page.get_by_text("Half of the cases really waited").or_(
        page.get_by_text("comes close to that week")
    )).to_be_visible()  # fmt: skip
    expect(changes).to_contain_text("5 minutes")
    assert visitors.problems_of(page) == []

    switch_on.click()
    expect(page.get_by_role("button", name="Go back to the former rules")).to_be_visible()
    page.goto("/lead/routing/")
    expect(row_of(page).locator("[data-status=OPEN]")).to_be_visible()
    assert visitors.problems_of(page) == []

    row_of(page).get_by_role("link", name=WHY, exact=True).click()
    page.get_by_role("button", name="Go back to the former rules").click()
    page.goto("/lead/routing/")
    expect(row_of(page).locator("[data-status=OPEN]")).to_have_count(0)


def test_everything_that_can_be_changed_unfolds(visitors):
    page = visitors.staff(LEAD)
    page.goto("/lead/routing/propose")
    for section in page.locator("details.rules__part > summary").all():
        section.click()

    expect(page.get_by_label("Units at once, at most: Appeal")).to_be_visible()
    expect(page.get_by_label("Minutes before a shift in which").first).to_be_visible()
    assert visitors.problems_of(page) == []


def test_rules_that_cannot_be_are_refused_and_nothing_typed_is_lost(visitors):
    page = visitors.staff(LEAD)
    page.goto("/lead/routing/propose")
    page.locator("details:has(.rules__shares) > summary").first.click()
    share = page.locator(".rules__shares input").first
    share.fill("140")
    page.get_by_label("Why the rules should change").fill(WHY)
    with visitors.may_be_refused(422):
        page.get_by_role("button", name="Check and write down").click()
        expect(page.get_by_role("alert")).to_contain_text("What you typed is still here")

    expect(share).to_have_value("140")
    assert visitors.problems_of(page) == []
