"""Opening a case: everything it begins with, in one statement.

Ten rows in one round trip cost a seventh of writing them one by one, and intake is where messages
come in faster than people do anything else.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
import psycopg
from django.db import connection

from caseward.casework.services.recording import urgency_of
from caseward.core.direction import without_direction_marks
from caseward.core.masking import mask, mask_email, mask_phone
from caseward.core.references import RANDOM_BITS, reference_from
from caseward.org.acting import current_actor
from caseward.policy.legal.queries import Facts
from caseward.routing import services as routing
from caseward.routing.models import Queue
from caseward.sla import services as sla


class ReferenceTaken(Exception):
    """The reference asked for is another case's."""


@dataclass(frozen=True, slots=True)
class Person:
    """A party as they gave themselves; contact details are masked before most people see them."""

    part: str = "REQUESTER"
    name: str = ""
    handle: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is known when a case is opened.

    `text` is what the person wrote, unmasked; `problem` says why a person should look at it.
    """

    lob_id: int
    priority: int
    channel: str
    language: str
    title: str
    text: str
    people: Sequence[Person]
    reason_id: int | None = None
    country: str = ""
    quoted: str = ""
    html: str = ""
    problem: str = ""
    is_automatic: bool = False
    wants_acknowledgement: bool = True
    tags: Sequence[str] = field(default=())
    reference: str = ""  # given by those who must be able to say it again; else drawn


@dataclass(frozen=True, slots=True)
class OpenedCase:
    id: int
    reference: str
    message_id: int


def open_case(new: NewCase, *, now: datetime) -> OpenedCase:
    """Open a case with its parties, first message, clocks, acknowledgement and first event.

    One statement, all or nothing by itself: a savepoint around it would cost two more.
    """
    number = secrets.randbits(RANDOM_BITS)
    queue = routing.place(lob_id=new.lob_id, language=new.language, number=number)
    facts = Facts(country=new.country, reason_id=new.reason_id, tags=new.tags)
    clocks = sla.planned_clocks(lob_id=new.lob_id, priority=new.priority, at=now, facts=facts)
    while True:
        reference = new.reference or reference_from(number)
        written = _run(_values(new, reference, queue, clocks, now))
        if written is not None:
            return OpenedCase(written[0], reference, written[1])
        if new.reference:
            raise ReferenceTaken(new.reference)
        number = secrets.randbits(RANDOM_BITS)


def _run(values: dict[str, Any]) -> tuple[int, int] | None:
    """Run the statement on Django's connection, planned once for each: that is a fifth of it.

    Nothing is written and None returned where the reference is another case's.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(OPEN, values, prepare=True).fetchone()


def _values(
    new: NewCase, reference: str, queue: Queue, clocks: list[sla.PlannedClock], now: datetime
) -> dict[str, Any]:
    due_at = sla.tightest_of(clocks, in_house=queue.tier == 2)
    actor = current_actor()
    return {
        "reference": reference,
        "title": _line(new.title, 200),
        "priority": new.priority,
        "channel": new.channel,
        "language": new.language,
        "country": new.country,
        "lob": new.lob_id,
        "reason": new.reason_id,
        "tier": queue.tier,
        "vendor": queue.vendor_id,
        "queue": queue.pk,
        "urgency": urgency_of(due_at, new.priority),
        "tags": list(new.tags),
        "now": now,
        "text": mask(new.text).text,
        "quoted": mask(new.quoted).text if new.quoted else "",
        "original": new.text,
        "html": new.html,
        "has_html": bool(new.html),
        "automatic": new.is_automatic,
        "problem": new.problem[:200],
        "acknowledge": new.wants_acknowledgement,
        "actor_id": actor.staff_id,
        "actor_name": actor.name,
        "sender": _line(new.people[0].name, 120) if new.people else "",
        "people": _json([_person(person) for person in new.people]),
        "clocks": _json([_clock(clock) for clock in clocks]),
        "data": _json(_facts(new, reference, queue, clocks)),
    }


def _person(person: Person) -> dict[str, str]:
    return {
        "part": person.part,
        "name": _line(person.name, 120),
        "handle": _line(person.handle, 120),
        "masked_email": mask_email(person.email) if person.email else "",
        "masked_phone": mask_phone(person.phone) if person.phone else "",
        "email": person.email[:320],
        "phone": person.phone[:40],
    }


def _line(given: str, most: int) -> str:
    return mask(without_direction_marks(given)).text[:most]


def _clock(clock: sla.PlannedClock) -> dict[str, Any]:
    long = clock.duration
    return {
        "kind": clock.kind,
        "duration": f"{long.days} days {long.seconds}.{long.microseconds:06d} seconds",
        "measured": clock.measured,
        "site": clock.site_id,
        "deadline": clock.deadline_at,
        "warning": clock.warns_at,
        "market": clock.market,
        "stage": clock.stage,
        "preset": clock.preset_id,
        "pausable": clock.is_pausable,
        "because": clock.because,
    }


def _json(value: object) -> str:
    """Return rows as one value: psycopg writes an array for each column far more slowly."""
    return orjson.dumps(value).decode()


def _facts(
    new: NewCase, reference: str, queue: Queue, clocks: list[sla.PlannedClock]
) -> dict[str, Any]:
    return {
        "reference": reference,
        "lob_id": new.lob_id,
        "reason_id": new.reason_id,
        "vendor_id": queue.vendor_id,
        "queue_id": queue.pk,
        "tier": queue.tier,
        "priority": new.priority,
        "channel": new.channel,
        "language": new.language,
        "country": new.country,
        "deadlines": {clock.kind: _time(clock) for clock in clocks if not clock.stage},
        **_laws(clocks),
    }


def _laws(clocks: list[sla.PlannedClock]) -> dict[str, Any]:
    """Return when the law's clocks end, by stage; nothing where no law is switched on."""
    stages = {clock.stage: _time(clock) for clock in clocks if clock.stage}
    return {"legal_deadlines": stages} if stages else {}


def _time(clock: sla.PlannedClock) -> str:
    assert clock.deadline_at is not None  # nothing holds a clock before it starts
    return clock.deadline_at.isoformat()


OPEN = """
WITH new_case AS (
    INSERT INTO casework_case (reference, title, status, priority, channel, language, country,
        lob_id, reason_id, tier, vendor_id, queue_id, urgency, tags, opened_at, updated_at,
        reopened_count)
    VALUES (%(reference)s, %(title)s, 'NEW', %(priority)s, %(channel)s, %(language)s,
        %(country)s, %(lob)s, %(reason)s, %(tier)s, %(vendor)s, %(queue)s, %(urgency)s,
        %(tags)s::text[], %(now)s, %(now)s, 0)
    ON CONFLICT (reference) DO NOTHING
    RETURNING id
), new_party AS (
    INSERT INTO casework_party (case_id, part, name, handle, masked_email, masked_phone)
    SELECT new_case.id, p.* FROM new_case, jsonb_to_recordset(%(people)s::jsonb)
        AS p (part text, name text, handle text, masked_email text, masked_phone text)
    RETURNING id, part
), new_contact AS (
    INSERT INTO casework_partycontact (party_id, email, phone)
    SELECT new_party.id, c.email, c.phone FROM new_party JOIN
        jsonb_to_recordset(%(people)s::jsonb) AS c (part text, email text, phone text) USING (part)
    WHERE c.email <> '' OR c.phone <> ''
), new_message AS (
    INSERT INTO casework_message (case_id, direction, channel, at, author_name, text, quoted,
        language, has_html, is_automatic, in_house_only, problem)
    SELECT id, 'INBOUND', %(channel)s, %(now)s, %(sender)s, %(text)s, %(quoted)s, %(language)s,
        %(has_html)s, %(automatic)s, false, %(problem)s FROM new_case
    RETURNING id
), new_original AS (
    INSERT INTO casework_messageoriginal (message_id, text, html)
    SELECT id, %(original)s, %(html)s FROM new_message
), new_clock AS (
    INSERT INTO sla_clock (case_id, kind, duration, measured, site_id, started_at, pauses,
        deadline_at, warns_at, market, stage, preset_id, is_pausable, because)
    SELECT new_case.id, c.kind, c.duration, c.measured, c.site, %(now)s, '{}', c.deadline,
        c.warning, c.market, c.stage, c.preset, c.pausable, c.because
    FROM new_case, jsonb_to_recordset(%(clocks)s::jsonb)
        AS c (kind text, duration interval, measured text, site bigint, deadline timestamptz,
            warning timestamptz, market text, stage text, preset bigint, pausable bool,
            because jsonb)
), new_acknowledgement AS (
    INSERT INTO casework_outgoing (case_id, kind, state, send_after, attempts, problem)
    SELECT id, 'ACKNOWLEDGEMENT', 'QUEUED', %(now)s, 0, '' FROM new_case WHERE %(acknowledge)s
), new_event AS (
    INSERT INTO ledger_event (case_id, kind, at, actor_id, actor_name, audience, data)
    SELECT new_case.id, 'case.opened', %(now)s, %(actor_id)s, %(actor_name)s, 'EVERYONE',
        %(data)s::jsonb || jsonb_build_object('message_id', new_message.id)
    FROM new_case, new_message
)
SELECT new_case.id, new_message.id FROM new_case, new_message
"""
