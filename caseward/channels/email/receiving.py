"""Intake: stored mail becomes cases and messages, in batches, each mail exactly once."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from caseward.casework.models import Case, MessageOriginal
from caseward.casework.services import receive_message
from caseward.channels.attachments import attach, keep
from caseward.channels.email import bouncing, keeping, waiting
from caseward.channels.email.classifying import Kind
from caseward.channels.email.conversations import Conversations, Found
from caseward.channels.email.keys import mail_key
from caseward.channels.email.mail import Unparsable
from caseward.channels.email.mailboxes import box_for, boxes, sealed_lobs
from caseward.channels.email.opening import open_somewhere
from caseward.channels.email.reading import Reading, read
from caseward.channels.email.requests import new_case_from, writer_of
from caseward.channels.email.waiting import Outcome, Stored
from caseward.channels.models import RawMail
from caseward.org.acting import Actor, acting

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

AT_ONCE = 50
MOST_ATTEMPTS = 3
FLOOD_AN_HOUR = 5  # acknowledgements to one address; what comes beyond is opened in silence
ME = "mail"
STRANGER = "Somebody other than the requester wrote this; check who before you share anything."
CIRCUMSTANCES = (OperationalError, InterfaceError, OSError)  # not the mail's fault, no attempt

RECENT = """
    SELECT c.email, count(*) FROM casework_partycontact c
    JOIN casework_party p ON p.id = c.party_id JOIN casework_case k ON k.id = p.case_id
    WHERE c.email = ANY(%s) AND k.opened_at > %s - interval '1 hour' GROUP BY c.email
"""


def take_in(*, at_most: int = AT_ONCE) -> int:
    """Turn mail nobody has tried yet into cases and messages; return how many left the queue.

    One transaction for the batch. If it fails, each of its mails counts as tried and is left to
    `take_in_left_over`, so that one mail cannot hold up the others.
    """
    batch: list[Stored] = []
    try:
        with acting(Actor.system(ME)):
            batch = waiting.claim_fresh(at_most=at_most)
            _take_in(batch)
    except CIRCUMSTANCES:
        raise
    except Exception:
        logger.exception("mail.batch_failed, reading its %d mails one by one", len(batch))
        for mail in batch:
            _attempt(mail.id)
    return len(batch)


def take_in_left_over(*, before: datetime, at_most: int = AT_ONCE) -> int:
    """Try mail again that failed, or that waits since before then; return how many went well.

    Each mail is tried by itself, and no more than three times: then a person gets it as it is.
    """
    with acting(Actor.system(ME)):
        ids = waiting.left_over(before=before, at_most=at_most)
    return sum(_attempt(mail_id) for mail_id in ids)


def _attempt(mail_id: int) -> bool:
    """Take in one mail by itself; give it to a person when it has failed too often."""
    _count(mail_id, 1)
    try:
        with acting(Actor.system(ME)):
            mail = waiting.claim_one(mail_id)
            if mail is None:
                return False
            if _attempts(mail_id) > MOST_ATTEMPTS:
                waiting.finish([(mail.id, keeping.keep_for_a_person(mail, why=keeping.FAILED))])
            else:
                _take_in([mail])
    except CIRCUMSTANCES:
        _count(mail_id, -1)
        raise
    except Exception:
        logger.exception("mail.failed: raw mail %d", mail_id)
        return False
    return True


def _count(mail_id: int, by: int) -> None:
    with acting(Actor.system(ME)):
        waiting.count_attempt(mail_id, by)


def _attempts(mail_id: int) -> int:
    return RawMail.objects.values_list("attempts", flat=True).get(pk=mail_id)


def _take_in(batch: list[Stored]) -> None:
    if not batch:
        return
    readings = [(mail, _read(mail)) for mail in batch]
    intake = _Intake(readings)
    waiting.finish([(mail.id, intake.take(mail, reading)) for mail, reading in readings])
    intake.conversations.write()


def _read(mail: Stored) -> Reading | Unparsable:
    try:
        return read(
            mail.content,
            envelope_from=mail.sender,
            own_domain=settings.MAIL_DOMAIN,
            own_addresses=boxes(),
        )
    except Unparsable as problem:
        return problem


class _Intake:
    """What the mails of one batch share: the cases they belong to and who wrote how often."""

    def __init__(self, readings: list[tuple[Stored, Reading | Unparsable]]) -> None:
        read = [(r, mail.recipients) for mail, r in readings if isinstance(r, Reading)]
        self.conversations = Conversations(mail_key())
        self.conversations.look_up(read)
        writers = {writer_of(reading).email for reading, _recipients in read}
        self.recent = _recent(writers, readings[-1][0].received_at)

    def take(self, mail: Stored, reading: Reading | Unparsable) -> Outcome:
        if isinstance(reading, Unparsable):
            return keeping.keep_for_a_person(mail, why=keeping.UNREADABLE)
        found = self.conversations.find(reading, mail.recipients)
        match reading.verdict.kind:
            case Kind.LOOP:
                return Outcome(RawMail.State.IGNORED, f"Our own mail: {_because(reading)}")
            case Kind.BOUNCE:
                return bouncing.take_back(reading, found, at=mail.received_at)
            case Kind.AUTO_REPLY if found is None:
                return Outcome(RawMail.State.IGNORED, f"Sent by a machine: {_because(reading)}")
        if found is None:
            return self._open(mail, reading)
        return self._add(mail, reading, found)

    def _open(self, mail: Stored, reading: Reading) -> Outcome:
        box, writer = box_for(mail.recipients), writer_of(reading).email
        new = new_case_from(reading, box, is_flood=self.recent[writer] >= FLOOD_AN_HOUR)
        self.recent[writer] += 1
        opened = open_somewhere(new, box, now=mail.received_at)
        self._remember(reading, opened.id, writer, mail.received_at)
        _attach(opened.message_id, reading, opened.id)
        return Outcome(RawMail.State.DONE, "Opened a case", opened.id, opened.message_id)

    def _add(self, mail: Stored, reading: Reading, found: Found) -> Outcome:
        if found.may_be_copy and _is_said(found.case_id, reading.text):
            return Outcome(RawMail.State.IGNORED, "A second copy", found.case_id)
        is_automatic = reading.verdict.kind is Kind.AUTO_REPLY
        message = receive_message(
            case_id=found.case_id,
            channel=Case.Channel.EMAIL,
            text=reading.text,
            quoted=reading.quoted,
            html=reading.html,
            author_name=writer_of(reading).name,
            is_automatic=is_automatic,
            problem=reading.problem or ("" if found.is_requester or is_automatic else STRANGER),
            now=mail.received_at,
        )
        self._remember(reading, message.case_id, found.requester, mail.received_at)
        _attach(message.pk, reading, message.case_id)
        return Outcome(RawMail.State.DONE, "Added to its case", message.case_id, message.pk)

    def _remember(self, reading: Reading, case_id: int, requester: str, at: datetime) -> None:
        self.conversations.remember(reading, case_id=case_id, requester=requester, at=at)


def _recent(writers: set[str], at: datetime) -> Counter[str]:
    """Return how many cases each address opened in the hour before."""
    with connection.cursor() as cursor:
        cursor.execute(RECENT, [list(writers), at])
        return Counter(dict(cursor.fetchall()))


def _is_said(case_id: int, text: str) -> bool:
    return MessageOriginal.objects.filter(message__case_id=case_id, text=text).exists()


def _attach(message_id: int, reading: Reading, case_id: int) -> None:
    if not reading.attachments:
        return
    lob_id = Case.objects.values_list("lob_id", flat=True).get(pk=case_id)
    files = [
        keep(
            attachment.content,
            name=attachment.name,
            declared_type=attachment.declared_type,
            content_id=attachment.content_id,
            stays_sealed=lob_id in sealed_lobs(),
        )
        for attachment in reading.attachments
    ]
    attach(message_id, files)


def _because(reading: Reading) -> str:
    return "; ".join(reading.verdict.because)
