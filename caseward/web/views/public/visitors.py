"""Who sends without signing in: their address, and posts too large to be read at all."""

from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from caseward.channels.forms import demo_senders, megabytes
from caseward.channels.forms.limiting import hash_of
from caseward.web.views.public.pages import notice

NETWORK_OF_ONE = 64  # bits an IPv6 household shares; its devices use many addresses

type View = Callable[..., HttpResponse]


def address_hash(request: HttpRequest) -> bytes:
    """Return what a sender is counted by: where they come from, the demo's own by themselves."""
    if demo_senders.is_proven(request.headers.get(demo_senders.HEADER)):
        return hash_of(demo_senders.COUNTED_AS)
    return hash_of(network_of(request))


def network_of(request: HttpRequest) -> str:
    """Return the address a request came from, for IPv6 the network of its household."""
    address = _address(request)
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(ip_network((known, NETWORK_OF_ONE), strict=False))
    return str(known)


def _address(request: HttpRequest) -> str:
    """Return the sender's address; behind our proxy (HTTPS is on) the one the proxy saw."""
    if settings.HTTPS and (seen := request.headers.get("X-Forwarded-For")):
        return seen.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def refuses_huge_posts(view: View) -> View:
    """Answer a post larger than a form may be before reading any of it; check the token after."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if _length(request) > most_bytes():
            return _too_large(request)
        return protected(request, *args, **kwargs)

    return answered


def most_bytes() -> int:
    files: int = settings.UPLOAD_COUNT_LIMIT * settings.UPLOAD_SIZE_LIMIT
    return files + int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _length(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isdecimal() else 0


def _too_large(request: HttpRequest) -> HttpResponse:
    words = _(
        "Together your files are larger than the %(limit)s that can be sent at once. Go back in"
        " your browser, where your text is still there, and choose fewer or smaller files."
    )
    return notice(
        request,
        heading=_("That was too large, and nothing was sent"),
        words=words % {"limit": megabytes(most_bytes())},
        status=413,
    )
