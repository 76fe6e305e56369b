"""Leads on the floor: moving, being second, undoing, hearing of each other, and of silence."""

import re

import pytest
from playwright.sync_api import expect

LEADER, LEAD = "rohan-malhotra", "ananya-deshpande"
AGENT = "aarav-khanna"
FLOOR = "/floor/?team=all"
SECONDS = 1_000


@pytest.fixture
def leads(visitors):
    pages = [visitors.staff(LEADER), visitors.staff(LEAD)]
    for page in pages:
        page.goto(FLOOR)
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
    return pages


def first_queue(page):
    return page.locator(".floor-table tbody tr").first


def send(page):
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def pause(page, why):
    first_queue(page).get_by_role("link", name="Pause").click()
    page.get_by_label("Why?").fill(why)
    send(page)


def test_what_one_lead_does_the_other_sees_by_itself_and_may_undo(leads):
    leader, lead = leads
    pause(leader, "Fraud wave")
    expect(leader.locator("#live")).to_have_attribute("data-state", "live")
    expect(lead.get_by_text("Fraud wave").first).to_be_visible()

    lead.locator(".floor-moves").get_by_role("link", name="Undo").first.click()
    expect(lead.get_by_role("button", name="Undo", exact=True)).to_be_focused()
    with lead.expect_navigation():
        lead.keyboard.press("Enter")

    expect(leader.locator("[data-paused]")).to_have_count(0)
    expect(leader.locator(".floor-moves")).to_contain_text("Undone by Ananya Deshpande")


def test_of_two_leads_who_move_the_same_case_the_second_is_told_what_changed(visitors, leads):
    leader, lead = leads
    for page in leads:
        page.locator(".floor-case").first.get_by_role("link", name="Give").click()
        page.get_by_label("To whom?").wait_for()
        page.get_by_label("Why, if they are off shift").fill("Nobody else is on, and it is late.")

    send(leader)
    expect(leader.locator("#toasts")).to_contain_text("given to")
    with visitors.may_be_refused(422):
        send(lead)

    expect(lead.get_by_role("alert")).to_contain_text("Rohan Malhotra was first")
    leader.keyboard.press("z")
    expect(leader.locator(".floor-moves")).to_contain_text("Undone by Rohan Malhotra")


def test_a_message_reaches_a_desk_at_once_and_its_reading_the_floor(visitors, leads):
    leader, lead = leads
    agent = visitors.staff(AGENT)
    agent.goto("/desk/")
    expect(agent.locator("#live")).to_have_attribute("data-state", "live")

    leader.keyboard.press("m")
    leader.get_by_label("What do you want to say?").fill("Phones are down until noon.")
    send(leader)

    expect(agent.get_by_text("Phones are down until noon.")).to_be_visible()
    with agent.expect_navigation():
        said = agent.locator("section", has_text="Phones are down until noon.")
        said.get_by_role("button", name="I have read it").click()
    expect(agent.get_by_text("Phones are down until noon.")).to_have_count(0)
    expect(lead.locator(".floor-moves")).to_contain_text(re.compile(r"Read by 1 of \d+"))


def test_a_page_that_hears_nothing_says_so_and_recovers(visitors):
    page = visitors.staff(LEAD)
    page.clock.install()
    page.goto(FLOOR)
    visitors.is_listening = False  # the browser notes each request that does not get through
    page.context.set_offline(True)

    page.clock.run_for(60 * SECONDS)
    expect(page.locator("#floor-stale")).to_contain_text("Nothing new has come through")

    page.context.set_offline(False)
    page.clock.run_for(20 * SECONDS)
    expect(page.locator("#floor-stale")).to_be_hidden()
    visitors.is_listening = True


def test_a_wallboard_turns_through_its_queues_and_names_nobody(visitors):
    page = visitors.staff(LEAD)
    page.clock.install()
    page.goto("/floor/wallboard?team=all")
    before = page.locator(".wall-queue:visible").first.get_attribute("id")

    page.clock.run_for(13 * SECONDS)

    expect(page.locator(".wall-queue:visible").first).not_to_have_id(before)
    expect(page.locator("body")).not_to_contain_text("Aarav")


def test_the_floor_works_without_a_script(visitors):
    page = visitors.staff(LEAD, java_script_enabled=False)
    page.goto(FLOOR)
    first_queue(page).get_by_role("link", name="Pause").click()
    page.get_by_label("Why?").fill("Nobody has a script")
    page.get_by_role("button", name="Pause").click()

    expect(page.locator("[data-paused]")).to_contain_text("Nobody has a script")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("[data-paused]")).to_have_count(0)
