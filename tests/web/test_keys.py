"""One key does one thing: on a page, and of sequences anywhere."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.urls import reverse

from caseward.casework.models import Preference
from caseward.casework.services import accept_escalation, escalate_case, snooze_case
from caseward.org.models import Skill, StaffMember
from caseward.web import areas, context
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_lob,
    a_queue,
    a_regional_lead,
    a_specialist,
    a_team_leader,
    an_agent,
)
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db
WEB = Path(context.__file__).parent
SEQUENCE = re.compile(r'data-key="(g [^"{]+)"')
LISTS = ("/desk/", "/desk/?order=mine", "/desk/queues/", "/desk/snoozed", "/desk/tier-2")
LEADS = (
    "unfinished", "floor", "lead", "misses", "backlog", "campaigns", "aged", "incidents",
    "emergencies", "macros", "macro-new", "playbooks", "automations", "automation-new", "crisis",
    "routing-rules", "laws", "capacity",
)  # fmt: skip


class Keys(HTMLParser):
    """The keys of a page, less those in its dialogs, which hear keys alone while they are open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self._dialogs = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._dialogs += tag == "dialog"
        key = dict(attrs).get("data-key")
        if key and not self._dialogs:
            self.found[key] += 1

    def handle_endtag(self, tag: str) -> None:
        self._dialogs -= tag == "dialog"


def clashes(staff: StaffMember, *addresses: str) -> dict[str, list[str]]:
    browser = browser_of(staff)
    found = {}
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        keys = Keys(answer.text).found
        assert keys["/"] == 1, address
        found[address] = [key for key, times in keys.items() if times > 1]
    return {address: keys for address, keys in found.items() if keys}


def case_pages(case) -> list[str]:
    return [reverse("case", args=[case.reference]), f"/desk/?case={case.reference}"]


def takes_cases(staff: StaffMember) -> StaffMember:
    Skill.objects.create(staff=staff, lob=a_lob(), language="en")
    a_queue(2, None, a_lob())
    return staff


@pytest.mark.parametrize("is_split", [False, True])
def test_on_an_agents_pages_every_key_does_one_thing(is_split):
    asha = an_agent()
    Preference.objects.create(staff=asha, is_split=is_split)
    case, snoozed = a_case(assignee=asha), a_case(assignee=asha)
    snooze_case(
        reference=snoozed.reference, by=asha, until=MONDAY_9AM.replace(hour=20), why="Bank",
        now=MONDAY_9AM,
    )  # fmt: skip

    assert clashes(asha, *LISTS[:-1], *case_pages(case), *case_pages(snoozed)) == {}


@pytest.mark.parametrize("is_accepted", [False, True])
def test_on_a_specialists_and_a_leads_case_every_key_does_one_thing(is_accepted):
    asha, nandini, leader = an_agent(), a_specialist(), takes_cases(a_team_leader())
    case = a_case(assignee=asha)
    escalate_case(reference=case.reference, by=asha, why="Hijacked", tried="Reset", now=MONDAY_9AM)
    if is_accepted:
        accept_escalation(reference=case.reference, by=nandini, now=MONDAY_9AM)
    for staff in (nandini, leader):
        Preference.objects.create(staff=staff, is_split=True)
        assert clashes(staff, *LISTS, *case_pages(case)) == {}


@pytest.mark.parametrize("lead", [a_team_leader, a_regional_lead])
def test_on_a_leads_pages_every_key_does_one_thing(lead):
    assert clashes(takes_cases(lead()), *(reverse(name) for name in LEADS)) == {}


def test_on_the_form_of_the_rules_every_key_does_one_thing():
    assert clashes(a_regional_lead(), reverse("routing-propose")) == {}


def test_no_sequence_of_keys_has_two_meanings():
    """One learns `g` and a letter once: it leads to the same on every page."""
    texts = [file.read_text() for file in (WEB / "templates").rglob("*.html")]
    used = Counter(key for text in texts for key in SEQUENCE.findall(text))
    used.update(area[3] for _, group in areas.GROUPS for area in group if area[3])
    used.update(re.findall(r'"(g \w)"', Path(context.__file__).read_text()))

    assert [key for key, times in used.items() if times > 1] == []
