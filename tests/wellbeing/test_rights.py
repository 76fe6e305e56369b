"""Who may read and write what, in SQL: each refusal beside the permission, from one set-up."""

import pytest
from django.db import DatabaseError, connection, transaction

from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.wellbeing import services
from caseward.wellbeing.caps import caps_of
from caseward.wellbeing.models import CapsVersion, Glance, OptOut
from caseward.wellbeing.setting_caps import set_caps
from tests.builders import a_staff_member
from tests.wellbeing.conftest import a_line_lead, at, meets

pytestmark = pytest.mark.django_db

PRIVATE = ["exposure", "looking", "optout", "stop"]


def rows(sql, values=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def refused(sql, values=None):
    try:
        with transaction.atomic():
            rows(sql, values)
    except DatabaseError as problem:
        return str(problem)
    return ""


@pytest.fixture
def a_week(people):
    """Something of the agent in every private table."""
    meets(people.agent, begins=0, ends=20)
    with acting(Actor.staff(people.agent)):
        services.began(2, people.agent.pk, 3, "self-harm", at(30))
        services.choose_opt_outs(by=people.agent, categories=["self-harm"], now=at(30))
        rows(
            "INSERT INTO wellbeing.stop (staff_id, at, \"references\") VALUES (%s, %s, '{}')",
            [people.agent.pk, at(40)],
        )
    return people


def seen(actor, table):
    with acting(actor):
        return len(rows(f"SELECT * FROM wellbeing.{table}"))


@pytest.mark.parametrize("table", PRIVATE)
def test_a_person_sees_their_own_rows_and_nobody_else_any(a_week, table):
    people = a_week
    others = [people.colleague, people.stranger, people.team_leader, people.regional_lead]

    assert seen(Actor.staff(people.agent), table) == 1
    assert seen(Actor.system("tests"), table) == 1
    assert [seen(Actor.staff(other), table) for other in others] == [0, 0, 0, 0]
    with acting(Actor.requester(1)):
        assert "permission denied" in refused(f"SELECT * FROM wellbeing.{table}")


def test_no_manager_reads_what_people_have_in_hand(people):
    for person in (people.agent, people.team_leader, people.regional_lead):
        with acting(Actor.staff(person)):
            assert "permission denied" in refused("SELECT * FROM wellbeing.in_hand")
    assert rows("SELECT * FROM wellbeing.in_hand") == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE wellbeing.exposure SET severity = 0",
        "DELETE FROM wellbeing.exposure",
        "INSERT INTO wellbeing.exposure (staff_id) VALUES (1)",
        "UPDATE wellbeing.looking SET severity = 0",
        "DELETE FROM wellbeing.looking",
        "TRUNCATE wellbeing.exposure",
        "SELECT wellbeing.forget(1)",
        "SELECT wellbeing.keep_lapsed(now(), 1)",
        "SELECT wellbeing.keep(l, now()) FROM wellbeing.looking l",
        "SELECT * FROM wellbeing.sums_of('2020-01-01')",
    ],
)
def test_nobody_signed_in_changes_what_was_met(a_week, change):
    for person in (a_week.agent, a_week.team_leader, a_week.regional_lead, a_week.stranger):
        with acting(Actor.staff(person)):
            assert "permission denied" in refused(change), change


def test_not_even_the_owner_of_the_tables_changes_what_was_met():
    tables = rows(
        "SELECT tgrelid::regclass::text, tgtype & 24 FROM pg_trigger"
        " WHERE tgfoid = 'wellbeing.refuse'::regproc ORDER BY 1"
    )

    assert tables == [("wellbeing.capsversion", 24), ("wellbeing.exposure", 24)]


def test_caseward_may_forget_a_person_and_only_that_person(a_week):
    meets(a_week.colleague, begins=0, ends=5)

    assert services.forget(a_week.agent.pk) == 1

    left = [rows(f"SELECT staff_id FROM wellbeing.{table}") for table in PRIVATE]
    assert left == [[(a_week.colleague.pk,)], [], [], []]


def test_nobody_opts_out_for_somebody_else(people):
    insert = "INSERT INTO wellbeing.optout (staff_id, category, since) VALUES (%s, 'gore', now())"
    with acting(Actor.staff(people.agent)):
        assert refused(insert, [people.agent.pk]) == ""
        assert "row-level security" in refused(insert, [people.colleague.pk])
    with acting(Actor.staff(people.team_leader)):
        assert "row-level security" in refused(insert, [people.agent.pk])
        assert rows("DELETE FROM wellbeing.optout") == 0
    assert OptOut.objects.get().staff_id == people.agent.pk


ASK = """
    INSERT INTO wellbeing.consent (case_id, staff_id, asked_by_id, why, asked_at, expires_at)
    VALUES (1, %s, %s, 'Nobody else speaks Malay', now(), now() + interval '1 hour')
"""


def test_only_a_lead_of_a_line_or_above_asks_and_only_in_their_own_name(people):
    lead = a_line_lead()
    for person, answer in [
        (lead, ""), (people.regional_lead, ""),
        (people.team_leader, "row-level security"), (people.agent, "permission denied"),
        (a_staff_member("SPECIALIST"), "row-level security"),
    ]:  # fmt: skip
        with acting(Actor.staff(person)):
            said = refused(ASK, [people.agent.pk, person.pk])
            assert answer in said and bool(said) == bool(answer)
    with acting(Actor.staff(lead)):
        assert "row-level security" in refused(ASK, [people.agent.pk, people.regional_lead.pk])


def test_a_no_cannot_be_told_from_no_answer_by_whoever_asked(people):
    lead = a_line_lead()
    with acting(Actor.staff(lead)):
        rows(ASK, [people.agent.pk, lead.pk])
    rows("UPDATE wellbeing.consent SET declined_at = now()")

    with acting(Actor.staff(lead)):
        assert "permission denied" in refused("SELECT declined_at FROM wellbeing.consent")
        assert "permission denied" in refused("SELECT * FROM wellbeing.consent")
        assert rows("SELECT agreed_at FROM wellbeing.consent") == [(None,)]
        assert "permission denied" in refused("UPDATE wellbeing.consent SET agreed_at = now()")
    with acting(Actor.staff(people.regional_lead)):
        assert rows("SELECT id FROM wellbeing.consent") == []


def test_caps_are_read_by_whom_they_are_for_and_versions_never_change(people):
    insert = (
        "INSERT INTO wellbeing.capsversion (role, version, caps, why, set_at)"
        " VALUES ('', 1, '{}', 'x', now())"
    )
    with acting(Actor.staff(people.regional_lead)):
        assert refused(insert) == ""
        assert "permission denied" in refused("UPDATE wellbeing.capsversion SET version = 9")
    with acting(Actor.staff(people.agent)):
        assert CapsVersion.objects.count() == 1
        assert "permission denied" in refused(insert)


def test_caps_of_one_vendor_hold_for_it_and_are_no_business_of_another(people):
    set_caps(
        by=people.regional_lead, caps={"shift_minutes": 60}, why="After a hard month", now=at(0),
        vendor=people.agent.vendor,
    )  # fmt: skip

    seen = {}
    for person in (people.agent, people.stranger, people.team_leader):
        with acting(Actor.staff(person)):
            look_again()
            seen[person] = CapsVersion.objects.count()
            assert caps_of(people.agent.pk).shift_minutes == 60
            assert caps_of(people.stranger.pk).shift_minutes == 120
    assert list(seen.values()) == [1, 0, 1]


def test_everybody_reads_who_looked_and_nobody_hides_a_look(people):
    Glance.objects.create(staff=people.regional_lead, what="sums", at=at(0))

    for person in (people.agent, people.stranger, people.regional_lead):
        with acting(Actor.staff(person)):
            assert Glance.objects.count() == 1
            assert "permission denied" in refused("DELETE FROM wellbeing.glance")


def test_functions_of_the_schema_cannot_be_led_astray_and_are_nobodys_by_default():
    found = rows(
        "SELECT proname, array_to_string(proconfig, ','), proacl::text FROM pg_proc"
        " WHERE pronamespace = 'wellbeing'::regnamespace AND prosecdef ORDER BY 1"
    )

    assert [name for name, *_ in found] == [
        "forget", "keep", "keep_lapsed", "look", "look_away", "sums", "sums_of",
    ]  # fmt: skip
    assert all("search_path=pg_catalog, public" in setting for _, setting, _ in found)
    assert not any("{=X" in rights or ",=X" in rights for *_, rights in found)


def test_every_table_of_the_schema_is_guarded():
    open_to_all = rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'wellbeing'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relrowsecurity"
    )

    assert open_to_all == []
