"""Promises that were missed: each wants somebody to say why."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from caseward.casework import access
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.policy.legal import queries as legal
from caseward.sla.models import ClockKind, Miss
from caseward.sla.services import explaining
from caseward.web.languages import named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing.moments import moment
from caseward.web.views.desk.typed import number_in, typed

AT_ONCE = 50
MOST_COUNTED = 1_000
FILTERS = ("done", "kind", "lob", "cause", "law")


@login_required
@require_safe
def misses(request: SignedInRequest) -> HttpResponse:
    """List what was missed, newest first: what nobody explained yet, unless asked for more."""
    return _page(request, {}, status=200)


def _page(request: SignedInRequest, said: dict[str, Any], *, status: int) -> HttpResponse:
    reader, now = request.user, timezone.now()
    _only_leads(reader)
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    found = list(
        _after(_filtered(_mine(reader), chosen), request.GET.get("after", ""))[: AT_ONCE + 1]
    )
    unexplained = _mine(reader).filter(explained_at__isnull=True)[:MOST_COUNTED].count()
    context = {
        "heading": _("Missed promises"),
        "rows": [_row(miss, now) for miss in found[:AT_ONCE]],
        "unexplained": unexplained,
        "unexplained_words": _how_many(unexplained),
        "chosen": chosen,
        "kinds": ClockKind.choices,
        "causes": Miss.Cause.choices,
        "lobs": [(str(lob.pk), named(lob)) for lob in org.lines_of_business().values()],
        "next_url": _url(chosen, after=_place(found[AT_ONCE - 1])) if found[AT_ONCE:] else "",
        "first_url": _url(chosen) if "after" in request.GET else "",
        "query": urlencode({name: value for name, value in chosen.items() if value}),
        "problem": "",
        "said": {"cause": "", "text": ""},
        "ticked": [],
        **said,
    }
    return render(request, "law/misses.html", context, status=status)


def _mine(reader: StaffMember) -> QuerySet[Miss]:
    return Miss.objects.filter(lob_id__in=access.lobs_of(reader))


def _filtered(found: QuerySet[Miss], chosen: dict[str, str]) -> QuerySet[Miss]:
    found = found.filter(explained_at__isnull=chosen["done"] != "1")
    if chosen["kind"] in ClockKind.values:
        found = found.filter(kind=chosen["kind"])
    if chosen["lob"].isdecimal():
        found = found.filter(lob_id=int(chosen["lob"][:9]))
    if chosen["cause"] in Miss.Cause.values:
        found = found.filter(cause=chosen["cause"])
    if chosen["law"] == "1":
        found = found.filter(is_legal=True)
    return found.select_related("case", "clock", "explained_by").order_by("-missed_at", "-pk")


def _after(found: QuerySet[Miss], place: str) -> QuerySet[Miss]:
    micros, _dash, number = place.partition("_")
    if not (micros.isdecimal() and number.isdecimal() and len(place) < 40):
        return found
    at = datetime.fromtimestamp(min(int(micros), 10**16) / 1e6, UTC)
    return found.filter(Q(missed_at__lt=at) | Q(missed_at=at, pk__lt=min(int(number), 2**62)))


def _place(miss: Miss) -> str:
    return f"{round(miss.missed_at.timestamp() * 1e6)}_{miss.pk}"


def _url(chosen: dict[str, str], **more: str) -> str:
    kept = {name: value for name, value in {**chosen, **more}.items() if value}
    return f"{reverse('misses')}?{urlencode(kept)}" if kept else reverse("misses")


def _row(miss: Miss, now: datetime) -> dict[str, Any]:
    return {
        "id": miss.pk,
        "reference": miss.case.reference,
        "title": miss.case.title or _("(no subject)"),
        "language": miss.case.language,
        "kind": ClockKind(miss.kind).label,
        "stage": _law_of(miss),
        "lob": named(org.lines_of_business()[miss.lob_id]),
        "at": miss.missed_at,
        "when": moment(miss.missed_at, now=now),
        "cause": miss.get_cause_display(),
        "text": miss.text,
        "by": miss.explained_by.name if miss.explained_by else "",
    }


def _law_of(miss: Miss) -> str:
    """Return what the law behind a promise is called; empty where none is."""
    preset_id = miss.clock.preset_id
    return legal.version(preset_id).title if preset_id else ""


def _how_many(count: int) -> str:
    if count >= MOST_COUNTED:
        return _("More than 1,000 wait for an explanation")
    return ngettext(
        "%(count)d waits for an explanation", "%(count)d wait for an explanation", count
    ) % {"count": count}


@login_required
@require_POST
def explain(request: SignedInRequest) -> HttpResponse:
    """Explain the misses that were ticked."""
    _only_leads(request.user)
    ticked = map(number_in, request.POST.getlist("miss")[:AT_ONCE])
    ids = [number for number in ticked if number is not None]
    mine = _mine(request.user).filter(pk__in=ids).values_list("pk", flat=True)
    said = {"cause": typed(request, "cause"), "text": typed(request, "text").strip()}
    try:
        done = explaining.explain(clock_ids=list(mine), by=request.user, now=timezone.now(), **said)
    except explaining.NothingExplained:
        problem = _("Choose a cause and write a sentence. Nothing was changed.")
        return _page(request, {"problem": problem, "said": said, "ticked": ids}, status=422)
    if done:
        words = ngettext("%(n)d miss is explained.", "%(n)d misses are explained.", done)
        messages.success(request, words % {"n": done})
    else:
        messages.warning(request, _("Tick what you explain first. Nothing was changed."))
    return redirect(f"{reverse('misses')}?{request.GET.urlencode()}".rstrip("?"))


@login_required
@require_POST
def take_back(request: SignedInRequest, clock_id: int) -> HttpResponse:
    """Let a miss wait for its explanation again."""
    _only_leads(request.user)
    if not _mine(request.user).filter(pk=clock_id).exists():
        raise Http404
    if explaining.take_back_explanation(clock_id=clock_id, by=request.user, now=timezone.now()):
        messages.success(request, _("The explanation is taken back."))
    return redirect(f"{reverse('misses')}?done=1")


def _only_leads(reader: StaffMember) -> None:
    if not reader.leads_people or reader.vendor_id is not None:
        raise Http404
