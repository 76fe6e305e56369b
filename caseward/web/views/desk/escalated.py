"""What became of the cases somebody escalated: tier 2's verdicts, as tier 1 reads them."""

from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caseward.casework.listing import Escalated, Place, escalated_by
from caseward.casework.models import Escalation
from caseward.org.models import StaffMember
from caseward.web.look import age
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import paging, shelf
from caseward.web.views.desk.showing import moments


class Cells(NamedTuple):
    """What a row says."""

    reference: str
    url: str
    subject: str
    language: str
    why: str
    state: str
    state_label: str
    verdict: str
    verdict_label: str
    note: str
    quality: str
    quality_label: str
    quality_note: str
    is_news: bool
    said_at: str
    said: str
    raised_at: str
    age: str


@login_required
@require_safe
@never_cache
def escalated(request: SignedInRequest) -> HttpResponse:
    """List one's escalations, the newest news first."""
    if request.user.tier != 1:
        raise Http404("tier 1 escalates")
    is_refresh = bool(request.headers.get("HX-Request"))
    template = "casework/queue_changes.html" if is_refresh else "casework/queue.html"
    return render(request, template, _context(request, request.user, timezone.now()))


def _context(request: SignedInRequest, staff: StaffMember, now: datetime) -> dict[str, object]:
    after, before = (Place.read(request.GET.get(name, "")) for name in paging.PLACES)
    rows, page = escalated_by(staff, after=after, before=before)
    return {
        "heading": _("Escalated by me"),
        "refresh_url": request.get_full_path(),
        "rows": _table(rows, now),
        "has_rows": bool(rows),
        "lists": shelf.lists(staff, now=now, current=paging.address(request)),
        **paging.links(request, page),
        "nothing": _("You have escalated nothing"),
        "nothing_more": _("What you hand to tier 2 is listed here, with its verdict."),
    }


def _table(rows: list[Escalated], now: datetime) -> SafeString:
    context = {"rows": [_cells(row, now) for row in rows]}
    # Jinja2 escapes every value; nothing here is marked as safe before.
    return mark_safe(  # noqa: S308
        render_to_string("casework/escalated.html", context, using="jinja2")
    )


def _cells(row: Escalated, now: datetime) -> Cells:
    state, label = _state(row)
    said_at = row.ended_at or row.accepted_at or row.raised_at
    return Cells(
        reference=row.reference,
        url=reverse("case", args=[row.reference]),
        subject=row.title or _("(no subject)"),
        language=row.language,
        why=row.why,
        state=state,
        state_label=label,
        verdict=row.verdict,
        verdict_label=str(Escalation.Verdict(row.verdict).label) if row.verdict else "",
        note=row.note,
        quality=row.quality,
        quality_label=str(Escalation.Quality(row.quality).label) if row.quality else "",
        quality_note=row.quality_note,
        is_news=row.ended_at is not None and row.ended_at > now - shelf.NEWS_FOR,
        said_at=said_at.isoformat(),
        said=moments.moment(said_at, now=now),
        raised_at=row.raised_at.isoformat(),
        age=age(now - row.raised_at),
    )


def _state(row: Escalated) -> tuple[str, str]:
    if row.outcome:
        return row.outcome, str(Escalation.Outcome(row.outcome).label)
    if row.is_asked:
        return "ASKED", _("Tier 2 asks you something")
    if row.accepted_at:
        return "ACCEPTED", _("Accepted by tier 2")
    return "WAITING", _("Waiting for tier 2")
