"""What the worker does by the clock, and what the outbox thread does beside it."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from caseward.casework.models import Case, Outgoing, Presence
from caseward.casework.services import reply, resolve_case
from caseward.casework.services.presence import heartbeat
from caseward.channels import attachments
from caseward.channels.models import FormTicket
from caseward.jobs import tasks
from caseward.jobs.models import Heartbeat
from caseward.jobs.pacing import repeating
from caseward.ledger import queries as ledger
from caseward.org.acting import Actor, acting
from tests.builders import a_case, a_disposition, a_mailbox, a_promise, an_agent

LONG_AGO = datetime.now(UTC) - timedelta(days=30)


@pytest.mark.django_db
def test_missed_clocks_are_noted_once_however_often_the_sweep_runs():
    a_promise()
    case = a_case(opened_at=LONG_AGO)

    tasks.note_missed_clocks(timestamp=0)
    tasks.note_missed_clocks(timestamp=0)

    kinds = [event.kind for event in ledger.timeline(case.pk)]
    assert kinds == ["clock.missed", "case.opened"]


@pytest.mark.django_db
def test_a_case_resolved_long_ago_is_closed_by_caseward_itself():
    agent, case = an_agent(), a_case(opened_at=LONG_AGO)
    resolve_case(reference=case.reference, by=agent, disposition=a_disposition(), now=LONG_AGO)

    tasks.close_resolved_cases(timestamp=0)

    case.refresh_from_db()
    newest = ledger.timeline(case.pk)[0]
    assert case.status == Case.Status.CLOSED
    assert (newest.kind, newest.actor_id, newest.actor_name) == (
        "case.closed", None, "Caseward (worker)",
    )  # fmt: skip


@pytest.mark.django_db
def test_where_forms_came_from_and_files_nobody_sent_are_forgotten(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path
    fresh, old = datetime.now(UTC), LONG_AGO
    for at in (fresh, old):
        FormTicket.objects.create(number=uuid4(), submitted_at=at, address_hash=b"address")
    file = attachments.path_of(attachments.keep(b"abandoned", name="a.txt").sha256)
    os.utime(file, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))

    tasks.forget_what_came_by_form(timestamp=0)

    assert [ticket.submitted_at for ticket in FormTicket.objects.all()] == [fresh]
    assert not file.exists()


@pytest.mark.django_db
def test_presence_left_behind_is_forgotten():
    agent = an_agent()
    heartbeat(case=a_case(), staff=agent, is_writing=False, now=LONG_AGO)

    tasks.forget_presence(timestamp=0)

    assert not Presence.objects.exists()


@pytest.mark.django_db
def test_every_task_says_when_it_is_due_and_waits_in_line_once():
    planned = {each.task.name: each.task for each in _plans()}

    assert {"caseward.note_missed_clocks", "caseward.fold_metrics"} <= set(planned)
    sweeps = set(planned) - {"caseward.retry_stalled_jobs", "caseward.forget_old_jobs"}
    assert all(planned[name].queueing_lock == name for name in sweeps)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("say_the_worker_is_well", 5),
        ("note_missed_clocks", 15),
        ("fold_metrics", 20),
        ("ask_surveys", 30),
        ("close_resolved_cases", 3600),
    ],
)
def test_a_task_comes_round_as_often_as_it_should(name, seconds):
    crons = {each.task.name: each.croniter for each in _plans()}
    times = crons[f"caseward.{name}"]
    times.set_current(1_800_000_000)

    coming = [times.get_next(float) for _ in range(5)]

    assert {later - earlier for earlier, later in pairwise(coming)} == {seconds}


def _plans():
    return app.periodic_registry.periodic_tasks.values()


def test_repeated_work_goes_on_after_a_failure_and_ends_with_the_block(caplog):
    done, often_enough = [], threading.Event()

    def work():
        done.append(1)
        if len(done) == 1:
            raise ConnectionError("the database went away")
        if len(done) == 3:
            often_enough.set()

    with repeating(work, every_seconds=0.01, name="test"):
        assert often_enough.wait(5)
    count = len(done)
    time.sleep(0.05)

    assert len(done) == count
    assert "test.failed" in caplog.text


def test_a_worker_beats_sweeps_and_ends_in_good_order(committed_db):
    with acting(Actor.system("tests")):
        a_promise()
        a_mailbox()
        case = a_case(opened_at=LONG_AGO)

    with a_worker() as worker:
        eventually(lambda: Heartbeat.objects.filter(part="worker").exists())
        eventually(lambda: "clock.missed" in kinds_of(case))
        began = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        worker.wait(10)

    assert time.monotonic() - began < 2.5
    assert jobs_in("doing") == 0


def test_an_answer_leaves_within_two_seconds_of_when_it_may(committed_db):
    with acting(Actor.system("tests")):
        a_mailbox()
        agent, case = an_agent(), a_case(opened_at=LONG_AGO)

    with a_worker():
        eventually(lambda: "case.acknowledged" in kinds_of(case))
        with acting(Actor.staff(agent)):
            answer = reply(
                reference=case.reference, by=agent, text="Try again.", now=datetime.now(UTC),
                undo=timedelta(seconds=1),
            )  # fmt: skip
        eventually(lambda: "mail.sent" in kinds_of(case))

    with acting(Actor.system("tests")):
        outgoing = Outgoing.objects.get(message=answer)
        assert timedelta(0) <= outgoing.sent_at - outgoing.send_after < timedelta(seconds=2)


@contextlib.contextmanager
def a_worker():
    command = [sys.executable, "-m", "caseward.jobs", "worker"]
    environment = {**os.environ, "CASEWARD_LOG_LEVEL": "WARNING", "SMTP_URL": ""}
    with subprocess.Popen(command, env=environment) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def kinds_of(case):
    with acting(Actor.system("tests")):
        return [event.kind for event in ledger.timeline(case.pk)]


def jobs_in(status):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status::text = %s", [status])
        return cursor.fetchone()[0]


def eventually(condition, seconds=30):
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "it never happened"
        time.sleep(0.1)
