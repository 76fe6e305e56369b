"""The no-disclosure lock: what it hides, from whom, and who may lift it."""

from datetime import timedelta

import pytest

from caseward.api.answers import case_in_full
from caseward.casework import access
from caseward.casework.services import (
    lift_disclosure,
    lock_disclosure,
    note_legal_act,
    reply,
)
from caseward.casework.services.silence import MayNotLift, MustKeepSilent, NoReasonGiven
from caseward.channels import links
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.policy.legal.disclosing import mentions_a_report
from caseward.sla.models import Clock
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_regional_lead,
    a_specialist,
    a_team_leader,
    an_agent,
)
from tests.law import a_law

pytestmark = pytest.mark.django_db
TELLING = "We have reported your message to the police."
SILENT = "We looked into your report and removed the content."


def answer(case, by, text):
    reply(reference=case.reference, by=by, text=text, now=MONDAY_9AM, undo=timedelta(0))


def test_a_specialist_may_tell_of_a_report_until_the_case_is_locked():
    leader, case = a_team_leader(), a_case()
    answer(case, leader, TELLING)

    lock_disclosure(reference=case.reference, by=leader, why="Section 29", now=MONDAY_9AM)

    assert access.is_disclosure_locked(case)
    with pytest.raises(MustKeepSilent):
        answer(case, leader, TELLING)
    answer(case, leader, SILENT)


def test_only_a_lead_lifts_the_lock_and_says_why():
    leader, lead, case = a_team_leader(), a_regional_lead(), a_case()
    lock_disclosure(reference=case.reference, by=leader, why="Section 29", now=MONDAY_9AM)
    lift = {"reference": case.reference, "now": MONDAY_9AM}

    with pytest.raises(MayNotLift):
        lift_disclosure(by=leader, why="It is over", **lift)
    with pytest.raises(NoReasonGiven):
        lift_disclosure(by=lead, why=" ", **lift)
    lift_disclosure(by=lead, why="It is over", **lift)

    assert not access.is_disclosure_locked(case)
    answer(case, leader, TELLING)


def test_tier_1_cannot_tell_locked_from_not_locked():
    agent, leader = an_agent(), a_team_leader()
    locked, free = a_case(assignee=agent), a_case(assignee=agent)
    lock_disclosure(reference=locked.reference, by=leader, why="Section 29", now=MONDAY_9AM)

    with acting(Actor.staff(agent)):
        for case in (locked, free):
            assert [event.kind for event in Event.objects.filter(case_id=case.pk)] == [
                "case.opened"
            ]
            with pytest.raises(MustKeepSilent):
                answer(case, agent, TELLING)
            answer(case, agent, SILENT)
        with pytest.raises(access.CaseNotVisible):
            lift_disclosure(reference=locked.reference, by=agent, why="?", now=MONDAY_9AM)


def test_a_report_to_an_agency_locks_a_case_whose_law_says_so_and_no_other():
    a_law("MY-ONSA-22")
    leader = a_team_leader()
    bound = a_case(country="MY", tags=["csam"])
    unbound = a_case(country="SG", tags=["csam"])

    for case in (bound, unbound):
        note_legal_act(reference=case.reference, event="agency_reported", by=leader, now=MONDAY_9AM)

    assert access.is_disclosure_locked(bound)
    assert not access.is_disclosure_locked(unbound)


def test_a_vendor_sees_no_clock_and_the_interface_no_event_of_a_report():
    a_law("US-2258A")
    agent, leader, lead = an_agent(), a_team_leader(), a_regional_lead()
    case = a_case(country="US", tags=["csam"], assignee=agent)
    note_legal_act(reference=case.reference, event="agency_reported", by=leader, now=MONDAY_9AM)
    kinds = set(Clock.objects.filter(case=case).values_list("kind", flat=True))
    assert kinds == {"REFERRAL", "PRESERVATION"}

    with acting(Actor.staff(agent)):
        assert not Clock.objects.filter(case=case).exists()
    told = case_in_full(case, lead)
    assert told.clocks == []
    assert {event.kind for event in told.timeline} == {"case.opened"}


def test_the_status_page_is_the_same_with_and_without_the_lock(client):
    leader, case = a_team_leader(), a_case(assignee=a_specialist(), tags=["csam"])
    address = f"/status/{links.status_token(case.reference)}"
    before = client.get(address).content

    note_legal_act(reference=case.reference, event="agency_reported", by=leader, now=MONDAY_9AM)
    lock_disclosure(reference=case.reference, by=leader, why="Section 29", now=MONDAY_9AM)

    assert _steady(client.get(address).content) == _steady(before)


def _steady(page):
    """Leave out what is drawn anew for every page: tickets, tokens and nonces."""
    import re

    return re.sub(rb'(value|nonce|content)="[^"]{20,}"', b"", page)


@pytest.mark.parametrize(
    "text",
    [
        TELLING,
        "Your case was referred to law enforcement.",
        "It has been passed on to the MCMC.",
        "Kami telah melaporkan perkara ini kepada polis.",
        "हमने पुलिस को इसकी रिपोर्ट कर दी है।",
        "நாங்கள் காவல்துறைக்கு புகார் அளித்துள்ளோம்.",
        "我们已经向警方报告了。",
    ],
)
def test_words_that_tell_of_a_report_are_found_in_every_language_of_the_desk(text):
    assert mentions_a_report(text)


@pytest.mark.parametrize(
    "text",
    [
        SILENT,
        "If you are in danger, please call the police.",
        "You can report this to the police yourself.",
        "We reported a bug in our app.",
        "Sila laporkan kepada polis jika anda diancam.",
        "如果您受到威胁，请报警。",
    ],
)
def test_advice_to_go_to_the_police_is_not_taken_for_it(text):
    assert not mentions_a_report(text)
