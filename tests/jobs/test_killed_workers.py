"""A real worker process, killed with SIGKILL in the middle of its work: nothing twice, nothing
missed once another worker goes on."""

import contextlib
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta

from django.db import connections, transaction

from caseward.casework import bulk
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.sla.models import Clock, Miss
from tests.builders import a_case, a_mailbox, a_promise, a_team_leader
from tests.jobs.test_tasks import a_worker, eventually

LONG_AGO = datetime.now(UTC) - timedelta(days=30)
CASES = 40


@contextlib.contextmanager
def held_up_at(sql, values):
    """Hold what a worker needs in the middle of its transaction for as long as the block lasts."""
    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount == 1
        yield
        transaction.set_rollback(True, using="owner")


def is_held_up():
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0] > 0


def killed_at(sql, values):
    """Run a worker until it waits in the middle of its transaction; then kill it with SIGKILL."""
    with held_up_at(sql, values), a_worker() as worker:
        eventually(is_held_up)
        worker.kill()
        assert worker.wait(10) == -signal.SIGKILL


def told_of(kind):
    with acting(Actor.system("tests")):
        return Counter(Event.objects.filter(kind=kind).values_list("case_id", flat=True))


def test_a_worker_killed_during_a_clock_sweep_misses_nothing_and_tells_nothing_twice(committed_db):
    with acting(Actor.system("tests")):
        a_mailbox()
        a_promise()
        cases = [a_case(opened_at=LONG_AGO) for _ in range(CASES)]

    # Somebody else writes the same row of the sweep and has not yet committed it.
    killed_at(
        "INSERT INTO sla_miss (clock_id, case_id, kind, is_legal, lob_id, missed_at, cause, text)"
        " SELECT k.id, k.case_id, k.kind, false, c.lob_id, now(), '', '' FROM sla_clock k"
        " JOIN casework_case c ON c.id = k.case_id WHERE c.id = %s",
        [cases[CASES // 2].pk],
    )
    assert not told_of("clock.missed")
    with a_worker():
        eventually(lambda: len(told_of("clock.missed")) == CASES, seconds=60)

    assert set(told_of("clock.missed").values()) == {1}
    with acting(Actor.system("tests")):
        assert Miss.objects.count() == Clock.objects.filter(was_met=False).count() == CASES


def test_a_worker_killed_during_a_bulk_action_does_each_case_once(committed_db):
    with acting(Actor.system("tests")):
        a_mailbox()
        lead, cases = a_team_leader(), [a_case(opened_at=LONG_AGO) for _ in range(CASES)]
    now = datetime.now(UTC)
    with acting(Actor.staff(lead)):
        action = bulk.choose_cases(
            by=lead, references=[case.reference for case in cases], address="/desk/", now=now
        )
        bulk.decide(action_id=action.pk, kind="NOTE", about={"text": "Once."}, by=lead)
        bulk.start(action_id=action.pk, by=lead, now=now)

    killed_at(  # in the second batch of 25
        "SELECT FROM casework_bulkitem WHERE case_id = %s FOR UPDATE", [cases[30].pk]
    )
    assert set(told_of("note.added").values()) == {1}
    assert len(told_of("note.added")) == 25
    with a_worker():
        eventually(lambda: len(told_of("note.added")) == CASES, seconds=60)
        eventually(lambda: is_over(action), seconds=60)

    assert set(told_of("note.added").values()) == {1}


def is_over(action):
    with acting(Actor.system("tests")):
        action.refresh_from_db()
        return not action.is_running
