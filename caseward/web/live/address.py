"""Where a page finds its live events."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from caseward.casework.floor.people import sees_the_floor
from caseward.org.models import StaffMember
from caseward.web.live.news import PATH
from caseward.web.live.tokens import make_screen_token, make_token

FLOOR = "/floor/"


def live_url(request: HttpRequest) -> str:
    """Return the address, with a token, where this page may listen; empty for a stranger."""
    staff = request.user
    if not isinstance(staff, StaffMember):
        return ""
    watches = request.path.startswith(FLOOR) and sees_the_floor(staff)
    token = make_token(staff, now=_began(request), watches_floor=watches)
    return f"{_address(request)}?token={token}"


def screen_url(request: HttpRequest) -> str:
    """Return the address where a screen on a wall hears that the floor changed."""
    return f"{_address(request)}?token={make_screen_token(now=_began(request))}"


def _began(request: HttpRequest) -> datetime:
    """Return when the page began to be drawn: what happens after may be missing on it."""
    began_at: datetime = getattr(request, "began_at", None) or timezone.now()
    return began_at


def _address(request: HttpRequest) -> str:
    if settings.LIVE_URL:
        return str(settings.LIVE_URL)
    host = request.get_host()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return f"{request.scheme}://{name}:{settings.LIVE_PORT}{PATH}"
