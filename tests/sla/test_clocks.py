"""Clocks through everything that happens to a case, against a model anybody can check by hand."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from caseward.casework.services import change_priority, note_missed_clocks, reply, transfer_case
from caseward.core import deadlines
from caseward.ledger import queries as ledger
from caseward.sla import services as sla
from caseward.sla.models import Clock
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_lob,
    a_promise,
    a_share,
    a_site,
    a_team_leader,
    an_agent,
)

pytestmark = pytest.mark.django_db
PROMISED = timedelta(hours=4)
KIND = "FIRST_RESPONSE"
VERBS = ("pause", "resume", "stop", "again")


@dataclass
class ByHand:
    """A promise in elapsed time, kept with a stopwatch: how much is used, and whether it runs."""

    since: object
    used: timedelta = timedelta(0)
    is_paused: bool = False
    is_stopped: bool = False

    def go(self, verb, at):
        if self.is_stopped:
            if verb == "again":
                self.is_stopped, self.is_paused, self.since = False, False, at
        elif verb == "stop":
            self._count(at)
            self.is_stopped = True
        elif verb == "pause" and not self.is_paused:
            self._count(at)
            self.is_paused = True
        elif verb == "resume" and self.is_paused:
            self.is_paused, self.since = False, at

    def _count(self, at):
        if not self.is_paused and self.used < PROMISED:
            self.used = self.used + (at - self.since)
            self.overrun_at = at - (self.used - PROMISED)

    @property
    def deadline(self):
        if self.used >= PROMISED:
            return self.overrun_at
        return None if self.is_paused else self.since + PROMISED - self.used


def do(verb, case_id, at):
    if verb == "pause":
        sla.pause_clocks(case_id=case_id, at=at)
    elif verb == "resume":
        sla.resume_clocks(case_id=case_id, at=at)
    elif verb == "stop":
        sla.stop_clock(case_id=case_id, kind=KIND, at=at)
    else:
        sla.start_clock_again(case_id=case_id, kind=KIND, at=at)


steps = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(1, 200)), min_size=1, max_size=8)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
@example(steps=[("pause", 240), ("stop", 1)])
@example(steps=[("stop", 240)])
def test_whatever_happens_the_deadline_is_what_a_stopwatch_says(steps):
    Clock.objects.all().delete()
    case = _a_case_with_its_promise()
    by_hand, now = ByHand(MONDAY_9AM), MONDAY_9AM

    for verb, minutes in steps:
        now += timedelta(minutes=minutes)
        do(verb, case.pk, now)
        by_hand.go(verb, now)
        clock = Clock.objects.get(case=case)
        assert (clock.stopped_at is not None) is by_hand.is_stopped
        if by_hand.is_stopped:
            is_used_up = by_hand.used >= PROMISED  # perhaps by a pause at that very moment
            assert clock.was_met is (not is_used_up or clock.stopped_at <= by_hand.overrun_at)
        else:
            assert clock.deadline_at == by_hand.deadline
            assert clock.deadline_at == deadlines.deadline(sla.facts_of(clock))


def _a_case_with_its_promise():
    from caseward.sla.models import Promise

    if not Promise.objects.exists():
        a_promise(duration=PROMISED)
    return a_case()


def test_every_verb_twice_is_as_good_as_once():
    case = _a_case_with_its_promise()
    at = MONDAY_9AM

    for verb in ("pause", "resume", "stop", "again"):
        at += timedelta(minutes=30)
        do(verb, case.pk, at)
        once = Clock.objects.values("pauses", "deadline_at", "stopped_at", "was_met").get()
        do(verb, case.pk, at)
        assert Clock.objects.values("pauses", "deadline_at", "stopped_at", "was_met").get() == once


@pytest.mark.parametrize(("minutes_late", "met"), [(-1, True), (0, True), (1, False)])
def test_an_answer_at_the_very_deadline_is_in_time(minutes_late, met):
    case = _a_case_with_its_promise()

    at = MONDAY_9AM + PROMISED + timedelta(minutes=minutes_late)

    assert sla.stop_clock(case_id=case.pk, kind=KIND, at=at) is met
    assert sla.stop_clock(case_id=case.pk, kind=KIND, at=at) is None


def _iso(at):
    return (MONDAY_9AM + at if isinstance(at, timedelta) else at).isoformat()


def test_another_priority_holds_the_running_clock_to_its_own_promise():
    a_promise(duration=PROMISED)
    a_promise(duration=timedelta(hours=1), priority=1)
    leader, case = a_team_leader(), a_case()
    sla.pause_clocks(case_id=case.pk, at=MONDAY_9AM + timedelta(minutes=20))
    sla.resume_clocks(case_id=case.pk, at=MONDAY_9AM + timedelta(minutes=50))

    changed = change_priority(reference=case.reference, by=leader, priority=1, now=MONDAY_9AM)

    due = MONDAY_9AM + timedelta(hours=1, minutes=30)
    assert Clock.objects.get().deadline_at == due
    assert changed.urgency == int(due.timestamp()) * 10 + 1
    told = [event for event in ledger.timeline(case.pk) if event.kind == "clock.recomputed"]
    moved = {"clock": KIND, "before": _iso(PROMISED + timedelta(minutes=30)), "after": _iso(due)}
    assert [event.data["clocks"] for event in told] == [[moved]]
    back = change_priority(reference=case.reference, by=leader, priority=3, now=MONDAY_9AM)
    assert Clock.objects.get().deadline_at == MONDAY_9AM + PROMISED + timedelta(minutes=30)
    assert back.urgency % 10 == 3


def test_another_line_of_business_holds_it_to_its_own_promise_too():
    lob = a_lob("age-support")
    a_promise(duration=PROMISED)
    a_promise(duration=timedelta(hours=9), lob=lob)
    agent = an_agent()
    a_share(agent.vendor, lob)
    case = a_case(assignee=agent)

    transfer_case(
        reference=case.reference, by=agent, lob=lob, language="en", why="Age", now=MONDAY_9AM
    )

    assert Clock.objects.get().deadline_at == MONDAY_9AM + timedelta(hours=9)
    (told,) = [event for event in ledger.timeline(case.pk) if event.kind == "clock.recomputed"]
    assert told.data["clocks"][0]["before"] == _iso(PROMISED)


def test_what_only_the_new_priority_promises_is_owed_since_it_would_have_begun():
    a_promise(duration=PROMISED)
    a_promise(kind="RESOLUTION", duration=timedelta(hours=6), priority=1)
    a_promise(kind="NEXT_RESPONSE", duration=timedelta(hours=1), priority=1)
    leader, case = a_team_leader(), a_case()
    sla.pause_clocks(case_id=case.pk, at=MONDAY_9AM + timedelta(minutes=20))
    sla.resume_clocks(case_id=case.pk, at=MONDAY_9AM + timedelta(minutes=50))

    later = MONDAY_9AM + timedelta(hours=1)
    change_priority(reference=case.reference, by=leader, priority=1, now=later)

    started = Clock.objects.get(kind="RESOLUTION")
    assert started.started_at == MONDAY_9AM
    assert started.deadline_at == MONDAY_9AM + timedelta(hours=6, minutes=30)
    assert not Clock.objects.filter(kind="NEXT_RESPONSE").exists()
    (told,) = [event for event in ledger.timeline(case.pk) if event.kind == "clock.recomputed"]
    owed = {"clock": "RESOLUTION", "before": None, "after": _iso(timedelta(hours=6, minutes=30))}
    assert owed in told.data["clocks"]


def test_what_was_done_before_is_not_owed_again():
    a_promise(kind="RESOLUTION", duration=timedelta(hours=9))
    a_promise(duration=PROMISED, priority=1)
    leader, agent = a_team_leader(), an_agent()
    case = a_case(assignee=agent)
    reply(reference=case.reference, by=agent, text="Done.", now=MONDAY_9AM, undo=timedelta())

    change_priority(reference=case.reference, by=leader, priority=1, now=MONDAY_9AM)

    assert [clock.kind for clock in Clock.objects.all()] == ["RESOLUTION"]


def test_a_clock_missed_under_one_promise_may_still_keep_a_longer_one():
    a_promise(duration=timedelta(hours=1), priority=1)
    a_promise(duration=timedelta(hours=9))
    leader, case = a_team_leader(), a_case(priority=1)
    note_missed_clocks(now=MONDAY_9AM + timedelta(hours=2))

    change_priority(reference=case.reference, by=leader, priority=3, now=MONDAY_9AM)

    assert Clock.objects.get().was_met is None
    at = MONDAY_9AM + timedelta(hours=8)
    assert sla.stop_clock(case_id=case.pk, kind=KIND, at=at) is True


def test_a_paused_clock_is_never_missed():
    case = _a_case_with_its_promise()
    sla.pause_clocks(case_id=case.pk, at=MONDAY_9AM + timedelta(hours=1))

    assert note_missed_clocks(now=MONDAY_9AM + timedelta(days=9)) == 0
    assert ledger.last_number(case.pk) == 1


def test_sweeps_take_at_most_so_many_and_the_most_overdue_first():
    a_promise(duration=PROMISED)
    cases = [a_case(opened_at=MONDAY_9AM - timedelta(hours=n)) for n in range(5)]

    first = sla.newly_missed(now=MONDAY_9AM + PROMISED, at_most=2)
    rest = sla.newly_missed(now=MONDAY_9AM + PROMISED)

    assert [clock.case_id for clock in first] == [cases[4].pk, cases[3].pk]
    assert len(rest) == 3


def test_working_time_is_counted_on_the_sites_own_clock_and_holidays():
    gurugram = a_site(
        "gurugram", working_week={"mon": [["09:00", "18:00"]], "tue": [["09:00", "18:00"]]}
    )
    a_promise(duration=timedelta(hours=10), measured="WORKING", site=gurugram)

    case = a_case(opened_at=MONDAY_9AM)  # 14:30 in Gurugram

    # 3.5 hours on Monday, 6.5 on Tuesday from 09:00 (03:30 UTC): 10:00 UTC.
    assert Clock.objects.get(case=case).deadline_at == MONDAY_9AM + timedelta(days=1, hours=1)
