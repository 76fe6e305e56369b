"""Every page, in light and dark, wide and narrow: WCAG 2.2 AA by axe, and nothing out of reach."""

import pytest

STAFF_PAGES = {
    "aarav-khanna": [
        "/desk/",
        "/desk/pending",
        "/desk/snoozed",
        "/desk/resolved",
        "/desk/queues/",
        "/desk/queues/?priority=1",
        "/desk/nothing-waits",
        "/desk/search?q=account",
        "/desk/search?q=nobodywrotethis",
        "/desk/filters",
        "/desk/yours",
        "/desk/doing",
        "/desk/wellbeing",
        "/desk/help-wanted",
        "/desk/notices",
        "/desk/escalated",
    ],
    "ananya-deshpande": [
        "/lead/capacity",
        "/lead/capacity/caps",
        "/lead/capacity/caps/set?role=AGENT&vendor=northstar",
        "/floor/?team=all",
        "/floor/?team=all&show=idle",
        "/floor/tell?team=all",
        "/floor/wallboard",
        "/floor/screen",
        "/lead/",
        "/lead/cases?metric=csat",
        "/lead/escalations",
        "/lead/escalations?by=reason",
        "/lead/escalations/cases?part=escalated",
        "/lead/misses",
        "/lead/legal",
        "/lead/legal/MY-ONSA-22",
        "/lead/legal/MY-ONSA-22/edit",
        "/lead/macros",
        "/lead/macros/of/protective-lock",
        "/lead/macros/new",
        "/lead/playbooks",
        "/lead/playbooks/1",
        "/lead/automations",
        "/lead/automations/new",
        "/lead/crisis",
        "/lead/crisis/new",
        "/lead/on-call/of/kuala-lumpur-danger",
        "/lead/on-call/experts",
        "/lead/on-call/experts/of/payouts",
        "/lead/templates",
        "/lead/templates/notes/what-we-checked",
        "/lead/templates/escalations",
        "/lead/templates/escalations/account-security/for/hacked-account",
        "/sent-mail/",
        "/lead/routing/",
        "/lead/routing/propose",
        "/lead/crisis/1",
    ],
    "nandini-iyer": [
        "/desk/tier-2",
        "/desk/emergencies",
        "/desk/incidents",
        "/lead/macros",
    ],
    "rohan-malhotra": [
        "/desk/unfinished",
        "/lead/backlog/?rows=language&columns=lob&hours=40",
        "/lead/backlog/campaigns",
        "/lead/backlog/campaigns/new?language=ms",
        "/lead/backlog/aged",
        "/desk/bulk/",
    ],
}
FIRST_OF_A_LIST = [
    ("rohan-malhotra", "/lead/backlog/aged", "/lead/backlog/aged/CW-"),
    ("ananya-deshpande", "/lead/automations", "/lead/automations/of/"),
]
PUBLIC_PAGES = ["/sign-in", "/help/", "/help/account-security/", "/help/age-support/"]
SURVEY = """
from caseward.channels.links import survey_url
from caseward.org.acting import Actor, acting
from caseward.quality.models import Survey
with acting(Actor.system("tests")):
    asked = Survey.objects.filter(answered_at=None).order_by("-pk")
    print(survey_url(asked.select_related("case").first().case.reference))
"""


def problems_by_address(visitors, page, addresses):
    """Look at one page after the other, and return what is wrong with any of them."""
    found = {}
    for address in addresses:
        answer = page.goto(address)
        found[address] = visitors.problems_of(page) if answer.ok else [f"answers {answer.status}"]
    return {address: problems for address, problems in found.items() if problems}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("key", STAFF_PAGES)
def test_the_pages_of_the_staff(visitors, key):
    page = visitors.staff(key)
    assert problems_by_address(visitors, page, STAFF_PAGES[key]) == {}


@pytest.mark.parametrize(("key", "address", "leads_to"), FIRST_OF_A_LIST)
def test_what_a_list_leads_to(visitors, key, address, leads_to):
    page = visitors.staff(key)
    page.goto(address)
    page.locator(f"a[href^='{leads_to}']").first.click()
    page.wait_for_url(f"**{leads_to}*")
    assert visitors.problems_of(page) == []


def test_why_a_case_waits_or_went_where_it_is(visitors):
    page = visitors.staff("rohan-malhotra")
    page.goto("/desk/unfinished")
    case = page.locator("[data-row]").first.get_attribute("href").partition("?")[0]
    assert problems_by_address(visitors, page, [f"{case}/why"]) == {}


def test_the_pages_for_everybody(visitors):
    assert problems_by_address(visitors, visitors.anybody(), PUBLIC_PAGES) == {}


@pytest.mark.parametrize(
    ("key", "piles"),
    [("aarav-khanna", "/desk/queues/"), ("nandini-iyer", "/desk/tier-2")],
)
def test_a_case_and_each_of_its_dialogs(visitors, key, piles):
    page = visitors.staff(key)
    page.goto(piles)
    page.locator("[data-row]").first.click()
    page.wait_for_url("**/desk/case/**")
    assert visitors.problems_of(page) == []

    openers = page.locator("[data-dialog]")
    dialogs = set(openers.evaluate_all("all => all.map((one) => one.dataset.dialog)"))
    assert {"macros", "shortcuts", "link"} <= dialogs
    for dialog in sorted(dialogs):
        page.locator(f"[data-dialog={dialog}]").first.evaluate("one => { one.click() }")
        page.locator(f"dialog#{dialog}").wait_for()
        assert visitors.problems_of(page) == [], dialog
        page.keyboard.press("Escape")


def test_the_menus_of_a_case(visitors):
    page = visitors.staff("aarav-khanna")
    page.goto("/desk/queues/")
    page.locator("[data-row]").first.click()
    page.wait_for_url("**/desk/case/**")
    for number in range(page.locator("details.menu").count()):
        page.locator("details.menu > summary").nth(number).evaluate("one => { one.click() }")
        assert visitors.problems_of(page) == []
        page.keyboard.press("Escape")


@pytest.mark.parametrize("act", ["escalate", "transfer", "resolve", "merge", "assign"])
def test_what_a_case_asks_without_a_script(visitors, act):
    scripted = visitors.staff("aarav-khanna")
    scripted.goto("/desk/queues/")
    case = scripted.locator("[data-row]").first.get_attribute("href")
    page = visitors.staff("aarav-khanna")
    assert page.goto(f"{case}/{act}").ok
    assert visitors.problems_of(page) == []


def test_one_sent_mail_each_way(visitors, mailbox, a_web_case):
    page = visitors.staff("ananya-deshpande")
    page.goto("/sent-mail/")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    for way in ("html", "text", "raw"):
        page.goto(f"{page.url.partition('?')[0]}?as={way}")
        assert visitors.problems_of(page) == []


def test_the_form_with_something_to_correct(visitors):
    page = visitors.anybody()
    page.goto("/help/account-security/")
    with visitors.may_be_refused(422):
        page.get_by_role("button", name="Send").click()
        page.locator(".problems").wait_for()
    assert visitors.problems_of(page) == []


def test_what_a_requester_sees_afterwards(visitors, a_web_case):
    page = visitors.anybody()
    for address in (a_web_case.sent, a_web_case.status):
        assert page.goto(address).ok
        assert visitors.problems_of(page) == []


def test_the_survey(visitors, installation):
    page = visitors.anybody()
    address = installation.command("manage", "shell", "--no-imports", "-c", SURVEY).strip()
    assert page.goto(address).ok
    assert visitors.problems_of(page) == []


def test_what_is_not_there(visitors):
    page = visitors.anybody()
    with visitors.may_be_refused(404):
        assert page.goto("/desk/nowhere").status == 404
    assert visitors.problems_of(page) == []
