"""Whose token a request carries."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from caseward.api.services import NotSignedIn, use_token
from caseward.org.models import StaffMember


class BearerToken(HttpBearer):
    """`Authorization: Bearer …` with a token from `caseward token STAFF`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        limit = settings.API_LIMIT_PER_MINUTE
        try:
            return use_token(token, now=timezone.now(), at_most=limit)
        except NotSignedIn:
            return None


class SignedInCall(HttpRequest):
    """A call behind `BearerToken`."""

    auth: StaffMember
