"""What people are doing: said, ended by time, noticed when a page is closed; all in the ledger."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.ledger.verifying import damages
from caseward.org.acting import Actor, acting
from caseward.routing import availability
from caseward.routing.models import Availability
from tests.builders import MONDAY_9AM, a_vendor, an_agent

pytestmark = pytest.mark.django_db

LATER = MONDAY_9AM + timedelta(minutes=5)


def events_of(staff):
    chain = Event.objects.filter(case_id=-staff.pk).order_by("seq")
    return [(event.kind, event.at, event.actor_id, event.data["why"]) for event in chain]


def test_each_change_is_an_event_in_the_persons_own_chain_and_the_same_again_is_none():
    ana = an_agent()
    with acting(Actor.staff(ana)):
        for _ in range(2):
            availability.set_state(staff=ana, state="AVAILABLE", why="", now=MONDAY_9AM)
        availability.set_state(staff=ana, state="BREAK", why="Lunch", now=LATER)

    assert events_of(ana) == [
        ("staff.available", MONDAY_9AM, ana.pk, ""),
        ("staff.break", LATER, ana.pk, "Lunch"),
    ]
    assert availability.states_of([ana.pk])[ana.pk].since == LATER
    assert list(damages()) == []


def test_a_vendors_agent_writes_and_reads_nobody_elses_chain():
    ana, ben = an_agent(), an_agent()
    availability.set_state(staff=ben, state="AVAILABLE", why="", now=MONDAY_9AM)
    with acting(Actor.staff(ana)):
        assert events_of(ben) == []
        with pytest.raises(ProgrammingError), transaction.atomic():
            ledger.record(
                "staff.off", case_id=-ben.pk, at=LATER, actor_id=ana.pk, actor_name=ana.name
            )
        with pytest.raises(ProgrammingError), transaction.atomic():
            ledger.record(
                "staff.off", case_id=-ana.pk, at=LATER, actor_id=ben.pk, actor_name=ben.name
            )


def test_a_break_ends_by_itself_when_its_time_is_over():
    ana = an_agent()
    until = MONDAY_9AM + timedelta(minutes=9)
    availability.set_state(staff=ana, state="BREAK", why="", now=MONDAY_9AM, until=until)
    assert availability.end_what_is_over(now=LATER) == 0
    assert availability.end_what_is_over(now=until) == 1
    assert availability.states_of([ana.pk])[ana.pk].state == Availability.State.AVAILABLE
    assert [kind for kind, *_ in events_of(ana)] == ["staff.break", "staff.available"]


def test_who_closed_the_page_is_off_after_ten_minutes_and_who_kept_it_open_is_not():
    ana, ben = an_agent(), an_agent()
    for staff in (ana, ben):
        availability.set_state(staff=staff, state="AVAILABLE", why="", now=MONDAY_9AM)
    much_later = MONDAY_9AM + timedelta(minutes=11)
    availability.heard_from(staff=ben, now=much_later)
    availability.end_what_is_over(now=much_later)
    states = availability.states_of([ana.pk, ben.pk])
    assert states[ana.pk].state == Availability.State.OFF
    assert states[ben.pk].state == Availability.State.AVAILABLE
    assert events_of(ana)[-1] == ("staff.off", much_later, None, "GONE")


def test_hearing_from_somebody_says_nothing_about_what_they_do():
    ana = an_agent(a_vendor())
    with acting(Actor.staff(ana)):
        availability.heard_from(staff=ana, now=MONDAY_9AM)
    known = availability.states_of([ana.pk])[ana.pk]
    assert (known.state, known.seen_at) == (Availability.State.OFF, MONDAY_9AM)
    assert events_of(ana) == []


def test_an_end_that_has_passed_is_refused():
    ana = an_agent()
    with pytest.raises(availability.EndsTooEarly):
        availability.set_state(staff=ana, state="BREAK", why="", now=MONDAY_9AM, until=MONDAY_9AM)
    assert availability.states_of([ana.pk]) == {}
