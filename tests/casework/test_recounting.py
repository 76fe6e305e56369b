"""Clocks move when a calendar or a promise does; nothing is done twice and nothing is missed."""

from datetime import date, timedelta

import pytest

from caseward.casework.services.recounting import recount_clocks
from caseward.casework.services.watching import note_missed_clocks
from caseward.core.deadlines import deadline
from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.org.models import Site
from caseward.sla import services as sla
from caseward.sla.models import Clock, Miss, Promise, Recount
from caseward.sla.services.recounting import HALVES
from tests.builders import MONDAY_9AM, a_case, a_promise, a_site

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=1)
TUESDAY = date(2026, 11, 17)


def recount_all(now=MONDAY_9AM, at_most=2):
    total = 0
    for half in HALVES:
        while done := recount_clocks(half=half, now=now, at_most=at_most):
            total += done
    return total


def a_holiday_on(day):
    Site.objects.update(extra_days={day.isoformat(): []})
    look_again()


@pytest.fixture
def cases():
    a_promise(duration=12 * HOURS, measured="WORKING", site=a_site())
    found = [a_case(opened_at=MONDAY_9AM + number * HOURS / 7) for number in range(5)]
    assert recount_all() == 0
    return found


def clocks():
    return list(Clock.objects.order_by("pk").values())


def test_a_moved_holiday_moves_the_deadlines_and_the_ledger_keeps_the_old_ones(cases):
    before = {clock["case_id"]: clock["deadline_at"] for clock in clocks()}

    a_holiday_on(TUESDAY)
    assert recount_all() == 5

    for clock in Clock.objects.all():
        assert clock.deadline_at == deadline(sla.facts_of(clock)) > before[clock.case_id]
        told = Event.objects.get(case_id=clock.case_id, kind="clock.recomputed").data["clocks"][0]
        assert told["before"] == before[clock.case_id].isoformat()
        assert told["after"] == clock.deadline_at.isoformat()
        clock.case.refresh_from_db()
        assert clock.case.urgency == int(clock.deadline_at.timestamp()) * 10 + 3
    assert recount_all() == 0


def test_a_holiday_taken_back_puts_them_where_they_were(cases):
    before = clocks()
    a_holiday_on(TUESDAY)
    recount_all()

    Site.objects.update(extra_days={})
    look_again()
    recount_all()

    assert clocks() == before


def test_a_recount_that_was_killed_goes_on_where_it_stood_and_tells_nothing_twice(cases):
    a_holiday_on(TUESDAY)
    recount_clocks(half=cases[0].pk % 2, now=MONDAY_9AM, at_most=2)
    begun = Recount.objects.latest("pk")
    assert (begun.looked_at, begun.finished_at) == (2, None)

    recount_all()

    assert Event.objects.filter(kind="clock.recomputed").count() == 5
    assert sum(Recount.objects.values_list("moved", flat=True)) == 5


def test_another_promise_holds_running_clocks_to_it_and_may_forgive_a_miss(cases):
    note_missed_clocks(now=MONDAY_9AM + timedelta(days=3))
    assert Miss.objects.count() == 5

    Promise.objects.update(duration=90 * HOURS)
    look_again()
    recount_all(now=MONDAY_9AM + timedelta(days=3))

    assert set(Clock.objects.values_list("duration", "was_met")) == {(90 * HOURS, None)}
    assert Miss.objects.count() == 0


def test_paused_stopped_and_elapsed_clocks_are_as_a_fresh_count_says(cases):
    sla.pause_clocks(case_id=cases[0].pk, at=MONDAY_9AM + HOURS)
    sla.stop_clock(case_id=cases[1].pk, kind="FIRST_RESPONSE", at=MONDAY_9AM + HOURS)
    stopped = Clock.objects.get(case=cases[1]).deadline_at
    a_holiday_on(TUESDAY)

    recount_all()

    assert Clock.objects.get(case=cases[0]).deadline_at is None
    assert Clock.objects.get(case=cases[1]).deadline_at == stopped
