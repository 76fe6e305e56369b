"""Several people, and Caseward itself, at the same case at the same moment."""

from collections import Counter
from datetime import timedelta

import pytest

from caseward.casework import access
from caseward.casework.models import Case, Message
from caseward.casework.services import (
    AlreadyResolved,
    NothingToTake,
    close_resolved_cases,
    merge_case,
    note_missed_clocks,
    receive_message,
    reply,
    resolve_case,
    take_next_case,
    unmerge_case,
)
from caseward.casework.services.merging import CannotMerge
from caseward.ledger import queries as ledger
from caseward.ledger.models import Event
from caseward.ledger.verifying import damages
from caseward.org.acting import Actor, acting
from tests.builders import MONDAY_9AM, a_case, a_disposition, a_promise, a_team_leader, an_agent
from tests.concurrency import at_once

LATER = MONDAY_9AM + timedelta(days=3)
UNDO = timedelta(seconds=10)


def as_system():
    return acting(Actor.system("tests"))


def test_eight_people_taking_the_next_case_never_share_one(committed_db):
    with as_system():
        agents = [an_agent() for _ in range(8)]
        cases = [a_case(opened_at=MONDAY_9AM + timedelta(minutes=n)).pk for n in range(60)]

    def take_all(agent):
        taken = []
        while True:
            try:
                with acting(Actor.staff(agent)):
                    taken.append(take_next_case(by=agent, now=LATER).pk)
            except NothingToTake:
                return taken

    answers = at_once([lambda agent=agent: take_all(agent) for agent in agents])

    taken = [pk for answer in answers for pk in answer]
    with as_system():
        waiting = Case.objects.filter(assignee__isnull=True).count()
        given = Counter(
            Event.objects.filter(kind="case.assigned").values_list("case_id", flat=True)
        )
    assert sorted(taken) == cases
    assert waiting == 0
    assert set(given.values()) == {1}


def test_of_two_answers_at_once_one_is_sent_and_the_other_told_why(committed_db):
    with as_system():
        ana, ben, recovered = an_agent(), an_agent(), a_disposition()
        cases = [a_case() for _ in range(10)]

    def answer(case, agent):
        with acting(Actor.staff(agent)):
            seen = 1
            return reply(
                reference=case.reference, by=agent, text="Done", now=LATER, undo=UNDO,
                seen=seen, disposition=recovered,
            )  # fmt: skip

    for case in cases:
        outcomes = at_once([lambda who=who: answer(case, who) for who in (ana, ben)])  # noqa: B023
        refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert len(refused) == 1
        assert isinstance(
            refused[0], access.ChangedMeanwhile | access.NotYoursToChange | AlreadyResolved
        )
    with as_system():
        assert Message.objects.filter(direction="OUTBOUND").count() == len(cases)


def test_merging_answering_and_receiving_at_once_never_lock_each_other_out(committed_db):
    with as_system():
        a_promise()
        a_promise(kind="RESOLUTION")
        agent, leader, recovered = an_agent(), a_team_leader(), a_disposition()
        first, second = a_case(assignee=agent), a_case(assignee=agent)

    def merge(one, other):
        with acting(Actor.staff(leader)):
            merge_case(reference=one.reference, into=other.reference, by=leader, now=LATER)

    def part(case):
        with acting(Actor.staff(leader)):
            unmerge_case(reference=case.reference, by=leader, now=LATER)

    def answer(case):
        with acting(Actor.staff(agent)):
            reply(
                reference=case.reference, by=agent, text="Hm", now=LATER, undo=UNDO,
                disposition=recovered,
            )  # fmt: skip

    def receive(case):
        with as_system():
            receive_message(case_id=case.pk, channel="EMAIL", text="And?", now=LATER)

    def sweep():
        with as_system():
            note_missed_clocks(now=LATER)

    outcomes = []
    for _ in range(12):
        outcomes += at_once([
            lambda: merge(first, second), lambda: merge(second, first), lambda: answer(first),
            lambda: answer(second), lambda: receive(first), lambda: receive(second), sweep,
        ])  # fmt: skip
        outcomes += at_once([lambda: part(first), lambda: part(second)])

    told_why = (CannotMerge, AlreadyResolved, access.NotYoursToChange)
    failed = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [problem for problem in failed if not isinstance(problem, told_why)] == []
    with as_system():
        kinds = set(Event.objects.values_list("kind", flat=True))
        assert {"case.merged", "case.unmerged", "message.sent", "case.reopened"} <= kinds
        assert list(damages()) == []


def test_two_sweeps_at_once_note_each_missed_clock_once(committed_db):
    with as_system():
        a_promise()
        a_promise(kind="RESOLUTION")
        cases = [a_case() for _ in range(30)]

    def sweep():
        with as_system():
            return note_missed_clocks(now=LATER)

    noted = at_once([sweep] * 4)

    with as_system():
        missed = Event.objects.filter(kind="clock.missed").count()
    assert sum(noted) == missed == 2 * len(cases)


def test_two_closing_sweeps_at_once_close_each_case_once(committed_db):
    with as_system():
        agent, recovered = an_agent(), a_disposition()
        for _ in range(20):
            case = a_case(assignee=agent)
            resolve_case(reference=case.reference, by=agent, disposition=recovered, now=MONDAY_9AM)

    def close():
        with as_system():
            return close_resolved_cases(now=LATER, after=timedelta(days=1))

    assert sum(at_once([close] * 4)) == 20
    with as_system():
        assert Event.objects.filter(kind="case.closed").count() == 20


def test_events_written_at_once_are_numbered_without_gap_and_chained(committed_db):
    with as_system():
        agents = [an_agent() for _ in range(6)]
        case = a_case()

    def take_note(agent):
        from caseward.casework.services import add_note

        for _ in range(5):
            with acting(Actor.staff(agent)):
                add_note(reference=case.reference, by=agent, text="Hm", now=LATER)

    assert at_once([lambda agent=agent: take_note(agent) for agent in agents]) == [None] * 6
    with as_system():
        numbers = [event.seq for event in ledger.timeline(case.pk)]
        assert numbers == list(range(31, 0, -1))
        assert list(damages()) == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_who_answers_after_something_new_arrived_is_told_what(committed_db, moment):
    with as_system():
        agent = an_agent()
        case = a_case(assignee=agent)
        receive_message(case_id=case.pk, channel="EMAIL", text="Also this", now=LATER)

    seen = {"before": 1, "after": 2}[moment]
    with acting(Actor.staff(agent)):
        if moment == "after":
            reply(reference=case.reference, by=agent, text="Hi", now=LATER, undo=UNDO, seen=seen)
            return
        with pytest.raises(access.ChangedMeanwhile) as told:
            reply(reference=case.reference, by=agent, text="Hi", now=LATER, undo=UNDO, seen=seen)
    assert told.value.events == ["message.received"]
