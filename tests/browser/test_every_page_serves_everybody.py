"""Every page, in light and dark, wide and narrow: WCAG 2.2 AA by axe, and nothing out of reach."""

import pytest

STAFF_PAGES = [
    ("aarav-khanna", "/desk/"),
    ("aarav-khanna", "/desk/pending"),
    ("aarav-khanna", "/desk/snoozed"),
    ("aarav-khanna", "/desk/resolved"),
    ("aarav-khanna", "/desk/queues/"),
    ("aarav-khanna", "/desk/queues/?priority=1"),
    ("aarav-khanna", "/desk/nothing-waits"),
    ("aarav-khanna", "/desk/search?q=account"),
    ("aarav-khanna", "/desk/search?q=nobodywrotethis"),
    ("aarav-khanna", "/desk/filters"),
    ("aarav-khanna", "/desk/yours"),
    ("aarav-khanna", "/desk/doing"),
    ("aarav-khanna", "/desk/wellbeing"),
    ("ananya-deshpande", "/lead/capacity"),
    ("ananya-deshpande", "/lead/capacity/caps"),
    ("ananya-deshpande", "/lead/capacity/caps/set?role=AGENT&vendor=northstar"),
    ("nandini-iyer", "/desk/tier-2"),
    ("nandini-iyer", "/desk/emergencies"),
    ("nandini-iyer", "/desk/incidents"),
    ("aarav-khanna", "/desk/help-wanted"),
    ("rohan-malhotra", "/desk/unfinished"),
    ("ananya-deshpande", "/floor/?team=all"),
    ("ananya-deshpande", "/floor/?team=all&show=idle"),
    ("ananya-deshpande", "/floor/tell?team=all"),
    ("ananya-deshpande", "/floor/wallboard"),
    ("ananya-deshpande", "/floor/screen"),
    ("ananya-deshpande", "/lead/"),
    ("ananya-deshpande", "/lead/cases?metric=csat"),
    ("ananya-deshpande", "/lead/escalations"),
    ("ananya-deshpande", "/lead/escalations?by=reason"),
    ("ananya-deshpande", "/lead/escalations/cases?part=escalated"),
    ("rohan-malhotra", "/lead/backlog/?rows=language&columns=lob&hours=40"),
    ("rohan-malhotra", "/lead/backlog/campaigns"),
    ("rohan-malhotra", "/lead/backlog/campaigns/new?language=ms"),
    ("rohan-malhotra", "/lead/backlog/aged"),
    ("rohan-malhotra", "/desk/bulk/"),
    ("ananya-deshpande", "/lead/misses"),
    ("ananya-deshpande", "/lead/legal"),
    ("ananya-deshpande", "/lead/legal/MY-ONSA-22"),
    ("ananya-deshpande", "/lead/legal/MY-ONSA-22/edit"),
    ("aarav-khanna", "/desk/notices"),
    ("ananya-deshpande", "/lead/macros"),
    ("ananya-deshpande", "/lead/macros/of/protective-lock"),
    ("ananya-deshpande", "/lead/macros/new"),
    ("nandini-iyer", "/lead/macros"),
    ("ananya-deshpande", "/lead/playbooks"),
    ("ananya-deshpande", "/lead/playbooks/1"),
    ("ananya-deshpande", "/lead/automations"),
    ("ananya-deshpande", "/lead/automations/new"),
    ("ananya-deshpande", "/lead/crisis"),
    ("ananya-deshpande", "/lead/crisis/new"),
    ("ananya-deshpande", "/sent-mail/"),
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


@pytest.mark.parametrize(("key", "address"), STAFF_PAGES)
def test_a_page_of_the_staff(visitors, key, address):
    page = visitors.staff(key)
    assert page.goto(address).ok
    assert visitors.problems_of(page) == []


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_a_page_for_everybody(visitors, address):
    page = visitors.anybody()
    assert page.goto(address).ok
    assert visitors.problems_of(page) == []


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
