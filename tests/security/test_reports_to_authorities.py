"""A report to an authority is known in-house: no list, notice or event tells a vendor of it."""

from datetime import timedelta

import pytest

from caseward.casework.models import Case, Notice
from caseward.casework.services import escalate_case, lock_disclosure
from caseward.casework.services.watching import warn_of_deadlines
from caseward.org.acting import Actor, acting
from caseward.sla.models import Clock
from caseward.web.views.desk.showing.macros import macros
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_macro,
    a_promise,
    a_specialist,
    a_team_leader,
    an_agent,
)
from tests.law import a_law

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported():
    """A case whose report to an authority is due long before its answer."""
    a_promise(duration=timedelta(days=30))
    a_law("US-2258A")
    agent = an_agent()
    agent.team.leader = a_team_leader()
    agent.team.save()
    return a_case(country="US", tags=["csam"], assignee=agent)


def referral_of(case):
    return Clock.objects.get(case=case, kind="REFERRAL")


def test_a_vendors_agent_is_not_warned_of_a_report_and_their_leader_in_house_is(reported):
    clock = referral_of(reported)

    warn_of_deadlines(now=clock.warns_at)

    notice = Notice.objects.get(case=reported, data__clock="REFERRAL")
    assert notice.staff == reported.assignee.team.leader
    promise = Clock.objects.get(case=reported, kind="FIRST_RESPONSE")
    warn_of_deadlines(now=promise.warns_at)
    assert Notice.objects.filter(staff=reported.assignee, data__clock="FIRST_RESPONSE").exists()


def test_a_report_hurries_a_case_in_tier_2_and_not_in_a_vendors_list(reported):
    a_specialist()
    promise = Clock.objects.get(case=reported, kind="FIRST_RESPONSE")
    report = referral_of(reported)
    assert report.deadline_at < promise.deadline_at
    assert Case.objects.get(pk=reported.pk).urgency // 10 == int(promise.deadline_at.timestamp())

    agent = reported.assignee
    with acting(Actor.staff(agent)):
        escalate_case(
            reference=reported.reference, by=agent, why="Payouts", tried="Link", now=MONDAY_9AM
        )

    assert Case.objects.get(pk=reported.pk).urgency // 10 == int(report.deadline_at.timestamp())


def test_the_macros_offered_to_a_vendor_are_the_same_on_a_locked_case():
    a_macro("greeting", en="Hello {requester_name}.")
    agent, leader = an_agent(), a_team_leader()
    locked, free = a_case(assignee=agent), a_case(assignee=agent, email="b@example.com")
    lock_disclosure(reference=locked.reference, by=leader, why="Section 29", now=MONDAY_9AM)

    for person, knows in [(agent, False), (leader, True)]:
        with acting(Actor.staff(person)):
            offered = [macros(case, person, MONDAY_9AM.date()) for case in (locked, free)]
        assert len(offered[1]) == 1
        assert (offered[0] == []) is knows
