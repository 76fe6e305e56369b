"""Where somebody goes once a case is answered or handed on: as they chose for their desk."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from caseward.casework.models import Preference
from caseward.casework.services.preferring import preference_of
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.whence import Whence


def page_after(request: SignedInRequest, now: datetime) -> str:
    """Return the page to go to; empty where somebody stays, or came from no list."""
    then, whence = preference_of(request.user).after_sending, Whence.read(request)
    if then == Preference.Then.STAY or not whence.address:
        return ""
    if then == Preference.Then.LIST:
        return whence.address
    below = whence.neighbours(request.user, now).below
    if below is None:
        messages.info(request, _("That was the last case of this list."))
        return whence.address
    return whence.url_of_neighbour(below)


def go(request: SignedInRequest, url: str) -> HttpResponse:
    """Go to another page. The whole page changes, so htmx is told to follow too."""
    if not request.headers.get("HX-Request"):
        return redirect(url)
    return HttpResponse(status=204, headers={"HX-Redirect": url})
