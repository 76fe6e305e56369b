"""Working out running clocks again after a calendar or a promise changed.

What each is worked out from has a digest; a recount is due when one differs from those of the last.
Clocks are taken in the order of their ids and nothing is added to an earlier answer, so a recount
that was killed goes on from where its last transaction ended, and doing one twice changes nothing.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any, NamedTuple

from django.db import connection

from caseward.core import deadlines
from caseward.core.calendars import Calendar
from caseward.core.working_table import EPOCH, MICROSECOND, OutsideTheTable, WorkingTable, micros
from caseward.org.catalogue import kept_per_revision
from caseward.org.queries import sites
from caseward.sla.measuring import calendar_for, facts_of
from caseward.sla.models import Measured, Promise, Recount
from caseward.sla.services.starting import promises_of
from caseward.sla.warning import WARN_AT

TABLE_BACK, TABLE_AHEAD = timedelta(days=900), timedelta(days=900)
HOLIDAYS = "holidays"

BATCH = """
    SELECT k.id, k.case_id, k.kind, k.stage, k.preset_id, k.duration, k.measured, k.site_id,
        k.market, k.started_at, k.pauses, k.deadline_at, k.warns_at, k.stopped_at, c.lob_id,
        c.priority
    FROM sla_clock k JOIN casework_case c ON c.id = k.case_id
    WHERE k.stopped_at IS NULL AND k.kind <> 'ERASURE' AND {which} ORDER BY k.id LIMIT %s
"""
AFTER, THESE = "k.id > %s", "k.id = ANY(%s)"


class Row(NamedTuple):
    """A running clock with what is promised to its case."""

    id: int
    case_id: int
    kind: str
    stage: str
    preset_id: int | None
    duration: timedelta
    measured: str
    site_id: int | None
    market: str
    started_at: datetime
    pauses: list[int]
    deadline_at: datetime | None
    warns_at: datetime | None
    stopped_at: datetime | None
    lob_id: int
    priority: int


@dataclass(frozen=True, slots=True)
class Recounted:
    """A clock whose promise or end is another now."""

    before: Row
    after: Row


def begin(*, now: datetime) -> Recount | None:
    """Return the recount to be done; None when nothing has changed since the last.

    The first time only takes down what everything is worked out from.
    """
    facts = digests()
    last = Recount.objects.select_for_update().order_by("-pk").first()
    if last is None:
        Recount.objects.create(facts=facts, started_at=now, finished_at=now)
        return None
    changed = sorted(
        name for name in {*facts, *last.facts} if facts.get(name) != last.facts.get(name)
    )
    if last.finished_at is None:
        return _start_over(last, facts, changed, now) if changed else last
    if not changed:
        return None
    return Recount.objects.create(facts=facts, changed=changed, started_at=now)


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
        found[_name_of(promise.lob_id, promise.priority, promise.kind)] = _digest(said)
    return found


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _name_of(lob_id: int, priority: int, kind: str) -> str:
    return f"promise {lob_id} {priority} {kind}"


def next_batch(recount: Recount, *, at_most: int) -> list[Row]:
    """Return the clocks that come next; when all were passed, those that were busy before."""
    found = _rows(AFTER, recount.after_id, at_most)
    return found or _rows(THESE, list(recount.busy_ids), at_most)


def _rows(which: str, value: Any, at_most: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(BATCH.format(which=which), [value, at_most])
        return [Row._make(values) for values in cursor.fetchall()]


def recounted(rows: Iterable[Row], changed: Collection[str], *, now: datetime) -> list[Recounted]:
    """Return which of some clocks end, or are promised, otherwise than was kept."""
    names = frozenset(changed)
    touched = _touched_by(names)
    both = ((row, _as_promised(row, names)) for row in rows if touched(row))
    worked_out = ((row, _worked_out(promised, now)) for row, promised in both)
    return [Recounted(row, new) for row, new in worked_out if new != row]


def _touched_by(changed: frozenset[str]) -> Callable[[Row], bool]:
    def touched(row: Row) -> bool:
        if not row.stage and _name_of(row.lob_id, row.priority, row.kind) in changed:
            return True
        if row.measured in {Measured.ELAPSED, Measured.DAYS, Measured.MONTHS}:
            return False
        return HOLIDAYS in changed or f"site {row.site_id}" in changed

    return touched


def _as_promised(row: Row, changed: frozenset[str]) -> Row:
    """Hold a clock to its promise where that changed; the law's clocks keep their version."""
    if row.stage or _name_of(row.lob_id, row.priority, row.kind) not in changed:
        return row
    promise = _promise_for(row.lob_id, row.priority, row.kind)
    if promise is None:
        return row
    return row._replace(
        duration=promise.duration,
        measured=promise.measured,
        site_id=promise.site_id,
        market=promise.market,
    )


@kept_per_revision
def _promise_for(lob_id: int, priority: int, kind: str) -> Promise | None:
    return next((each for each in promises_of(lob_id, priority) if each.kind == kind), None)


def _worked_out(row: Row, now: datetime) -> Row:
    """Work out when a clock ends; where it ends as before, its warnings stay too."""
    ends_at = _moment(row, 1.0, now)
    if ends_at == row.deadline_at:
        return row
    warns_at = row.warns_at and _next_warning(row, now)
    return row._replace(deadline_at=ends_at, warns_at=warns_at)


def _next_warning(row: Row, now: datetime) -> datetime | None:
    moments = (_moment(row, share, now) for share in WARN_AT)
    return next((moment for moment in moments if moment and moment > now), None)


def _moment(row: Row, share: float, now: datetime) -> datetime | None:
    """Return when a share of a promise is spent: from the table where there is one."""
    if row.measured == Measured.WORKING:
        promised = int(row.duration // MICROSECOND * share)
        try:
            found = _table(row.site_id, row.market, now.year).deadline(
                micros(row.started_at), promised, row.pauses
            )
        except OutsideTheTable:
            return deadlines.moment_of_share(facts_of(row), share)
        return None if found is None else EPOCH + found * MICROSECOND
    return deadlines.moment_of_share(facts_of(row), share)


@kept_per_revision
def _table(site_id: int | None, market: str, year: int) -> WorkingTable:
    calendar = calendar_for(Measured.WORKING, site_id, market)
    assert isinstance(calendar, Calendar)  # working time is always somebody's
    middle = EPOCH.replace(year=year, month=7)
    return WorkingTable(calendar, middle - TABLE_BACK, middle + TABLE_AHEAD)
