"""The request's transaction: it states who asks before any view runs."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject

from caseward.casework.access import CaseNotVisible
from caseward.casework.at_desk import AtDesk, at_desk
from caseward.org import queries as org
from caseward.org.acting import Actor, acting
from caseward.org.languages import page_language
from caseward.org.models import StaffMember

Answer = Callable[[HttpRequest], HttpResponse]


class SignedInRequest(HttpRequest):
    """A request behind `login_required`: its user is a staff member."""

    user: StaffMember
    at_desk: AtDesk


class SaysWhoActs:
    """Wrap a signed-in request in one transaction as that staff member, in their site's time zone.

    A request nobody signed in for gets no transaction and sees no rows: such a view says itself as
    whom it acts. An answer of 500 and above undoes everything. When it began, and so what it cannot
    show yet, stays with the request as `began_at`.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.began_at = timezone.now()  # type: ignore[attr-defined]
        if isinstance(request.user, AnonymousUser) or not request.user.is_authenticated:
            return self.get_response(request)
        staff = request.user
        request.at_desk = SimpleLazyObject(lambda: at_desk(staff, now=timezone.now()))  # type: ignore[attr-defined]
        with acting(Actor.staff(staff)), timezone.override(zone_of(staff)):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> None:
        """Answer "not yours" like "does not exist"."""
        if isinstance(problem, CaseNotVisible):
            raise Http404 from problem


class KeptByNoCache:
    """Tell browsers and proxies to keep no page: after signing out, Back must show nothing.

    Style sheets, scripts and fonts never get here and are kept for ever.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        add_never_cache_headers(response)
        return response


class SpeaksOneLanguage:
    """Show staff the language they chose for their desk, English until then.

    Unlike a requester's page, the desk does not follow the browser: many who read Hindi cases all
    day work in English. Before signing in, the browser's language is all we know.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, StaffMember):
            return self.get_response(request)
        with translation.override(page_language(request.user.language)):
            return self.get_response(request)


class ExplainsButtons:
    """Say on a page what an address is for that only takes what a button sends.

    Somebody who reloads after pressing one, or opens it from the history, sees a blank page else.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_opened = request.method == "GET" and request.accepts("text/html")
        if isinstance(response, HttpResponseNotAllowed) and is_opened:
            response.content = render_to_string("405.html", request=request)
            response["Content-Type"] = "text/html; charset=utf-8"
        return response


def zone_of(staff: StaffMember) -> ZoneInfo:
    """Return the time zone somebody works in."""
    site = org.sites().get(staff.site_id or 0)
    return ZoneInfo(site.timezone if site else settings.TIME_ZONE)
