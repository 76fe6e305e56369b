"""Escalations side by side: by vendor, team, agent or reason; every figure opens into its cases."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from caseward.casework.access import visible_cases
from caseward.casework.models import Escalation
from caseward.metrics import escalation_rates as figures
from caseward.metrics.access import Reach
from caseward.metrics.escalation_rates import Asked, Rates, Share
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.policy import queries as policy
from caseward.web.languages import named
from caseward.web.look import brief
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing import moments
from caseward.web.views.desk.typed import number_in
from caseward.web.views.lead.page import _harmless, reach
from caseward.web.views.lead.words import percent, whole

WEEKS = (4, 8, 13, 26)
USUAL = 8
AT_ONCE = 50
SEES_AGENTS = frozenset({StaffMember.Role.LOB_LEAD, StaffMember.Role.REGIONAL_LEAD})
SPLITS = {
    "vendor": lazy("Vendor"),
    "team": lazy("Team"),
    "agent": lazy("Agent"),
    "reason": lazy("Reason"),
}
NEXT = {"vendor": "team", "team": "agent", "reason": "vendor"}  # what a name opens into
COLUMNS = {
    "rate": lazy("Escalated"),
    "needed": lazy("Needed"),
    "complete": lazy("Complete"),
    "returned": lazy("Returned"),
    "picked_up": lazy("Picked up in time"),
}
MEANINGS = {
    "rate": lazy("cases escalated, of those tier 1 escalated or resolved by itself"),
    "needed": lazy("escalations judged needed, of those judged"),
    "complete": lazy("escalations judged complete, of those whose quality was judged"),
    "returned": lazy("escalations given back, of those judged"),
    "picked_up": lazy("escalations accepted by their time, of those accepted or overdue"),
}
PARTS = {"all", *figures.PARTS}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address of the page says."""

    weeks: int
    by: str
    lob: str
    only: dict[str, int]

    def url(self, name: str = "lead-escalations", **changes: object) -> str:
        said = {"weeks": self.weeks, "by": self.by, "lob": self.lob, **self.only, **changes}
        return f"{reverse(name)}?{urlencode({k: v for k, v in said.items() if v})}"


@login_required
def escalations(request: SignedInRequest) -> HttpResponse:
    """Show who escalates how much, how sure that is, and what tier 2 thought of it."""
    now, seen = timezone.now(), reach(request.user)
    choice = _read(request, seen)
    asked = _asked(choice, seen, now)
    found = figures.rates(asked, choice.by)
    names = _names(choice.by, found)
    shown = [each for each in found if _may_name(choice.by, each.grouped, request.user, seen)]
    context = {
        "columns": [{"label": label, "meaning": MEANINGS[key]} for key, label in COLUMNS.items()],
        "rows": [_row(each, names, choice, found) for each in shown],
        "all": _cells(figures.together(found), choice),
        "all_spans": [_said(span) for span in figures.waits_together(asked)],
        "has_hidden": len(shown) < len(found),
        "splits": _splits(choice, request.user, seen),
        "periods": [(n, choice.url(weeks=n), n == choice.weeks) for n in WEEKS],
        "lines": _lines(choice, seen),
        "narrowed": _narrowed(choice),
        "csv_url": choice.url("lead-escalations-csv"),
        "smallest": figures.SMALLEST_SAMPLE,
        "by_label": SPLITS[choice.by],
    }
    return render(request, "metrics/escalations.html", context)


def _read(request: SignedInRequest, seen: Reach) -> Choice:
    query = request.GET
    weeks = query.get("weeks", "")
    by, lob = query.get("by", "vendor"), query.get("lob", "")
    if by not in SPLITS or (lob and lob not in {str(pk) for pk in seen.lob_ids}):
        raise Http404(_("There is no such figure."))
    if by == "agent" and not _sees_any_agent(request.user, seen):
        raise Http404(_("Figures of single agents are for those who lead them."))
    asked = {name: number_in(query.get(name, "")) for name in SPLITS}
    only = {name: number for name, number in asked.items() if number is not None}
    if "agent" in only and not _may_name("agent", only["agent"], request.user, seen):
        raise Http404(_("Figures of single agents are for those who lead them."))
    return Choice(int(weeks) if weeks in map(str, WEEKS) else USUAL, by, lob, only)


def _asked(choice: Choice, seen: Reach, now: datetime) -> Asked:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Asked(
        start=midnight - timedelta(weeks=choice.weeks),
        end=midnight + timedelta(days=1),
        lob_ids=[int(choice.lob)] if choice.lob else sorted(seen.lob_ids),
        now=now,
        only=choice.only,
    )


def _sees_any_agent(reader: StaffMember, seen: Reach) -> bool:
    return reader.role in SEES_AGENTS or bool(seen.own_team_ids)


def _may_name(by: str, grouped: int | None, reader: StaffMember, seen: Reach) -> bool:
    """Say whether a reader may see the figures of a group: single agents, of whom they lead."""
    if by != "agent" or reader.role in SEES_AGENTS:
        return True
    mine = StaffMember.objects.filter(team__in=seen.own_team_ids)
    return grouped is not None and mine.filter(pk=grouped).exists()


def _names(by: str, found: list[Rates]) -> Mapping[int | None, str]:
    ids = [each.grouped for each in found if each.grouped]
    if by == "vendor":
        return {pk: vendor.name for pk, vendor in org.vendors().items()}
    if by == "team":
        return {pk: team.name for pk, team in org.teams().items()}
    if by == "reason":
        return {pk: named(reason) for pk, reason in policy.reasons().items()}
    return dict(StaffMember.objects.filter(pk__in=ids).values_list("pk", "name"))


def _nobody(by: str) -> str:
    return _("In-house") if by == "vendor" else _("Not known")


def _row(
    rates: Rates, names: Mapping[int | None, str], choice: Choice, everybody: list[Rates]
) -> dict[str, Any]:
    only = {**choice.only, choice.by: rates.grouped} if rates.grouped else choice.only
    inner = replace(choice, only=only, by=NEXT.get(choice.by, choice.by))
    return {
        "name": names.get(rates.grouped, _nobody(choice.by)),
        "url": inner.url() if rates.grouped and choice.by in NEXT else "",
        "is_apart": figures.apart_from_the_rest(rates, everybody),
        "cells": _cells(rates.shares, replace(choice, only=only), is_open=bool(rates.grouped)),
        "spans": [_said(span) for span in _spans(rates)],
    }


def _said(span: timedelta | None) -> str:
    return "–" if span is None else brief(span)


def _cells(shares: Mapping[str, Share], choice: Choice, *, is_open: bool = True) -> list[Any]:
    return [_cell(key, shares[key], choice, is_open) for key in COLUMNS]


def _cell(key: str, share: Share, choice: Choice, is_open: bool) -> dict[str, Any]:
    counted, _out_of = figures.BEHIND[key]
    interval = share.interval
    return {
        "label": COLUMNS[key],
        "value": _value(share),
        "n": whole(share.out_of),
        "url": choice.url("lead-escalation-cases", part=counted) if is_open else "",
        "interval": None
        if interval is None
        else {
            "low": 100 * interval.low,
            "high": 100 * interval.high,
            "value": None if share.share is None else 100 * share.share,
            "target": None,
        },
    }


def _value(share: Share) -> str:
    """Say a share where there are enough to say one, else the range it lies in."""
    if share.interval is None:
        return "–"
    if share.share is None:
        return f"{round(100 * share.interval.low)}–{round(100 * share.interval.high)} %"
    return f"{percent(share.share)} %"


def _splits(choice: Choice, reader: StaffMember, seen: Reach) -> list[dict[str, Any]]:
    offered = [by for by in SPLITS if by != "agent" or _sees_any_agent(reader, seen)]
    return [
        {"label": SPLITS[by], "url": choice.url(by=by), "is_current": by == choice.by}
        for by in offered
    ]


def _lines(choice: Choice, seen: Reach) -> list[tuple[str, str, bool]]:
    known = [(pk, line) for pk, line in org.lines_of_business().items() if pk in seen.lob_ids]
    every = [(_("Every line"), replace(choice, lob="").url(), not choice.lob)]
    return every + [
        (named(line), replace(choice, lob=str(pk)).url(), choice.lob == str(pk))
        for pk, line in known
    ]


def _narrowed(choice: Choice) -> list[dict[str, str]]:
    """Return what the figures are narrowed to, each with the way out of it."""
    return [
        {
            "label": str(SPLITS[name]),
            "name": _names(name, [Rates(pk, {}, None, None)]).get(pk, str(pk)),
            "url": replace(
                choice, only={k: v for k, v in choice.only.items() if k != name}, by=name
            ).url(),
        }
        for name, pk in choice.only.items()
    ]


@login_required
def escalations_csv(request: SignedInRequest) -> HttpResponse:
    """Give the table as a file, with the two numbers behind each share."""
    now, seen = timezone.now(), reach(request.user)
    choice = _read(request, seen)
    found = figures.rates(_asked(choice, seen, now), choice.by)
    names = _names(choice.by, found)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="caseward-escalations.csv"'
    writer = csv.writer(response)
    columns = ["metric", "counted", "out_of", "share", "low_95", "high_95"]
    writer.writerow([choice.by, "weeks", *columns, "median_wait_s", "median_held_s"])
    for rates in found:
        if _may_name(choice.by, rates.grouped, request.user, seen):
            name = _harmless(names.get(rates.grouped, _nobody(choice.by)))
            writer.writerows(_csv_rows(name, choice.weeks, rates))
    return response


def _csv_rows(name: str, weeks: int, rates: Rates) -> list[list[Any]]:
    spans = ["" if each is None else round(each.total_seconds()) for each in _spans(rates)]
    return [
        [name, weeks, key, share.counted, share.out_of,
         "" if share.share is None else share.share, *(share.interval or ("", "")), *spans]
        for key, share in rates.shares.items()
    ]  # fmt: skip


def _spans(rates: Rates) -> tuple[timedelta | None, timedelta | None]:
    return rates.waited, rates.held


@login_required
def escalation_cases(request: SignedInRequest) -> HttpResponse:
    """List the cases a figure counts; there are exactly as many as it says."""
    now, seen = timezone.now(), reach(request.user)
    choice = _read(request, seen)
    part = request.GET.get("part", "escalated")
    if part not in PARTS:
        raise Http404(_("There is no such part of this figure."))
    asked = _asked(choice, seen, now)
    page = figures.behind(asked, part, after=_place(request.GET.get("after", "")))
    last = page[AT_ONCE - 1] if len(page) > AT_ONCE else None
    after = f"{last.at.isoformat()}_{last.case_id}_{last.nth}" if last else ""
    context = {
        "total": figures.count_behind(asked, part),
        "rows": _cases(page[:AT_ONCE], request.user, now),
        "narrowed": _narrowed(choice),
        "back_url": choice.url(),
        "next_url": choice.url("lead-escalation-cases", part=part, after=after) if after else "",
        "first_url": choice.url("lead-escalation-cases", part=part)
        if "after" in request.GET
        else "",
    }
    return render(request, "metrics/escalation_cases.html", context)


def _place(text: str) -> tuple[datetime, int, int] | None:
    try:
        at, case_id, nth = text.split("_")
        return datetime.fromisoformat(at).astimezone(UTC), int(case_id), int(nth)
    except (ValueError, OverflowError):
        return None


def _cases(page: list[figures.Behind], reader: StaffMember, now: datetime) -> list[dict[str, Any]]:
    cases = visible_cases(reader).in_bulk([each.case_id for each in page])
    judged = Escalation.objects.in_bulk([each.nth for each in page if each.nth])
    return [_case(each, cases, judged, now) for each in page]


def _case(
    found: figures.Behind, cases: Mapping[int, Any], judged: Mapping[int, Escalation], now: datetime
) -> dict[str, Any]:
    case, escalation = cases.get(found.case_id), judged.get(found.nth)
    return {
        "url": reverse("case", args=[case.reference]) if case else "",
        "reference": case.reference if case else "",
        "title": case.title if case else _("Not yours to see"),
        "language": case.language if case else "en",
        "verdict": escalation.get_verdict_display() if escalation else "",
        "quality": escalation.get_quality_display() if escalation else "",
        "outcome": escalation.get_outcome_display() if escalation else _("Resolved by tier 1"),
        "moment": found.at,
        "at": moments.moment(found.at, now=now),
    }
