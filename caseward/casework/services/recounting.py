"""Moving running clocks to where they belong after a calendar or a promise changed.

In short transactions, each of some thousand clocks. Only the cases whose clocks really move are
locked, and a case that somebody is working on is passed by and taken at the end: nobody waits.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

import orjson
from django.db import connection, transaction

from caseward.casework.services.promising import moved_clock
from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.acting import current_actor
from caseward.sla.models import IN_HOUSE_ONLY, Recount
from caseward.sla.services import recounting as sla
from caseward.sla.services.reckoning import Recounted, Row, recounted

AT_ONCE = 4_000
LOCK = (
    "SELECT id FROM casework_case WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE SKIP LOCKED"
)
# What moved meanwhile is not overwritten: it was locked by us only after it had been read.
MOVE = """
    UPDATE sla_clock k SET deadline_at = n.deadline, warns_at = n.warning,
        was_met = CASE WHEN n.deadline > %s THEN NULL ELSE k.was_met END
    FROM (
        SELECT id, 'epoch'::timestamptz + deadline * interval '1 microsecond' AS deadline,
            'epoch'::timestamptz + warning * interval '1 microsecond' AS warning,
            'epoch'::timestamptz + before * interval '1 microsecond' AS before
        FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
            AS micros (id, deadline, warning, before)
    ) n
    WHERE k.id = n.id AND k.stopped_at IS NULL AND k.deadline_at IS NOT DISTINCT FROM n.before
    RETURNING k.id
"""
HOLD_TO = """
    UPDATE sla_clock k
    SET duration = n.duration, measured = n.measured, site_id = n.site, market = n.market
    FROM unnest(%s::bigint[], %s::interval[], %s::text[], %s::bigint[], %s::text[])
        AS n (id, duration, measured, site, market)
    WHERE k.id = n.id
"""
FORGIVE = """
    DELETE FROM sla_miss m USING sla_clock k
    WHERE m.clock_id = k.id AND k.id = ANY(%s::bigint[]) AND k.was_met IS NULL
        AND m.explained_at IS NULL
"""
URGENCY = """
    UPDATE casework_case c SET urgency = extract(epoch FROM t.deadline)::bigint * 10 + c.priority
    FROM (
        SELECT k.case_id, date_trunc('second', min(k.deadline_at)) AS deadline
        FROM sla_clock k JOIN casework_case held ON held.id = k.case_id
        WHERE k.case_id = ANY(%s::bigint[]) AND k.stopped_at IS NULL AND k.deadline_at IS NOT NULL
            AND k.kind NOT IN ('USER_WINDOW', 'PRESERVATION', 'ERASURE', 'EXTERNAL_BODY')
            AND (held.tier = 2 OR k.kind NOT IN ('REFERRAL', 'REGULATOR_ORDER'))
        GROUP BY k.case_id
    ) t
    WHERE c.id = t.case_id AND c.status NOT IN ('RESOLVED', 'CLOSED')
        AND c.urgency <> extract(epoch FROM t.deadline)::bigint * 10 + c.priority
"""


@transaction.atomic
def recount_clocks(*, half: int, now: datetime, at_most: int = AT_ONCE) -> int:
    """Work out the next clocks again; return how many were looked at, 0 when all is done.

    Args:
        half: Of the cases, one of `HALVES`: two processors can do one each.
    """
    recount = sla.begin(half, now=now)
    if recount is None:
        return 0
    rows = sla.next_batch(recount, at_most=at_most)
    moving = recounted(rows, recount.changed, now=now)
    moved = _move(moving, recount, now)
    _note_progress(recount, rows, moving, moved, now)
    return len(rows)


def _move(moving: Sequence[Recounted], recount: Recount, now: datetime) -> set[int]:
    """Write what changed of the cases that nobody holds; return the ids of the clocks moved."""
    free = _locked({each.before.case_id for each in moving})
    ours = [each for each in moving if each.before.case_id in free]
    if not ours:
        return set()
    moved = _written(ours, now)
    done = [each for each in ours if each.before.id in moved]
    with connection.cursor() as cursor:
        cursor.execute(FORGIVE, [_array(moved)])
        cursor.execute(URGENCY, [_array(sorted({each.before.case_id for each in done}))])
    _tell(done, recount, now)
    return moved


def _locked(case_ids: set[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [_array(case_ids)])
        return {case_id for (case_id,) in cursor.fetchall()}


def _written(ours: Sequence[Recounted], now: datetime) -> set[int]:
    columns = (
        (each.after.id for each in ours),
        (each.after.deadline for each in ours),
        (each.after.warning for each in ours),
        (each.before.deadline for each in ours),
    )
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [now, *map(_array, columns)])
        moved = {clock_id for (clock_id,) in cursor.fetchall()}
    _hold_to_promises([after for before, after in ours if before.promise != after.promise], moved)
    return moved


def _hold_to_promises(promised: Sequence[Row], moved: set[int]) -> None:
    ours = [(row.id, *row.promise) for row in promised if row.id in moved]
    if ours:
        with connection.cursor() as cursor:
            cursor.execute(HOLD_TO, [list(column) for column in zip(*ours, strict=True)])


def _array(numbers: Iterable[int | None]) -> str:
    """Return an array as PostgreSQL reads it: for thousands, far cheaper than a list."""
    return f"{{{','.join(['NULL' if each is None else str(each) for each in numbers])}}}"


def _tell(done: Sequence[Recounted], recount: Recount, now: datetime) -> None:
    """Keep the old promise in the ledger: one event for each case, and one for in-house eyes."""
    hidden = [each for each in done if each.before.kind in IN_HOUSE_ONLY]
    shown = [each for each in done if each.before.kind not in IN_HOUSE_ONLY]
    if shown:
        _tell_audience(shown, Event.Audience.EVERYONE, now)
    if hidden:
        _tell_audience(hidden, Event.Audience.IN_HOUSE, now)


def _tell_audience(done: Sequence[Recounted], audience: str, now: datetime) -> None:
    by_case = sorted(done, key=attrgetter("before.case_id", "before.id"))
    ledger.record_many(
        "clock.recomputed",
        at=now,
        actor_name=current_actor().name,
        data=[
            (case_id, orjson.dumps({"clocks": [_facts(each) for each in clocks]}).decode())
            for case_id, clocks in groupby(by_case, key=attrgetter("before.case_id"))
        ],
        audience=audience,
    )


def _facts(each: Recounted) -> dict[str, str | None]:
    before = each.before
    return moved_clock(before.kind, before.deadline_at, each.after.deadline_at, before.stage)


def _note_progress(
    recount: Recount,
    rows: Sequence[Row],
    moving: Sequence[Recounted],
    moved: set[int],
    now: datetime,
) -> None:
    """Save how far the recount has come, in the transaction that did it."""
    passed = {row.id for row in rows}
    left = {each.before.id for each in moving} - moved
    gone = not rows  # what was busy has stopped meanwhile
    recount.busy_ids = [] if gone else sorted(set(recount.busy_ids) - passed | left)
    recount.after_id = max([recount.after_id, *passed])
    recount.looked_at += len(rows)
    recount.moved += len(moved)
    if gone:
        recount.finished_at = now
    recount.save()
