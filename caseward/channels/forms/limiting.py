"""How often one address may send: counted in PostgreSQL, so any number of web processes agree."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from caseward.channels.models import FormTicket

WINDOW = timedelta(hours=1)
KEPT = timedelta(days=2)  # a ticket is good for one
CLAIM = """
    INSERT INTO channels_formticket (number, submitted_at, address_hash) VALUES (%s, %s, %s)
    ON CONFLICT (number) DO NOTHING
"""


class TooMany(Exception):
    """This address has sent too often; it may again at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def hash_of(address: str) -> bytes:
    """Return what an address is counted by; without the secret key it leads back to nobody."""
    return salted_hmac("caseward.form-address", address, algorithm="sha256").digest()


def claim(number: UUID, *, address_hash: bytes, now: datetime) -> bool:
    """Use up a ticket in the caller's transaction; False when it was used before.

    Two at once with the same ticket wait for each other, and one of them gets False.

    Raises:
        TooMany: this address has sent too often within the hour.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(encode(%s, 'hex')))", [address_hash])
        cursor.execute(CLAIM, [number, now, address_hash])
        is_new: bool = cursor.rowcount == 1
    if is_new:
        refuse_if_too_many(address_hash=address_hash, now=now, besides=number)
    return is_new


def refuse_if_too_many(*, address_hash: bytes, now: datetime, besides: UUID | None = None) -> None:
    """Raise `TooMany` when an address has used up its hour."""
    times = FormTicket.objects.filter(address_hash=address_hash, submitted_at__gt=now - WINDOW)
    others = times.exclude(number=besides) if besides else times
    limit = settings.FORM_LIMIT_PER_HOUR
    sent = list(others.order_by("-submitted_at").values_list("submitted_at", flat=True)[:limit])
    if len(sent) >= limit:
        raise TooMany(until=sent[-1] + WINDOW)


def note_attempt(*, address_hash: bytes, now: datetime) -> None:
    """Count a form that was sent back for correction while its files were kept."""
    FormTicket.objects.create(number=uuid4(), submitted_at=now, address_hash=address_hash)


def forget_old_tickets(*, now: datetime) -> int:
    """Delete tickets that can no longer be sent again, and with them where they came from."""
    return FormTicket.objects.filter(submitted_at__lt=now - KEPT).delete()[0]
