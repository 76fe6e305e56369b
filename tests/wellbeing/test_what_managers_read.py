"""Everything a manager's identity may read, asked in SQL, after a day on which people were kept
from cases by caps and wishes in every way: no row tells of what anybody met or does not want."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction

from caseward.automation.deeds import CannotDo, Deeds, carry_out
from caseward.automation.deeds import Doing as RuleDoing
from caseward.casework.floor import moving
from caseward.casework.services import (
    NothingToTake,
    assign_case,
    offering,
    take_case,
    take_next_case,
)
from caseward.casework.services.assigning import CannotTakeIt
from caseward.casework.services.automatic import caseward_itself
from caseward.casework.services.capacity import note_capacity
from caseward.casework.services.overrunning import note_overruns
from caseward.org.acting import Actor, acting
from caseward.wellbeing import consents, services
from tests.builders import a_case, at_work
from tests.wellbeing.conftest import a_line_lead, a_severe_case, at, meets

pytestmark = pytest.mark.django_db
UNIQUE = "known-to-one"  # a category that only the private rows have
CODES = ("opted_out", '"exposure"')

READABLE = """
    SELECT n.nspname || '.' || c.relname FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'wellbeing') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND has_any_column_privilege(c.oid, 'SELECT') ORDER BY 1
"""
COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
        AND has_column_privilege(attrelid, attnum, 'SELECT')
"""
FUNCTIONS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname IN ('public', 'wellbeing') AND p.prosecdef
        AND p.prorettype <> 'trigger'::regtype
        AND has_function_privilege('cw_staff', p.oid, 'EXECUTE') ORDER BY 1
"""


def asked(sql, values=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def everything_read_by(person):
    """Return every row of every table, view and statistic that somebody's identity may read."""
    with acting(Actor.staff(person)):
        for (table,) in asked(READABLE):
            columns = asked(COLUMNS, [table])[0][0]
            for (row,) in asked(f"SELECT ROW({columns})::text FROM {table}"):
                yield table, row
        for (row,) in asked("SELECT s::text FROM pg_stats s WHERE schemaname = 'wellbeing'"):
            yield "pg_stats", row


@pytest.fixture
def a_day(people):
    """An agent at their cap who opted out, tried by every verb; a colleague who said no."""
    agent = at_work(people.agent)
    meets(agent, begins=0, ends=118, category=UNIQUE, case_id=77_001)
    with acting(Actor.staff(agent)):
        services.choose_opt_outs(by=agent, categories=[UNIQUE, "gore"], now=at(118))
    severe, unwanted = a_severe_case(), a_severe_case(2, category="gore")
    for case in (severe, unwanted):
        refused_in_every_way(case, agent, people.team_leader)
    held = a_severe_case(assignee=agent)
    with acting(Actor.staff(agent)):
        services.began(held.pk, agent.pk, 3, UNIQUE, at(120))
    with acting(Actor.system("worker")):
        note_capacity(now=at(121))
        note_overruns(now=at(124))
    lead = a_line_lead()
    with acting(Actor.staff(lead)):
        request = consents.ask(
            case_id=severe.pk, staff=people.colleague, by=lead, why="Tonight", now=at(121)
        )
    with acting(Actor.staff(people.colleague)):
        consents.decline(request_id=request, by=people.colleague, now=at(122))
    people.line_lead = lead
    return people


def refused_in_every_way(case, agent, leader):
    named = {"reference": case.reference, "now": at(120)}
    deeds = Deeds(assign_to=agent.key)
    rule = RuleDoing(case, caseward_itself("rules"), None, "A rule", at(120))
    ways = (
        lambda: take_case(by=agent, **named),
        lambda: take_next_case(by=agent, now=at(120)),
        lambda: assign_case(to=agent, by=leader, override_reason="Tonight", **named),
        lambda: moving.give_case(to=agent, by=leader, seen=None, why="Tonight", **named),
        lambda: carry_out(deeds, rule),
    )
    for way in ways:
        with suppress(CannotTakeIt, NothingToTake, CannotDo), transaction.atomic():
            way()
    offering.offer_waiting_cases(now=at(120))
    milder = a_case(opened_at=at(119))
    with acting(Actor.staff(agent)):
        assert take_next_case(by=agent, now=at(120)) == milder  # past those kept from them


def managers(people):
    return [people.team_leader, people.regional_lead, people.line_lead]


def test_no_row_a_manager_reads_tells_what_was_met_or_is_not_wanted(a_day):
    for person in managers(a_day):
        told = [
            (table, row)
            for table, row in everything_read_by(person)
            if UNIQUE in row or any(code in row for code in CODES)
        ]
        assert not told, told[0]


def test_the_person_reads_it_so_that_the_search_is_not_empty(a_day):
    tables = {table for table, row in everything_read_by(a_day.agent) if UNIQUE in row}
    assert {"wellbeing.exposure", "wellbeing.looking", "wellbeing.optout"} <= tables


def test_a_no_is_in_no_row_a_manager_reads(a_day):
    declined = asked("SELECT declined_at::text FROM wellbeing.consent")[0][0]
    assert declined
    for person in managers(a_day):
        for table, row in everything_read_by(person):
            if table == "wellbeing.consent":
                assert declined not in row
        with acting(Actor.staff(person)), pytest.raises(DatabaseError), transaction.atomic():
            asked("SELECT declined_at FROM wellbeing.consent")


def test_these_functions_with_the_owners_rights_are_all_a_manager_calls(a_day):
    """Each answers with numbers of people it is asked about, or with sums of eight and more."""
    assert [name for (name,) in asked(FUNCTIONS)] == [
        "casework_who_had_a_part(bigint[],bigint[])",
        "casework_who_knows(bigint[],bigint[])",
        "wellbeing.look(wellbeing.looking,timestamp with time zone)",
        "wellbeing.look_away(bigint,bigint,timestamp with time zone)",
        "wellbeing.sums(timestamp with time zone)",
    ]
    with acting(Actor.staff(a_day.regional_lead)):
        sums = "SELECT * FROM wellbeing.sums(%s)"
        assert [asked(sums, [at(days * 24 * 60)]) for days in (0, 7, 28)] == [[], [], []]


def test_an_overrun_names_neither_the_case_nor_the_person(a_day):
    with acting(Actor.staff(a_day.regional_lead)):
        overruns = asked(
            "SELECT case_id, category, due_at FROM casework_capacityincident WHERE is_overrun"
        )
        told = asked("SELECT e::text FROM ledger_event e WHERE kind = 'capacity.overrun'")
    assert overruns == [(None, "", None)]
    assert len(told) == 1
    assert a_day.agent.name not in told[0][0]
