"""A day at a queue with cases beside their list, by keyboard alone."""

import re

from playwright.sync_api import expect

from tests.browser import desk

CASE = re.compile(r"case=(CW-[0-9A-Z]{4}-[0-9A-Z]{3})")
CHOSEN = "a[data-row][aria-current]"


def beside(page, address="/desk/unfinished"):
    page.goto(address)
    if not page.locator("#pane").count():
        with page.expect_navigation():
            page.keyboard.press("v")
    expect(page.locator("#pane")).to_be_attached()


def alone(page):
    page.goto("/desk/")
    if page.locator("#pane").count():
        with page.expect_navigation():
            page.keyboard.press("v")


def walk(page, key):
    """Go to the next row and wait until its case is shown."""
    page.keyboard.press(key)
    expect(page.locator("a[data-row]:focus")).to_have_attribute("aria-current", "true")
    reference = CASE.search(page.url)[1]
    expect(page.locator("#pane #case-head .reference")).to_have_text(reference)
    return reference


def test_a_list_is_worked_beside_its_cases(visitors):
    page = visitors.staff("rohan-malhotra")
    beside(page)
    first = walk(page, "j")
    second = walk(page, "j")
    assert first != second
    assert walk(page, "k") == first

    page.reload()  # the address says which case is shown
    expect(page.locator("#pane #case-head .reference")).to_have_text(first)
    assert walk(page, "j") == second
    assert visitors.problems_of(page) == []

    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator(CHOSEN).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/case/**")
    with page.expect_navigation():
        page.keyboard.press("k")  # one case up in the list one came from
    assert first in page.url
    with page.expect_navigation():
        page.keyboard.press("u")
    assert "/desk/unfinished" in page.url
    alone(page)


def test_a_case_is_snoozed_and_comes_back_by_keyboard(visitors):
    page = visitors.staff("rohan-malhotra")
    alone(page)
    page.goto("/desk/unfinished")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/case/**")
    reference = re.search(r"CW-[0-9A-Z]{4}-[0-9A-Z]{3}", page.url)[0]
    page.keyboard.press("h")
    page.locator("dialog#snooze:modal").wait_for()
    page.get_by_label("Why?").focus()
    page.keyboard.insert_text("The bank calls back")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    if page.get_by_text("A promise ends before").count():
        page.get_by_label("Snooze it all the same").check()
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
    expect(page.get_by_text("out of sight until then")).to_be_visible()

    page.goto("/desk/snoozed")
    expect(page.locator(f"#row-{reference}")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/case/**")
    with page.expect_navigation():
        page.keyboard.press("g")
        page.keyboard.press("h")
    expect(page.get_by_text("The case is back in its lists.")).to_be_visible()


def test_a_note_begins_with_a_template(visitors):
    page = visitors.staff("rohan-malhotra")
    alone(page)
    page.goto("/desk/unfinished")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/case/**")
    page.keyboard.press("i")
    expect(desk.composer(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.locator("dialog#note-templates:modal").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(desk.composer(page)).to_be_focused()
    assert page.evaluate("document.querySelector('#composer-text').value.length") > 20
    page.evaluate("document.querySelector('#composer-text').value = ''")
    page.keyboard.press("Space")
    page.keyboard.press("Backspace")


def test_after_sending_one_goes_on_and_can_still_take_it_back(visitors):
    page = visitors.staff("ng-kah-seng")
    alone(page)
    page.goto("/desk/yours")
    page.get_by_label("Go to the next case in the list").check()
    page.get_by_role("button", name="Save").click()
    page.goto("/desk/queues/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/case/**")
    first = re.search(r"CW-[0-9A-Z]{4}-[0-9A-Z]{3}", page.url)[0]
    desk.write(page, "You can sign in again.")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert first not in page.url.split("?")[0]
    with page.expect_navigation():
        page.keyboard.press("z")
    assert first in page.url
    expect(desk.composer(page)).to_have_value("You can sign in again.")
    page.goto("/desk/yours")
    page.get_by_label("Stay on the case").check()
    page.get_by_role("button", name="Save").click()


def test_one_arranges_ones_cases_by_keyboard(visitors):
    page = visitors.staff("ng-kah-seng")
    alone(page)
    for _ in range(2):
        with page.expect_navigation():
            page.keyboard.press("n")
    page.goto("/desk/?order=mine")
    last = page.locator("a[data-row]").last
    reference = last.get_attribute("id")
    last.focus()
    with page.expect_navigation():
        page.keyboard.press("g")
        page.keyboard.press("1")

    expect(page.locator("a[data-row]").first).to_have_attribute("id", reference)
    expect(page.locator(f"#{reference}")).to_be_focused()


def test_the_desk_speaks_the_language_one_chose(visitors):
    page = visitors.staff("aarav-khanna")
    page.goto("/desk/yours")
    page.get_by_label("Language of the desk").select_option("hi")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("lang", "hi")
    page.goto("/desk/")
    expect(page.locator("html")).to_have_attribute("lang", "hi")
    page.goto("/desk/yours")
    page.locator("select[name=language]").select_option("en")
    page.locator("form[action='/desk/yours'] button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
