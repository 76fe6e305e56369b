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
NO_VENDOR = -1  # unlike None, which stands for in-house, the vendor of no case


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose page is listening, and what it may be told of."""

    staff_id: int
    vendor_id: int | None
    sees_in_house: bool
    expires_at: datetime
    watches_floor: bool = False  # told, at most once a second, that something there changed
    drawn_at: datetime | None = None  # what happened since then, the page does not show yet


def make_token(staff: "StaffMember", *, now: datetime, watches_floor: bool = False) -> str:
    """Return a token with which a page of this person may listen; after an hour it asks anew.

    Args:
        now: When the page began to be drawn, before it read anything.
    """
    return _token(staff.pk, staff.vendor_id, staff.vendor_id is None, now, watches_floor)


def make_screen_token(*, now: datetime) -> str:
    """Return a token for a screen on a wall: told that the floor changed, and nothing else."""
    return _token(0, NO_VENDOR, False, now, True)


def _token(
    staff_id: int, vendor_id: int | None, sees_in_house: bool, now: datetime, watches_floor: bool
) -> str:
    facts = [staff_id, vendor_id, sees_in_house, now.timestamp(), watches_floor]
    return signing.dumps(facts, salt=SALT)


def read_token(token: str, *, now: datetime) -> Reader | None:
    """Return who a token was made for, or None if it was tampered with or has expired."""
    try:
        staff_id, vendor_id, sees_in_house, drawn, watches = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    drawn_at = datetime.fromtimestamp(drawn, UTC)
    expires_at = drawn_at + LASTS
    if now >= expires_at:
        return None
    return Reader(staff_id, vendor_id, sees_in_house, expires_at, watches, drawn_at)
