"""Folding the ledger into facts: a little at a time, for chosen cases, or all of it again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched, groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

import orjson
from django.db import connection, transaction

from caseward.ledger import horizon
from caseward.metrics.models import CaseFact, Daily, Freshness, Outcome
from caseward.metrics.storing import Cut, days_of, replace
from caseward.metrics.story import KINDS, Event, Story, tell
from caseward.org.models import Site

CASES_AT_ONCE = 2_000

NEWER = """
    SELECT id, case_id FROM ledger_event
    WHERE id > %s AND case_id > 0 AND kind = ANY(%s) ORDER BY id LIMIT %s
"""
EVENTS = """
    SELECT case_id, kind, at, data FROM ledger_event
    WHERE case_id = ANY(%s) AND kind = ANY(%s) ORDER BY case_id, seq
"""


@transaction.atomic
def fold(*, now: datetime, at_most: int = 200_000) -> int:
    """Bring the facts up to date; return how many events need not be read again.

    Each case with a newer event is folded again from its first event, so folding twice changes
    nothing. Of `at_most` events at a time; 0 means that nothing is left to read, or that what is
    left is still being written, or that another process is folding.
    """
    freshness = Freshness.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if freshness is None:
        return 0
    seen = horizon.look(freshness)
    newer = _newer(freshness.last_event_id, at_most)
    _fold_cases({case_id for _, case_id in newer}, _cut(freshness))
    if len(newer) == at_most:
        seen = seen._replace(settled=min(seen.settled, newer[-1][0]))
    _advance(freshness, seen, now)
    return sum(event_id <= freshness.last_event_id for event_id, _ in newer)


@transaction.atomic
def rebuild(*, now: datetime, zone: str = "") -> int:
    """Throw every fact away and fold the whole ledger again; return how many cases it tells of.

    Args:
        zone: The zone days are cut in from now on; empty keeps the one in use.
    """
    freshness = Freshness.objects.select_for_update().get(pk=1)
    freshness.zone = ZoneInfo(zone).key if zone else freshness.zone
    for model in (Outcome, Daily, CaseFact):
        model.objects.all().delete()
    seen = horizon.look(freshness)
    _fold_cases(_every_case(), _cut(freshness))
    _advance(freshness, seen, now)
    return CaseFact.objects.count()


def _cut(freshness: Freshness) -> Cut:
    freshness.zone = freshness.zone or first_zone()
    return days_of(freshness.zone)


def first_zone() -> str:
    """Return the zone days are cut in unless one was chosen: that of the operation's first site."""
    return Site.objects.order_by("pk").values_list("timezone", flat=True).first() or "UTC"


def _newer(than: int, at_most: int) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(NEWER, [than, KINDS, at_most])
        return list(cursor.fetchall())


def _every_case() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM ledger_chain WHERE case_id > 0")
        return [case_id for (case_id,) in cursor]


def _fold_cases(case_ids: Iterable[int], cut: Cut) -> None:
    for chosen in batched(sorted(case_ids), CASES_AT_ONCE, strict=False):
        replace(chosen, _stories(chosen), cut)


def _stories(case_ids: Sequence[int]) -> Iterator[Story]:
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, [list(case_ids), KINDS])
        for case_id, rows in groupby(cursor.fetchall(), key=itemgetter(0)):
            events = (Event(kind, at, orjson.loads(data)) for _, kind, at, data in rows)
            story = tell(case_id, events)
            if story is not None:
                yield story


def _advance(freshness: Freshness, seen: horizon.Horizon, now: datetime) -> None:
    freshness.last_event_id = max(freshness.last_event_id, seen.settled)
    freshness.settling_event_id = seen.settling
    freshness.settling_with = " ".join(sorted(seen.writing))
    freshness.filled_at = now
    freshness.save()
