"""Incidents: many cases with one cause, opened, told and closed together."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from caseward.casework import access
from caseward.casework.models import Case, Incident
from caseward.casework.services import incidents as services
from caseward.casework.services.escalating import IncidentClosed
from caseward.casework.services.replying import NothingToSay
from caseward.core.references import parse_reference
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.web import toasts
from caseward.web.languages import named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing import moments
from caseward.web.views.desk.typed import number_in, typed

AT_ONCE = 50


@login_required
def incidents(request: SignedInRequest) -> HttpResponse:
    """List incidents, the open ones first, or open another."""
    _in_house(request.user)
    problem = ""
    if request.method == "POST":
        try:
            opened = _open(request)
        except NothingToSay:
            problem = _("Give the incident a title, so that agents recognise it.")
        else:
            messages.success(request, _("The incident is open. Add its first cases."))
            return redirect("incident", opened.pk)
    said = {name: typed(request, name) for name in ("title", "lob", "summary")}
    context = {**_lists(request), "problem": problem, "typed": said}
    return render(request, "casework/incidents.html", context, status=422 if problem else 200)


def _open(request: SignedInRequest) -> Incident:
    lines = {str(pk): line for pk, line in _lines(request.user).items()}
    line = lines.get(typed(request, "lob"))
    if line is None:
        raise NothingToSay
    return services.open_incident(
        by=request.user,
        title=typed(request, "title"),
        lob=line,
        summary=typed(request, "summary"),
        is_shared=bool(request.POST.get("is_shared")),
        now=timezone.now(),
    )


def _lines(staff: StaffMember) -> dict[int, Any]:
    mine = access.lobs_of(staff)
    return {pk: line for pk, line in org.lines_of_business().items() if pk in mine}


def _lists(request: SignedInRequest) -> dict[str, Any]:
    before = number_in(request.GET.get("before", ""))
    counted = services.visible_incidents(request.user).annotate(
        size=Count("cases"),
        left=Count("cases", filter=Q(cases__case__status__in=Case.UNFINISHED)),
    )
    closed = counted.filter(closed_at__isnull=False).order_by("-pk")
    page = list((closed.filter(pk__lt=before) if before else closed)[: AT_ONCE + 1])
    return {
        "open": [_row(each) for each in counted.filter(closed_at__isnull=True).order_by("-pk")],
        "closed": [_row(each) for each in page[:AT_ONCE]],
        "older": page[AT_ONCE - 1].pk if len(page) > AT_ONCE else "",
        "lines": [(pk, named(line)) for pk, line in _lines(request.user).items()],
    }


def _row(incident: Any) -> dict[str, Any]:
    return {
        "url": reverse("incident", args=[incident.pk]),
        "title": incident.title,
        "line": named(incident.lob),
        "size": incident.size,
        "left": incident.left,
        "at": incident.opened_at,
        "when": moments.moment(incident.opened_at, now=timezone.now()),
    }


@login_required
def incident(request: SignedInRequest, incident_id: int) -> HttpResponse:
    return _page(request, _found(request.user, incident_id))


def _found(reader: StaffMember, incident_id: int) -> Incident:
    _in_house(reader)
    found = services.visible_incidents(reader).filter(pk=incident_id).first()
    if found is None:
        raise Http404("no such incident")
    return found


def _page(request: SignedInRequest, found: Incident, problem: str = "") -> HttpResponse:
    now = timezone.now()
    after = number_in(request.GET.get("after", ""))
    cases = access.visible_cases(request.user).filter(incident_case__incident=found).order_by("pk")
    if after is not None:
        cases = cases.filter(pk__gt=after)
    page = list(cases.select_related("lob", "vendor")[: AT_ONCE + 1])
    waiting = services.unfinished_cases(found, request.user).order_by()
    languages = waiting.values_list("language").annotate(n=Count("pk")).order_by("language")
    context = {
        "id": found.pk,
        "title": found.title,
        "summary": found.summary,
        "line": named(found.lob),
        "is_open": found.closed_at is None,
        "is_shared": found.is_shared,
        "closing_note": found.closing_note,
        "opened": moments.moment(found.opened_at, now=now),
        "cases": [_case(each, now) for each in page[:AT_ONCE]],
        "next_after": page[AT_ONCE - 1].pk if len(page) > AT_ONCE else "",
        "languages": [(code, Language(code).label, count) for code, count in languages],
        "can_tell": request.user.role in access.MOVES_ANY_CASE,
        "problem": problem,
    }
    return render(request, "casework/incident.html", context, status=422 if problem else 200)


def _case(case: Case, now: datetime) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "subject": case.title or _("(no subject)"),
        "language": case.language,
        "status": case.status,
        "status_label": case.get_status_display(),
        "vendor": case.vendor.name if case.vendor else "",
        "at": case.opened_at,
        "when": moments.moment(case.opened_at, now=now),
    }


@login_required
@require_POST
def add(request: SignedInRequest, incident_id: int) -> HttpResponse:
    """Add a case by its reference."""
    found = _found(request.user, incident_id)
    reference = parse_reference(typed(request, "reference"))
    if reference is None:
        return _page(request, found, _("This is no case reference. Copy it from the case."))
    try:
        services.add_case(
            incident_id=found.pk, reference=reference, by=request.user, now=timezone.now()
        )
    except access.CaseNotVisible:
        said = _("There is no case %(reference)s that you may see.") % {"reference": reference}
        return _page(request, found, said)
    except IncidentClosed:
        return _page(request, found, _("The incident is closed. Open it again first."))
    toasts.say(request, _("The case belongs to the incident now."))
    return redirect("incident", found.pk)


@login_required
@require_POST
def remove(request: SignedInRequest, incident_id: int) -> HttpResponse:
    found = _found(request.user, incident_id)
    services.remove_case(
        incident_id=found.pk,
        reference=typed(request, "reference"),
        by=request.user,
        now=timezone.now(),
    )
    toasts.say(request, _("The case is out of the incident."))
    return redirect("incident", found.pk)


@login_required
@require_POST
def tell(request: SignedInRequest, incident_id: int) -> HttpResponse:
    """Write to everybody concerned, each in their language."""
    found = _found(request.user, incident_id)
    texts = {code: typed(request, f"text_{code}") for code, _label in Language.choices}
    try:
        told = services.tell_everybody(
            incident_id=found.pk,
            by=request.user,
            texts=texts,
            now=timezone.now(),
            undo=timedelta(seconds=settings.UNDO_SECONDS),
        )
    except NothingToSay:
        return _page(request, found, _("Write the message first, in one language at least."))
    except services.IncidentNotVisible:
        return _page(request, found, _("Only who leads may write to everybody. Ask your lead."))
    except services.TooMany as many:
        said = _("%(count)s cases are too many for one go. Use a bulk action on the list.")
        return _page(request, found, said % {"count": many.args[0]})
    done = ngettext("%(count)d person is told.", "%(count)d people are told.", told.cases)
    toasts.say(request, done % {"count": told.cases})
    if told.left_out:
        messages.warning(request, _left_out(told.left_out))
    return redirect("incident", found.pk)


def _left_out(count: int) -> str:
    words = ngettext(
        "%(count)d case may not be answered like this. Open it and answer by hand.",
        "%(count)d cases may not be answered like this. Open them and answer by hand.",
        count,
    )
    return words % {"count": count}


@login_required
@require_POST
def close(request: SignedInRequest, incident_id: int) -> HttpResponse:
    found = _found(request.user, incident_id)
    try:
        services.close_incident(
            incident_id=found.pk, by=request.user, note=typed(request, "note"), now=timezone.now()
        )
    except IncidentClosed:
        messages.warning(request, _("A colleague closed it first. Nothing was changed."))
    else:
        reopen_url = reverse("incident-reopen", args=[found.pk])
        toasts.say(request, _("The incident is closed."), undo_url=reopen_url)
    return redirect("incident", found.pk)


@login_required
@require_POST
def reopen(request: SignedInRequest, incident_id: int) -> HttpResponse:
    found = _found(request.user, incident_id)
    services.reopen_incident(incident_id=found.pk, by=request.user, now=timezone.now())
    return redirect("incident", found.pk)


def _in_house(staff: StaffMember) -> None:
    if staff.vendor_id:
        raise Http404("in-house only")
