"""Every table a vendor's staff may read, asked in SQL as the other vendor's: nothing of ours.

A table that is new and open, or that nobody fills here, fails: nothing is proven by an empty one.
"""

from datetime import timedelta

import pytest
from django.db import connection

from caseward.casework import campaigns
from caseward.casework.models import (
    Draft,
    Link,
    MacroUse,
    NoteTemplateUse,
    Notice,
    PersonalPlace,
    PlaybookStep,
    Preference,
    Presence,
    TeamMessage,
    TeamMessageReader,
)
from caseward.casework.services import add_note, change_reason
from caseward.casework.services.helping import ask_for_help
from caseward.casework.services.silence import lock_disclosure
from caseward.org.acting import Actor, acting
from caseward.org.models import Certification, Shift
from caseward.policy.models import MacroVersion, NoteTemplate
from caseward.quality.models import Survey
from caseward.routing.models import Borrow, Exclusion, Offer
from caseward.wellbeing import services as wellbeing
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_macro,
    a_playbook,
    a_reason,
    at_work,
)
from tests.org.test_rights import OPEN_TO_VENDORS, SESSIONS
from tests.security.test_every_address import scene

__all__ = ["scene"]
pytestmark = pytest.mark.django_db
LATER = MONDAY_9AM + timedelta(days=1)
IN_HOUSE = "Words that stay in-house"

READABLE = """
    SELECT n.nspname || '.' || c.relname FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'wellbeing') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND has_table_privilege('cw_vendor', c.oid, 'SELECT') ORDER BY 1
"""
EVERYBODYS = {f"public.{name}" for name in {*OPEN_TO_VENDORS, SESSIONS, "django_migrations"}} | {
    "public.policy_macroversion",
    "public.policy_notetemplate",
    "public.policy_playbookversion",
    "wellbeing.glance",
    "wellbeing.capsversion",
    "public.casework_incident",
}
"""What is released for every vendor or shared with those of a line on purpose, who looked at sums,
and caps (see tests/wellbeing/test_rights.py)."""


def rows_of(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {table} t")
        return {row[0] for row in cursor.fetchall()}


def readable():
    with connection.cursor() as cursor:
        cursor.execute(READABLE)
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def everything(people, scene):
    """Northstar's case of the scene, with a row of ours in every table its agent may read."""
    case, agent, lead = scene.case, people.agent, people.leader
    message = case.messages.latest("pk")
    of_case, of_agent = {"case": case}, {"staff": agent}
    both = {**of_case, **of_agent}
    on_the_case(case, agent, message)
    Offer.objects.create(**both, offered_at=MONDAY_9AM, expires_at=LATER)
    Exclusion.objects.create(**both, why="Had a part", at=MONDAY_9AM)
    Presence.objects.create(**both, seen_at=MONDAY_9AM)
    Draft.objects.create(**both, text="Dear", updated_at=MONDAY_9AM)
    PersonalPlace.objects.create(**both, rank=1)
    Notice.objects.create(**both, about="x", kind="help.asked", at=MONDAY_9AM)
    Preference.objects.create(**of_agent)
    Certification.objects.create(**of_agent, key="minors")
    Shift.objects.create(**of_agent, starts_at=MONDAY_9AM, ends_at=LATER)
    Borrow.objects.create(
        **of_agent, queue=case.queue, by=lead, why="Short", starts_at=MONDAY_9AM, until=LATER
    )
    said = TeamMessage.objects.create(by=lead, text="Hello", sent_at=MONDAY_9AM, until=LATER)
    TeamMessageReader.objects.create(message=said, staff=agent)
    plan = campaigns.Plan(name="Clear it", goal_at=LATER, members=[agent])
    campaigns.start_campaign(by=lead, query="language=en", plan=plan, now=MONDAY_9AM)
    in_the_schema_of_wellbeing(agent, case)
    stays_in_house(people, case)
    return people


def on_the_case(case, agent, message):
    reason = a_reason(key="hacked")
    gate = {"key": "lock", "texts": {"en": "Lock."}, "is_gate": True}
    version = a_playbook(reason, [gate])
    for each in (reason, a_reason()):
        change_reason(reference=case.reference, by=agent, reason=each, now=LATER)
    PlaybookStep.objects.create(
        case=case, version=version, key="lock", answer={"value": True}, done_by=agent,
        done_at=LATER,
    )  # fmt: skip
    a_macro()
    MacroUse.objects.create(
        message=message, case=case, version=MacroVersion.objects.get(), language="en",
        edited_share=0, at=LATER,
    )  # fmt: skip
    template = NoteTemplate.objects.create(
        key="call", lob=case.lob, title="Call", texts={"en": "Called."}
    )
    NoteTemplateUse.objects.create(message=message, template=template, at=LATER)
    Survey.objects.create(case=case, asked_at=LATER)
    Link.objects.create(case=case, other=a_case(assignee=agent), note="", created_at=LATER)


def in_the_schema_of_wellbeing(agent, case):
    with acting(Actor.staff(agent)):
        for number in (1, 2):
            wellbeing.began(number, agent.pk, 3, "self-harm", MONDAY_9AM)
        wellbeing.choose_opt_outs(by=agent, categories=["gore"], now=MONDAY_9AM)
    at_work(agent)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO wellbeing.stop (staff_id, at, "references") VALUES (%s, %s, %s)',
            [agent.pk, MONDAY_9AM, [case.reference]],
        )


def stays_in_house(people, case):
    named = {"reference": case.reference, "now": LATER}
    add_note(by=people.leader, text=IN_HOUSE, in_house_only=True, **named)
    ask_for_help(by=people.leader, to=people.specialist, question=IN_HOUSE, **named)
    lock_disclosure(by=people.lead, why=IN_HOUSE, **named)


def test_the_scene_fills_every_table_that_is_not_everybodys(everything):
    with acting(Actor.staff(everything.agent)):
        empty = [name for name in readable() if name not in EVERYBODYS and not rows_of(name)]
    assert empty == []


def test_the_other_vendor_reads_no_row_of_ours_in_any_table(everything):
    for table in readable():
        if table in EVERYBODYS:
            continue
        with acting(Actor.staff(everything.agent)):
            ours = rows_of(table)
        with acting(Actor.staff(everything.stranger)):
            theirs = rows_of(table)
        assert not ours & theirs, table
        if table not in {"public.org_staffmember"}:
            assert not theirs, table  # nothing happened to them


def test_what_stays_in_house_is_in_no_row_a_vendors_staff_read(everything):
    with acting(Actor.staff(everything.leader)):
        assert any(IN_HOUSE in row for row in rows_of("casework_message"))
    for person in (everything.agent, everything.colleague, everything.stranger):
        with acting(Actor.staff(person)):
            for table in readable():
                assert not [row for row in rows_of(table) if IN_HOUSE in row], table


def test_the_other_vendors_people_are_named_in_no_row(everything):
    with acting(Actor.staff(everything.stranger)):
        for table in readable():
            named = [row for row in rows_of(table) if everything.agent.name in row]
            assert not named, table
    with acting(Actor.staff(everything.agent)):
        assert any(everything.agent.name in row for row in rows_of("ledger_event"))
