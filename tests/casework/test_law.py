"""The law's clocks on a case, run through by the verbs of the desk with a moved clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from caseward.casework import access
from caseward.casework.models import Case, Notice
from caseward.casework.services import (
    change_reason,
    note_legal_act,
    note_missed_clocks,
    reply,
    set_tags,
    take_back_legal_act,
    warn_of_deadlines,
)
from caseward.casework.services.clocking import acknowledged
from caseward.casework.services.obeying import CannotTakeBack, NotAtThatTime, ReasonNotOnTheList
from caseward.ledger.models import Event
from caseward.routing.availability import set_state
from caseward.sla.models import Clock, Miss
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_promise,
    a_reason,
    a_specialist,
    a_team_leader,
    an_agent,
)
from tests.law import a_law

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")


def clock(case, stage):
    return Clock.objects.get(case=case, stage__endswith=f".{stage}", turn=0)


def stages(case):
    running = Clock.objects.filter(case=case, stopped_at__isnull=True).exclude(stage="")
    return {name.partition(".")[2] for name in running.values_list("stage", flat=True)}


class Moving:
    """A clock that a test moves, and somebody who acts by it on one case."""

    def __init__(self, case, by):
        self.case, self.by, self.now = case, by, case.opened_at

    def after(self, passed, event, **more):
        self.now += passed
        note_legal_act(reference=self.case.reference, event=event, by=self.by, now=self.now, **more)
        return self


def a_malaysian_case(**fields):
    return a_case(country="MY", tags=["financial-fraud"], **fields)


def test_the_malaysian_chain_runs_from_the_report_to_the_answered_inquiry():
    a_law("MY-ONSA-22")
    agent = an_agent()
    case = a_malaysian_case(assignee=agent)
    moving = Moving(case, agent)
    received = case.opened_at

    assert stages(case) == {"ack", "block", "status"}
    assert clock(case, "ack").deadline_at == received + HOUR
    assert clock(case, "status").deadline_at == received + 12 * HOUR

    acknowledged(case.pk, at=received + 10 * timedelta(minutes=1))
    assert clock(case, "ack").was_met is True

    moving.after(HOUR / 2, "interim_applied")
    assert clock(case, "block").was_met is True
    assert clock(case, "decision").deadline_at == moving.now + 24 * HOUR

    moving.after(11 * HOUR, "status_notified")
    assert clock(case, "status").was_met is True

    moving.after(10 * HOUR, "decided")
    assert clock(case, "decision").was_met is True
    assert clock(case, "final").deadline_at == moving.now + HOUR

    moving.after(2 * HOUR, "removed")
    assert clock(case, "final").was_met is False
    assert stages(case) == {"tell-reporter", "tell-author"}

    moving.after(HOUR, "reporter_notified").after(HOUR, "author_notified")
    assert stages(case) == {"reporter-window", "author-window"}
    told_on = clock(case, "author-window").started_at.astimezone(KUALA_LUMPUR).date()
    ends = clock(case, "author-window").deadline_at.astimezone(KUALA_LUMPUR)
    assert ends == datetime.combine(told_on + timedelta(days=16), datetime.min.time(), KUALA_LUMPUR)

    moving.after(timedelta(days=3), "inquiry_received")
    assert stages(case) == {"inquiry"}
    moving.after(timedelta(days=4), "inquiry_answered")
    assert clock(case, "inquiry").was_met is True
    assert stages(case) == set()


def test_impersonation_in_india_has_two_hours_from_receipt_however_late_it_is_recognised():
    a_law("IN-ITR-3-2-B")
    agent, reason = an_agent(), a_reason(key="impersonation")
    case = a_case(country="IN", assignee=agent)
    assert stages(case) == set()

    change_reason(reference=case.reference, by=agent, reason=reason, now=case.opened_at + HOUR)

    access_clock = clock(case, "access")
    assert access_clock.deadline_at == case.opened_at + 2 * HOUR
    assert access_clock.because == {"country": ["IN"], "reasons": ["impersonation"]}
    case.refresh_from_db()
    assert case.urgency == int(access_clock.deadline_at.timestamp()) * 10 + case.priority

    assert note_missed_clocks(now=case.opened_at + 2 * HOUR + timedelta(seconds=1)) == 1
    assert Miss.objects.get().is_legal is True
    told = Event.objects.get(case_id=case.pk, kind="clock.missed")
    assert told.data["stage"] == "IN-ITR-3-2-B.access"


def test_an_answer_or_waiting_for_the_requester_does_not_stop_the_law():
    a_law("IN-ITR-3-2-B")
    agent = an_agent()
    case = a_case(country="IN", tags=["impersonation"], assignee=agent)

    reply(
        reference=case.reference, by=agent, text="Which account is it?", now=case.opened_at,
        undo=timedelta(0), is_pending=True,
    )  # fmt: skip

    assert clock(case, "access").deadline_at == case.opened_at + 2 * HOUR


@pytest.mark.parametrize(("country", "tags"), [("SG", ["impersonation"]), ("IN", ["spam"])])
def test_another_market_or_other_facts_start_nothing(country, tags):
    a_law("IN-ITR-3-2-B")

    assert stages(a_case(country=country, tags=tags)) == set()


def test_a_law_that_is_switched_off_starts_nothing_and_tags_added_later_do():
    case = a_case(country="MY", assignee=an_agent())
    by = case.assignee
    set_tags(reference=case.reference, by=by, tags=["csam"], now=MONDAY_9AM)
    assert stages(case) == set()

    a_law("MY-ONSA-22")
    set_tags(reference=case.reference, by=by, tags=["csam", "urgent"], now=MONDAY_9AM + HOUR)

    assert clock(case, "block").started_at == case.opened_at
    assert Event.objects.filter(case_id=case.pk, kind="clock.started").count() == 3


def test_a_report_is_dismissed_for_a_reason_on_the_list_or_not_at_all():
    a_law("MY-ONSA-22")
    agent = an_agent()
    case = a_malaysian_case(assignee=agent)
    dismiss = {"reference": case.reference, "event": "dismissed", "by": agent, "now": MONDAY_9AM}

    with pytest.raises(ReasonNotOnTheList):
        note_legal_act(**dismiss, dismissal="boring")
    note_legal_act(**dismiss, dismissal="frivolous")

    event = Event.objects.get(case_id=case.pk, kind="legal.dismissed")
    assert event.data["dismissal"] == "frivolous"
    assert stages(case) == {"ack", "final"}


def test_a_notice_counts_from_its_delivery_and_nothing_happens_before_the_case_or_after_now():
    a_law("MY-ONSA-21")
    agent = an_agent()
    case = a_case(country="MY", tags=["harmful-content"], assignee=agent)
    now = MONDAY_9AM + timedelta(days=2)
    delivered = MONDAY_9AM + timedelta(days=1)
    told = {"reference": case.reference, "event": "reporter_notified", "by": agent, "now": now}

    for moment in (MONDAY_9AM - HOUR, now + HOUR):
        with pytest.raises(NotAtThatTime):
            note_legal_act(**told, happened_at=moment)
    note_legal_act(**told, happened_at=delivered)

    assert clock(case, "window").started_at == delivered


def test_taking_an_act_back_leaves_the_clocks_as_before_it():
    a_law("MY-ONSA-22")
    agent = an_agent()
    case = a_malaysian_case(assignee=agent)
    before = list(Clock.objects.filter(case=case).order_by("pk").values())
    Moving(case, agent).after(HOUR / 2, "interim_applied")
    number = Event.objects.filter(case_id=case.pk, kind="legal.interim_applied").get().seq
    back = {"reference": case.reference, "number": number, "by": agent, "now": MONDAY_9AM + HOUR}

    take_back_legal_act(**back)

    assert list(Clock.objects.filter(case=case).order_by("pk").values()) == before
    with pytest.raises(CannotTakeBack):
        take_back_legal_act(**back)


def test_what_others_may_do_until_then_hurries_nobody():
    a_law("MY-ONSA-21")
    a_promise()
    agent = an_agent()
    case = a_case(country="MY", tags=["harmful-content"], assignee=agent)
    moving = Moving(case, agent).after(HOUR / 4, "status_notified")
    acknowledged(case.pk, at=moving.now)
    moving.after(HOUR / 4, "reporter_notified")

    case.refresh_from_db()
    promise = Clock.objects.get(case=case, kind="FIRST_RESPONSE")
    assert case.urgency == int(promise.deadline_at.timestamp()) * 10 + case.priority

    note_missed_clocks(now=clock(case, "window").deadline_at)

    assert clock(case, "window").was_met is True
    assert Miss.objects.filter(clock__kind="USER_WINDOW").count() == 0
    assert Event.objects.filter(case_id=case.pk, kind="clock.lapsed").count() == 1


def test_those_who_can_still_act_are_warned_at_each_fraction_and_the_newest_notice_counts():
    a_promise(duration=4 * HOUR)
    agent, leader = an_agent(), a_team_leader()
    agent.team.leader = leader
    agent.team.save()
    mine = a_case(assignee=agent)
    nobodys = a_case()

    assert warn_of_deadlines(now=MONDAY_9AM + 2 * HOUR - timedelta(seconds=1)) == 0
    assert warn_of_deadlines(now=MONDAY_9AM + 2 * HOUR) == 2
    assert warn_of_deadlines(now=MONDAY_9AM + 2 * HOUR) == 0
    assert Notice.objects.get(case=mine).staff == agent
    assert Notice.objects.get(case=nobodys).staff == leader

    assert warn_of_deadlines(now=MONDAY_9AM + 3.7 * HOUR) == 2
    assert Notice.objects.get(case=mine).data["share"] == 0.9
    shares = Event.objects.filter(case_id=mine.pk, kind="clock.warned").order_by("seq")
    assert [event.data["share"] for event in shares] == [0.5, 0.9]


@pytest.mark.parametrize(("state", "is_told"), [("BUSY", False), ("BREAK", True), ("OFF", True)])
def test_where_the_agent_is_not_at_work_whoever_leads_the_team_is_warned_too(state, is_told):
    a_promise(duration=4 * HOUR)
    agent, leader = an_agent(), a_team_leader()
    agent.team.leader = leader
    agent.team.save()
    a_case(assignee=agent)
    set_state(staff=agent, state=state, why="", now=MONDAY_9AM)

    warn_of_deadlines(now=MONDAY_9AM + 2 * HOUR)

    told = Notice.objects.order_by("staff").values_list("staff", flat=True)
    assert list(told) == ([agent.pk, leader.pk] if is_told else [agent.pk])


def test_a_stranger_cannot_note_what_the_law_asks_for():
    a_law("MY-ONSA-22")
    case = a_malaysian_case(assignee=an_agent())
    stranger = a_specialist()

    with pytest.raises((access.CaseNotVisible, access.NotYoursToChange)):
        note_legal_act(reference=case.reference, event="decided", by=stranger, now=MONDAY_9AM)
    assert Case.objects.get(pk=case.pk).updated_at == case.updated_at
