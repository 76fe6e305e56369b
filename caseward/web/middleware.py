"""The request's transaction: it states who asks before any view runs."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember

Answer = Callable[[HttpRequest], HttpResponse]


class SignedInRequest(HttpRequest):
    """A request behind `login_required`: its user is a staff member."""

    user: StaffMember  # type: ignore[assignment]


class SaysWhoActs:
    """Wrap a signed-in request in one transaction as that staff member.

    A request nobody signed in for gets no transaction and sees no rows: such a view says itself as
    whom it acts. An answer of 500 and above undoes everything.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, AnonymousUser) or not request.user.is_authenticated:
            return self.get_response(request)
        with acting(Actor.staff(request.user)):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response
