"""How often cases are handed up, by whom, and what tier 2 thought of it; every figure opens.

Read from the cases and escalations themselves, not from the daily sums: these know no agent and no
reason. A case counts once: as escalated if tier 1 handed it up in the period, else as handled if
tier 1 resolved it in the period by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from caseward.core.intervals import Interval, wilson_interval

SMALLEST_SAMPLE = 15  # below this a share is shown as an interval only
GROUPS = {
    "vendor": "who.vendor_id",
    "team": "who.team_id",
    "agent": "who.id",
    "reason": "c.reason_id",
}

# Escalations of the period: the first of each case by tier 1, and all of them for verdicts.
ESCALATED = """
    SELECT {group} AS grouped, e.id, e.case_id, e.verdict, e.quality, e.outcome, e.ended_at,
        extract(epoch FROM e.accepted_at - e.raised_at) AS waited,
        extract(epoch FROM e.ended_at - e.accepted_at) AS held,
        e.accepted_at IS NOT NULL AND e.pickup_due_at IS NOT NULL
            AND e.accepted_at <= e.pickup_due_at AS in_time,
        e.pickup_due_at IS NOT NULL
            AND (e.accepted_at IS NOT NULL OR e.pickup_due_at <= %(now)s) AS is_due,
        e.raised_at AS at
    FROM casework_escalation e
    JOIN casework_case c ON c.id = e.case_id AND c.merged_into_id IS NULL
    JOIN org_staffmember who ON who.id = e.raised_by_id
    WHERE e.from_tier = 1 AND e.raised_at >= %(start)s AND e.raised_at < %(end)s
        AND e.from_lob_id = ANY(%(lobs)s) {narrowed}
"""
HANDLED = """
    SELECT {group} AS grouped, c.id AS case_id, c.resolved_at AS at
    FROM casework_case c
    JOIN org_staffmember who ON who.id = c.assignee_id
    WHERE c.tier = 1 AND c.resolved_at >= %(start)s AND c.resolved_at < %(end)s
        AND c.merged_into_id IS NULL AND c.lob_id = ANY(%(lobs)s) {narrowed}
        AND NOT EXISTS (SELECT FROM casework_escalation e WHERE e.case_id = c.id
            AND e.from_tier = 1 AND e.raised_at >= %(start)s AND e.raised_at < %(end)s)
"""
COUNTED = f"""
    WITH up AS ({ESCALATED}), done AS ({HANDLED}),
    ups AS (
        SELECT grouped, count(DISTINCT case_id) AS escalated, count(*) AS escalations,
            count(*) FILTER (WHERE verdict <> '') AS judged,
            count(*) FILTER (WHERE verdict = 'NEEDED') AS needed,
            count(*) FILTER (WHERE quality <> '') AS rated,
            count(*) FILTER (WHERE quality = 'COMPLETE') AS complete,
            count(*) FILTER (WHERE outcome = 'RETURNED') AS returned,
            count(*) FILTER (WHERE is_due) AS due, count(*) FILTER (WHERE in_time) AS in_time,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) AS waited,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY held) AS held
        FROM up GROUP BY 1
    ),
    dones AS (SELECT grouped, count(*) AS handled FROM done GROUP BY 1)
    SELECT coalesce(ups.grouped, dones.grouped), coalesce(escalated, 0), coalesce(handled, 0),
        coalesce(escalations, 0), coalesce(judged, 0), coalesce(needed, 0), coalesce(rated, 0),
        coalesce(complete, 0), coalesce(returned, 0), coalesce(due, 0), coalesce(in_time, 0),
        waited, held
    FROM ups FULL JOIN dones ON coalesce(ups.grouped, 0) = coalesce(dones.grouped, 0)
"""  # noqa: S608 - put together from our own statements
WAITS = f"""
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY waited),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY held) FROM ({ESCALATED}) up
"""  # noqa: S608 - put together from our own statements
BEHIND = {
    "rate": ("escalated", "all"),
    "needed": ("needed", "judged"),
    "complete": ("complete", "rated"),
    "returned": ("returned", "judged"),
    "picked_up": ("in_time", "due"),
}
PARTS = {
    "escalated": "true",
    "judged": "verdict <> ''",
    "needed": "verdict = 'NEEDED'",
    "rated": "quality <> ''",
    "complete": "quality = 'COMPLETE'",
    "returned": "outcome = 'RETURNED'",
    "due": "is_due",
    "in_time": "in_time",
}


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the range the true share plausibly lies in."""

    counted: int
    out_of: int

    @property
    def interval(self) -> Interval | None:
        if not self.out_of:
            return None
        return wilson_interval(successes=self.counted, trials=self.out_of)

    @property
    def share(self) -> float | None:
        """The share itself, where there are enough to say one."""
        return self.counted / self.out_of if self.out_of >= SMALLEST_SAMPLE else None


@dataclass(frozen=True, slots=True)
class Rates:
    """The figures of one vendor, team, agent or reason; `grouped` None: of none."""

    grouped: int | None
    shares: dict[str, Share]
    waited: timedelta | None  # half were accepted sooner
    held: timedelta | None  # half were judged sooner after that


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which period and part of the operation is asked for."""

    start: datetime
    end: datetime
    lob_ids: list[int]
    now: datetime
    only: dict[str, int] = field(default_factory=dict)  # such as {"vendor": 3}

    def narrowed(self) -> str:
        return " ".join(f"AND {GROUPS[name]} = %(only_{name})s" for name in self.only)

    def values(self) -> dict[str, Any]:
        chosen = {f"only_{name}": value for name, value in self.only.items()}
        return {
            "start": self.start,
            "end": self.end,
            "lobs": self.lob_ids,
            "now": self.now,
            **chosen,
        }


def rates(asked: Asked, by: str) -> list[Rates]:
    """Return the figures of every group that has any, the one that most surely stands out first.

    Worst first: by the lower end of what its escalation rate may truly be, so that few cases do
    not put anybody on top.
    """
    sql = COUNTED.format(group=GROUPS[by], narrowed=asked.narrowed())
    found = [_rates(row) for row in _rows(sql, asked.values())]
    return sorted(found, key=_surely, reverse=True)


def _surely(rates: Rates) -> tuple[float, int]:
    interval = rates.shares["rate"].interval
    return (interval.low if interval else 0.0, -(rates.grouped or 0))


def _rates(row: tuple[Any, ...]) -> Rates:
    grouped, escalated, handled, _all, judged, needed, rated, complete, returned, due, in_time = (
        row[:11]
    )
    return Rates(
        grouped=grouped,
        shares={
            "rate": Share(escalated, escalated + handled),
            "needed": Share(needed, judged),
            "complete": Share(complete, rated),
            "returned": Share(returned, judged),
            "picked_up": Share(in_time, due),
        },
        waited=_span(row[11]),
        held=_span(row[12]),
    )


def _span(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=float(seconds))


def together(groups: Iterable[Rates]) -> dict[str, Share]:
    """Add figures up: counts are summed, shares are worked out again from the sums."""
    sums = {key: [0, 0] for key in BEHIND}
    for group in groups:
        for key, share in group.shares.items():
            sums[key][0] += share.counted
            sums[key][1] += share.out_of
    return {key: Share(*counts) for key, counts in sums.items()}


def waits_together(asked: Asked) -> tuple[timedelta | None, timedelta | None]:
    """Return the median wait for tier 2 and the median time with it, over every group.

    Medians of groups do not add up, so these are counted anew.
    """
    waited, held = _rows(WAITS.format(group="0", narrowed=asked.narrowed()), asked.values())[0]
    return _span(waited), _span(held)


def apart_from_the_rest(rates: Rates, everybody: Iterable[Rates]) -> bool:
    """Say whether a group's escalation rate differs from that of all the others together."""
    others = together(each for each in everybody if each.grouped != rates.grouped)["rate"]
    mine = rates.shares["rate"].interval
    return bool(mine and others.interval and mine.is_apart_from(others.interval))


@dataclass(frozen=True, slots=True)
class Behind:
    """One case behind a figure."""

    case_id: int
    at: datetime
    nth: int  # the escalation's number; 0 where there was none


def behind(
    asked: Asked, part: str, *, after: tuple[datetime, int, int] | None = None, at_most: int = 51
) -> list[Behind]:
    """Return what a figure counts, newest first; there are exactly as many as it says.

    Args:
        part: One of `PARTS`, or `all`: every case of the escalation rate.
        after: The last row of the page before.
    """
    chosen = _chosen(part).format(group="0", narrowed=asked.narrowed())
    beyond = "WHERE (at, case_id, id) < (%(at)s, %(case)s, %(nth)s)" if after else ""
    values = asked.values()
    if after:
        values |= {"at": after[0], "case": after[1], "nth": after[2]}
    order = "ORDER BY at DESC, case_id DESC, id DESC LIMIT %(limit)s"
    sql = f"SELECT case_id, at, id FROM ({chosen}) found {beyond} {order}"  # noqa: S608 - our own
    values["limit"] = at_most
    return [Behind(*row) for row in _rows(sql, values)]


def count_behind(asked: Asked, part: str) -> int:
    chosen = _chosen(part).format(group="0", narrowed=asked.narrowed())
    sql = f"SELECT count(*) FROM ({chosen}) found"  # noqa: S608 - our own statements
    return int(_rows(sql, asked.values())[0][0])


def _chosen(part: str) -> str:
    once = f"SELECT case_id, min(at) AS at, min(id) AS id FROM ({ESCALATED}) up GROUP BY case_id"  # noqa: S608
    if part == "escalated":
        return once
    if part == "all":
        return f"{once} UNION ALL SELECT case_id, at, 0 FROM ({HANDLED}) done"  # noqa: S608
    return f"SELECT case_id, at, id FROM ({ESCALATED}) up WHERE {PARTS[part]}"  # noqa: S608


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
