"""How a campaign burns down, told by the ledger, and what is said when it is over."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, groupby
from operator import attrgetter
from typing import NamedTuple

from django.db import connection

from caseward.casework.models import Campaign

POINTS = 60

# Each case with every event since it joined that may have ended or opened it; one row without an
# event where there is none.
EVENTS = """
    SELECT m.case_id, m.added_at, e.kind, e.at, e.actor_id, (e.data->>'met')::boolean
    FROM casework_campaigncase m
    LEFT JOIN ledger_event e ON e.case_id = m.case_id AND e.at >= m.added_at AND e.at <= %s
        AND e.kind IN ('case.resolved', 'case.reopened', 'case.merged', 'case.unmerged',
            'message.taken_back')
    WHERE m.campaign_id = %s ORDER BY m.case_id, e.seq
"""
PROGRESS = """
    SELECT CASE WHEN c.status IN ('RESOLVED', 'CLOSED') THEN 'finished'
            WHEN c.status = 'PENDING' THEN 'pending'
            WHEN c.assignee_id IS NULL THEN 'waiting' ELSE 'in_hand' END, count(*)
    FROM casework_campaigncase m JOIN casework_case c ON c.id = m.case_id
    WHERE m.campaign_id = %s GROUP BY 1
"""
SIZES = """
    SELECT k.id, count(*) FILTER (WHERE c.status IN ('RESOLVED', 'CLOSED')), count(c.id)
    FROM unnest(%s::bigint[]) AS k (id)
    LEFT JOIN casework_campaigncase m ON m.campaign_id = k.id
    LEFT JOIN casework_case c ON c.id = m.case_id GROUP BY k.id
"""
CLOSING = frozenset({"case.resolved", "case.merged"})


@dataclass(frozen=True, slots=True)
class Burn:
    """How many cases were open at some moments, and how many the plan allows."""

    at: Sequence[datetime]
    open: Sequence[int | None]
    planned: Sequence[float]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the cases: `met` of those resolved by a person were within their promise."""

    cases: int
    cleared: int
    by_members: int
    met: int
    missed: int
    reopened: int

    @property
    def still_open(self) -> int:
        return self.cases - self.cleared


class _Happened(NamedTuple):
    case_id: int
    added_at: datetime
    kind: str | None
    at: datetime
    actor_id: int | None
    met: bool | None


def _read(campaign: Campaign, until: datetime) -> list[_Happened]:
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, [until, campaign.pk])
        return [_Happened._make(row) for row in cursor]


def burn_of(campaign: Campaign, *, now: datetime) -> Burn:
    """Return the line of the plan, straight from all to none, and that of what happened."""
    until = min(campaign.ended_at or now, now)
    moments = _moments(campaign.started_at, max(until, campaign.goal_at), until)
    steps = sorted(_steps(_read(campaign, until)))
    times, levels = [at for at, _step in steps], list(accumulate(step for _at, step in steps))

    def open_at(at: datetime) -> int:
        passed = bisect_right(times, at)
        return levels[passed - 1] if passed else 0

    began_with = open_at(campaign.started_at)
    return Burn(
        at=moments,
        open=[open_at(at) if at <= until else None for at in moments],
        planned=[_planned(campaign, began_with, at) for at in moments],
    )


def _moments(starts_at: datetime, ends_at: datetime, now: datetime) -> list[datetime]:
    step = (ends_at - starts_at) / POINTS
    return sorted({starts_at + nth * step for nth in range(POINTS + 1)} | {now})


def _planned(campaign: Campaign, began_with: int, at: datetime) -> float:
    spent = (at - campaign.started_at) / (campaign.goal_at - campaign.started_at)
    return round(began_with * max(0.0, 1 - spent), 3)


def _steps(rows: Sequence[_Happened]) -> list[tuple[datetime, int]]:
    """Return when the number of open cases rose or fell by one."""
    return [step for of_case in _by_case(rows) for step in _steps_of(of_case)]


def _by_case(rows: Sequence[_Happened]) -> list[list[_Happened]]:
    return [list(of_case) for _id, of_case in groupby(rows, key=attrgetter("case_id"))]


def _steps_of(rows: Sequence[_Happened]) -> list[tuple[datetime, int]]:
    found, is_open = [(rows[0].added_at, 1)], True
    for row in rows:
        opens = row.kind not in CLOSING
        if row.kind is not None and opens != is_open:
            found.append((row.at, 1 if opens else -1))
            is_open = opens
    return found


def report_of(campaign: Campaign, *, now: datetime) -> Report:
    """Return what became of the cases until now, also after the end: an answer may not last."""
    cases = _by_case(_read(campaign, now))
    members = set(campaign.members.values_list("staff_id", flat=True))
    cleared = [rows for rows in cases if sum(step for _at, step in _steps_of(rows)) == 0]
    last = [next(row for row in reversed(rows) if row.kind in CLOSING) for rows in cleared]
    return Report(
        cases=len(cases),
        cleared=len(cleared),
        by_members=sum(row.actor_id in members for row in last),
        met=sum(row.met is True for row in last),
        missed=sum(row.met is False for row in last),
        reopened=sum(any(step == 1 for _at, step in _steps_of(rows)[1:]) for rows in cases),
    )


def progress_of(campaign: Campaign) -> dict[str, int]:
    """Count the cases of a campaign as they are now: waiting, in hand, pending, finished."""
    with connection.cursor() as cursor:
        cursor.execute(PROGRESS, [campaign.pk])
        return dict(cursor.fetchall())


def sizes_of(campaign_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return how many cases of each campaign are finished, and how many it has."""
    with connection.cursor() as cursor:
        cursor.execute(SIZES, [list(campaign_ids)])
        return {pk: (finished, cases) for pk, finished, cases in cursor}
