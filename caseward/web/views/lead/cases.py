"""The cases behind a figure, newest first, with the definition of its metric."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from caseward.casework.access import visible_cases
from caseward.metrics import queries
from caseward.metrics.definitions import METRICS, Metric
from caseward.metrics.models import CaseFact, Outcome
from caseward.metrics.queries import AGE_KEYS
from caseward.metrics.slices import Slice
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.web.views.lead import places, words
from caseward.web.views.lead.choice import Choice, read_day
from caseward.web.views.lead.page import chosen

AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Which outcomes are asked for."""

    metric: Metric
    part: str
    age: str
    starts_on: date
    ends_before: date
    piece: Slice

    def parts(self) -> list[str]:
        """Return the parts of the metric that `part` stands for: one, or several together."""
        metric = self.metric
        counted, out_of = metric.counted_parts, metric.out_of_parts or metric.counted_parts
        several = {"all": out_of, "counted": counted, "missed": out_of - counted}
        return sorted(several.get(self.part, {self.part}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    reference: str
    title: str
    language: str
    url: str
    lob: str
    vendor: str
    team: str
    site: str
    part: str
    at: str
    moment: datetime


@login_required
def lead_cases(request: SignedInRequest) -> HttpResponse:
    """List the cases a figure counts; there are exactly as many as the figure says."""
    now = timezone.now()
    choice, fresh = chosen(request, now)
    behind = _read(request, choice)
    counts = _counts(behind, now, choice.today)
    outcomes = _outcomes(behind, behind.parts(), now, choice.today)
    page = list(_after(outcomes, request)[: AT_ONCE + 1])
    context = {
        "heading": str(behind.metric.name),
        "metric": behind.metric,
        "days": _days(behind),
        "tabs": _tabs(request, behind, counts),
        "total": sum(counts.get(part, 0) for part in behind.parts()),
        "rows": _rows(page[:AT_ONCE], request.user, behind.metric, fresh.zone),
        "next_url": _next_url(request, page),
        "first_url": _url(request, after=""),
        "is_further": "after" in request.GET,
        "back_url": choice.page_url(),
        "filled_words": words.freshness(fresh),
    }
    return render(request, "metrics/cases.html", context)


def _read(request: SignedInRequest, choice: Choice) -> Behind:
    query, metric = request.GET, METRICS.get(request.GET.get("metric", ""))
    part, age = query.get("part", "all"), query.get("age", "")
    if metric is None:
        raise Http404(_("There is no such figure."))
    if part not in {"all", "counted", "missed", *metric.parts} or age not in {"", *AGE_KEYS}:
        raise Http404(_("There is no such part of this figure."))
    starts_on = read_day(query.get("from", "")) or choice.starts_on
    ends_before = read_day(query.get("before", "")) or choice.ends_before
    piece = choice.slice().between(starts_on, ends_before)
    return Behind(
        metric=metric, part=part, age=age, starts_on=starts_on, ends_before=ends_before,
        piece=piece,
    )  # fmt: skip


def _counts(behind: Behind, now: datetime, today: date) -> dict[str, int]:
    every_part = _outcomes(behind, list(behind.metric.parts), now, today)
    rows = every_part.order_by().values("part").annotate(n=Count("case_id"))
    return {row["part"]: row["n"] for row in rows}


def _outcomes(behind: Behind, parts: list[str], now: datetime, today: date) -> QuerySet[Outcome]:
    return queries.behind(
        behind.piece, metric=behind.metric.key, parts=parts, age=behind.age, now=now, today=today
    )


def _after(outcomes: QuerySet[Outcome], request: SignedInRequest) -> QuerySet[Outcome]:
    """Return what follows the last row of the page before: day, case and number in the case."""
    day, _sep, rest = request.GET.get("after", "").partition("_")
    case_id, _sep, nth = rest.partition("_")
    last = parse_date(day) if day else None
    if last is None or not case_id.isdecimal() or not nth.isdecimal():
        return outcomes
    same_case = Q(day=last, case_id=int(case_id), nth__lt=int(nth))
    return outcomes.filter(
        Q(day__lt=last) | Q(day=last, case_id__lt=int(case_id)) | same_case, day__lte=last
    )


def _next_url(request: SignedInRequest, page: list[Outcome]) -> str:
    if len(page) <= AT_ONCE:
        return ""
    last = page[AT_ONCE - 1]
    return _url(request, after=f"{last.day.isoformat()}_{last.case_id}_{last.nth}")


def _url(request: SignedInRequest, **changes: str) -> str:
    chosen = {**request.GET.dict(), **changes}
    kept = {name: value for name, value in chosen.items() if value or name == "team"}
    return f"{reverse('lead-cases')}?{urlencode(kept)}"


def _tabs(
    request: SignedInRequest, behind: Behind, counts: Mapping[str, int]
) -> list[dict[str, object]]:
    metric = behind.metric
    parts = {str(label): [part] for part, label in metric.parts.items()}
    codes = dict(zip(parts, metric.parts, strict=True))
    whole = sorted(metric.out_of_parts or metric.counted_parts)
    if len(parts) > 1:
        parts, codes = {_("All that count"): whole, **parts}, {_("All that count"): "all", **codes}
    chosen = behind.parts()
    return [
        {
            "label": label,
            "count": words.whole(sum(counts.get(part, 0) for part in those)),
            "url": _url(request, part=codes[label], after=""),
            "is_current": sorted(those) == chosen,
        }
        for label, those in parts.items()
    ]


def _days(behind: Behind) -> str:
    if behind.metric.is_as_of:
        return _("Now")
    last = behind.ends_before - timedelta(days=1)
    return _("%(first)s to %(last)s") % {
        "first": words.day(behind.starts_on),
        "last": words.day(last),
    }


def _rows(page: list[Outcome], reader: StaffMember, metric: Metric, zone: str) -> list[Row]:
    ids = [outcome.case_id for outcome in page]
    titles = dict(visible_cases(reader).filter(pk__in=ids).values_list("pk", "title"))
    references = dict(CaseFact.objects.filter(pk__in=ids).values_list("pk", "reference"))
    named = {
        "lob": places.names(places.lobs()),
        "vendor": places.names(places.vendors()),
        "team": places.names(places.teams()),
        "site": places.names(places.sites()),
    }
    return [_row(outcome, titles, references, named, metric, zone) for outcome in page]


def _row(
    outcome: Outcome,
    titles: Mapping[int, str],
    references: Mapping[int, str],
    named: Mapping[str, Mapping[int, str]],
    metric: Metric,
    zone: str,
) -> Row:
    reference = references[outcome.case_id]
    return Row(
        reference=reference,
        title=titles.get(outcome.case_id, ""),
        language=outcome.language,
        url=f"{reverse('case', args=[reference])}#timeline" if outcome.case_id in titles else "",
        lob=named["lob"].get(outcome.lob_id, ""),
        vendor=named["vendor"].get(outcome.vendor_id, ""),
        team=named["team"].get(outcome.team_id, ""),
        site=named["site"].get(outcome.site_id, ""),
        part=str(metric.parts[outcome.part]),
        at=words.moment(outcome.at, zone),
        moment=outcome.at,
    )
