"""Who knows what: named by those who answer for a line, offered to agents, taken back."""

import re

import pytest

from caseward.casework.models import Case, Expert
from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.org.models import ConfigurationChange, Skill
from tests.builders import (
    a_case,
    a_lob,
    a_reason,
    a_regional_lead,
    a_specialist,
    a_staff_member,
    a_team_leader,
    an_agent,
)
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/lead/on-call/experts"


def an_expert(key="payouts", **fields):
    values = {"staff": a_specialist(name="Lim"), "lob": a_lob(), "topics": {"en": "Payouts"}}
    found = Expert.objects.create(key=key, **{**values, **fields})
    look_again()
    return found


def text_of(person, page=PAGE):
    return browser_of(person).get(page).content.decode()


def seen_on(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def name_expert(person, page=f"{PAGE}/new", **said):
    browser = browser_of(person)
    seen = seen_on(browser.get(page).content.decode())
    return browser.post(page, {"line_of_business": a_lob().key, "seen": seen, **said})


def test_an_expert_is_named_listed_and_offered_first_on_their_cases():
    lead, lim = a_regional_lead(), a_specialist(name="Lim")
    reason = a_reason()
    an_expert("other", topics={"en": "Other things"})

    answer = name_expert(
        lead, staff=lim.key, topic_en="Payouts", topic_ms="Bayaran",
        reasons=[f"{a_lob().key}:{reason.key}"],
    )  # fmt: skip

    assert answer.status_code == 302
    expert = Expert.objects.get(key="payouts")
    assert (expert.staff, expert.topics) == (lim, {"en": "Payouts", "ms": "Bayaran"})
    assert expert.reasons == [reason.key]
    page = text_of(lead)
    assert "Lim" in page and "Payouts" in page and "Lost login" in page
    agent = an_agent()
    case = a_case(assignee=agent, reason_id=reason.pk)
    form = browser_of(agent).get(f"/desk/case/{case.reference}/escalate").content.decode()
    assert form.index(f"expert:{expert.pk}") < form.index("Other things")
    assert "Lim" not in form


def test_in_house_an_expert_is_asked_without_the_case_moving():
    expert, specialist = an_expert(), a_specialist()
    case = a_case()
    Case.objects.filter(pk=case.pk).update(tier=2, assignee=specialist)

    form = browser_of(specialist).get(f"/desk/case/{case.reference}/help").content.decode()

    assert f'value="staff:{expert.staff_id}">Payouts' in form


def test_taking_an_expert_away_is_taken_back():
    lead, expert = a_regional_lead(), an_expert()
    browser = browser_of(lead)

    browser.post(f"{PAGE}/of/payouts/remove", {"seen": seen_on(text_of(lead))})
    expert.refresh_from_db()
    assert not expert.is_active
    browser.post(f"/lead/changes/{ConfigurationChange.objects.get().pk}/undo")

    expert.refresh_from_db()
    assert expert.is_active
    told = Event.objects.filter(kind="configuration.changed").order_by("pk")
    assert [event.data["did"] for event in told] == ["REMOVED", "ADDED"]


def test_a_reason_of_another_line_is_refused():
    other = a_reason(a_lob("age-support"), key="parental")

    answer = name_expert(
        a_regional_lead(), staff=a_specialist().key, topic_en="Payouts",
        reasons=[f"age-support:{other.key}"],
    )  # fmt: skip

    assert answer.status_code == 422
    assert "reasons of the line of business above only" in answer.content.decode()
    assert not Expert.objects.exists()


def test_a_lead_names_experts_of_their_own_line_only():
    an_expert()
    an_expert("guardians", lob=a_lob("age-support"))
    lead = a_staff_member("LOB_LEAD")
    Skill.objects.create(staff=lead, lob=a_lob(), language="en")

    assert browser_of(lead).get(f"{PAGE}/of/payouts").status_code == 200
    assert browser_of(lead).get(f"{PAGE}/of/guardians").status_code == 404
    assert browser_of(a_team_leader()).get(f"{PAGE}/of/payouts").status_code == 404
    assert browser_of(a_team_leader()).get(PAGE).status_code == 200
    assert browser_of(an_agent()).get(PAGE).status_code == 404


def test_somebody_who_left_is_pointed_out():
    expert = an_expert()
    type(expert.staff).objects.filter(pk=expert.staff_id).update(is_active=False)

    assert "Works here no more" in text_of(a_regional_lead())


def test_before_anybody_is_named_the_page_says_what_for():
    assert "No expert is named" in text_of(a_regional_lead())
