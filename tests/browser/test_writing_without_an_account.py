"""Requesters at the public pages: on a phone, without JavaScript, in their language."""

from playwright.sync_api import expect

from tests.browser import desk, web_form
from tests.browser.looking import PHONE


def test_somebody_on_a_phone_without_javascript_writes_and_follows_it(visitors, a_web_case):
    phone = visitors.anybody(viewport=PHONE, locale="ta", java_script_enabled=False)
    phone.goto(a_web_case.status)
    expect(phone.locator("html")).to_have_attribute("lang", "ta")
    expect(phone.locator(".message__text")).to_contain_text([web_form.WORDS])
    expect(phone.get_by_role("link", name="படம்.png")).to_be_visible()

    phone.locator("#text").fill("இன்னும் ஒரு செய்தி")
    phone.locator("form.form button").click()

    expect(phone.locator(".conversation")).to_contain_text("இன்னும் ஒரு செய்தி")


def test_the_message_reached_the_desk(visitors, a_web_case):
    lead = visitors.staff("rohan-malhotra")
    desk.open_case(lead, a_web_case.reference)
    expect(desk.conversation(lead)).to_contain_text(web_form.WORDS)


def test_sending_twice_makes_one_case(visitors):
    page = visitors.anybody()
    page.goto("/help/account-security/")
    web_form.fill_in(page, "Somebody signs in from Pondicherry, twice.")
    page.locator("#new_files").set_input_files([])
    page.get_by_role("button", name="Send", exact=True).dblclick(no_wait_after=True)
    expect(page.locator(".receipt__reference")).to_be_visible()
    reference = page.locator(".receipt__reference").inner_text()

    lead = visitors.staff("rohan-malhotra")
    lead.goto("/desk/search?q=Pondicherry")
    expect(lead.locator("td .reference")).to_have_text([reference])


def test_the_language_changes_and_what_was_typed_stays(visitors):
    page = visitors.anybody()
    page.goto("/help/account-security/")
    page.locator("[name=message]").fill("typed before")
    page.locator("#language").select_option("ms")
    page.locator(".languages button").click()
    expect(page.locator("html")).to_have_attribute("lang", "ms")
    expect(page.locator("[name=message]")).to_have_value("typed before")
