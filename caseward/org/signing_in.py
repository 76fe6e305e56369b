"""Who may sign in, and how often somebody may try."""

import logging
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils.crypto import salted_hmac

from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org import planned
from caseward.org.models import SignInAttempt, StaffMember, Vendor

logger = logging.getLogger(__name__)

WINDOW = timedelta(minutes=15)
KEPT_FOR = timedelta(hours=1)
PER_ACCOUNT = 10
PER_ADDRESS = 100  # a whole office may share one address


class TooManyAttempts(Exception):
    """This account or this address has tried too often; it may again at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class StaffBackend(ModelBackend):
    """Password sign-in for staff members who are active and whose vendor is."""

    def get_user(self, user_id: int) -> StaffMember | None:
        """Return the signed-in person, once more checked at every request."""
        found = planned.rows(_member_and_vendor(), [user_id])
        member = _member(found[0]) if found else None
        return member if self.user_can_authenticate(member) else None

    def user_can_authenticate(self, user: StaffMember | None) -> bool:  # type: ignore[override]
        if user is None or not user.is_active:
            return False
        return user.vendor is None or user.vendor.is_active


@cache
def _member_and_vendor() -> str:
    """Return the question every request asks, worded once."""
    asked = StaffMember.objects.select_related("vendor").filter(pk=0)
    return str(asked.query.sql_with_params()[0])


def _member(row: tuple[Any, ...]) -> StaffMember:
    columns = [field.attname for field in StaffMember._meta.concrete_fields]
    member = StaffMember.from_db(None, columns, row[: len(columns)])
    if member.vendor_id:
        names = [field.attname for field in Vendor._meta.concrete_fields]
        member.vendor = Vendor.from_db(None, names, row[len(columns) :])
    return member


def digest(name: str) -> bytes:
    """Return what an account or an address is counted by."""
    return salted_hmac("caseward.org.sign-in", name.strip().casefold(), algorithm="sha256").digest()


def note_attempt(*, account: str, address: bytes, now: datetime) -> SignInAttempt:
    """Count an attempt before the password is looked at, so that many at once all count.

    Args:
        address: What the sender's address is counted by: never the address itself.
    """
    SignInAttempt.objects.filter(at__lt=now - KEPT_FOR).delete()
    return SignInAttempt.objects.create(account=digest(account), address=address, at=now)


def refuse_if_too_many(attempt: SignInAttempt) -> None:
    """Raise `TooManyAttempts` when the account or the address has used up its attempts.

    Call it once the attempt is committed, and `forget` one that is turned away, so that trying on
    does not prolong the wait. It is logged only: the ledger must not grow as fast as one can ask.
    """
    since = attempt.at - WINDOW
    for field, limit in (("account", PER_ACCOUNT), ("address", PER_ADDRESS)):
        tried = SignInAttempt.objects.filter(**{field: getattr(attempt, field)}, at__gt=since)
        moments = list(tried.order_by("-at", "-pk").values_list("at", flat=True)[: limit + 1])
        if len(moments) > limit:
            logger.warning("staff.sign_in_refused: too many attempts by one %s", field)
            raise TooManyAttempts(until=moments[-1] + WINDOW)


def forget(attempt: SignInAttempt) -> None:
    """Leave an attempt out of the count."""
    attempt.delete()


def signed_in(member: StaffMember, *, account: str, now: datetime) -> None:
    """Record that somebody signed in, and forget what they mistyped before."""
    SignInAttempt.objects.filter(account=digest(account)).delete()
    _record("staff.signed_in", member, now)


def refused(*, account: str, now: datetime) -> None:
    """Record that somebody was not let in; a name nobody has is not kept."""
    try:
        member = StaffMember.objects.get_by_natural_key(account)
    except StaffMember.DoesNotExist:
        member = None
    _record("staff.sign_in_refused", member, now)


def _record(kind: str, member: StaffMember | None, now: datetime) -> None:
    ledger.record(
        kind,
        at=now,
        actor_id=member.pk if member else None,
        actor_name=member.name if member else "",
        audience=Event.Audience.IN_HOUSE,
        data={"vendor_id": member.vendor_id if member else None},
    )
