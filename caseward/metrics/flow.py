"""What came in and went out, day by day and hour by hour, and how much an hour of work finishes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncHour

from caseward.metrics.definitions import CASES_IN, CASES_OUT
from caseward.metrics.models import Daily, Outcome

DAYS = 28
HOURS = 24
PACE_DAYS = 14
EVENTS_AT_MOST = 20_000  # of each kind: enough to know a pace, and a fixed cost

# Hours in which somebody answered or resolved count as worked. Both kinds are looked at no further
# back than the newest so many of either reach.
PACE = """
    WITH resolved AS (
        SELECT at, actor_id, data FROM ledger_event
        WHERE kind = 'case.resolved' AND at >= %(since)s AND at < %(until)s
        ORDER BY at DESC LIMIT %(most)s
    ), sent AS (
        SELECT at, actor_id, data FROM ledger_event
        WHERE kind = 'message.sent' AND at >= %(since)s AND at < %(until)s
        ORDER BY at DESC LIMIT %(most)s
    ), known AS (
        SELECT greatest((SELECT min(at) FROM resolved), (SELECT min(at) FROM sent)) AS since
    ), worked AS (
        SELECT w.at, w.actor_id, w.is_completion FROM (
            SELECT at, actor_id, data, true AS is_completion FROM resolved
            UNION ALL SELECT at, actor_id, data, false FROM sent
        ) w, known
        WHERE w.at >= known.since AND w.actor_id IS NOT NULL
            AND (w.data->>'lob_id')::bigint = ANY(%(lobs)s) {vendor}
    )
    SELECT count(*) FILTER (WHERE is_completion),
        count(DISTINCT (actor_id, date_trunc('hour', at))) FROM worked
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Part of the operation: some lines of business, perhaps one vendor (0: none) and language."""

    lob_ids: frozenset[int]
    vendor_id: int | None = None
    language: str | None = None

    def conditions(self) -> dict[str, Any]:
        found: dict[str, Any] = {"lob_id__in": self.lob_ids}
        if self.vendor_id is not None:
            found["vendor_id"] = self.vendor_id
        if self.language is not None:
            found["language"] = self.language
        return found


@dataclass(frozen=True, slots=True)
class Period:
    """An hour, or a day in the reporting zone: what came in and what went out."""

    starts_at: datetime
    came: int
    went: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How many cases were finished in how many hours of somebody's work."""

    completions: int
    agent_hours: int

    @property
    def per_hour(self) -> float | None:
        return self.completions / self.agent_hours if self.agent_hours else None


def flow_by_day(part: Part, *, today: date, zone: str, days: int = DAYS) -> list[Period]:
    """Return whole days up to yesterday, oldest first, from the first on which anything happened.

    Whole weeks where there is at least one, so that no weekday counts more than another.
    """
    first = today - timedelta(days=days)
    found = _by_day(part, first, today)
    every = [first + timedelta(days=nth) for nth in range(days)]
    begun = next((nth for nth, day in enumerate(every) if day in found), days)
    known = every[begun:]
    known = known[len(known) % 7 :] if len(known) >= 7 else known
    return [_period(day, found.get(day, {}), zone) for day in known]


def _by_day(part: Part, first: date, today: date) -> dict[date, dict[str, int]]:
    rows: QuerySet[Daily] | QuerySet[Outcome]
    counted: Sum | Count
    if part.language is None:  # the sums of a day know no language
        rows, counted = Daily.objects.all(), Sum("cases")
    else:
        rows, counted = Outcome.objects.all(), Count("case_id")
    rows = rows.filter(day__gte=first, day__lt=today, **_flows(part))
    return _grouped(rows.values("day", "metric").annotate(n=counted), "day")


def _flows(part: Part) -> dict[str, Any]:
    return {"metric__in": [CASES_IN.key, CASES_OUT.key], **part.conditions()}


def _grouped(rows: Iterable[Mapping[str, Any]], name: str) -> dict[Any, dict[str, int]]:
    found: dict[Any, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row[name], {})[row["metric"]] = row["n"]
    return {when: counts for when, counts in found.items() if any(counts.values())}


def _period(day: date, counts: Mapping[str, int], zone: str) -> Period:
    starts_at = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return Period(starts_at, counts.get(CASES_IN.key, 0), counts.get(CASES_OUT.key, 0))


def flow_by_hour(part: Part, *, now: datetime, today: date, hours: int = HOURS) -> list[Period]:
    """Return the hours up to the running one, oldest first."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    starts = [this_hour - timedelta(hours=nth) for nth in reversed(range(hours))]
    days = {"day__gte": today - timedelta(days=hours // 24 + 1)}
    rows = Outcome.objects.filter(at__gte=starts[0], at__lte=now, **days, **_flows(part))
    hourly = rows.annotate(hour=TruncHour("at", tzinfo=now.tzinfo)).values("hour", "metric")
    found = _grouped(hourly.annotate(n=Count("case_id")), "hour")
    return [
        Period(at, counts.get(CASES_IN.key, 0), counts.get(CASES_OUT.key, 0))
        for at in starts
        for counts in [found.get(at, {})]
    ]


def pace(part: Part, *, now: datetime) -> Pace:
    """Return what an hour of work finished in the last two weeks, in any language."""
    vendor = "AND coalesce((w.data->>'vendor_id')::bigint, 0) = %(vendor)s"
    values: dict[str, Any] = {
        "since": now - timedelta(days=PACE_DAYS),
        "until": now,
        "most": EVENTS_AT_MOST,
        "lobs": sorted(part.lob_ids),
        "vendor": part.vendor_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(PACE.format(vendor="" if part.vendor_id is None else vendor), values)
        return Pace(*cursor.fetchone())
