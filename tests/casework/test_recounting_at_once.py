"""Recounts and sweeps beside people who work, and a worker that is killed in the middle of one."""

from datetime import date, timedelta

from django.db import OperationalError, connection

from caseward.casework.services.recounting import recount_clocks
from caseward.casework.services.watching import note_missed_clocks
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.models import Site
from caseward.sla.models import Clock, Miss
from caseward.sla.services.recounting import HALVES
from tests.builders import MONDAY_9AM, a_case, a_promise, a_site
from tests.concurrency import at_once

HOURS = timedelta(hours=1)
TUESDAY = date(2026, 11, 17)


def recount_both(**said):
    return sum(recount_clocks(half=half, **said) for half in HALVES)


def as_worker():
    return acting(Actor.system("worker"))


def test_a_case_somebody_works_on_is_passed_by_and_taken_at_the_end(committed_db):
    with as_worker():
        a_promise(duration=12 * HOURS, measured="WORKING", site=a_site())
        held, free = a_case(), a_case()
        recount_both(now=MONDAY_9AM)
        Site.objects.update(extra_days={TUESDAY.isoformat(): []})
    before = dict(_deadlines())

    with as_worker():
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM casework_case WHERE id = %s FOR UPDATE", [held.pk])
        at_once([_recount_once])
        between = dict(_deadlines())
    while _recount_once():
        pass

    assert between[held.pk] == before[held.pk]
    assert between[free.pk] > before[free.pk]
    assert dict(_deadlines())[held.pk] == between[free.pk]


def _recount_once():
    with as_worker():
        return recount_both(now=MONDAY_9AM)


def _deadlines():
    with as_worker():
        return list(Clock.objects.values_list("case_id", "deadline_at"))


def test_a_worker_killed_in_the_middle_of_a_sweep_leaves_nothing_out_and_nothing_twice(
    committed_db,
):
    with as_worker():
        a_promise(duration=HOURS)
        for _ in range(7):
            a_case()

    at_once([_sweep_and_be_killed])
    assert _told() == []
    at_once([_sweep, _sweep, _sweep])
    _sweep()

    told = _told()
    assert len(told) == len(set(told)) == 7
    with as_worker():
        assert Miss.objects.count() == Clock.objects.filter(was_met=False).count() == 7


def _sweep():
    with as_worker():
        return note_missed_clocks(now=MONDAY_9AM + 2 * HOURS)


def _sweep_and_be_killed():
    """Do the work and lose the connection before it is committed, as a killed worker does."""
    try:
        with as_worker():
            assert note_missed_clocks(now=MONDAY_9AM + 2 * HOURS) == 7
            connection.connection.close()
    except OperationalError:
        pass


def _told():
    with as_worker():
        missed = Event.objects.filter(kind="clock.missed")
        return list(missed.values_list("case_id", flat=True))


def test_a_recount_killed_in_the_middle_is_done_again_from_where_it_stood(committed_db):
    with as_worker():
        a_promise(duration=12 * HOURS, measured="WORKING", site=a_site())
        for _ in range(6):
            a_case()
        recount_both(now=MONDAY_9AM)
        Site.objects.update(extra_days={TUESDAY.isoformat(): []})
    before = dict(_deadlines())

    with as_worker():
        recount_both(now=MONDAY_9AM, at_most=1)
    at_once([_recount_and_be_killed])
    while _recount_once():
        pass

    assert all(after > before[case_id] for case_id, after in _deadlines())
    with as_worker():
        assert Event.objects.filter(kind="clock.recomputed").count() == 6


def _recount_and_be_killed():
    try:
        with as_worker():
            recount_both(now=MONDAY_9AM, at_most=1)
            connection.connection.close()
    except OperationalError:
        pass
