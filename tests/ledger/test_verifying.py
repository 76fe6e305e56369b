"""Tampering with the ledger as the owner of its tables, and being found out."""

import re
from datetime import timedelta

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)

from caseward.jobs import cli
from caseward.ledger.models import Event
from caseward.ledger.queries import last_number, newer_by_others, timeline
from caseward.ledger.services import record
from caseward.ledger.verifying import Damage, damages
from caseward.org.acting import Actor, acting
from tests.builders import MONDAY_9AM, a_case

CASE = 7
OTHER = 8


@pytest.fixture
def ledger(committed_db):
    """Two chains of five events; calling it runs a statement nothing in the database refuses."""
    with acting(Actor.system("tests")):
        for case_id in (CASE, OTHER):
            for number in range(1, 6):
                record(
                    "note.added",
                    case_id=case_id,
                    at=MONDAY_9AM + timedelta(minutes=number),
                    actor_id=None,
                    actor_name="Caseward (tests)",
                    data={"number": number},
                )
    return tamper


def tamper(*statements):
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_event DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("ALTER TABLE ledger_event ENABLE TRIGGER USER")


def found():
    with acting(Actor.system("tests")):
        return list(damages())


def test_what_nobody_touched_is_whole(ledger):
    assert found() == []


COLUMNS = {
    "id": "id + 1000",
    "kind": "'case.closed'",
    "at": "at + interval '1 microsecond'",
    "actor_id": "12",
    "actor_name": "'Somebody else'",
    "audience": "'IN_HOUSE'",
    "data": "data || '{\"number\": 9}'",
    "hash": "sha256('forged')",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_is_named(ledger, column):
    ledger(f"UPDATE ledger_event SET {column} = {COLUMNS[column]} WHERE case_id = 7 AND seq = 3")

    assert Damage(CASE, 3, "changed") in found()
    assert {damage.seq for damage in found()} <= {3, 4}  # a forged hash fails its successor too


def test_every_column_of_an_event_is_tried_above():
    covered = {*COLUMNS, "case_id", "seq"}
    assert {field.column for field in Event._meta.concrete_fields} == covered


@pytest.mark.parametrize(
    ("gone", "named"),
    [
        ([1], [1]),
        ([3], [3]),
        ([5], [5]),
        ([2, 3], [2, 3]),
        ([4, 5], [4, 5]),
        ([1, 2, 3, 4, 5],) * 2,
    ],
)
def test_removed_events_are_named_wherever_they_stood(ledger, gone, named):
    ledger(f"DELETE FROM ledger_event WHERE case_id = 7 AND seq IN ({str(gone)[1:-1]})")

    assert found() == [Damage(CASE, seq, "removed") for seq in named]


def test_two_events_that_changed_places_are_named_as_moved(ledger):
    ledger(
        "UPDATE ledger_event SET seq = 99 WHERE case_id = 7 AND seq = 2",
        "UPDATE ledger_event SET seq = 2 WHERE case_id = 7 AND seq = 4",
        "UPDATE ledger_event SET seq = 4 WHERE case_id = 7 AND seq = 99",
    )

    damaged = {damage.seq: damage.what for damage in found()}
    assert (damaged[2], damaged[4]) == ("moved", "moved")


def test_an_event_moved_to_another_case_is_missed_here_and_found_there(ledger):
    ledger("UPDATE ledger_event SET case_id = 8, seq = 6 WHERE case_id = 7 AND seq = 5")

    assert Damage(CASE, 5, "removed") in found()
    assert Damage(OTHER, 6, "added") in found()


def test_an_event_added_behind_the_chain_is_named(ledger):
    ledger(
        "INSERT INTO ledger_event (case_id, seq, kind, at, actor_name, audience, data, hash)"
        " SELECT 7, 6, 'case.closed', now(), 'X', 'EVERYONE', '{}', sha256('x')"
    )

    assert Damage(CASE, 6, "added") in found()


def test_a_chain_row_that_was_tampered_with_is_named(ledger):
    ledger("UPDATE ledger_chain SET head = sha256('forged') WHERE case_id = 7")
    assert found() == [Damage(CASE, 5, "head")]

    ledger("UPDATE ledger_chain SET length = 4 WHERE case_id = 7")
    assert Damage(CASE, 5, "added") in found()

    ledger("DELETE FROM ledger_chain WHERE case_id = 7")
    assert found() == [Damage(CASE, 5, "unchained")]


def test_a_case_whose_whole_chain_is_gone_is_named_by_the_command(committed_db, capsys):
    with acting(Actor.system("tests")):
        case, whole = a_case(), a_case()
    tamper(
        f"DELETE FROM ledger_event WHERE case_id = {case.pk}",
        f"DELETE FROM ledger_chain WHERE case_id = {case.pk}",
    )

    assert verify() == 1
    told = capsys.readouterr().out
    assert f"{case.reference}: has no events at all" in told
    assert whole.reference not in told


def verify():
    parsed = cli.build_parser().parse_args(["ledger", "verify"])
    return parsed.call(parsed)


def test_the_command_names_case_number_and_what_was_done(committed_db, capsys):
    with acting(Actor.system("tests")):
        case = a_case()
    assert verify() == 0
    assert "every one is as it was recorded" in capsys.readouterr().out

    tamper(f"UPDATE ledger_event SET kind = 'x' WHERE case_id = {case.pk}")

    assert verify() == 1
    told = capsys.readouterr().out
    assert f"{case.reference}: event 1 was changed after it was recorded." in told
    assert re.search(r"Checked 1 events of 1 chains: 1 damaged\.", told)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_event SET kind = 'x'",
        "DELETE FROM ledger_event",
        "TRUNCATE ledger_event",
        "UPDATE ledger_chain SET length = 0",
        "INSERT INTO ledger_chain VALUES (99, 1, '')",
        "ALTER TABLE ledger_event DISABLE TRIGGER USER",
    ],
)
def test_the_program_itself_cannot_tamper(statement):
    a_case()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Event.objects.count() == 1


def test_even_the_owner_is_refused_until_the_triggers_are_off(ledger):
    refused = pytest.raises(IntegrityError, match="never changed or removed")
    with refused, transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE ledger_event SET kind = 'x'")


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["id", "seq", "hash"])
def test_numbers_and_hashes_are_postgresqls_to_give(given):
    case = a_case()
    values = {"id": "44", "seq": "2", "hash": "sha256('forged')"}

    with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
        run(
            "INSERT INTO ledger_event (case_id, kind, at, actor_name, audience, data,"
            f" {given}) VALUES ({case.pk}, 'x', now(), 'X', 'EVERYONE', '{{}}', {values[given]})"
        )

    assert list(damages()) == []


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_reading_what_happened():
    case = a_case()
    by_ana = {"case_id": case.pk, "at": MONDAY_9AM, "actor_id": 5, "actor_name": "Ana"}
    record("note.added", **by_ana)
    record("note.added", **{**by_ana, "actor_id": 6})
    record("case.closed", **{**by_ana, "actor_id": None})

    assert [event.seq for event in timeline(case.pk)] == [4, 3, 2, 1]
    assert last_number(case.pk) == 4
    assert last_number(case.pk + 1) == 0
    newer = newer_by_others(case.pk, than=1, actor_id=5)
    assert [event.seq for event in newer] == [3, 4]
