"""Moving what waits to where it can be worked: by overflow rule, or because a vendor is off.

Both move a few cases at a time, each in its own place in the queue; who calls them calls again
until nothing is left. A case that somebody is taking this very moment stays where it is.
"""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet

from caseward.casework.models import Case
from caseward.casework.services.assigning.moving import put_into_queue
from caseward.core.working_time import is_open
from caseward.routing import queries as routing
from caseward.routing import services
from caseward.routing.models import OverflowRule, Queue
from caseward.sla.calendars import calendar_of

logger = logging.getLogger(__name__)

AT_RISK_WITHIN = timedelta(hours=1)
BATCH = 200

STATE = """
    SELECT count(*), min(c.opened_at), count(*) FILTER (WHERE c.urgency < %s)
    FROM casework_case c
    WHERE c.queue_id = %s AND c.assignee_id IS NULL AND c.snoozed_until IS NULL
        AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
"""
MOST_URGENT = """
    SELECT c.id FROM casework_case c
    WHERE c.queue_id = %s AND c.assignee_id IS NULL AND c.snoozed_until IS NULL
        AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
    ORDER BY c.urgency, c.id LIMIT %s FOR UPDATE SKIP LOCKED
"""


class Pressure(NamedTuple):
    """What a queue looks like to an overflow rule."""

    waiting: int
    oldest_minutes: float
    at_risk: float


@transaction.atomic
def overflow(*, now: datetime) -> int:
    """Apply every overflow rule once to every queue it is about; return how many cases moved."""
    rules = OverflowRule.objects.filter(is_active=True).order_by("key")
    return sum(_apply(rule, queue, now) for rule in rules for queue in queues_of(rule))


def queues_of(rule: OverflowRule) -> list[Queue]:
    """Return the queues whose cases a rule may move, in a fixed order."""
    return [
        queue
        for queue in routing.queues().values()
        if queue.tier == rule.from_tier
        and rule.from_vendor_id in {None, queue.vendor_id}
        and rule.from_lob_id in {None, queue.lob_id}
        and rule.from_language in {"", queue.language}
        and (queue.tier, queue.vendor_id) != (rule.to_tier, rule.to_vendor_id)
    ]


def _apply(rule: OverflowRule, queue: Queue, now: datetime) -> int:
    target = _target(rule, queue)
    if target is None or target.is_paused or not _is_closed(rule, now):
        return 0
    pressure = pressure_of(queue, now=now)
    if not pressure.waiting or not holds(rule, pressure):
        return 0
    count = min(rule.at_a_time, pressure.waiting - (rule.waiting_over or 0))
    cases = _most_urgent(queue, count)
    for case in cases:
        put_into_queue(case, target, by=None, why="OVERFLOW", rule=rule.key, now=now)
    return len(cases)


def _target(rule: OverflowRule, queue: Queue) -> Queue | None:
    try:
        return services.queue_of(
            tier=rule.to_tier,
            vendor_id=rule.to_vendor_id,
            lob_id=queue.lob_id,
            language=queue.language,
        )
    except services.NowhereToWait:
        return None


def _is_closed(rule: OverflowRule, now: datetime) -> bool:
    """Say whether the site whose absence the rule is for is closed now; True where none is."""
    if rule.while_closed_id is None:
        return True
    return not is_open(calendar_of(rule.while_closed_id), now)


def pressure_of(queue: Queue, *, now: datetime) -> Pressure:
    """Return how many wait in a queue, since when, and which share of them is due soon."""
    soon = int((now + AT_RISK_WITHIN).timestamp()) * 10
    with connection.cursor() as cursor:
        cursor.execute(STATE, [soon, queue.pk])
        waiting, oldest, at_risk = cursor.fetchone()
    if not waiting:
        return Pressure(0, 0.0, 0.0)
    return Pressure(waiting, (now - oldest).total_seconds() / 60, at_risk / waiting)


def holds(rule: OverflowRule, pressure: Pressure) -> bool:
    """Say whether every condition of a rule that is given holds."""
    asked = (
        (rule.waiting_over, pressure.waiting),
        (rule.oldest_over_minutes, pressure.oldest_minutes),
        (rule.at_risk_over, pressure.at_risk),
    )
    return all(limit is None or found > limit for limit, found in asked)


def _most_urgent(queue: Queue, count: int) -> list[Case]:
    with connection.cursor() as cursor:
        cursor.execute(MOST_URGENT, [queue.pk, max(count, 0)])
        ids = [row[0] for row in cursor.fetchall()]
    found = Case.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


@transaction.atomic
def take_back_from_closed_vendors(*, now: datetime, at_most: int = BATCH) -> int:
    """Move the next unfinished cases of vendors that are switched off; return how many.

    Each goes to the vendors that still serve its line of business and language, in proportion to
    their shares, or to tier 2 where none does. A case that tier 2 has already stays there. Stopped
    at any moment, it goes on with what is left.
    """
    left = Case.objects.filter(vendor__is_active=False, tier=1, status__in=Case.UNFINISHED)
    moved = 0
    for lob_id, language in left.order_by().values_list("lob_id", "language").distinct():
        alike = left.filter(lob_id=lob_id, language=language)
        moved += _rehome(alike, lob_id, language, now, at_most=at_most - moved)
    return moved


def _rehome(
    alike: QuerySet[Case], lob_id: int, language: str, now: datetime, *, at_most: int
) -> int:
    cases = list(alike.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:at_most])
    try:
        for case in cases:
            target = services.place(lob_id=lob_id, language=language, number=case.pk)
            put_into_queue(case, target, by=None, why="VENDOR_OFF", now=now)
    except services.NowhereToWait:
        logger.warning("case.nowhere_to_wait lob=%s language=%s", lob_id, language)
        return 0
    return len(cases)
