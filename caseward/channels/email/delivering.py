"""Delivery: what is due in the outbox is written, sent and written down.

A row is locked while its mail is sent and marked in the same transaction. Whoever is killed between
the server's yes and the commit leaves the row queued: the mail is sent twice with one Message-ID
and shows as one; it is never lost.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError

from caseward.channels.email import outbox
from caseward.channels.email.composing import NotSendable
from caseward.channels.email.mailboxes import NoMailbox
from caseward.channels.email.sending import Courier, Refused, Server, TryLater
from caseward.channels.email.writing import Written, write

if TYPE_CHECKING:
    from datetime import datetime

    from caseward.casework.models import Outgoing

logger = logging.getLogger(__name__)

AT_ONCE_SHOWN = 50
AT_ONCE_SENT = 1  # so that a kill repeats one mail at most
VIEWER = outbox.VIEWER
FAULT = "Caseward could not write this mail; its log says why."

_mine = threading.local()


def deliver_due(now: datetime) -> int:
    """Send what is due, a batch of it; return how many rows were dealt with.

    Without `SMTP_URL` nothing leaves the machine: mail counts as sent and the viewer shows it.
    """
    courier = courier_of_this_thread()
    due = outbox.claim_due(now=now, at_most=AT_ONCE_SENT if courier else AT_ONCE_SHOWN)
    for outgoing in due:
        _deliver(outgoing, courier, now)
    if not due:
        hang_up()
    return len(due)


def hang_up() -> None:
    """End this thread's connection to the mail server, if there is one."""
    courier: Courier | None = getattr(_mine, "courier", None)
    if courier:
        courier.close()


def _deliver(outgoing: Outgoing, courier: Courier | None, now: datetime) -> None:
    try:
        written = write(outgoing, now=now)
        via = _send(written, courier)
    except (NotSendable, Refused) as problem:
        outbox.note_failed(outgoing, why=str(problem), now=now)
    except (TryLater, NoMailbox, OSError) as problem:
        logger.warning("mail.not_sent: outgoing %d, %s", outgoing.pk, type(problem).__name__)
        outbox.try_later(outgoing, why=str(problem), now=now)
    except DatabaseError:
        raise
    except Exception as problem:  # a fault of ours, which must not hold up the mails behind it
        logger.exception("mail.not_written: outgoing %d", outgoing.pk)
        outbox.try_later(outgoing, why=f"{FAULT} ({type(problem).__name__})", now=now)
    else:
        outbox.note_sent(outgoing, written, via=via, now=now)


def _send(written: Written, courier: Courier | None) -> str:
    if courier is None:
        return VIEWER
    courier.send(written)
    return str(courier.server)


def courier_of_this_thread() -> Courier | None:
    """Return this thread's courier to `SMTP_URL`; None when nothing is to leave the machine."""
    url = settings.SMTP_URL
    if getattr(_mine, "url", None) != url:
        hang_up()
        _mine.url = url
        _mine.courier = Courier(Server.at(url), our_name=settings.MAIL_DOMAIN) if url else None
    courier: Courier | None = _mine.courier
    return courier
