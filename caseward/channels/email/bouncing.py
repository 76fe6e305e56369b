"""Our own mail came back: the case learns it, nobody is answered, nothing is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caseward.casework.models import Case, Outgoing
from caseward.casework.services import receive_message
from caseward.casework.services.recording import record
from caseward.channels.email.addressing import origin_of
from caseward.channels.email.keys import mail_key
from caseward.channels.email.reading import storable
from caseward.channels.email.waiting import Outcome
from caseward.channels.models import RawMail
from caseward.core.masking import mask

if TYPE_CHECKING:
    from datetime import datetime

    from caseward.channels.email.bounces import Bounce
    from caseward.channels.email.conversations import Found
    from caseward.channels.email.reading import Reading

CAME_BACK = "Our mail came back: it did not reach the requester."
COULD_HAVE_LEFT = (Outgoing.State.SENT, Outgoing.State.QUEUED)


def take_back(reading: Reading, found: Found | None, *, at: datetime) -> Outcome:
    """Mark the mail that came back and show the bounce on its case; a mere delay changes nothing.

    Args:
        found: The case the bounce was addressed to, when its address or ids say so.
    """
    bounce = reading.verdict.bounce
    outgoing = _outgoing(bounce, found) if bounce else None
    if bounce is None or outgoing is None:
        return Outcome(RawMail.State.IGNORED, "A bounce of no mail of ours")
    if bounce.failures and not bounce.is_permanent:
        return Outcome(RawMail.State.IGNORED, "Delivery is delayed", outgoing.case_id)
    return _mark(outgoing, bounce, reading, at)


def _outgoing(bounce: Bounce, found: Found | None) -> Outgoing | None:
    """Return the mail that came back: by its signed id, else the last one sent on the case."""
    for made in bounce.original_message_ids:
        origin = origin_of(storable(made), key=mail_key())
        if origin and origin.outgoing.isdecimal():
            named = Outgoing.objects.filter(
                pk=int(origin.outgoing), case__reference=origin.reference
            )
            if outgoing := named.first():
                return outgoing
    if found is None:
        return None
    sent = Outgoing.objects.filter(case_id=found.case_id, state=Outgoing.State.SENT)
    return sent.order_by("-sent_at", "-pk").first()


def _mark(outgoing: Outgoing, bounce: Bounce, reading: Reading, at: datetime) -> Outcome:
    why = _why(bounce)
    marked = Outgoing.objects.filter(pk=outgoing.pk, state__in=COULD_HAVE_LEFT).update(
        state=Outgoing.State.BOUNCED, problem=why
    )
    if not marked:
        return Outcome(RawMail.State.IGNORED, "A further bounce of one mail", outgoing.case_id)
    message = receive_message(
        case_id=outgoing.case_id,
        channel=Case.Channel.EMAIL,
        text=reading.text,
        quoted=reading.quoted,
        is_automatic=True,
        problem=CAME_BACK,
        now=at,
    )
    record("mail.bounced", message.case, at=at, outgoing_id=outgoing.pk, why=why)
    return Outcome(RawMail.State.DONE, "A bounce", message.case_id, message.pk)


def _why(bounce: Bounce) -> str:
    """Return the words of the other server, without the address they speak of."""
    failure = next((f for f in bounce.failures if f.is_permanent), None)
    if failure is None:
        return CAME_BACK
    said = " ".join(part for part in (failure.status, failure.detail) if part)
    return mask(storable(said)).text[:300] or CAME_BACK
