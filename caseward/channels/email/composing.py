"""Write the mails we send, as text and HTML, in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from caseward.channels.email.address_lists import is_valid, one_line
from caseward.channels.email.addressing import message_id, reply_address
from caseward.channels.email.classifying import LOOP_HEADER
from caseward.channels.email.letters import Letter, as_html, as_text
from caseward.channels.email.trimming_words import OUR_MARKER
from caseward.org.languages import PAGE_CODES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from caseward.channels.email.mail import Attachment

POLICY = SMTP.clone(max_line_length=78, utf8=False)
CONTENT_LANGUAGES = {"zh": "zh-Hans"}
MOST_REFERENCES = 20


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail comes from: a mailbox of ours, and the key that signs its addresses."""

    name: str
    mailbox: str
    domain: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every outgoing mail about a case needs.

    `outgoing` is the id of the outbox row; sending it twice gives the same Message-ID, so a retry
    after a lost answer shows up as one mail. `references` are the ids of the conversation so far,
    oldest first, the one answered last.
    """

    sender: Sender
    to: str
    to_name: str
    subject: str
    reference: str
    outgoing: str
    language: str
    sent_at: datetime
    references: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()


class NotSendable(Exception):
    """The recipient's address cannot be written to."""


def compose_reply(
    envelope: Envelope,
    *,
    text: str,
    agent_name: str = "",
    status_url: str = "",
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """Write an agent's answer.

    Raises:
        NotSendable: the recipient's address is not valid.
    """
    letter = reply_letter(
        title=envelope.subject,
        reference=envelope.reference,
        language=envelope.language,
        text=text,
        agent_name=agent_name,
        status_url=status_url,
    )
    message = _message(envelope, letter)
    for attachment in attachments:
        _attach(message, attachment)
    if attachments:  # files were put beside the text, which took this header with it
        message["Content-Language"] = _language_tag(envelope.language)
    return message


def reply_letter(
    *,
    title: str,
    reference: str,
    language: str,
    text: str,
    agent_name: str = "",
    status_url: str = "",
) -> Letter:
    """Write what an agent's answer says: its words, who signs, the reference and the status."""
    with _language(language):
        footer = [_("Your reference: %(reference)s") % {"reference": reference}]
        if status_url:
            footer.append(_("See your request online: %(url)s") % {"url": status_url})
        marker = _marker()
    words = tuple(part for part in (text.strip(), agent_name) if part)
    return Letter(
        one_line(title), _language_tag(language), words, marker=marker, footer=tuple(footer)
    )


def compose_acknowledgement(envelope: Envelope, *, status_url: str) -> EmailMessage:
    """Write the receipt for a new request; marked so that no program answers it.

    Raises:
        NotSendable: the recipient's address is not valid.
    """
    with _language(envelope.language):
        words = [
            _("Hello,"),
            _("We have received your message. A person will read it and answer you."),
            _("Your reference is %(reference)s.") % {"reference": envelope.reference},
            _("To see what is happening or to add something, open this page: %(url)s")
            % {"url": status_url},
            _("You can also simply reply to this e-mail."),
        ]
        letter = _letter(envelope, words, marker=_marker())
    message = _message(envelope, letter)
    return _mark_automatic(message, "auto-replied")


def compose_survey(
    envelope: Envelope, *, rating_urls: Sequence[str], unsubscribe_url: str = ""
) -> EmailMessage:
    """Write the invitation to rate an answer, with one link for each rating from 1 to 5.

    Raises:
        NotSendable: the recipient's address is not valid.
        ValueError: there are not five links.
    """
    if len(rating_urls) != 5:
        raise ValueError(f"rating_urls must hold 5 links, got {len(rating_urls)}")
    with _language(envelope.language):
        labels = [_("Very poor"), _("Poor"), _("Neither good nor poor"), _("Good"), _("Very good")]
        words = [
            _("Hello,"),
            _("You wrote to us and we answered. How was our help with %(reference)s?")
            % {"reference": envelope.reference},
            _("Choose one. You can change your answer for 7 days."),
        ]
        choices = tuple((f"{n} – {labels[n - 1]}", rating_urls[n - 1]) for n in range(1, 6))
        letter = replace(_letter(envelope, words), choices=choices)
        if unsubscribe_url:
            footer = _("No more questions like this: %(url)s") % {"url": unsubscribe_url}
            letter = replace(letter, footer=(footer,))
    message = _message(envelope, letter)
    message["List-Id"] = f"<surveys.{envelope.sender.domain}>"
    if unsubscribe_url:
        message["List-Unsubscribe"] = f"<{one_line(unsubscribe_url)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return _mark_automatic(message, "auto-generated")


def _language(language: str) -> translation.override:
    return translation.override(PAGE_CODES.get(language, language))


def _language_tag(language: str) -> str:
    return CONTENT_LANGUAGES.get(language, language)


def _letter(envelope: Envelope, words: list[str], *, marker: str = "") -> Letter:
    return Letter(
        one_line(envelope.subject), _language_tag(envelope.language), tuple(words), marker
    )


def _message(envelope: Envelope, letter: Letter) -> EmailMessage:
    message = EmailMessage(policy=POLICY)
    message.set_content(as_text(letter), cte="quoted-printable")
    message.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    _write_headers(message, envelope)
    return message


def _marker() -> str:
    return OUR_MARKER + _("Please write your reply above this line") + " -##"


def _write_headers(message: EmailMessage, envelope: Envelope) -> None:
    sender = envelope.sender
    replies = reply_address(mailbox=sender.mailbox, reference=envelope.reference, key=sender.key)
    message["From"] = _address(sender.name, sender.mailbox)
    message["To"] = _address(envelope.to_name, envelope.to)
    if envelope.cc:
        message["Cc"] = [_address("", address) for address in envelope.cc]
    message["Reply-To"] = _address(sender.name, replies)
    message["Subject"] = one_line(envelope.subject)[:400]
    message["Date"] = format_datetime(envelope.sent_at)
    message["Message-ID"] = message_id(
        reference=envelope.reference,
        outgoing=envelope.outgoing,
        domain=sender.domain,
        key=sender.key,
    )
    _write_thread(message, envelope.references)
    message["Content-Language"] = _language_tag(envelope.language)
    message[LOOP_HEADER] = sender.domain


def _write_thread(message: EmailMessage, references: tuple[str, ...]) -> None:
    known = [f"<{found}>" for r in references if (found := re.sub(r"[<>\s]", "", r)[:250])]
    if not known:
        return
    message["In-Reply-To"] = known[-1]
    kept = known if len(known) <= MOST_REFERENCES else [known[0], *known[-MOST_REFERENCES + 1 :]]
    message["References"] = " ".join(kept)


def _address(name: str, email: str) -> HeaderAddress:
    if not is_valid(email):
        raise NotSendable(f"{one_line(email)[:100]!r} is not an address mail can be sent to.")
    local, _at, domain = email.rpartition("@")
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        return HeaderAddress(one_line(name)[:120], username=local, domain=ascii_domain)
    except (ValueError, IndexError) as error:
        raise NotSendable(f"{one_line(email)[:100]!r} cannot be written in a header.") from error


def _mark_automatic(message: EmailMessage, how: str) -> EmailMessage:
    message["Auto-Submitted"] = how
    message["X-Auto-Response-Suppress"] = "All"
    message["Precedence"] = "auto_reply"
    return message


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main, _slash, sub = attachment.declared_type.partition("/")
    if main in {"", "text", "message", "multipart"} or not re.fullmatch(r"[\w.+-]+", sub or ""):
        main, sub = "application", "octet-stream"
    name = one_line(attachment.name) or "file"
    message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=name)
