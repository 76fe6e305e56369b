"""From raw bytes to what receiving needs to know: the mail, what was written now, by whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from caseward.channels.email.classifying import Verdict, classify
from caseward.channels.email.parsing import parse
from caseward.channels.email.trimming import Trimmed, trim

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from caseward.channels.email.mail import Attachment, ParsedMail

LONGEST_TEXT = 100_000
LONGEST_HTML = 1_000_000
MOST_LEVELS = 3
MOST_IDS = 12
CUT = "The text is very long and was cut; the raw message holds all of it."
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class Reading:
    """One mail, understood as far as programs can."""

    mail: ParsedMail
    verdict: Verdict
    trimmed: Trimmed

    @property
    def text(self) -> str:
        """What its writer says, with what they forwarded to show us."""
        parts = [self.trimmed.visible, *(_shown(mail, 1) for mail in self.mail.forwarded)]
        if self.trimmed.forwarded and self.trimmed.forwarded != self.trimmed.visible:
            parts.insert(1, self.trimmed.forwarded)
        return storable(BETWEEN.join(part for part in parts if part.strip()))[:LONGEST_TEXT]

    @property
    def quoted(self) -> str:
        """What is folded away: signature and history."""
        parts = [part for part in (self.trimmed.signature, self.trimmed.quoted) if part]
        return storable(BETWEEN.join(parts))[:LONGEST_TEXT]

    @property
    def html(self) -> str:
        html = storable(self.mail.html)
        return html if len(html) <= LONGEST_HTML else ""

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(_attachments(self.mail, 0))[:100]

    @property
    def problem(self) -> str:
        """What a person should know about how it was read; "" when all is well."""
        return CUT if len(self.mail.text) > LONGEST_TEXT else ""

    @property
    def addresses(self) -> set[str]:
        """The addresses its writer goes by, in lower case."""
        written = (self.mail.sender, *self.mail.reply_to)
        return {storable(address.email).lower() for address in written if address.email}

    def thread_ids(self) -> list[str]:
        """Return the ids it refers to, the one it answers first, then from new to old."""
        ids = [*self.mail.in_reply_to[:2], *reversed(self.mail.references)]
        newest = list(dict.fromkeys(storable(found) for found in ids))
        return newest if len(newest) <= MOST_IDS else [*newest[: MOST_IDS - 1], newest[-1]]


def read(
    content: bytes, *, envelope_from: str, own_domain: str, own_addresses: Collection[str]
) -> Reading:
    """Read a raw mail.

    Raises:
        Unparsable: nothing can be read from it.
    """
    mail = parse(content)
    verdict = classify(
        mail, own_domain=own_domain, own_addresses=own_addresses, envelope_from=envelope_from
    )
    return Reading(mail, verdict, trim(mail.text, subject=mail.subject))


def storable(text: str) -> str:
    """Return the text without what PostgreSQL cannot hold: null and halves of characters."""
    return text if text.isascii() and "\x00" not in text else UNSTORABLE.sub("", text)


def _shown(mail: ParsedMail, level: int) -> str:
    """Lay out a mail that came attached to another."""
    sent_at = mail.headers.text("Date")
    head = [f"> {mail.sender.name} <{mail.sender.email}>", f"> {sent_at}", f"> {mail.subject}"]
    parts = ["\n".join(line for line in head if line.strip("> <")), mail.text]
    if level < MOST_LEVELS:
        parts += [_shown(inner, level + 1) for inner in mail.forwarded]
    return BETWEEN.join(part for part in parts if part.strip())


def _attachments(mail: ParsedMail, level: int) -> Iterator[Attachment]:
    yield from mail.attachments
    if level < MOST_LEVELS:
        for inner in mail.forwarded:
            yield from _attachments(inner, level + 1)
