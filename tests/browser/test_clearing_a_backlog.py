"""A lead clears a backlog: sees what waits, starts a campaign, acts on many cases at once."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser import desk

LEADER, AGENT = "rohan-malhotra", "aarav-khanna"


def count_in(text: str) -> int:
    found = re.search(r"[0-9]+", text.replace(",", ""))
    assert found is not None, text
    return int(found[0])


def start_campaign(page: Page, name: str) -> None:
    """Choose English cases of Northstar's by the filters, a day, and one agent."""
    page.get_by_role("link", name="Start a campaign").click()
    page.get_by_label("Language").select_option("en")
    page.get_by_label("Vendor").select_option(label="Northstar Support")
    expect(page.locator("#chosen [role=status]")).to_contain_text("Northstar Support")
    page.get_by_label("Name", exact=True).fill(name)
    goal = datetime.now() + timedelta(days=3)  # noqa: DTZ005  (what a clock on the wall says)
    page.get_by_label("To be clear by").fill(goal.strftime("%Y-%m-%dT18:00"))
    page.get_by_label("Aarav Khanna").check()
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#progress")).to_contain_text("finished")


def test_a_lead_clears_a_backlog_with_a_campaign(visitors):
    leader, agent = visitors.staff(LEADER), visitors.staff(AGENT)
    leader.goto("/lead/backlog/")
    start_campaign(leader, "English first")
    before = count_in(leader.locator("#progress-title").inner_text())

    agent.goto("/desk/")
    with agent.expect_navigation():
        agent.keyboard.press("n")
    reference = agent.url.rpartition("/")[2]
    agent.goto(f"/desk/case/{reference}/resolve")
    agent.get_by_label("How did it end?").select_option(index=1)
    agent.get_by_role("button", name="Resolve").click()
    desk.has_status(agent, "RESOLVED")

    leader.reload()
    assert count_in(leader.locator("#progress-title").inner_text()) == before + 1
    expect(leader.get_by_text("Cleared by those who help").locator("xpath=..")).to_contain_text("1")
    leader.get_by_role("button", name="Pause").click()
    expect(leader.get_by_role("button", name="Go on")).to_be_visible()
    leader.get_by_role("button", name="Stop for good").click()
    expect(leader.get_by_role("heading", name="What became of it")).to_be_visible()


def test_many_cases_are_tagged_and_the_tag_is_undone(visitors):
    page = visitors.staff(LEADER)
    page.goto("/desk/unfinished?language=ms")
    ticks = page.locator("input[data-tick]")
    ticks.nth(0).check()
    ticks.nth(1).check()
    expect(page.locator("[data-bulk-count]")).to_have_text("Ticked: 2")
    page.get_by_role("button", name="Act on ticked cases").click()
    page.get_by_role("link", name="Add a tag").click()
    page.get_by_label("Tag").fill("storm")
    page.get_by_role("button", name="Show what would happen").click()
    page.get_by_role("button", name="Do it to 2 cases").click()

    undo = page.get_by_role("button", name="Undo 2 cases")
    undo.wait_for(timeout=30_000)
    undo.click()
    expect(page.locator("#progress")).to_contain_text("Undone: 2", timeout=30_000)


def test_an_aged_case_is_kept_with_a_next_step(visitors):
    page = visitors.staff(LEADER)
    page.goto("/lead/backlog/aged")
    row = page.locator("tbody tr").first
    reference = row.locator(".reference").inner_text()
    row.get_by_role("link", name="Decide").click()
    page.get_by_label("Next step, or why").fill("Ask the bank again.")
    again = datetime.now() + timedelta(days=2)  # noqa: DTZ005  (what a clock on the wall says)
    page.get_by_label("Look again").fill(again.strftime("%Y-%m-%dT10:00"))
    page.get_by_role("button", name="Decide").click()

    expect(page.locator("#main")).not_to_contain_text(reference)
    page.get_by_role("link", name="Decided, to be looked at again").click()
    expect(page.locator("#main")).to_contain_text("Ask the bank again.")
