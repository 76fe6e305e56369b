"""Figures of a slice, and the outcomes behind them. The number of queries never depends on size."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, Count, DateTimeField, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek

from caseward.metrics.definitions import BACKLOG, CASES_IN, CASES_OUT, METRICS
from caseward.metrics.figures import Figure
from caseward.metrics.models import Daily, Freshness, Outcome
from caseward.metrics.services import first_zone
from caseward.metrics.slices import Slice, mature

type Figures = Mapping[str, Figure]
AGES = tuple(timedelta(days=days) for days in (1, 3, 7, 14))
AGE_KEYS = ("0-1", "1-3", "3-7", "7-14", "14-")


def freshness() -> Freshness:
    fresh = Freshness.objects.get(pk=1)
    fresh.zone = fresh.zone or first_zone()
    return fresh


def today(fresh: Freshness, now: datetime) -> date:
    """Return which day it is where figures are cut into days."""
    return now.astimezone(ZoneInfo(fresh.zone)).date()


def weekly(piece: Slice, *, today: date) -> dict[date, Figures]:
    """Return the figures of every week that has any, by its Monday."""
    rows = _sums(piece, today).annotate(week=TruncWeek("day"))
    return _by("week", rows.values("week", "metric", "part").annotate(n=Sum("cases")))


def split(piece: Slice, by: str, *, today: date) -> dict[int, Figures]:
    """Return the figures of every site, vendor, team or LOB that has any (`by`: `site_id`, …)."""
    rows = _sums(piece, today).values(by, "metric", "part").annotate(n=Sum("cases"))
    return _by(by, rows)


def together(weeks: Iterable[Figures]) -> Figures:
    """Add figures up: parts are summed, shares are worked out again from the sums."""
    parts: dict[str, dict[str, int]] = {key: defaultdict(int) for key in METRICS}
    for figures in weeks:
        for key, figure in figures.items():
            for part, n in figure.parts.items():
                parts[key][part] += n
    return {key: Figure(METRICS[key], parts[key]) for key in METRICS}


def _sums(piece: Slice, today: date) -> QuerySet[Daily]:
    known = Q(metric__in=list(METRICS))
    return Daily.objects.filter(known, piece.days(), piece.part(), mature(today))


def _by(name: str, rows: Iterable[Mapping[str, Any]]) -> dict[Any, Figures]:
    parts: dict[Any, dict[str, dict[str, int]]] = {}
    for row in rows:
        of_metric = parts.setdefault(row[name], {key: {} for key in METRICS})
        of_metric[row["metric"]][row["part"]] = row["n"]
    return {
        group: {key: Figure(METRICS[key], counts) for key, counts in metrics.items()}
        for group, metrics in parts.items()
    }


@dataclass(frozen=True, slots=True)
class Backlog:
    """Cases without a final answer now; ages from the opening."""

    cases: int
    oldest_at: Mapping[str, datetime | None]  # p50 and p90: half, and nine in ten, are younger
    by_age: Mapping[str, int]


class OpenedAt(Aggregate):
    """The moment a given share of the cases was opened before."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DateTimeField()


def backlog(piece: Slice, *, now: datetime) -> Backlog:
    """Return the backlog of now, whatever days the slice names, and how old it is."""
    ages = {f"age_{n}": Count("case_id", filter=_aged(n, now)) for n in range(len(AGE_KEYS))}
    row = _open_cases(piece).aggregate(
        cases=Count("case_id"),
        p50=OpenedAt("at", share=0.5),
        p90=OpenedAt("at", share=0.1),
        **ages,
    )
    return Backlog(
        cases=row["cases"],
        oldest_at={"p50": row["p50"], "p90": row["p90"]},
        by_age={key: row[f"age_{n}"] for n, key in enumerate(AGE_KEYS)},
    )


def backlog_by(piece: Slice, by: str) -> dict[int, int]:
    """Return the backlog of now for every site, vendor, team or LOB that has any."""
    rows = _open_cases(piece).values(by).annotate(n=Count("case_id"))
    return {row[by]: row["n"] for row in rows}


def backlog_at_week_ends(now: int, weeks: Mapping[date, Figures]) -> dict[date, int]:
    """Work the backlog back from now: less what came in after a week's end, plus what went out.

    `weeks` must reach until now without a gap.
    """
    ends: dict[date, int] = {}
    for week in sorted(weeks, reverse=True):
        ends[week] = now
        now += weeks[week][CASES_OUT.key].counted - weeks[week][CASES_IN.key].counted
    return ends


def _open_cases(piece: Slice) -> QuerySet[Outcome]:
    return Outcome.objects.filter(piece.part(), metric=BACKLOG.key)


def _aged(nth: int, now: datetime) -> Q:
    younger, older = (None, *AGES)[nth], (*AGES, None)[nth]
    condition = Q(at__isnull=False)
    if younger is not None:
        condition &= Q(at__lte=now - younger)
    return condition & Q(at__gt=now - older) if older is not None else condition


def behind(
    piece: Slice, *, metric: str, parts: Iterable[str], age: str = "", now: datetime, today: date
) -> QuerySet[Outcome]:
    """Return the outcomes a figure counts, newest first. Their number is the figure."""
    if METRICS[metric].is_as_of:
        outcomes = _open_cases(piece)
        if age:
            outcomes = outcomes.filter(_aged(AGE_KEYS.index(age), now))
    else:
        outcomes = Outcome.objects.filter(
            piece.days(), piece.part(), mature(today), metric=metric, part__in=list(parts)
        )
    return outcomes.order_by("-day", "-at", "-case_id", "-nth")
