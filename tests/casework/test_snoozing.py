"""A case out of sight until a time, or until the requester writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caseward.casework import access
from caseward.casework.listing import Filters, Pile, page_of
from caseward.casework.models import Case
from caseward.casework.services import (
    AlreadyResolved,
    NothingToTake,
    escalate_case,
    receive_message,
    release_case,
    reply,
    resolve_case,
    snooze_case,
    take_back_reply,
    take_case,
    take_next_case,
    transfer_case,
    wake_case,
    wake_due,
)
from caseward.casework.services.snoozing import LONGEST, NoReason, NotWhen
from caseward.ledger import queries as ledger
from caseward.org.acting import Actor, acting
from caseward.sla.models import Clock
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_promise,
    a_specialist,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY_9AM + timedelta(hours=1)
TOMORROW = MONDAY_9AM + timedelta(days=1)


def snoozed_case(agent, **fields):
    case = a_case(assignee=agent, **fields)
    with acting(Actor.staff(agent)):
        snooze_case(
            reference=case.reference, by=agent, until=TOMORROW, why="The bank calls", now=LATER
        )
    case.refresh_from_db()
    return case


def listed(pile, staff):
    with acting(Actor.staff(staff)):
        return page_of(pile, Filters(), by=staff, now=LATER, day_ends_at=TOMORROW).ids


def last_event(case):
    return ledger.timeline(case.pk)[0]


def test_a_snoozed_case_leaves_ones_own_list_and_its_clocks_run_on():
    a_promise()
    agent = an_agent()

    case = snoozed_case(agent)

    assert listed(Pile.in_hands(agent), agent) == []
    assert listed(Pile.snoozed(agent), agent) == [case.pk]
    assert Clock.objects.get(case=case).deadline_at == MONDAY_9AM + timedelta(hours=4)
    assert last_event(case).kind == "case.snoozed"
    assert last_event(case).data["why"] == "The bank calls"


def test_a_snoozed_case_waits_for_nobody_and_is_not_handed_out():
    agent = an_agent()
    case = a_case()
    with acting(Actor.staff(agent)):
        snooze_case(reference=case.reference, by=agent, until=TOMORROW, why="Wait", now=LATER)
        with pytest.raises(NothingToTake):
            take_next_case(by=agent, now=LATER)

    assert listed(Pile.waiting([case.queue_id]), agent) == []
    assert listed(Pile.snoozed(agent), agent) == [case.pk]


def test_time_wakes_a_case_once_and_not_before():
    agent = an_agent()
    case = snoozed_case(agent)

    with acting(Actor.system("clock")):
        assert wake_due(now=TOMORROW - timedelta(seconds=1)) == 0
        assert wake_due(now=TOMORROW) == 1
        assert wake_due(now=TOMORROW) == 0

    assert listed(Pile.in_hands(agent), agent) == [case.pk]
    assert last_event(case).data["because"] == "TIME"


def test_the_requester_wakes_a_case_and_a_machine_does_not():
    case = snoozed_case(an_agent())

    with acting(Actor.system("mail")):
        said = {"case_id": case.pk, "channel": "EMAIL", "now": LATER}
        receive_message(text="I am away", is_automatic=True, **said)
        case.refresh_from_db()
        assert case.snoozed_until == TOMORROW
        receive_message(text="Please help", **said)

    case.refresh_from_db()
    assert case.snoozed_until is None
    assert last_event(case).data["because"] == "MESSAGE"


def test_snoozing_again_moves_the_moment_and_waking_twice_changes_nothing():
    agent = an_agent()
    case = snoozed_case(agent)
    with acting(Actor.staff(agent)):
        then = TOMORROW + timedelta(days=1)
        snooze_case(reference=case.reference, by=agent, until=then, why="Longer", now=LATER)
        wake_case(reference=case.reference, by=agent, now=LATER)
        events = ledger.timeline(case.pk).count()
        wake_case(reference=case.reference, by=agent, now=LATER)

    assert ledger.timeline(case.pk).count() == events
    assert listed(Pile.in_hands(agent), agent) == [case.pk]


@pytest.mark.parametrize("until", [LATER, MONDAY_9AM, LATER + LONGEST + timedelta(minutes=1)])
def test_a_case_is_snoozed_to_a_moment_that_comes_soon_enough(until):
    agent = an_agent()
    case = a_case(assignee=agent)
    with acting(Actor.staff(agent)), pytest.raises(NotWhen):
        snooze_case(reference=case.reference, by=agent, until=until, why="Wait", now=LATER)


def test_a_snooze_says_why_and_a_finished_case_has_none():
    agent, recovered = an_agent(), a_disposition()
    case = a_case(assignee=agent)
    with acting(Actor.staff(agent)):
        about = {"reference": case.reference, "by": agent, "now": LATER}
        with pytest.raises(NoReason):
            snooze_case(until=TOMORROW, why="  ", **about)
        resolve_case(disposition=recovered, **about)
        with pytest.raises(AlreadyResolved):
            snooze_case(until=TOMORROW, why="Wait", **about)


def test_whoever_may_not_change_a_case_may_not_snooze_it():
    mine, theirs = an_agent(), an_agent()
    stranger = an_agent(a_vendor("melati"))
    case = a_case(assignee=mine)
    for by, refusal in ((theirs, access.NotYoursToChange), (stranger, access.CaseNotVisible)):
        with acting(Actor.staff(by)), pytest.raises(refusal):
            snooze_case(reference=case.reference, by=by, until=TOMORROW, why="No", now=LATER)


def test_going_on_with_a_case_wakes_it():
    agent, recovered, lob = an_agent(languages=("en", "ms")), a_disposition(), a_lob()
    a_specialist()
    verbs = {
        "resolve": lambda **on: resolve_case(disposition=recovered, **on),
        "release": release_case,
        "escalate": lambda **on: escalate_case(why="Help", tried="All", **on),
        "transfer": lambda **on: transfer_case(lob=lob, language="ms", why="Malay", **on),
    }
    for verb in verbs.values():
        case = snoozed_case(agent)
        with acting(Actor.staff(agent)):
            verb(reference=case.reference, by=agent, now=LATER)
        case.refresh_from_db()
        assert (case.snoozed_until, case.snoozed_by_id, case.snoozed_why) == (None, None, "")


def test_taking_a_waiting_case_wakes_it():
    agent, colleague = an_agent(), an_agent()
    case = a_case()
    with acting(Actor.staff(agent)):
        snooze_case(reference=case.reference, by=agent, until=TOMORROW, why="Wait", now=LATER)
    with acting(Actor.staff(colleague)):
        take_case(reference=case.reference, by=colleague, now=LATER)

    assert listed(Pile.in_hands(colleague), colleague) == [case.pk]


def test_an_answer_that_resolved_a_snoozed_case_can_be_taken_back():
    agent, recovered = an_agent(), a_disposition()
    case = snoozed_case(agent)
    with acting(Actor.staff(agent)):
        sent = reply(
            reference=case.reference,
            by=agent,
            text="Done.",
            now=LATER,
            undo=timedelta(seconds=10),
            disposition=recovered,
        )
        take_back_reply(message_id=sent.pk, by=agent, now=LATER + timedelta(seconds=5))

    case.refresh_from_db()
    assert not case.is_finished


@pytest.mark.parametrize(
    "fields", [{"snoozed_until": TOMORROW}, {"snoozed_why": "No time"}, {"status": "RESOLVED"}]
)
def test_postgresql_refuses_half_a_snooze_and_a_finished_snoozed_case(fields):
    case = snoozed_case(an_agent()) if "status" in fields else a_case()
    fields |= {"resolved_at": LATER} if "status" in fields else {}
    with pytest.raises(IntegrityError, match="case_snoozed"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**fields)
