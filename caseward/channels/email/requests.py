"""What a mail that begins a new case asks for: whose it is, in which language, about what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from caseward.casework.models import Case
from caseward.casework.services import NewCase, Person
from caseward.channels.email.address_lists import is_valid
from caseward.channels.email.classifying import Kind
from caseward.channels.email.mail import Address
from caseward.channels.email.reading import storable
from caseward.core.languages import LANGUAGES, UNKNOWN, recognise
from caseward.policy import queries as policy

if TYPE_CHECKING:
    from caseward.channels.email.mailboxes import Box
    from caseward.channels.email.reading import Reading
    from caseward.policy.models import Reason

LONGEST_TITLE = 90
REPLY_MARKS = re.compile(
    r"^(?:\s*(?:re|aw|sv|antw|fwd?|wg|tr|回复|答复|转发)(?:\[\d+\])?\s*[:：])+\s*", re.IGNORECASE
)
MAILBOX_SPEAKS = 0.6  # how often people write in the language of the mailbox they write to
COUNTRY_OF_LANGUAGE = {"hi": "IN", "ms": "MY"}
COUNTRY_ENDING = re.compile(r"\.(in|my|sg|id|ph|th|vn|lk|bd|np|pk|ae|au|nz|us|ca|cn|tw|hk)$")
INDIAN_TIME = re.compile(r"\+0530\b")
ELSEWHERE = "Answers would go to another address than the one this mail names as its sender."


def new_case_from(reading: Reading, box: Box, *, is_flood: bool) -> NewCase:
    """Return the case a mail asks for; a flood of mails is not acknowledged one by one."""
    text = reading.text
    language = _language(reading, box, text)
    said = f"{reading.mail.subject}\n{reading.trimmed.visible or text}"
    reason = _reason(said, box, language)
    return NewCase(
        lob_id=reason.lob_id if reason else box.lob_id,
        priority=reason.priority if reason else box.default_priority,
        channel=Case.Channel.EMAIL,
        language=language,
        title=title_of(reading.mail.subject, text),
        text=text,
        quoted=reading.quoted,
        html=reading.html,
        people=[_requester(reading)],
        reason_id=reason.pk if reason else None,
        country=_country(reading, language),
        problem=reading.problem or _doubt(reading),
        wants_acknowledgement=reading.verdict.may_be_answered and not is_flood,
    )


def writer_of(reading: Reading) -> Address:
    """Return the name of who wrote and the address they want answers at, in lower case."""
    sender = reading.mail.sender
    wanted = next((a for a in reading.mail.reply_to if is_valid(a.email)), sender)
    return Address(storable(sender.name or wanted.name), storable(wanted.email).lower()[:320])


def title_of(subject: str, text: str) -> str:
    """Return the subject without reply marks, else the first line of the text."""
    title = REPLY_MARKS.sub("", storable(subject)).strip()
    return title[:200] or _first_line(text) or "(no subject)"


def _first_line(text: str) -> str:
    line = text.strip().partition("\n")[0].strip()
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _language(reading: Reading, box: Box, text: str) -> str:
    rest = (1 - MAILBOX_SPEAKS) / (len(LANGUAGES) - 1)
    prior = {code: MAILBOX_SPEAKS if code == box.language else rest for code in LANGUAGES}
    found = recognise(f"{reading.mail.subject}\n{text}", prior=prior).language
    return box.language if found == UNKNOWN else found


def _reason(said: str, box: Box, language: str) -> Reason | None:
    """Return what it is about, in the mailbox's line of business unless only another knows it."""
    own = policy.topic_for(said, lob_id=box.lob_id, language=language)
    return own or policy.topic_for(said, lob_id=None, language=language)


def _requester(reading: Reading) -> Person:
    writer = writer_of(reading)
    return Person(name=writer.name, email=writer.email)


def _country(reading: Reading, language: str) -> str:
    """Guess the market: by the sender's domain, the clock they live by, the language they use."""
    if ending := COUNTRY_ENDING.search(reading.mail.sender.domain):
        return ending[1].upper()
    if INDIAN_TIME.search(reading.mail.headers.raw("Date")):
        return "IN"
    return COUNTRY_OF_LANGUAGE.get(language, "")


def _doubt(reading: Reading) -> str:
    """Warn when answers would leave the domain the mail says it comes from."""
    sender, wanted = reading.mail.sender, writer_of(reading)
    is_elsewhere = sender.email and wanted.domain != sender.domain
    return ELSEWHERE if is_elsewhere and reading.verdict.kind is Kind.PERSON else ""
