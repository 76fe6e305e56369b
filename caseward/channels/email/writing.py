"""From a row of the outbox to the bytes of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from caseward.casework.models import Attachment as Kept
from caseward.casework.models import Case, Outgoing, PartyContact
from caseward.channels import links
from caseward.channels.attachments import path_of
from caseward.channels.email.address_lists import is_valid
from caseward.channels.email.addressing import reply_address
from caseward.channels.email.composing import (
    Envelope,
    NotSendable,
    Sender,
    compose_acknowledgement,
    compose_reply,
    compose_survey,
    reply_letter,
)
from caseward.channels.email.keys import mail_key
from caseward.channels.email.letters import as_text
from caseward.channels.email.mail import Attachment
from caseward.channels.email.mailboxes import Box, NoMailbox, box_of
from caseward.channels.models import MessageId, RawMail
from caseward.core.masking import HIDDEN
from caseward.org.acting import Actor, acting
from caseward.org.languages import PAGE_CODES

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage

NO_ADDRESS = "The requester gave no e-mail address; the answer is on their status page."
NOT_VALID = "The requester's e-mail address is not one mail can be sent to."
MOST_REFERENCES = 20


@dataclass(frozen=True, slots=True)
class Written:
    """A mail ready to be sent; bounces go to `sender`, which names its case."""

    sender: str
    recipient: str
    message_id: str
    content: bytes


def write(outgoing: Outgoing, *, now: datetime) -> Written:
    """Write the mail an outbox row asks for; the same row always has the same Message-ID.

    Raises:
        NotSendable: the requester cannot be reached by mail; the message says why.
        NoMailbox: the operation has no mailbox to send it from.
        OSError: an attachment cannot be read now.
    """
    case = outgoing.case
    recipient, name = _requester(case)
    if _may_be_strangers(outgoing):
        name = ""
    box = _box(case)
    envelope = Envelope(
        sender=Sender(box.name, box.address, settings.MAIL_DOMAIN, mail_key()),
        to=recipient,
        to_name=name,
        subject=_subject(outgoing),
        reference=case.reference,
        outgoing=str(outgoing.pk),
        language=_language(outgoing),
        sent_at=now,
        references=_references(case, before=outgoing),
    )
    message = _compose(outgoing, envelope, box)
    sender = reply_address(mailbox=box.address, reference=case.reference, key=mail_key())
    return Written(sender, recipient, message["Message-ID"].strip("<> "), message.as_bytes())


@dataclass(frozen=True, slots=True)
class Previewed:
    """A reply as it will be sent, but for the address of the status page, which is hidden."""

    subject: str
    text: str


def preview_reply(case: Case, *, text: str) -> Previewed:
    """Return what a reply with this text will say, as plain text."""
    subject = _reply_subject(case)
    letter = reply_letter(
        title=subject,
        reference=case.reference,
        language=case.language,
        text=text,
        agent_name=_signature_on(case),
        status_url=links.hidden_status_url(),
    )
    return Previewed(subject, as_text(letter))


def _signature_on(case: Case) -> str:
    """Return the mailbox's signature, read as Caseward itself: mail is not a vendor's to read."""
    try:
        with acting(Actor.system("preview")):
            return _signature(_box(case), case.language)
    except NoMailbox:
        return ""


def _compose(outgoing: Outgoing, envelope: Envelope, box: Box) -> EmailMessage:
    reference, message = outgoing.case.reference, outgoing.message
    if outgoing.kind == Outgoing.Kind.ACKNOWLEDGEMENT:
        return compose_acknowledgement(envelope, status_url=links.status_url(reference))
    if outgoing.kind == Outgoing.Kind.SURVEY:
        return compose_survey(
            envelope,
            rating_urls=[links.survey_url(reference, n) for n in range(1, 6)],
            unsubscribe_url=links.no_surveys_url(reference),
        )
    assert message is not None  # the database promises it: outgoing_reply_has_its_message
    return compose_reply(
        envelope,
        text=links.with_status_url(message.text, reference),
        agent_name=_signature(box, envelope.language),
        status_url=links.status_url(reference),
        attachments=[_attachment(kept) for kept in _files(message.pk)],
    )


def _signature(box: Box, language: str) -> str:
    return box.signatures.get(language, "").strip()


def _requester(case: Case) -> tuple[str, str]:
    contact = (
        PartyContact.objects.filter(party__case=case, party__part="REQUESTER")
        .exclude(email="")
        .values_list("email", "party__name")
        .first()
    )
    if contact is None:
        raise NotSendable(NO_ADDRESS)
    address, name = contact
    if not is_valid(address):
        raise NotSendable(NOT_VALID)
    return address, "" if HIDDEN in name else name


def _box(case: Case) -> Box:
    first = RawMail.objects.filter(case=case).order_by("pk").values_list("recipients", flat=True)
    written_to = first.first() or []
    return box_of(lob_id=case.lob_id, language=case.language, written_to=written_to)


def _language(outgoing: Outgoing) -> str:
    return outgoing.message.language if outgoing.message else outgoing.case.language


def _subject(outgoing: Outgoing) -> str:
    """Return the subject: the requester's own, so that mail programs keep the thread together."""
    code, about = outgoing.case.language, {"reference": outgoing.case.reference}
    with translation.override(PAGE_CODES.get(code, code)):
        if outgoing.kind == Outgoing.Kind.SURVEY:
            return _("How was our help with %(reference)s?") % about
        if _may_be_strangers(outgoing):
            return _("Your reference: %(reference)s") % about
        return _reply_subject(outgoing.case)


def _reply_subject(case: Case) -> str:
    return f"Re: {case.title}"


def _may_be_strangers(outgoing: Outgoing) -> bool:
    """Say whether nobody has read yet what goes to an address that anybody could have typed.

    Such a receipt repeats none of the form's words: it would carry advertisements to strangers.
    """
    is_receipt = outgoing.kind == Outgoing.Kind.ACKNOWLEDGEMENT
    return is_receipt and outgoing.case.channel != Case.Channel.EMAIL


def _references(case: Case, *, before: Outgoing) -> tuple[str, ...]:
    """Return the newest ids of the conversation, oldest first."""
    known = MessageId.objects.filter(case=case).exclude(outgoing=before)
    newest = known.order_by("-known_at", "-value").values_list("value", flat=True)
    ids = [value for value in newest[:MOST_REFERENCES] if not value.startswith("sha256:")]
    return tuple(reversed(ids))


def _files(message_id: int) -> list[Kept]:
    kept = Kept.objects.filter(message_id=message_id).exclude(state=Kept.State.REFUSED)
    return list(kept.order_by("pk"))


def _attachment(kept: Kept) -> Attachment:
    return Attachment(kept.name, kept.content_type, path_of(kept.sha256).read_bytes())
