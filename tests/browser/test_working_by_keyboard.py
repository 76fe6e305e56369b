"""All work is possible without a mouse, and every key is told."""

import pytest
from playwright.sync_api import expect

from tests.browser import desk
from tests.browser.visitors import sign_in

KEYS_OF_THE_PAGE = """() => [...new Map(
    [...document.querySelectorAll("[data-key]")].map((one) => [one.dataset.key, one])).keys()]"""
CLASHES = """() => {
    const seen = new Map();
    document.querySelectorAll("[data-key]").forEach((one) => {
        if (one.closest("dialog")) return;
        seen.set(one.dataset.key, [...(seen.get(one.dataset.key) ?? []), one.textContent.trim()]);
    });
    return [...seen].filter(([, names]) => names.length > 1);
}"""


def test_a_day_without_a_mouse(visitors):
    page = visitors.anybody()
    sign_in(page, "ng-kah-seng")
    with page.expect_navigation():
        page.keyboard.press("n")
    desk.write(page, "We have looked at your account and you can sign in again.")
    desk.send(page)
    page.keyboard.press("d")
    page.locator("dialog:modal").wait_for()
    page.keyboard.press("ArrowDown")  # nothing is chosen for anybody
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    desk.has_status(page, "RESOLVED")


def test_a_key_in_a_closed_menu_works(visitors):
    page = visitors.staff("rohan-malhotra")
    page.goto("/desk/unfinished")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/case/**")
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.locator("dialog#priority")).to_be_visible()


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("aarav-khanna", "/desk/queues/"),
        ("rohan-malhotra", "/desk/unfinished"),
        ("nandini-iyer", "/desk/tier-2"),
    ],
)
def test_the_list_of_keys_tells_every_key_and_no_two_are_alike(visitors, key, address):
    page = visitors.staff(key)
    page.goto(address)
    _tells_every_key(page)
    page.goto(page.locator("[data-row]").first.get_attribute("href"))
    _tells_every_key(page)


def _tells_every_key(page):
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_focused()
    listed = page.locator("[data-keys] li")
    assert listed.count() == len(page.evaluate(KEYS_OF_THE_PAGE))
    assert all(line.strip() for line in listed.all_inner_texts())
    assert page.evaluate(CLASHES) == []
    page.keyboard.press("Escape")


def test_shortcuts_can_be_switched_off(visitors):
    page = visitors.staff("aarav-khanna")
    page.goto("/desk/queues/")
    page.keyboard.press("?")
    page.get_by_label("Single keys do something on this computer").uncheck()
    page.keyboard.press("Escape")
    page.reload()

    page.keyboard.press("/")

    expect(page.get_by_label("Search cases by text or reference")).not_to_be_focused()
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()


def test_light_or_dark_is_remembered(visitors):
    page = visitors.staff("aarav-khanna")
    page.goto("/desk/")
    page.get_by_label("Menu of Aarav Khanna").click()
    page.get_by_role("button", name="Dark").click()
    page.goto("/desk/queues/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_macros_of_the_cases_language_come_first_and_the_others_are_unfolded(visitors):
    page = visitors.staff("rohan-malhotra")
    page.goto("/desk/unfinished?language=hi")
    page.goto(page.locator("[data-row]").first.get_attribute("href"))
    page.keyboard.press("m")
    offered = page.locator("dialog#macros [data-macro]:visible")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    assert {each.get_attribute("lang") for each in offered.all()} == {"hi"}
    before = offered.count()

    for _ in range(before):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#macro-others")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#macro-others")).to_be_hidden()
    assert offered.count() > before

    page.keyboard.insert_text("English")
    expect(offered.first).to_have_attribute("lang", "en")
    page.keyboard.press("Enter")
    expect(page.locator("dialog#macros")).to_be_hidden()
    expect(desk.composer(page)).not_to_have_value("")
