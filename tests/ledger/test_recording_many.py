"""One event on each of many cases, written at once: the same chains as one by one."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from caseward.ledger.models import Chain, Event
from caseward.ledger.services import record, record_many
from caseward.ledger.verifying import damages
from caseward.org.acting import Actor, acting
from tests.builders import MONDAY_9AM, an_agent
from tests.concurrency import at_once

KIND = "clock.recomputed"
SAID = [(8, {"clocks": [{"clock": "RESOLUTION", "before": "12:00", "after": "ünd 日本"}]}), (7, {})]


def note(case_id):
    said = {"case_id": case_id, "at": MONDAY_9AM, "actor_id": None, "actor_name": "Ana"}
    record("note.added", **said)


def at_one_go(said=SAID, at=MONDAY_9AM):
    written = [(case_id, json.dumps(data)) for case_id, data in said]
    record_many(KIND, at=at, actor_name="Caseward (worker)", data=written)


def one_by_one():
    said = {"at": MONDAY_9AM, "actor_id": None, "actor_name": "Caseward (worker)"}
    for case_id, data in sorted(SAID, key=lambda each: each[0]):
        record(KIND, case_id=case_id, data=data, **said)


def written_by(recording):
    """Return the events and chains it makes behind one that was there, and take them back."""
    with transaction.atomic():
        note(8)
        first_id = Event.objects.latest("pk").pk
        recording()
        found = SimpleNamespace(
            events=[
                {**each, "id": each["id"] - first_id}
                for each in Event.objects.order_by("pk").values()
            ],
            lengths=list(Chain.objects.order_by("pk").values_list("case_id", "length")),
            damages=list(damages()),
        )
        transaction.set_rollback(True)
        return found


@pytest.mark.django_db
def test_the_chains_are_those_of_single_events():
    single, many = written_by(one_by_one), written_by(at_one_go)

    assert many.damages == single.damages == []
    assert many.lengths == single.lengths == [(7, 1), (8, 2)]
    for one, other in zip(single.events, many.events, strict=True):
        assert {**one, "hash": ""} == {**other, "hash": ""}


@pytest.mark.django_db
def test_a_digest_is_that_of_the_trigger():
    at_one_go()

    with connection.cursor() as cursor:
        cursor.execute("SELECT hash = ledger_event_digest('', e) FROM ledger_event e")
        assert cursor.fetchall() == [(True,), (True,)]


@pytest.mark.django_db
def test_a_case_named_twice_is_refused():
    with pytest.raises(IntegrityError), transaction.atomic():
        at_one_go([(7, {}), (7, {})])

    assert Event.objects.count() == 0


@pytest.mark.django_db
def test_nobody_but_caseward_itself_may_write_many():
    ana = an_agent()

    refused = pytest.raises(ProgrammingError, match="denied")
    with acting(Actor.staff(ana)), refused, transaction.atomic():
        at_one_go()


def test_many_beside_single_ones_of_the_same_cases_leave_whole_chains(committed_db):
    def many():
        with acting(Actor.system("tests")):
            at_one_go(at=MONDAY_9AM + timedelta(minutes=1))

    def singles():
        for case_id in (8, 7):
            with acting(Actor.system("tests")):
                note(case_id)

    at_once([many, singles, many, singles])

    with acting(Actor.system("tests")):
        assert Event.objects.count() == 8
        assert list(damages()) == []


def test_listeners_are_told_once(committed_db):
    with acting(Actor.system("tests")), connection.cursor() as cursor:
        cursor.execute("LISTEN caseward")
        at_one_go()

    heard = [json.loads(news.payload) for news in connection.connection.notifies(timeout=0.2)]
    assert heard == [{"case": 0, "kind": KIND, "vendor": None, "audience": "EVERYONE"}]
