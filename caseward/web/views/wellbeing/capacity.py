"""Where caps met deadlines, what can be done, and sums of exposure, for who leads people."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from caseward.casework.services import overriding
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.typed import typed, typed_number
from caseward.web.views.wellbeing import capacity_page
from caseward.wellbeing.consents import MayNotAsk


@login_required
@require_safe
@never_cache
def capacity(request: SignedInRequest) -> HttpResponse:
    """Show where caps leave nobody for cases that wait, and what groups of people met."""
    _refuse_who_leads_nobody(request.user)
    context = capacity_page.shown(request.user, timezone.now())
    return render(
        request, "wellbeing/capacity.html", {"heading": _("Caps and deadlines"), **context}
    )


@login_required
@require_POST
def ask(request: SignedInRequest, incident_id: int) -> HttpResponse:
    """Ask somebody at work to take the most urgent case of an incident."""
    _refuse_who_leads_nobody(request.user)
    try:
        overriding.ask(
            incident_id=incident_id,
            staff_id=typed_number(request, "staff") or 0,
            by=request.user,
            why=typed(request, "why"),
            now=timezone.now(),
        )
    except overriding.NoSuchIncident:
        messages.warning(request, _("This is over: somebody can take these cases again."))
    except MayNotAsk:
        messages.warning(
            request,
            _("Nobody was asked. Choose somebody who is at work, and write why it cannot wait."),
        )
    else:
        messages.success(
            request, _("They were asked. They may leave it, and the request ends by itself.")
        )
    return redirect("capacity")


def _refuse_who_leads_nobody(staff: StaffMember) -> None:
    if staff.vendor_id or not staff.leads_people:
        raise Http404
