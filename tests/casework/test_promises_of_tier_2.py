"""Promises that begin later than the case: the next answer, and what tier 2 promises."""

from datetime import timedelta

import pytest

from caseward.casework.services import (
    accept_escalation,
    escalate_case,
    receive_message,
    reply,
    return_escalation,
    take_back_reply,
)
from caseward.sla.models import Clock
from tests.builders import MONDAY_9AM, a_case, a_promise, a_specialist, an_agent

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def clock(case, kind):
    return Clock.objects.get(case=case, kind=kind, turn=0)


def kinds(case):
    return set(Clock.objects.filter(case=case).values_list("kind", flat=True))


def answer(case, by, at, undo=timedelta(0)):
    return reply(reference=case.reference, by=by, text="Done.", now=at, undo=undo)


def write(case, at):
    receive_message(case_id=case.pk, channel="EMAIL", text="And now?", now=at)


def test_each_further_message_starts_the_next_answer_anew_once_the_first_was_given():
    a_promise("FIRST_RESPONSE", 4 * HOUR)
    a_promise("NEXT_RESPONSE", 2 * HOUR)
    agent = an_agent()
    case = a_case(assignee=agent)
    write(case, MONDAY_9AM + HOUR)
    assert kinds(case) == {"FIRST_RESPONSE"}

    answer(case, agent, MONDAY_9AM + 2 * HOUR)
    write(case, MONDAY_9AM + 5 * HOUR)
    write(case, MONDAY_9AM + 6 * HOUR)
    assert clock(case, "NEXT_RESPONSE").deadline_at == MONDAY_9AM + 7 * HOUR

    answer(case, agent, MONDAY_9AM + 6.5 * HOUR)
    assert clock(case, "NEXT_RESPONSE").was_met is True
    write(case, MONDAY_9AM + 9 * HOUR)
    assert clock(case, "NEXT_RESPONSE").deadline_at == MONDAY_9AM + 11 * HOUR
    assert Clock.objects.filter(case=case, kind="NEXT_RESPONSE").count() == 2


def test_an_answer_taken_back_lets_the_next_answer_be_owed_again():
    a_promise("NEXT_RESPONSE", 2 * HOUR)
    agent = an_agent()
    case = a_case(assignee=agent)
    write(case, MONDAY_9AM)
    sent = answer(case, agent, MONDAY_9AM + HOUR, undo=HOUR)
    assert clock(case, "NEXT_RESPONSE").stopped_at is not None

    take_back_reply(message_id=sent.pk, by=agent, now=MONDAY_9AM + 1.1 * HOUR)

    assert clock(case, "NEXT_RESPONSE").stopped_at is None
    assert clock(case, "NEXT_RESPONSE").deadline_at == MONDAY_9AM + 2 * HOUR


def test_tier_2_promises_to_pick_up_and_to_decide():
    a_promise("ESCALATION_PICKUP", HOUR)
    a_promise("TIER_2_DECISION", 8 * HOUR)
    agent, specialist = an_agent(), a_specialist()
    case = a_case(assignee=agent)
    ours = {"reference": case.reference, "by": specialist}
    escalate_case(reference=case.reference, by=agent, why="Hard", tried="All", now=MONDAY_9AM)

    assert clock(case, "ESCALATION_PICKUP").deadline_at == MONDAY_9AM + HOUR
    case.refresh_from_db()
    assert case.urgency == int((MONDAY_9AM + HOUR).timestamp()) * 10 + case.priority

    accept_escalation(**ours, now=MONDAY_9AM + 2 * HOUR)
    assert clock(case, "ESCALATION_PICKUP").was_met is False
    return_escalation(**ours, verdict="AVOIDABLE", note="Ask again", now=MONDAY_9AM + 3 * HOUR)
    assert clock(case, "TIER_2_DECISION").was_met is True
