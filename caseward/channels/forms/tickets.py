"""The one-time ticket in a shown form: signed, good for a day, for one form or one case only."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.core import signing

LASTS = timedelta(days=1)
_SALT = "caseward.form-ticket"


class TicketInvalid(Exception):
    """The form was open too long, or its ticket was changed or belongs to another form."""


def new_ticket(purpose: str) -> str:
    """Return a ticket for one sending; `purpose` is the line of business or the case it is for."""
    return _signer().sign(f"{purpose}/{uuid4().hex}")


def read_ticket(token: str, *, purpose: str) -> UUID:
    """Return the number of a ticket.

    Raises:
        TicketInvalid: too old, changed, or made for another purpose.
    """
    try:
        made_for, _, number = _signer().unsign(token, max_age=LASTS).rpartition("/")
    except signing.BadSignature:
        raise TicketInvalid from None
    if made_for != purpose:
        raise TicketInvalid
    return UUID(number)


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=_SALT)
