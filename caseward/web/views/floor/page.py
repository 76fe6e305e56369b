"""The floor's page, what it asks for again and again, and the wallboard."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from caseward.casework.floor.people import moves_on_the_floor
from caseward.web.middleware import SignedInRequest, zone_of
from caseward.web.views.floor import choice, shared
from caseward.web.views.floor.shared import Picture, Wanted

MILLISECOND = timedelta(milliseconds=1)


@login_required
@require_safe
def floor(request: SignedInRequest) -> HttpResponse:
    """Show who is on, what waits and what is about to be missed."""
    wanted = wanted_of(request)
    context = {
        "heading": _("Floor"),
        "filters": choice.filters(wanted.scope),
        "is_narrowed": wanted.scope.is_narrowed,
        "clear_url": f"{reverse('floor')}?team={choice.EVERYBODY}",
        "query": choice.query_of(wanted.scope),
        "may_move": wanted.may_move,
        **picture_for_page(wanted),
    }
    return render(request, "floor/floor.html", context)


@require_safe
def floor_shared(request: HttpRequest, token: str) -> HttpResponse:
    """Give a page the newest picture of what its token says; nothing where it has that one.

    It is told how old that is and when to ask again, for the change it asks about may be newer.
    """
    now = timezone.now()
    try:
        wanted = shared.wanted_by(token, now=now)
    except shared.NotValid:
        return HttpResponse(_("Open the page again."), status=403, content_type="text/plain")
    picture = shared.picture(wanted)
    headers = {
        "X-Data-At": picture.at.isoformat(),
        "X-Data-Age-Ms": str((now - picture.at) // MILLISECOND),
        "X-Newer-In-Ms": str(round(1000 * shared.newer_in())),
        "X-As-Of": picture.as_of,
        "X-Content": picture.content,
        "Vary": "Accept-Encoding",
    }
    if request.GET.get("have") == picture.content:
        return HttpResponse(status=204, headers=headers)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(picture.html, headers=headers)
    return HttpResponse(picture.packed, headers={**headers, "Content-Encoding": "gzip"})


def wanted_of(request: SignedInRequest) -> Wanted:
    """Return what somebody asks to see, within what they may see."""
    staff = request.user
    scope = choice.read_scope(request.GET, staff)
    after = request.GET.get("after", "")
    return Wanted(
        scope=scope,
        language=get_language() or "en",
        zone=zone_of(staff).key,
        show=choice.read_shown(request.GET),
        after=int(after) if after.isdecimal() and len(after) < 18 else 0,
        may_move=moves_on_the_floor(staff),
    )


def picture_for_page(wanted: Wanted) -> dict[str, Any]:
    """Return what a page needs to show a picture and to ask for the next."""
    picture: Picture = shared.picture(wanted)
    token = shared.token_for(wanted, now=timezone.now())
    return {
        "picture": picture,
        "as_of": picture.as_of,
        "shared_url": reverse("floor-shared", args=[token]),
    }
