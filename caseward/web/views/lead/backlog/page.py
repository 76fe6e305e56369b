"""The page: a fixed number of queries, however large the backlog is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caseward.casework.listing import crossed
from caseward.metrics import queries
from caseward.metrics.flow import Pace, Period, flow_by_day, flow_by_hour, pace
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import days as reader_days
from caseward.web.views.lead import words
from caseward.web.views.lead.backlog import projecting
from caseward.web.views.lead.backlog.asked import MOST_HOURS, STEP_HOURS, Asked, fields, read
from caseward.web.views.lead.backlog.heat import Heat, heat
from caseward.web.views.lead.page import reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was counted and measured, before it is put into words."""

    heat: Heat
    cases: int
    days: Sequence[Period]
    hours: Sequence[Period]
    pace: Pace
    freshness: str


@login_required
@require_safe
@never_cache
def backlog(request: SignedInRequest) -> HttpResponse:
    """Show a backlog; to a page that is open already, only what more hours would do."""
    now = timezone.now()
    asked = read(request.GET, reach=reach(request.user))
    known = _known(asked, request, now)
    context = {
        "heading": _("Backlog"),
        "filters": fields(asked),
        "asked": asked,
        "is_filtered": bool(asked.narrowed),
        "clear_url": reverse("backlog"),
        "cases": known.cases,
        "heat": known.heat,
        "heat_question": _("Each number opens into exactly its cases."),
        "counted": _counted(now),
        "most_hours": MOST_HOURS,
        "step_hours": STEP_HOURS,
        **_future(asked, known, now),
    }
    is_part = bool(request.headers.get("HX-Request"))
    return render(
        request, "metrics/backlog_future.html" if is_part else "metrics/backlog.html", context
    )


def _known(asked: Asked, request: SignedInRequest, now: datetime) -> Known:
    counts = crossed(
        asked.pile(), asked.filters(), row=asked.rows, column=asked.columns, by=request.user,
        now=now, day_ends_at=reader_days.ends_at(now),
    )  # fmt: skip
    fresh, part = queries.freshness(), asked.part()
    today = queries.today(fresh, now)
    return Known(
        heat=heat(asked, counts),
        cases=sum(counts.values()),
        days=flow_by_day(part, today=today, zone=fresh.zone),
        hours=flow_by_hour(part, now=now.astimezone(ZoneInfo(fresh.zone)), today=today),
        pace=pace(part, now=now),
        freshness=words.freshness(fresh),
    )


def _counted(now: datetime) -> str:
    at = str(date_format(timezone.localtime(now), _("H:i:s")))
    return _("Counted at %(at)s from the cases themselves.") % {"at": at}


def _future(asked: Asked, known: Known, now: datetime) -> dict[str, Any]:
    found = projecting.project(
        asked, backlog=known.cases, days=known.days, pace=known.pace, now=now
    )
    drawn = projecting.drawn(known.cases, known.days, found.flow) if known.days else None
    return {
        "projection": found,
        "filled_words": known.freshness,
        "drawn": drawn,
        "legend": [("1", _("Backlog")), ("2", _("Projected")), ("band", _("Eight times of ten"))],
        "days": [_line(day, _("D j M")) for day in reversed(known.days)],
        "hours_of_day": [_line(hour, _("D H:i")) for hour in reversed(known.hours)],
        "last_day": _balance(known.hours),
    }


def _line(period: Period, form: str) -> dict[str, str]:
    return {
        "when": str(date_format(period.starts_at, form)),
        "came": words.whole(period.came),
        "went": words.whole(period.went),
        "net": _signed(period.came - period.went),
    }


def _signed(number: int) -> str:
    sign = "+" if number > 0 else "\u2212" if number else "\u00b1"
    return f"{sign}{words.whole(abs(number))}"


def _balance(hours: Sequence[Period]) -> dict[str, str]:
    came, went = sum(hour.came for hour in hours), sum(hour.went for hour in hours)
    return {"came": words.whole(came), "went": words.whole(went), "net": _signed(came - went)}
