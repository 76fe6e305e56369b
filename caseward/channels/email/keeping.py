"""Mail no program could read: kept as it came, as a case for a person, never dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caseward.casework.models import Case
from caseward.casework.services import NewCase, Person
from caseward.channels.attachments import attach, keep
from caseward.channels.email.address_lists import is_valid
from caseward.channels.email.headers import read
from caseward.channels.email.mailboxes import box_for, sealed_lobs
from caseward.channels.email.opening import open_somewhere
from caseward.channels.email.reading import storable
from caseward.channels.email.requests import title_of
from caseward.channels.email.waiting import Outcome
from caseward.channels.models import RawMail

if TYPE_CHECKING:
    from caseward.channels.email.waiting import Stored

UNREADABLE = "No program could read this mail; its raw message is attached."
FAILED = "Reading this mail failed three times; its raw message is attached."
FILE_NAME = "message.eml"


def keep_for_a_person(mail: Stored, *, why: str) -> Outcome:
    """Open a case that holds the raw mail and says why a person should look at it."""
    box = box_for(mail.recipients)
    subject = read(mail.content.lstrip()).text("Subject")
    new = NewCase(
        lob_id=box.lob_id,
        priority=box.default_priority,
        channel=Case.Channel.EMAIL,
        language=box.language,
        title=title_of(subject, why),
        text="",
        people=[Person(email=storable(mail.sender).lower() if is_valid(mail.sender) else "")],
        problem=why,
        wants_acknowledgement=False,
    )
    opened = open_somewhere(new, box, now=mail.received_at)
    file = keep(mail.content, name=FILE_NAME, stays_sealed=box.lob_id in sealed_lobs())
    attach(opened.message_id, [file])
    return Outcome(RawMail.State.KEPT, why, opened.id, opened.message_id)
