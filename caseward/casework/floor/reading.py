"""Reading what goes on now, in a number of queries that neither cases nor people add to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from caseward.casework.floor.people import workers
from caseward.casework.services.presence import LEASE
from caseward.routing.models import Availability, QueuePause
from caseward.routing.standing import units_of

SOON = timedelta(hours=1)
OF_A_QUEUE = 12
"""Of one queue no more cases are looked at by name: the worst are shown, the rest is counted."""

# Only the index of waiting cases is read; its order is of no use here, its columns are.
WAITING = """
    SELECT queue_id, count(*) FILTER (WHERE snoozed_until IS NULL),
        count(*) FILTER (WHERE snoozed_until IS NOT NULL),
        count(*) FILTER (WHERE urgency < %(now)s),
        count(*) FILTER (WHERE urgency >= %(now)s AND urgency < %(soon)s), min(id)
    FROM casework_case
    WHERE assignee_id IS NULL AND status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
    GROUP BY queue_id
"""
IN_HANDS = """
    SELECT assignee_id, queue_id, channel,
        count(*) FILTER (WHERE status <> 'PENDING' AND snoozed_until IS NULL),
        count(*) FILTER (WHERE status = 'PENDING' OR snoozed_until IS NOT NULL),
        count(*) FILTER (WHERE urgency < %(now)s),
        count(*) FILTER (WHERE urgency >= %(now)s AND urgency < %(soon)s)
    FROM casework_case
    WHERE assignee_id IS NOT NULL AND status NOT IN ('RESOLVED', 'CLOSED')
    GROUP BY assignee_id, queue_id, channel
"""
OPENED = "SELECT id, opened_at FROM casework_case WHERE id = ANY(%s)"
# The head of each queue by its own index, as lists of cases are read: of what can still be kept and
# of what is late, for the late ones alone would fill it.
AT_RISK = """
    SELECT head.* FROM routing_queue q,
        (VALUES (0, %(now)s), (%(now)s, %(soon)s)) span (since, until),
        LATERAL (
            SELECT c.urgency, c.id, c.queue_id, c.assignee_id FROM casework_case c
            WHERE c.queue_id = q.id AND c.status NOT IN ('RESOLVED', 'CLOSED')
                AND c.urgency >= span.since AND c.urgency < span.until
            ORDER BY c.urgency, c.id LIMIT %(most)s
        ) head
"""
OPEN_NOW = """
    SELECT DISTINCT ON (p.staff_id) p.staff_id, c.reference, p.is_writing, c.lob_id
    FROM casework_presence p JOIN casework_case c ON c.id = p.case_id
    WHERE p.seen_at > %s ORDER BY p.staff_id, p.is_writing DESC, p.seen_at DESC
"""
LAST_DONE = """
    SELECT s.id, e.kind, e.at FROM unnest(%s::bigint[]) AS s (id), LATERAL (
        SELECT kind, at FROM ledger_event WHERE actor_id = s.id ORDER BY id DESC LIMIT 1
    ) e
"""


class Waiting(NamedTuple):
    """What waits in a queue."""

    cases: int = 0
    snoozed: int = 0
    late: int = 0
    soon: int = 0
    oldest_at: datetime | None = None


class InHand(NamedTuple):
    """What somebody, or everybody of a queue, has in hand; `held` waits for the requester.

    `units` is the room that the cases take; those that are held take none.
    """

    cases: int = 0
    held: int = 0
    late: int = 0
    soon: int = 0
    units: float = 0.0

    def plus(self, other: "InHand") -> "InHand":
        return InHand._make(mine + theirs for mine, theirs in zip(self, other, strict=True))


class Doing(NamedTuple):
    """What somebody is doing, as they or Caseward said."""

    state: str
    why: str
    since: datetime
    until: datetime | None
    seen_at: datetime


class OpenCase(NamedTuple):
    """The case somebody has open this moment."""

    reference: str
    is_writing: bool
    lob_id: int


class Done(NamedTuple):
    """What somebody did last."""

    kind: str
    at: datetime


class Risk(NamedTuple):
    """A case that is late or soon will be."""

    urgency: int
    id: int
    queue_id: int
    assignee_id: int | None


class Pause(NamedTuple):
    why: str
    by_name: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that goes on at one moment, of the whole operation."""

    at: datetime
    waiting: dict[int, Waiting] = field(default_factory=dict)
    in_queue: dict[int, InHand] = field(default_factory=dict)
    in_hands: dict[int, InHand] = field(default_factory=dict)
    doing: dict[int, Doing] = field(default_factory=dict)
    open_now: dict[int, OpenCase] = field(default_factory=dict)
    last_done: dict[int, Done] = field(default_factory=dict)
    at_risk: list[Risk] = field(default_factory=list)
    pauses: dict[int, Pause] = field(default_factory=dict)


def read_floor(*, now: datetime) -> Facts:
    """Read what goes on now, as somebody in-house; what they may see is up to the scope."""
    second = {"now": _urgency(now), "soon": _urgency(now + SOON), "most": OF_A_QUEUE}
    in_hands = _rows(IN_HANDS, second)
    people = [worker.id for worker in workers()]
    return Facts(
        at=now,
        waiting=_waiting(_rows(WAITING, second)),
        in_queue=_added((row[1], _in_hand(row)) for row in in_hands),
        in_hands=_added((row[0], _in_hand(row)) for row in in_hands),
        doing=_doing(),
        open_now={row[0]: OpenCase(*row[1:]) for row in _rows(OPEN_NOW, [now - LEASE])},
        last_done={row[0]: Done(*row[1:]) for row in _rows(LAST_DONE, [people])},
        at_risk=sorted(Risk(*row) for row in _rows(AT_RISK, second)),
        pauses=_pauses(),
    )


def _waiting(rows: Sequence[tuple[Any, ...]]) -> dict[int, Waiting]:
    """Return what waits by queue. Of each the smallest number is the case opened first."""
    opened = dict(_rows(OPENED, [[row[-1] for row in rows]]))
    return {row[0]: Waiting._make((*row[1:-1], opened.get(row[-1]))) for row in rows}


def _in_hand(row: tuple[Any, ...]) -> InHand:
    channel, cases, held, late, soon = row[2:]
    return InHand(cases, held, late, soon, cases * units_of(channel))


def _added(pairs: Iterable[tuple[int, InHand]]) -> dict[int, InHand]:
    found: dict[int, InHand] = {}
    for key, hand in pairs:
        found[key] = found.get(key, InHand()).plus(hand)
    return found


def _doing() -> dict[int, Doing]:
    columns = ("staff_id", "state", "why", "since", "until", "seen_at")
    return {row[0]: Doing(*row[1:]) for row in Availability.objects.values_list(*columns)}


def _pauses() -> dict[int, Pause]:
    columns = ("queue_id", "why", "by__name", "since", "until")
    return {row[0]: Pause(*row[1:]) for row in QueuePause.objects.values_list(*columns)}


def _urgency(at: datetime) -> int:
    """Return the smallest urgency of a case due at a moment; see `Case`."""
    return int(at.timestamp()) * 10


def _rows(sql: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
