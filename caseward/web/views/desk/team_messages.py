"""What leads say to people, on every page of the desk until it is read."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caseward.casework.floor import saying
from caseward.casework.floor.saying import Unread
from caseward.org.models import StaffMember
from caseward.routing.availability import set_state
from caseward.web.middleware import SignedInRequest
from caseward.web.views.floor.people import State, state_labels
from caseward.web.views.floor.times import short


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with the words around it."""

    id: int
    text: str
    asks_for: str
    ask_words: str
    do_words: str
    when: str
    by_name: str


def unread(staff: StaffMember, now: datetime) -> list[Shown]:
    """Return the messages somebody has not read, as their page shows them."""
    return [_shown(message) for message in saying.unread_by(staff, now=now)]


@login_required
@require_safe
def messages(request: SignedInRequest) -> HttpResponse:
    """Give an open page the messages of now."""
    return render(request, "_team_messages.html")


@login_required
@require_POST
def read(request: SignedInRequest, message_id: int) -> HttpResponse:
    """Note that somebody has read a message; with `does` they do what it asks as well."""
    now = timezone.now()
    mine = [each for each in saying.unread_by(request.user, now=now) if each.id == message_id]
    if not mine and not saying.is_for(message_id=message_id, staff=request.user):
        raise Http404("not a message for them")
    saying.mark_read(message_id=message_id, staff=request.user, now=now)
    if mine and mine[0].asks_for and "does" in request.POST:
        why = _("Asked by a lead")
        set_state(staff=request.user, state=mine[0].asks_for, why=why, now=now)
    return redirect(_back(request))


def _shown(message: Unread) -> Shown:
    state = state_labels()[State(message.asks_for)] if message.asks_for else ""
    return Shown(
        id=message.id,
        text=message.text,
        asks_for=message.asks_for,
        ask_words=_("Asks you to be: %(state)s.") % {"state": state} if state else "",
        do_words=_("Be: %(state)s") % {"state": state} if state else "",
        when=short(message.sent_at),
        by_name=message.by_name,
    )


def _back(request: SignedInRequest) -> str:
    wanted = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours and wanted.startswith("/") else reverse("my-cases")
