"""Two people on one case, two cases that are one, and finding cases again."""

import pytest
from playwright.sync_api import expect

from tests.browser import desk
from tests.browser.requesters import Requester, reference_in

LEADER, LEAD = "rohan-malhotra", "priyanka-bhalla"


@pytest.fixture
def a_case(mailbox):
    """Return a maker of cases in English, each from a letter of somebody else."""

    def make(subject, text="Somebody changed my password and I cannot sign in."):
        writer = Requester("Meera Pillai")
        mailbox.post(writer.letter(to="security@caseward.example", subject=subject, text=text))
        receipt = mailbox.wait_for(to=writer.email, kind="Acknowledgement")
        return reference_in(receipt.get_body(("plain",)).get_content())

    return make


def test_two_see_each_other_and_the_later_reply_is_kept_but_not_sent(visitors, a_case):
    reference = a_case("Two of us")
    leader, lead = visitors.staff(LEADER), visitors.staff(LEAD)
    desk.open_case(leader, reference)
    desk.open_case(lead, reference)
    expect(lead.locator("#viewers")).to_contain_text("Rohan Malhotra")

    desk.write(leader, "Please use the form for lost passwords.")
    desk.write(lead, "We have sent you a link.")
    desk.send(leader)
    lead.keyboard.press("Control+Enter")

    expect(lead.get_by_role("alert")).to_contain_text("Your text is kept and nothing was sent")
    expect(desk.composer(lead)).to_have_value("We have sent you a link.")
    expect(desk.conversation(lead).locator("[data-kind=OUTBOUND]")).to_have_count(1)


def test_a_duplicate_is_merged_and_unmerged(visitors, a_case):
    first, second = a_case("My account"), a_case("My account, again")
    page = visitors.staff(LEADER)
    desk.open_case(page, second)
    page.get_by_label("More to do with this case").click()
    page.get_by_role("link", name="Merge into another case").click()
    page.get_by_label("Reference of the other case").locator("visible=true").fill(first)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    desk.has_status(page, "CLOSED")
    desk.open_case(page, first)
    expect(desk.conversation(page)).to_contain_text(second)

    desk.open_case(page, second)
    with page.expect_navigation():
        page.get_by_role("button", name="Undo the merge").click()
    desk.has_status(page, "NEW")


def test_a_filter_is_saved_and_used_again(visitors):
    page = visitors.staff(LEADER)
    page.goto("/desk/unfinished")
    page.get_by_label("Language", exact=True).select_option("hi")
    page.get_by_role("link", name="Save this filter").click()
    page.get_by_label("Name", exact=True).fill("Hindi only")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    page.goto("/desk/unfinished")
    page.get_by_role("navigation", name="Lists of cases").get_by_text("Hindi only").click()
    expect(page.get_by_label("Language", exact=True)).to_have_value("hi")


def test_search_finds_a_reference_and_chinese_text(visitors, a_case):
    reference = a_case("紫色的风筝不见了", "我的账号被盗了，紫色的风筝不见了。")
    page = visitors.staff(LEADER)
    for words in (reference.lower(), "风筝"):
        page.goto("/desk/")
        page.keyboard.press("/")
        page.keyboard.insert_text(words)
        page.keyboard.press("Enter")
        if words == "风筝":
            page.locator(f"#row-{reference}").click()
        page.wait_for_url(f"**/desk/case/{reference}")
