"""Escalations of every kind: who gets them, what they must say, how often they go to and fro."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caseward.casework import access
from caseward.casework.models import Case, Escalation, Expert, IncidentCase, StaffAlert
from caseward.casework.services import (
    AlreadyResolved,
    accept_escalation,
    answer_question,
    ask_back,
    escalate_case,
    reroute_escalation,
    resolve_case,
    return_escalation,
    settle_escalation,
)
from caseward.casework.services.asking_back import NotYoursToAnswer
from caseward.casework.services.escalating import AlreadyEscalated, FactsMissing, IncidentClosed
from caseward.casework.services.incidents import close_incident, open_incident
from caseward.casework.services.judging import GoesNowhere, ReturnedTooOften, SentOnTooOften
from caseward.ledger import queries as ledger
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.org.models import Skill
from caseward.policy.models import EscalationTemplate
from caseward.sla.models import Clock
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_promise,
    a_queue,
    a_reason,
    a_specialist,
    a_staff_member,
    a_vendor,
    an_agent,
    at_work,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY_9AM + timedelta(hours=1)
HANDLE = {"key": "handle", "kind": "text", "required": True, "labels": {"en": "Account"}}
LOSS = {"key": "loss", "kind": "text", "required": False, "labels": {"en": "Loss"}}


def escalated(agent, **said):
    case = a_case(assignee=agent)
    words = {"why": "SIM swap", "tried": "Reset link", "now": MONDAY_9AM, **said}
    with acting(Actor.staff(agent)):
        return case, escalate_case(reference=case.reference, by=agent, **words)


def kinds_of(case):
    return list(
        Event.objects.filter(case_id=case.pk).order_by("seq").values_list("kind", flat=True)
    )


def a_template(reason=None, facts=(HANDLE, LOSS)):
    EscalationTemplate.objects.create(lob=a_lob(), reason=reason, facts=list(facts))
    look_again()


def an_expert(**fields):
    expert = Expert.objects.create(
        key="payouts", staff=a_specialist(**fields), lob=a_lob(), topics={"en": "Stolen payouts"}
    )
    look_again()
    return expert


def test_what_the_template_asks_must_be_said_and_nothing_else_is_kept():
    a_template()
    agent = an_agent()

    with pytest.raises(FactsMissing) as refused:
        escalated(agent, facts={"loss": "90 USD"})
    case, escalation = escalated(agent, facts={"handle": "@asha ", "shoe-size": "39"})

    assert refused.value.keys == ["handle"]
    assert escalation.facts == {"handle": "@asha"}
    assert Case.objects.get(pk=case.pk).tier == 2


def test_a_reason_has_its_own_template_before_that_of_its_line():
    reason = a_reason()
    a_template(facts=[LOSS])
    a_template(reason, facts=[HANDLE])
    agent = an_agent()
    case = a_case(assignee=agent, reason_id=reason.pk)

    with pytest.raises(FactsMissing):
        escalate_case(
            reference=case.reference, by=agent, why="a", tried="b", now=MONDAY_9AM, facts={}
        )


def test_an_expert_has_the_case_at_once_and_others_see_only_the_topic():
    expert, agent = an_expert(), an_agent()
    at_work(expert.staff)

    case, escalation = escalated(agent, expert=expert)

    case.refresh_from_db()
    assert (case.assignee_id, case.tier) == (expert.staff_id, 2)
    assert escalation.kind == Escalation.Kind.EXPERT
    assert case in access.visible_cases(expert.staff)


def test_an_escalation_goes_to_another_line_of_business():
    age = a_lob("age-support")
    a_queue(2, None, age)

    case, escalation = escalated(an_agent(), lob=age)

    case.refresh_from_db()
    assert (case.lob_id, escalation.kind) == (age.pk, "LOB")


def test_a_specialist_escalates_a_settled_case_to_another_line_and_gets_it_back():
    age = a_lob("age-support")
    there, here = a_specialist(age), at_work(a_specialist())
    case, _ = escalated(an_agent())
    settle_escalation(reference=case.reference, by=here, verdict="NEEDED", note="", now=LATER)

    up = {"reference": case.reference, "why": "A child", "tried": "Asked", "now": LATER}
    with pytest.raises(AlreadyEscalated):
        escalate_case(by=here, **up)
    escalate_case(by=here, lob=age, **up)
    return_escalation(
        reference=case.reference, by=there, verdict="AVOIDABLE", note="Grown up.", now=LATER
    )

    case.refresh_from_db()
    assert (case.tier, case.assignee_id, case.lob_id) == (2, here.pk, a_lob().pk)


def test_cases_with_one_cause_gather_in_an_incident_until_it_is_closed():
    lead, agent = a_specialist(), an_agent()
    incident = open_incident(by=lead, title="Hijacks by SMS", lob=a_lob(), now=MONDAY_9AM)

    case, escalation = escalated(agent, incident=incident)
    close_incident(incident_id=incident.pk, by=lead, note="Blocked", now=LATER)

    assert IncidentCase.objects.get(case=case).incident == incident
    assert (escalation.kind, "incident.joined" in kinds_of(case)) == ("INCIDENT", True)
    with pytest.raises(IncidentClosed):
        escalated(agent, incident=incident)


def test_a_vendor_sees_the_incidents_shared_with_its_lines_only():
    lead, agent = a_specialist(), an_agent()
    stranger = an_agent(vendor=a_vendor("melati"), lob=a_lob("age-support"))
    shared = open_incident(by=lead, title="Hijacks", lob=a_lob(), now=MONDAY_9AM)
    inner = open_incident(
        by=lead, title="Staff involved", lob=a_lob(), now=MONDAY_9AM, is_shared=False
    )

    for person, sees in [(agent, {shared}), (stranger, set()), (lead, {shared, inner})]:
        with acting(Actor.staff(person)):
            assert set(type(shared).objects.all()) == sees, person


def test_quality_is_judged_beside_need():
    case, _ = escalated(an_agent())

    judged = settle_escalation(
        reference=case.reference, by=a_specialist(), verdict="NEEDED", note="", now=LATER,
        quality="INCOMPLETE", quality_note="The handle was missing.",
    )  # fmt: skip

    judged.refresh_from_db()
    assert (judged.verdict, judged.quality) == ("NEEDED", "INCOMPLETE")
    assert (
        Event.objects.get(kind="escalation.settled").data["quality_note"].startswith("The handle")
    )


def test_sent_on_it_waits_there_for_somebody_else_to_judge():
    age = a_lob("age-support")
    here, there = a_specialist(), a_specialist(age)
    case, _ = escalated(an_agent())
    accept_escalation(reference=case.reference, by=here, now=LATER)

    with pytest.raises(GoesNowhere):
        reroute_escalation(reference=case.reference, by=here, why="Hm", lob=case.lob, now=LATER)
    moved = reroute_escalation(reference=case.reference, by=here, why="A child", lob=age, now=LATER)

    case.refresh_from_db()
    assert (case.assignee_id, moved.accepted_by_id, moved.ended_at) == (None, None, None)
    settle_escalation(reference=case.reference, by=there, verdict="WRONG_LOB", note="", now=LATER)


def test_sent_on_after_it_was_accepted_it_has_to_be_picked_up_anew():
    age = a_lob("age-support")
    a_promise(kind="ESCALATION_PICKUP", duration=timedelta(minutes=20))
    a_promise(kind="ESCALATION_PICKUP", duration=timedelta(minutes=30), lob=age)
    here, there = a_specialist(), a_specialist(age)
    case, escalation = escalated(an_agent())
    first = escalation.pickup_due_at
    sends = {"reference": case.reference, "why": "A child", "now": LATER}

    waiting = reroute_escalation(**sends, by=here, lob=age)
    assert waiting.pickup_due_at == first
    accept_escalation(reference=case.reference, by=there, now=LATER)
    moved = reroute_escalation(**sends, by=there, lob=a_lob())

    assert moved.pickup_due_at == LATER + timedelta(minutes=20)
    pickup = Clock.objects.get(case=case, kind="ESCALATION_PICKUP", turn=0)
    assert (pickup.deadline_at, pickup.stopped_at) == (moved.pickup_due_at, None)


def test_an_escalation_is_not_sent_to_and_fro_for_ever_but_by_a_lead():
    age, lead = a_lob("age-support"), a_staff_member("REGIONAL_LEAD")
    here, there = a_specialist(), a_specialist(age)
    case, _ = escalated(an_agent())
    sends = {"reference": case.reference, "why": "Yours", "now": LATER}
    reroute_escalation(**sends, by=here, lob=age)
    reroute_escalation(**sends, by=there, lob=a_lob())

    with pytest.raises(SentOnTooOften):
        reroute_escalation(**sends, by=here, lob=age)

    assert reroute_escalation(**sends, by=lead, lob=age).to_lob == age


def test_what_tier_2_resolved_unjudged_is_settled_and_goes_to_nobody_any_more():
    theo = a_specialist()
    case, _ = escalated(an_agent())
    resolve_case(reference=case.reference, by=theo, disposition=a_disposition(), now=LATER)
    verb = {"reference": case.reference, "by": theo, "now": LATER}
    judged = {**verb, "verdict": "NEEDED", "note": "Ask."}

    for refused in (
        lambda: accept_escalation(**verb),
        lambda: return_escalation(**judged),
        lambda: reroute_escalation(**verb, why="A child", lob=a_lob("age-support")),
    ):
        with pytest.raises(AlreadyResolved):
            refused()

    assert settle_escalation(**judged).verdict == "NEEDED"
    assert Case.objects.get(pk=case.pk).status == "RESOLVED"


def test_of_two_who_judge_one_escalation_the_second_is_told():
    theo, lead = a_specialist(), a_staff_member("REGIONAL_LEAD")
    case, _ = escalated(an_agent())
    seen = ledger.last_number(case.pk)
    accept_escalation(reference=case.reference, by=theo, now=LATER)
    judged = {"reference": case.reference, "by": lead, "verdict": "NEEDED", "note": "Ask."}

    for judge in (settle_escalation, return_escalation):
        with pytest.raises(access.ChangedMeanwhile):
            judge(**judged, seen=seen, now=LATER)

    assert Escalation.objects.get(case=case).ended_at is None


def test_after_two_returns_a_case_stays_in_tier_2_and_a_lead_is_told_once_more_is_asked():
    agent, theo = an_agent(), a_specialist()
    lead = a_staff_member("LOB_LEAD")
    Skill.objects.create(staff=lead, lob=a_lob(), language="en")
    case, _ = escalated(agent)
    back = {"reference": case.reference, "by": theo, "verdict": "AVOIDABLE", "note": "Ask."}
    again = {"reference": case.reference, "by": agent, "why": "a", "tried": "b"}
    for hours in (1, 2):
        return_escalation(**back, now=MONDAY_9AM + timedelta(hours=hours))
        assert not StaffAlert.objects.exists() or hours == 2
        with acting(Actor.staff(agent)):
            escalate_case(**again, now=MONDAY_9AM + timedelta(hours=hours))

    with pytest.raises(ReturnedTooOften):
        return_escalation(**back, now=LATER)

    told = StaffAlert.objects.get()
    assert (told.staff, told.kind) == (lead, "escalation.kept")
    assert case.reference in told.text
    assert kinds_of(case).count("escalation.kept") == 1


def test_tier_2_asks_back_without_giving_the_case_away():
    agent, colleague, theo = an_agent(), an_agent(), a_specialist()
    case, _ = escalated(agent)
    question = ask_back(reference=case.reference, by=theo, text="Which handle?", now=LATER)
    answer = {"reference": case.reference, "question_id": question.pk, "now": LATER}

    with acting(Actor.staff(colleague)), pytest.raises(NotYoursToAnswer):
        answer_question(by=colleague, text="No idea", **answer)
    with acting(Actor.staff(agent)):
        answered = answer_question(by=agent, text="@asha", **answer)
        with pytest.raises(NotYoursToAnswer):
            answer_question(by=agent, text="Or @asha2", **answer)

    assert answered.answer == "@asha"
    assert kinds_of(case)[-2:] == ["escalation.asked", "escalation.answered"]
    assert Case.objects.get(pk=case.pk).tier == 2


def test_the_database_refuses_an_expert_without_a_name_and_quality_before_the_end():
    _, escalation = escalated(an_agent())
    impossible = [
        ("escalation_to_an_expert_names_one", {"kind": "EXPERT"}),
        ("escalation_quality_only_once_ended", {"quality": "COMPLETE"}),
        ("escalation_to_an_incident_names_it", {"kind": "INCIDENT"}),
    ]
    for constraint, fields in impossible:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Escalation.objects.filter(pk=escalation.pk).update(**fields)


def test_a_promised_pickup_is_a_clock_that_stops_when_it_is_accepted():
    a_promise(kind="ESCALATION_PICKUP", duration=timedelta(minutes=20))
    agent, theo = an_agent(), a_specialist()

    case, escalation = escalated(agent)
    pickup = Clock.objects.get(case=case, kind="ESCALATION_PICKUP")
    assert escalation.pickup_due_at == pickup.deadline_at == MONDAY_9AM + timedelta(minutes=20)
    accept_escalation(reference=case.reference, by=theo, now=MONDAY_9AM + timedelta(minutes=25))

    pickup.refresh_from_db()
    assert (pickup.stopped_at, pickup.was_met) == (MONDAY_9AM + timedelta(minutes=25), False)
