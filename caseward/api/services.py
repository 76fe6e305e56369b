"""Giving out tokens, taking them back, and counting their use."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from caseward.api.models import Token
from caseward.org.models import StaffMember

PREFIX = "cw_"


class NotSignedIn(Exception):
    """No such token, it was revoked, or its owner may not sign in any more."""


@dataclass(slots=True)
class TooManyCalls(Exception):
    """The token was used too often this minute; `wait_seconds` until it may be again."""

    wait_seconds: int


# One statement looks the token up, notes its use and counts it; two calls at once are both counted.
USE = """
    UPDATE api_token t SET last_used_at = %(now)s, minute = %(minute)s,
        calls = CASE WHEN t.minute = %(minute)s THEN t.calls + 1 ELSE 1 END
    WHERE t.digest = %(digest)s AND t.revoked_at IS NULL RETURNING t.staff_id, t.calls
"""


def give_token(staff: StaffMember, *, now: datetime) -> str:
    """Return a new token of somebody. It is kept as a hash and cannot be shown again."""
    token = PREFIX + secrets.token_urlsafe(32)
    Token.objects.create(digest=digest_of(token), staff=staff, created_at=now)
    return token


def revoke_tokens(staff: StaffMember, *, now: datetime) -> int:
    """Revoke every token of somebody; return how many worked until now."""
    return valid_tokens(staff).update(revoked_at=now)


def valid_tokens(staff: StaffMember) -> QuerySet[Token]:
    """Return the tokens of somebody that work, oldest first."""
    return Token.objects.filter(staff=staff, revoked_at__isnull=True).order_by("created_at")


def use_token(token: str, *, now: datetime, at_most: int) -> StaffMember:
    """Return whose token it is, having counted this use of it.

    Args:
        at_most: How often a token may be used in one minute of the clock.
    Raises:
        NotSignedIn: see there.
        TooManyCalls: it was used more often than that.
    """
    minute, second = divmod(int(now.timestamp()), 60)
    values: dict[str, Any] = {"now": now, "minute": minute, "digest": digest_of(token)}
    with connection.cursor() as cursor:
        cursor.execute(USE, values)
        used = cursor.fetchone()
    staff = used and _whoever(used[0])
    if not staff:
        raise NotSignedIn
    if used[1] > at_most:
        raise TooManyCalls(60 - second)
    return staff


def digest_of(token: str) -> str:
    """Return what a token is kept as. It is random throughout, so one plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _whoever(staff_id: int) -> StaffMember | None:
    staff = StaffMember.objects.select_related("vendor").filter(pk=staff_id, is_active=True).first()
    return None if staff is None or (staff.vendor and not staff.vendor.is_active) else staff
