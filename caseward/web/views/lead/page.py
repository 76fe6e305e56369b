"""The lead's page, and the same numbers as a file."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from caseward.metrics import queries
from caseward.metrics.access import FiguresNotVisible, Reach, reach_of
from caseward.metrics.definitions import BACKLOG, CASES_IN, METRICS, VERDICTS
from caseward.metrics.models import Freshness
from caseward.metrics.queries import Backlog, Figures
from caseward.metrics.targets import targets
from caseward.org.models import StaffMember
from caseward.policy.legal.queries import stale_presets
from caseward.web.middleware import SignedInRequest
from caseward.web.views.lead import charts, side_by_side, words
from caseward.web.views.lead.choice import Choice, filters, monday, read_choice
from caseward.web.views.lead.side_by_side import Group
from caseward.web.views.lead.tiles import tiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Everything the page shows, before it is put into words."""

    fresh: Freshness
    weeks: Mapping[date, Figures]
    figures: Figures
    earlier: Figures
    backlog: Backlog
    backlog_ends: Mapping[date, int]
    targets: Mapping[str, float]

    @property
    def is_empty(self) -> bool:
        counted = any(sum(figure.parts.values()) for figure in self.figures.values())
        return not counted and not self.backlog.cases


@login_required
def lead(request: SignedInRequest) -> HttpResponse:
    """Show how the operation, or a part of it, has been doing."""
    now = timezone.now()
    choice, fresh = chosen(request, now)
    numbers = _numbers(choice, fresh, now)
    context = {
        "heading": _("How we are doing"),
        "filters": filters(choice),
        "is_filtered": choice.is_filtered,
        "clear_url": choice.page_url(site="", vendor="", lob="", team=""),
        "csv_url": choice.page_url("lead-csv"),
        "is_empty": numbers.is_empty,
        "is_filled": fresh.filled_at is not None,
        "filled_words": words.freshness(fresh),
        "stale_laws": len(stale_presets(today=timezone.localdate(now))),
    }
    if not numbers.is_empty:
        context |= _drawn(choice, numbers, now)
    return render(request, "metrics/figures.html", context)


@login_required
def lead_csv(request: SignedInRequest) -> HttpResponse:
    """Give the table of the page as a file, with the two numbers behind each share."""
    now = timezone.now()
    choice, fresh = chosen(request, now)
    numbers = _numbers(choice, fresh, now)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"caseward-{choice.by}-{choice.starts_on}-{choice.until}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(
        [choice.by, "from", "until", "metric", "counted", "out_of", "share", "low_95", "high_95"]
    )
    for group in side_by_side.groups(choice, numbers.weeks, numbers.backlog_ends):
        writer.writerows(_lines(choice, group))
    return response


def chosen(request: SignedInRequest, now: datetime) -> tuple[Choice, Freshness]:
    """Return what somebody chose to see, within what they may see; nobody else learns of the page.

    Raises:
        Http404: the reader leads nobody.
    """
    seen = reach(request.user)  # first: a vendor's staff may not even ask how fresh figures are
    fresh = queries.freshness()
    choice = read_choice(
        request.GET,
        reach=seen,
        today=queries.today(fresh, now),
        begins_with_own=request.user.role == StaffMember.Role.TEAM_LEADER,
    )
    return choice, fresh


def reach(staff: StaffMember) -> Reach:
    try:
        return reach_of(staff)
    except FiguresNotVisible:
        raise Http404 from None


def _numbers(choice: Choice, fresh: Freshness, now: datetime) -> Numbers:
    piece, today = choice.slice(), choice.today
    until_now = piece.between(choice.starts_on, today + timedelta(days=1))
    found = queries.weekly(until_now, today=today)
    every_week = {week: found.get(week) or queries.together([]) for week in _mondays(choice, today)}
    weeks = {week: figures for week, figures in every_week.items() if week <= choice.until}
    earlier = queries.weekly(piece.earlier(7 * choice.weeks), today=today)
    backlog = queries.backlog(piece, now=now)
    return Numbers(
        fresh=fresh,
        weeks=weeks,
        figures=queries.together(weeks.values()),
        earlier=queries.together(_whole(earlier, choice.weeks)),
        backlog=backlog,
        backlog_ends=queries.backlog_at_week_ends(backlog.cases, every_week),
        targets=targets(choice.lob_id()),
    )


def _whole(earlier: Mapping[date, Figures], weeks: int) -> Iterable[Figures]:
    """Return the weeks to compare with, none where the operation did not run in all of them."""
    ran = [week for week, figures in earlier.items() if figures[CASES_IN.key].counted]
    return earlier.values() if len(ran) == weeks else ()


def _mondays(choice: Choice, today: date) -> list[date]:
    weeks = (monday(today) - choice.starts_on).days // 7 + 1
    return [choice.starts_on + timedelta(weeks=n) for n in range(weeks)]


def _drawn(choice: Choice, numbers: Numbers, now: datetime) -> dict[str, Any]:
    found = side_by_side.groups(choice, numbers.weeks, numbers.backlog_ends)
    return {
        "figures": tiles(
            choice, numbers.figures, numbers.earlier, numbers.backlog, numbers.targets, now
        ),
        "charts": charts.charts(choice, numbers.weeks, numbers.backlog_ends, numbers.targets),
        "backlog_bars": charts.age_bars(choice, numbers.backlog),
        "backlog_title": _("Age of the backlog"),
        "backlog_question": _("How long have the open cases been waiting since they were opened?"),
        "verdict_bars": charts.verdict_bars(choice, numbers.figures),
        "verdict_title": _("What tier 2 said about escalations"),
        "verdict_question": str(VERDICTS.question),
        "breakdown": {
            "by_label": side_by_side.split_labels()[choice.by],
            "tabs": side_by_side.tabs(choice),
            "headings": side_by_side.headings(choice),
            "rows": side_by_side.rows(found, numbers.targets),
        },
    }


def _lines(choice: Choice, group: Group) -> list[list[Any]]:
    days = [group.choice.starts_on, group.choice.until]
    lines = []
    for key in METRICS:
        figure = group.figures[key]
        counted = group.backlog if key == BACKLOG.key else figure.counted
        interval = figure.interval or ("", "")
        out_of = figure.out_of if figure.metric.is_share else ""
        share = "" if figure.share is None else figure.share
        lines.append([_harmless(group.label), *days, key, counted, out_of, share, *interval])
    return lines


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
