"""What became of the cases somebody escalated, as tier 1 reads it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from caseward.casework.models import Escalation
from caseward.casework.services import (
    accept_escalation,
    escalate_case,
    return_escalation,
    settle_escalation,
)
from caseward.casework.services.assigning import MustRest
from caseward.ledger.models import Event
from caseward.routing.availability import set_state, states_of
from tests.builders import a_case, a_queue, a_specialist, a_vendor, an_agent

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def escalated(agent, *, at=NOW, **fields):
    case = a_case(vendor=agent.vendor, assignee=agent, opened_at=at, **fields)
    a_queue(2, None, case.lob, case.language)
    escalate_case(reference=case.reference, by=agent, why="SIM swap", tried="Reset link", now=at)
    return case


def judge(case, by, verdict="NEEDED", note="Well seen", at=NOW):
    settle_escalation(reference=case.reference, by=by, verdict=verdict, note=note, now=at)


def page_of(staff, url="/desk/escalated"):
    browser = Client()
    browser.force_login(staff)
    answer = browser.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def references(page):
    return [part.split('"', 1)[0][:11] for part in page.split('id="row-')[1:]]


def test_the_newest_verdict_comes_first_with_what_tier_2_says():
    asha, theo = an_agent(), a_specialist()
    first, second, waiting = (escalated(asha, at=NOW - timedelta(hours=h)) for h in (9, 8, 7))
    judge(second, theo, at=NOW - timedelta(hours=3))
    judge(first, theo, verdict="AVOIDABLE", note="See macro 12", at=NOW - timedelta(hours=1))

    page = page_of(asha)

    assert references(page) == [first.reference, second.reference, waiting.reference]
    for words in ("Avoidable", "See macro 12", "Needed", "Waiting for tier 2"):
        assert words in page


def test_an_escalation_is_followed_from_waiting_to_returned():
    asha, theo = an_agent(), a_specialist()
    case = escalated(asha)
    accept_escalation(reference=case.reference, by=theo, now=NOW)

    accepted = page_of(asha)
    return_escalation(
        reference=case.reference, by=theo, verdict="AVOIDABLE", note="Ask for the bill", now=NOW
    )

    assert "Accepted by tier 2" in accepted
    assert "Returned to tier 1" in page_of(asha)
    assert theo.name not in accepted


def test_a_verdict_stands_out_for_a_day():
    asha, theo = an_agent(), a_specialist()
    fresh, old = (escalated(asha, at=NOW - timedelta(days=3)) for _ in range(2))
    judge(old, theo, at=NOW - timedelta(days=2))
    judge(fresh, theo, at=NOW - timedelta(hours=2))

    page = page_of(asha)

    assert page.count("data-news") == 1
    assert "1 new" in page


def test_colleagues_escalations_and_other_vendors_cases_are_not_listed():
    asha, colleague = an_agent(), an_agent()
    theirs = escalated(colleague)
    nur = an_agent(a_vendor("melati"))
    foreign = escalated(nur)
    # Whatever else went wrong: a case of another vendor is not shown, even as one's own doing.
    Escalation.objects.filter(case=foreign).update(raised_by=asha)

    page = page_of(asha)

    assert references(page) == []
    assert theirs.reference not in page
    assert "You have escalated nothing" in page


def test_tier_2_escalates_nothing_and_strangers_sign_in():
    browser = Client()
    assert browser.get("/desk/escalated").status_code == 302
    browser.force_login(a_specialist())
    assert browser.get("/desk/escalated").status_code == 404


def test_pages_show_every_escalation_once():
    asha = an_agent()
    for minutes in range(55):
        escalated(asha, at=NOW - timedelta(minutes=minutes))

    first = page_of(asha)
    next_url = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = page_of(asha, next_url)
    back = page_of(asha, second.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&"))

    assert len(set(references(first) + references(second))) == 55
    assert references(back) == references(first)


def returned(case, by):
    return_escalation(reference=case.reference, by=by, verdict="NEEDED", note="Ask again", now=NOW)
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("state", ["OFF", "BREAK", "TRAINING", "DECOMPRESSING"])
def test_a_returned_case_never_lands_in_the_hands_of_somebody_who_rests(state):
    asha, theo = an_agent(), a_specialist()
    case = escalated(asha)
    set_state(staff=asha, state=state, why="", now=NOW)

    case = returned(case, theo)

    assert case.assignee is None
    assert (case.tier, case.status) == (1, "OPEN")
    told = Event.objects.filter(case_id=case.pk, kind="escalation.returned").get()
    assert state not in str(told.data)
    page = page_of(asha, reverse("case", args=[case.reference]))
    assert "Returned to tier 1: this is what to do now" in page
    assert "Returned to you" not in page


@pytest.mark.parametrize("state", ["AVAILABLE", "BUSY"])
def test_a_returned_case_goes_to_whoever_escalated_it_and_works(state):
    asha, theo = an_agent(), a_specialist()
    case = escalated(asha)
    set_state(staff=asha, state=state, why="", now=NOW)

    assert returned(case, theo).assignee == asha


@pytest.mark.parametrize("state", ["OFF", "BREAK"])
def test_whoever_accepts_an_escalation_is_available_again_and_told_so(state):
    asha, theo = an_agent(), a_specialist()
    case = escalated(asha)
    set_state(staff=theo, state=state, why="", now=NOW)
    browser = Client()
    browser.force_login(theo)

    page = browser.post(
        reverse("escalation-accept", args=[case.reference]), follow=True
    ).content.decode()

    assert states_of([theo.pk])[theo.pk].state == "AVAILABLE"
    assert "You are available again." in page


def test_nobody_accepts_an_escalation_while_decompressing():
    asha, theo = an_agent(), a_specialist()
    case = escalated(asha)
    set_state(staff=theo, state="DECOMPRESSING", why="", now=NOW)

    with pytest.raises(MustRest):
        accept_escalation(reference=case.reference, by=theo, now=NOW)

    case.refresh_from_db()
    assert case.assignee is None
