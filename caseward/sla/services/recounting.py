"""Working out running clocks again after a calendar or a promise changed.

What each is worked out from has a digest; a recount is due when one differs from those of the last.
Clocks are taken in the order of their ids and nothing is added to an earlier answer, so a recount
that was killed goes on from where its last transaction ended, and doing one twice changes nothing.
"""

import hashlib
import json
from datetime import datetime
from importlib.metadata import version
from typing import Any

from django.db import connection

from caseward.org.catalogue import kept_per_revision
from caseward.org.queries import sites
from caseward.sla.models import Promise, Recount
from caseward.sla.services.reckoning import Row, name_of

HOLIDAYS = "holidays"
HALVES = (0, 1)
"""Of the cases: those with even numbers, and those with odd ones."""

# Of all that run, those that count in what changed; which that is, is told by the names.
BATCH = """
    SELECT k.id, k.case_id, k.kind, k.stage, k.preset_id, k.duration, k.measured, k.site_id,
        k.market, (extract(epoch FROM k.started_at) * 1000000)::bigint, k.pauses,
        (extract(epoch FROM k.deadline_at) * 1000000)::bigint,
        (extract(epoch FROM k.warns_at) * 1000000)::bigint, c.lob_id, c.priority
    FROM sla_clock k JOIN casework_case c ON c.id = k.case_id
    WHERE k.stopped_at IS NULL AND k.kind <> 'ERASURE'
        AND k.case_id %% 2 = %(half)s AND {which} AND (
        k.measured NOT IN ('ELAPSED', 'DAYS', 'MONTHS')
            AND (%(all)s OR 'site ' || k.site_id = ANY(%(changed)s))
        OR %(promises)s AND k.stage = ''
            AND concat_ws(' ', 'promise', c.lob_id, c.priority, k.kind) = ANY(%(changed)s)
    ) ORDER BY k.id LIMIT %(limit)s
"""
AFTER, THESE = "k.id > %(value)s", "k.id = ANY(%(value)s)"


def begin(half: int, *, now: datetime) -> Recount | None:
    """Return the recount to be done of half the cases; None when nothing has changed since.

    The first time only takes down what everything is worked out from.
    """
    facts = digests()
    last = Recount.objects.select_for_update().filter(half=half).order_by("-pk").first()
    if last is None:
        Recount.objects.create(half=half, facts=facts, started_at=now, finished_at=now)
        return None
    changed = sorted(
        name for name in {*facts, *last.facts} if facts.get(name) != last.facts.get(name)
    )
    if last.finished_at is None:
        return _start_over(last, facts, changed, now) if changed else last
    if not changed:
        return None
    return Recount.objects.create(half=half, facts=facts, changed=changed, started_at=now)


def _start_over(recount: Recount, facts: dict[str, str], changed: list[str], now: datetime) -> Any:
    """Begin a running recount again: something changed while it was under way."""
    recount.facts, recount.changed = facts, sorted({*recount.changed, *changed})
    recount.after_id, recount.busy_ids, recount.started_at = 0, [], now
    recount.save()
    return recount


@kept_per_revision
def digests() -> dict[str, str]:
    """Return a digest of every calendar and promise, by its name."""
    found = {HOLIDAYS: version("holidays")}
    for site in sites().values():
        hours = (site.timezone, site.country, site.subdivision, site.working_week, site.extra_days)
        found[f"site {site.pk}"] = _digest(hours)
    for promise in Promise.objects.all():
        said = (promise.duration.total_seconds(), promise.measured, promise.site_id, promise.market)
        found[name_of(promise.lob_id, promise.priority, promise.kind)] = _digest(said)
    return found


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def next_batch(recount: Recount, *, at_most: int) -> list[Row]:
    """Return the clocks that come next; when all were passed, those that were busy before."""
    found = _rows(AFTER, recount.after_id, recount, at_most)
    return found or _rows(THESE, list(recount.busy_ids), recount, at_most)


def _rows(which: str, value: Any, recount: Recount, at_most: int) -> list[Row]:
    changed = recount.changed
    values = {
        "half": recount.half,
        "value": value,
        "changed": changed,
        "all": HOLIDAYS in changed,
        "promises": any(name.startswith("promise ") for name in changed),
        "limit": at_most,
    }
    with connection.cursor() as cursor:
        cursor.execute(BATCH.format(which=which), values)
        return [Row._make(row) for row in cursor.fetchall()]
