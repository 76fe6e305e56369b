"""`GET /healthz`: which part is not well, and that a fresh installation is starting."""

import contextlib
import socket
import threading

import pytest
from django.db import connections

from caseward.jobs.health import checking, views
from caseward.jobs.health.beating import beat
from caseward.jobs.health.checking import FRESH_SECONDS, Kept, Report
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.policy.legal.models import LegalPreset
from tests.law import a_law


@pytest.fixture
def healthz(committed_db, client, monkeypatch):
    def ask():
        monkeypatch.setattr(views, "kept", Kept(checking.look))
        answer = client.get("/healthz")
        return answer.status_code, answer.json()

    return ask


@contextlib.contextmanager
def a_mail_door(settings, greeting=b"220 caseward ready\r\n"):
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings.SMTP_PORT = door.getsockname()[1]
        thread = threading.Thread(target=_greet, args=(door, greeting), daemon=True)
        thread.start()
        yield
        thread.join(5)


def _greet(door, greeting):
    visitor, _ = door.accept()
    with visitor:
        visitor.sendall(greeting)
        visitor.recv(100)


def last_well(part, *, seconds_ago):
    beat(part)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_heartbeat SET at = at - %s * interval '1 second' WHERE part = %s",
            [seconds_ago, part],
        )


def test_all_parts_well_is_200(healthz, settings):
    beat("worker")
    beat("mail")

    with a_mail_door(settings):
        status, told = healthz()

    assert status == 200
    assert told["state"] == "well"
    assert set(told["parts"]) == {"database", "worker", "mail"}
    assert told["notices"] == []
    assert told["parts"]["worker"]["seconds_ago"] < 5


def test_a_law_to_be_compared_again_is_named_though_every_part_is_well(healthz, settings):
    beat("worker")
    beat("mail")
    with acting(Actor.system("test")):
        a_law("MY-ONSA-22")
        LegalPreset.objects.update(review_by="2026-01-01")
        look_again()

    with a_mail_door(settings):
        status, told = healthz()

    assert status == 200
    assert told["notices"] == [
        "Compare these laws with their texts again: MY-ONSA-22; see /lead/legal."
    ]


def test_a_fresh_installation_says_that_it_is_starting(healthz):
    status, told = healthz()

    assert (status, told["state"]) == (503, "starting")
    assert "never been well yet" in told["parts"]["worker"]["says"]


@pytest.mark.parametrize("silent", ["worker", "mail"])
def test_a_part_not_heard_of_is_named_with_the_age_of_its_last_news(healthz, settings, silent):
    beat("worker")
    beat("mail")
    last_well(silent, seconds_ago=FRESH_SECONDS + 5)

    with a_mail_door(settings) if silent == "worker" else contextlib.nullcontext():
        status, told = healthz()

    assert (status, told["state"]) == (503, "unwell")
    assert [name for name, part in told["parts"].items() if not part["well"]] == [silent]
    assert told["parts"][silent]["seconds_ago"] == pytest.approx(FRESH_SECONDS + 5, abs=2)


def test_a_mail_listener_that_beats_but_does_not_answer_is_not_well(healthz, settings):
    beat("worker")
    beat("mail")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.SMTP_PORT = unused.getsockname()[1]
        status, told = healthz()

    assert status == 503
    assert str(settings.SMTP_PORT) in told["parts"]["mail"]["says"]


def test_a_database_that_does_not_answer_is_told_without_its_address(healthz, settings):
    settings.DATABASE_URL = "postgresql://cw_app:secret@127.0.0.1:1/nowhere"

    status, told = healthz()

    assert (status, told["state"]) == (503, "unwell")
    assert told["parts"]["database"] == {"well": False, "says": "It does not answer."}
    assert "secret" not in str(told)


def test_a_database_without_tables_is_one_that_is_starting(healthz, monkeypatch):
    monkeypatch.setattr(checking, "AGES", "SELECT part, 1.0 FROM not_made_yet")

    status, told = healthz()

    assert (status, told["state"]) == (503, "starting")
    assert "caseward migrate" in told["parts"]["database"]["says"]


def test_asking_often_looks_once_a_second():
    looks = []
    kept = Kept(lambda: looks.append(1) or Report())

    for _ in range(50):
        kept.report()

    assert len(looks) == 1
