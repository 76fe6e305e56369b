"""The outbox: claiming what is due, and writing down what became of it."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from caseward.casework.models import Outgoing
from caseward.casework.services.clocking import acknowledged
from caseward.casework.services.recording import record
from caseward.channels.models import MessageId, SentMail
from caseward.core.masking import mask

if TYPE_CHECKING:
    from datetime import datetime

    from caseward.channels.email.writing import Written

VIEWER, SERVER = "mail viewer", "mail server"
MOST_ATTEMPTS = 56  # with these pauses about two days
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
JITTER = 0.2  # of the pause, so that a server that comes back is not met by all at once


def claim_due(*, now: datetime, at_most: int) -> list[Outgoing]:
    """Return mail that may leave, locked until the transaction ends; others pass it by."""
    due = Outgoing.objects.filter(state=Outgoing.State.QUEUED, send_after__lte=now)
    due = due.select_related("case", "message").order_by("send_after", "pk")
    return list(due.select_for_update(skip_locked=True, of=("self",))[:at_most])


def note_sent(outgoing: Outgoing, written: Written, *, via: str, now: datetime) -> None:
    """Write down that a server took the mail, and what it was byte for byte."""
    outgoing.state, outgoing.sent_at, outgoing.problem = Outgoing.State.SENT, now, ""
    outgoing.attempts += 1
    outgoing.save(update_fields=["state", "sent_at", "problem", "attempts"])
    SentMail.objects.create(
        outgoing=outgoing,
        recipient=written.recipient,
        content=written.content,
        sent_at=now,
        via=via[:200],
    )
    MessageId.objects.get_or_create(
        value=written.message_id,
        defaults={"case_id": outgoing.case_id, "outgoing": outgoing, "known_at": now},
    )
    is_receipt = outgoing.kind == Outgoing.Kind.ACKNOWLEDGEMENT
    kind = "case.acknowledged" if is_receipt else "mail.sent"
    if is_receipt:
        acknowledged(outgoing.case_id, at=now)
    how = VIEWER if via == VIEWER else SERVER  # vendors read this; hosts are not theirs to know
    record(
        kind, outgoing.case, at=now, outgoing_id=outgoing.pk, attempts=outgoing.attempts, via=how
    )


def note_failed(outgoing: Outgoing, *, why: str, now: datetime) -> None:
    """Write down that the mail will not be sent, and tell the case why."""
    outgoing.state, outgoing.problem = Outgoing.State.FAILED, _said(why)
    outgoing.attempts += 1
    outgoing.save(update_fields=["state", "problem", "attempts"])
    record("mail.failed", outgoing.case, at=now, outgoing_id=outgoing.pk, why=outgoing.problem)


def try_later(outgoing: Outgoing, *, why: str, now: datetime) -> None:
    """Put the mail back for another attempt, later with every one; give up after two days."""
    if outgoing.attempts + 1 >= MOST_ATTEMPTS:
        note_failed(outgoing, why=f"Given up after {MOST_ATTEMPTS} attempts. {why}", now=now)
        return
    outgoing.send_after = now + pause_after(outgoing.attempts)
    outgoing.attempts += 1
    outgoing.problem = _said(why)
    outgoing.save(update_fields=["send_after", "attempts", "problem"])


def pause_after(attempts: int, *, luck: float | None = None) -> timedelta:
    """Return how long to wait after so many earlier attempts; `luck` is between 0 and 1."""
    luck = random.random() if luck is None else luck  # noqa: S311 - spreads load, keeps no secret
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE)
    return pause * (1 + JITTER * (2 * luck - 1))


def _said(why: str) -> str:
    """Return why a mail did not leave, as everybody may read it: servers repeat the address."""
    return mask(why).text[:300]
