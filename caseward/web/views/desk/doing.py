"""What one is doing, said on every page of the desk, and the case that is offered meanwhile."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from caseward.casework.services import offering
from caseward.casework.services.assigning import CannotTakeIt
from caseward.org.models import StaffMember
from caseward.routing import availability
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.going_on import go
from caseward.web.views.desk.refusals import explained
from caseward.web.views.desk.showing import doing as showing
from caseward.web.views.desk.typed import number_in

MOST_MINUTES = 12 * 60
CHOSEN_BY_ONESELF = {state for state, _label, _icon in showing.CHOICES}


@login_required
@require_safe
@never_cache
def doing(request: SignedInRequest) -> HttpResponse:
    """Show what one does: a part of the bar for a page that asks again, else a page of its own."""
    page = "casework/_doing.html" if _is_partial(request) else "casework/doing.html"
    return render(request, page, _context(request.user))


@login_required
@require_POST
def say(request: SignedInRequest) -> HttpResponse:
    """Say what one does from now on."""
    state = request.POST.get("state", "")
    if state in CHOSEN_BY_ONESELF:
        now = timezone.now()
        minutes = _minutes(request.POST.get("minutes", ""))
        until = now + timedelta(minutes=minutes) if minutes and state != "AVAILABLE" else None
        why = request.POST.get("why", "")
        availability.set_state(staff=request.user, state=state, why=why, now=now, until=until)
    if _is_partial(request):
        return render(request, "casework/_doing.html", _context(request.user))
    return redirect(_back(request))


@login_required
@require_POST
def be_here(request: SignedInRequest) -> HttpResponse:
    """Note that the page is open."""
    availability.heard_from(staff=request.user, now=timezone.now())
    return HttpResponse(status=204)


@login_required
@require_POST
def accept(request: SignedInRequest, offer_id: int) -> HttpResponse:
    """Take the case that is offered and go there."""
    try:
        case = offering.accept_offer(offer_id=offer_id, by=request.user, now=timezone.now())
    except offering.OfferGone:
        messages.warning(
            request, _("This offer is over: somebody else has the case, or its time ran out.")
        )
        return go(request, _back(request))
    except CannotTakeIt as refusal:
        messages.warning(request, explained(refusal))
        return go(request, _back(request))
    return go(request, reverse("case", args=[case.reference]))


@login_required
@require_POST
def pass_on(request: SignedInRequest, offer_id: int) -> HttpResponse:
    """Leave the case to somebody else."""
    try:
        offering.pass_on_offer(
            offer_id=offer_id,
            by=request.user,
            why=request.POST.get("why", ""),
            now=timezone.now(),
        )
    except offering.OfferGone:
        messages.info(request, _("This offer was over already. Nothing was changed."))
    if _is_partial(request):
        return render(request, "casework/_doing.html", _context(request.user))
    return redirect(_back(request))


def _context(staff: StaffMember) -> dict[str, Any]:
    return {"doing": showing.doing_of(staff, now=timezone.now()), "swapped": True}


def _minutes(given: str) -> int:
    return min(number_in(given) or 0, MOST_MINUTES)


def _is_partial(request: SignedInRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _back(request: SignedInRequest) -> str:
    """Return the page of ours that somebody came from."""
    asked = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if is_ours else reverse("my-cases")
