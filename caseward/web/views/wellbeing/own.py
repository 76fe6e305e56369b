"""One's own page, the key to stop, and one's answers: nobody else's business."""

from contextlib import suppress

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from caseward.casework.services import overriding, stopping
from caseward.casework.services.assigning import CannotTakeIt, MustRest
from caseward.org.models import StaffMember
from caseward.web import toasts
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.refusals import explained
from caseward.web.views.wellbeing import own_page
from caseward.wellbeing import consents, services

TRIES = 4


@login_required
@require_safe
@never_cache
def own(request: SignedInRequest) -> HttpResponse:
    """Show somebody what they met, what they may still meet, and what they do not want to."""
    context = own_page.shown(request.user, timezone.now())
    return render(request, "wellbeing/own.html", {"heading": _("Your wellbeing"), **context})


@login_required
@require_POST
def stop(request: SignedInRequest) -> HttpResponse:
    """Take all work back at once."""
    given_back = len(_stopped(request.user))
    said = ngettext(
        "Your case waits in its queue again. Take the time you need.",
        "Your %(number)s cases wait in their queues again. Take the time you need.",
        given_back,
    ) % {"number": given_back}
    if given_back:
        toasts.say(request, said, undo_url=reverse("stop-undo"))
    else:
        messages.success(request, _("You are given no cases now. Take the time you need."))
    return _go(request)


def _stopped(staff: StaffMember) -> list[str]:
    """Stop, once more where somebody who writes to one of the cases was in the way."""
    for _attempt in range(TRIES - 1):
        with suppress(OperationalError):
            return stopping.stop_now(by=staff, now=timezone.now())
    return stopping.stop_now(by=staff, now=timezone.now())


@login_required
@require_POST
def undo(request: SignedInRequest) -> HttpResponse:
    """Bring back what was given back by a press that was a mistake."""
    back = len(stopping.undo_stop(by=request.user, now=timezone.now()))
    if back:
        said = ngettext("You have your case again.", "You have your %(number)s cases again.", back)
        messages.success(request, said % {"number": back})
    else:
        messages.warning(
            request, _("Nothing could be brought back: others have the cases, or it is too late.")
        )
    return _go(request)


@login_required
@require_POST
def opt_out(request: SignedInRequest) -> HttpResponse:
    """Keep what somebody does not want to meet."""
    known = {choice["slug"] for choice in own_page.shown(request.user, timezone.now())["choices"]}
    wanted = known.intersection(request.POST.getlist("category"))
    services.choose_opt_outs(by=request.user, categories=wanted, now=timezone.now())
    messages.success(request, _("Kept. It holds from your next case on, and only you see it."))
    return _go(request)


@login_required
@require_POST
def agree(request: SignedInRequest, request_id: int) -> HttpResponse:
    """Take the case that somebody asked for, in spite of a cap."""
    now = timezone.now()
    try:
        case = overriding.agree(request_id=request_id, by=request.user, now=now)
    except consents.TooLateToAnswer:
        messages.warning(request, _("This request has run out or was answered before."))
        return _go(request)
    except CannotTakeIt:
        messages.warning(
            request, _("Somebody else has this case by now. Nothing was changed for you.")
        )
        return _go(request)
    except MustRest as rests:
        messages.warning(request, explained(rests))
        return _go(request)
    return redirect("case", case.reference)


@login_required
@require_POST
def decline(request: SignedInRequest, request_id: int) -> HttpResponse:
    """Leave the case; whoever asked sees no difference to no answer."""
    try:
        consents.decline(request_id=request_id, by=request.user, now=timezone.now())
    except consents.TooLateToAnswer:
        messages.warning(request, _("This request has run out or was answered before."))
    else:
        messages.success(request, _("You do not take it. Nobody is told that you said no."))
    return _go(request)


def _go(request: SignedInRequest) -> HttpResponse:
    """Go to one's own page; htmx is told to follow with the whole of it."""
    if not request.headers.get("HX-Request"):
        return redirect("wellbeing")
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("wellbeing")})
