"""Moving running clocks to where they belong after a calendar or a promise changed.

In short transactions, each of some thousand clocks. Only the cases whose clocks really move are
locked, and a case that somebody is working on is passed by and taken at the end: nobody waits.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

import orjson
from django.db import connection, transaction

from caseward.ledger import services as ledger
from caseward.org.acting import current_actor
from caseward.sla.models import Recount
from caseward.sla.services import recounting as sla
from caseward.sla.services.recounting import Recounted, Row

AT_ONCE = 4_000
LOCK = "SELECT id FROM casework_case WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED"
# What moved meanwhile is not overwritten: it was locked by us only after it had been read.
MOVE = """
    UPDATE sla_clock k SET deadline_at = n.deadline, warns_at = n.warning, duration = n.duration,
        measured = n.measured, site_id = n.site, market = n.market,
        was_met = CASE WHEN n.deadline > %s THEN NULL ELSE k.was_met END
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::interval[], %s::text[],
        %s::bigint[], %s::text[], %s::timestamptz[])
        AS n (id, deadline, warning, duration, measured, site, market, before)
    WHERE k.id = n.id AND k.stopped_at IS NULL AND k.deadline_at IS NOT DISTINCT FROM n.before
    RETURNING k.id
"""
FORGIVE = """
    DELETE FROM sla_miss m USING sla_clock k
    WHERE m.clock_id = k.id AND k.id = ANY(%s) AND k.was_met IS NULL AND m.explained_at IS NULL
"""
URGENCY = """
    UPDATE casework_case c SET urgency = extract(epoch FROM t.deadline)::bigint * 10 + c.priority
    FROM (
        SELECT case_id, date_trunc('second', min(deadline_at)) AS deadline FROM sla_clock
        WHERE case_id = ANY(%s) AND stopped_at IS NULL AND deadline_at IS NOT NULL
            AND kind NOT IN ('USER_WINDOW', 'PRESERVATION', 'ERASURE', 'EXTERNAL_BODY')
        GROUP BY case_id
    ) t
    WHERE c.id = t.case_id AND c.status NOT IN ('RESOLVED', 'CLOSED')
        AND c.urgency <> extract(epoch FROM t.deadline)::bigint * 10 + c.priority
"""


@transaction.atomic
def recount_clocks(*, now: datetime, at_most: int = AT_ONCE) -> int:
    """Work out the next clocks again; return how many were looked at, 0 when all is done."""
    recount = sla.begin(now=now)
    if recount is None:
        return 0
    rows = sla.next_batch(recount, at_most=at_most)
    moving = sla.recounted(rows, recount.changed, now=now)
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
        cursor.execute(FORGIVE, [list(moved)])
        cursor.execute(URGENCY, [sorted({each.before.case_id for each in done})])
    _tell(done, recount, now)
    return moved


def _locked(case_ids: set[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(case_ids)])
        return {case_id for (case_id,) in cursor.fetchall()}


def _written(ours: Sequence[Recounted], now: datetime) -> set[int]:
    columns = [
        [getattr(each.after, name) for each in ours]
        for name in ("id", "deadline_at", "warns_at", "duration", "measured", "site_id", "market")
    ]
    before = [each.before.deadline_at for each in ours]
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [now, *columns, before])
        return {clock_id for (clock_id,) in cursor.fetchall()}


def _tell(done: Sequence[Recounted], recount: Recount, now: datetime) -> None:
    """Keep the old promise in the ledger: one event for each case."""
    by_case = sorted(done, key=attrgetter("before.case_id", "before.id"))
    ledger.record_many(
        "clock.recomputed",
        at=now,
        actor_name=current_actor().name,
        data=[
            (case_id, orjson.dumps({"clocks": [_facts(each) for each in clocks]}).decode())
            for case_id, clocks in groupby(by_case, key=attrgetter("before.case_id"))
        ],
    )


def _facts(each: Recounted) -> dict[str, str | None]:
    facts = {
        "clock": each.before.kind,
        "before": _time(each.before.deadline_at),
        "after": _time(each.after.deadline_at),
    }
    return {**facts, "stage": each.before.stage} if each.before.stage else facts


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


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
