"""The signed, expiring token with which a page follows live events.

The page's session cookie is not looked at: reading it would need a database question and Django's
stack for every connection.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.core import signing

if TYPE_CHECKING:  # the live process loads no models
    from caseward.org.models import StaffMember

SALT = "caseward.web.live"
LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose page is listening, and what it may be told of."""

    staff_id: int
    vendor_id: int | None
    sees_in_house: bool
    expires_at: datetime


def make_token(staff: "StaffMember", *, now: datetime) -> str:
    """Return a token with which a page of this person may listen; after an hour it asks anew."""
    expires = int((now + LASTS).timestamp())
    facts = [staff.pk, staff.vendor_id, staff.vendor_id is None, expires]
    return signing.dumps(facts, salt=SALT)


def read_token(token: str, *, now: datetime) -> Reader | None:
    """Return who a token was made for, or None if it was tampered with or has expired."""
    try:
        staff_id, vendor_id, sees_in_house, expires = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    reader = Reader(staff_id, vendor_id, sees_in_house, datetime.fromtimestamp(expires, UTC))
    return reader if now < reader.expires_at else None
