"""The cases behind a figure, newest first, with the definition of its metric."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from caseward.casework.access import visible_cases
from caseward.metrics import queries
from caseward.metrics.definitions import METRICS, Metric
from caseward.metrics.models import CaseFact, Outcome
from caseward.metrics.queries import AGE_KEYS
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.web.views.lead import places, words
from caseward.web.views.lead.choice import Choice
from caseward.web.views.lead.page import chosen

AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Which outcomes are asked for."""

    metric: Metric
    part: str
    age: str

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
    behind = _read(request)
    counts = _counts(behind, choice, now)
    outcomes = _outcomes(behind, behind.parts(), choice, now)
    total = sum(counts.get(part, 0) for part in behind.parts())
    page = list(_after(outcomes, request)[: AT_ONCE + 1])
    context = {
        "heading": str(behind.metric.name),
        "metric": behind.metric,
        "days": _days(behind, choice),
        "tabs": _tabs(request, behind, counts),
        "total": total,
        "shown_total": words.whole(total),
        "rows": _rows(page[:AT_ONCE], request.user, behind.metric, fresh.zone),
        "next_url": _next_url(request, page),
        "first_url": _url(request, after=""),
        "is_further": "after" in request.GET,
        "back_url": choice.page_url(),
        "filled_words": words.freshness(fresh),
    }
    return render(request, "metrics/cases.html", context)


def _read(request: SignedInRequest) -> Behind:
    query, metric = request.GET, METRICS.get(request.GET.get("metric", ""))
    part, age = query.get("part", "all"), query.get("age", "")
    if metric is None:
        raise Http404(_("There is no such figure."))
    if part not in {"all", "counted", "missed", *metric.parts} or age not in {"", *AGE_KEYS}:
        raise Http404(_("There is no such part of this figure."))
    return Behind(metric=metric, part=part, age=age)


def _counts(behind: Behind, choice: Choice, now: datetime) -> dict[str, int]:
    every_part = _outcomes(behind, list(behind.metric.parts), choice, now)
    rows = every_part.order_by().values("part").annotate(n=Count("case_id"))
    return {row["part"]: row["n"] for row in rows}


def _outcomes(behind: Behind, parts: list[str], choice: Choice, now: datetime) -> QuerySet[Outcome]:
    return queries.behind(
        choice.slice(), metric=behind.metric.key, parts=parts, age=behind.age, now=now,
        today=choice.today,
    )  # fmt: skip


def _after(outcomes: QuerySet[Outcome], request: SignedInRequest) -> QuerySet[Outcome]:
    """Return what follows the last row of the page before."""
    last = _read_row(request.GET.get("after", ""))
    if last is None:
        return outcomes
    day, at, case_id, nth = last
    same_moment = Q(at=at, case_id__lt=case_id) | Q(at=at, case_id=case_id, nth__lt=nth)
    return outcomes.filter(Q(at__lt=at) | same_moment, day__lte=day)


def _read_row(text: str) -> tuple[date, datetime, int, int] | None:
    try:
        day, at, case_id, nth = text.split("_")
        moment = datetime.fromisoformat(at).astimezone(UTC)
        return date.fromisoformat(day), moment, int(case_id), int(nth)
    except (ValueError, OverflowError):
        return None


def _row_key(outcome: Outcome) -> str:
    at = outcome.at.isoformat()
    return f"{outcome.day.isoformat()}_{at}_{outcome.case_id}_{outcome.nth}"


def _next_url(request: SignedInRequest, page: list[Outcome]) -> str:
    if len(page) <= AT_ONCE:
        return ""
    return _url(request, after=_row_key(page[AT_ONCE - 1]))


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


def _days(behind: Behind, choice: Choice) -> str:
    if behind.metric.is_as_of:
        return f"{_('Now')}. {words.ages().get(behind.age, '')}"
    return _("%(first)s to %(last)s") % {
        "first": words.day(choice.starts_on),
        "last": words.day(choice.until),
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
        url=f"{reverse('case', args=[reference])}#events" if outcome.case_id in titles else "",
        lob=named["lob"].get(outcome.lob_id, ""),
        vendor=named["vendor"].get(outcome.vendor_id, ""),
        team=named["team"].get(outcome.team_id, ""),
        site=named["site"].get(outcome.site_id, ""),
        part=str(metric.parts[outcome.part]),
        at=words.moment(outcome.at, zone),
        moment=outcome.at,
    )
