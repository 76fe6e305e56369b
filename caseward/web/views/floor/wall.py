"""The wallboard, and a link with which a screen shows it that nobody signs in at."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from caseward.casework.floor.people import Scope, sees_the_floor, widest_scope
from caseward.org.acting import acting
from caseward.org.models import StaffMember
from caseward.web.live.address import live_url, screen_url
from caseward.web.middleware import SignedInRequest, zone_of
from caseward.web.views.floor import choice, page, shared
from caseward.web.views.floor.shared import Wanted

SALT = "caseward.web.floor.screen"
LASTS = timedelta(days=30)


@login_required
@require_safe
def wallboard(request: SignedInRequest) -> HttpResponse:
    """Show a part of the floor for a screen that all can see: sums and queues, no names."""
    wanted = shared.as_wall(page.wanted_of(request))
    query = choice.query_of(wanted.scope)
    context = {
        "title": _title(wanted.scope),
        "live_url": live_url(request),
        "floor_url": f"{reverse('floor')}?{query}",
        "screen_url": f"{reverse('floor-screen-link')}?{query}",
        **page.picture_for_page(wanted),
    }
    return render(request, "floor/wallboard.html", context)


@login_required
@require_safe
def screen_link(request: SignedInRequest) -> HttpResponse:
    """Give a lead the address for a screen."""
    scope, now = choice.read_scope(request.GET, request.user), timezone.now()
    facts = [request.user.pk, choice.query_of(scope), get_language() or "en"]
    facts.append(int((now + LASTS).timestamp()))
    path = reverse("floor-screen", args=[signing.dumps(facts, salt=SALT, compress=True)])
    context = {
        "link": request.build_absolute_uri(path),
        "ends": date_format(timezone.localtime(now + LASTS), "j F Y"),
        "back": f"{reverse('floor-wallboard')}?{choice.query_of(scope)}",
    }
    return render(request, "floor/screen_link.html", context)


@require_safe
def screen(request: HttpRequest, token: str) -> HttpResponse:
    """Show the wallboard on a screen nobody signed in at, as long as its lead leads."""
    wanted = _wanted_by(token, timezone.now())
    context = {
        "title": _title(wanted.scope),
        "live_url": screen_url(request),
        **page.picture_for_page(wanted),
    }
    return render(request, "floor/wallboard.html", context)


def _wanted_by(token: str, now: datetime) -> Wanted:
    try:
        staff_id, query, language, expires = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Http404("not a link of ours") from None
    if now >= datetime.fromtimestamp(expires, UTC):
        raise Http404("the link has expired")
    with acting(shared.SYSTEM):
        staff = StaffMember.objects.filter(pk=staff_id, is_active=True).first()
        if staff is None or not sees_the_floor(staff):
            raise Http404("whoever made the link leads nobody any more")
        scope = choice.narrowed(widest_scope(staff), QueryDict(query))
        wanted = Wanted(scope=scope, language=language, zone=zone_of(staff).key)
    return shared.as_wall(wanted)


def _title(scope: Scope) -> str:
    return choice.name_of(scope) if scope.is_narrowed else _("The floor")
