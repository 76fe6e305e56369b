"""Who takes a case while off or on a break is available again, is told so, and can undo it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caseward.casework.services.assigning import step_back
from caseward.org.models import StaffMember
from caseward.routing import availability
from caseward.routing.models import Availability
from caseward.web import toasts
from caseward.web.middleware import SignedInRequest

AWAY = frozenset({Availability.State.OFF, Availability.State.BREAK})


@dataclass
class Back:
    """Somebody who may be back by what they do now; `took` is the case that is theirs by it."""

    took: str = ""


@contextmanager
def telling_who_is_back(request: SignedInRequest) -> Iterator[Back]:
    """Tell somebody that what they did in here made them available; a refusal tells nothing."""
    before, back = _held(request.user), Back()
    yield back
    after = _held(request.user)
    if before is None or before.state not in AWAY or after is None:
        return
    if after.state == Availability.State.AVAILABLE:
        _tell(request, before, back)


def _held(staff: StaffMember) -> Availability | None:
    return availability.states_of([staff.pk]).get(staff.pk)


def _tell(request: SignedInRequest, before: Availability, back: Back) -> None:
    if not back.took:
        messages.info(request, _("You are available again."))
        return
    said = (
        _("You were on a break and took a case, so you are available again.")
        if before.state == Availability.State.BREAK
        else _("You were off and took a case, so you are available again.")
    )
    toasts.say(request, said, undo_url=_url_to_undo(before, back.took))


def _url_to_undo(before: Availability, reference: str) -> str:
    was = {"state": before.state, "why": before.why}
    if before.until:
        was["until"] = before.until.isoformat()
    return f"{reverse('case-step-back', args=[reference])}?{urlencode(was)}"


@login_required
@require_POST
def undo(request: SignedInRequest, reference: str) -> HttpResponse:
    """Put the case back that somebody took without meaning to, and them where they were."""
    state = request.GET.get("state", "")
    went = step_back(
        reference=reference,
        by=request.user,
        state=state if state in AWAY else Availability.State.OFF,
        why=request.GET.get("why", ""),
        until=_moment(request.GET.get("until", "")),
        now=timezone.now(),
    )
    if went:
        words = _("The case waits in its queue again, and you are where you were.")
        messages.success(request, words)
        return redirect("queues")
    messages.warning(
        request,
        _("You are where you were. The case stays as it is: something happened to it since."),
    )
    return redirect("case", reference)


def _moment(written: str) -> datetime | None:
    try:
        found = parse_datetime(written)
    except ValueError:
        return None
    return found if found is None or found.tzinfo else None
