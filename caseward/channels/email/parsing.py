"""Read a message: whatever arrives becomes something a person can look at, or says it cannot."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape
from typing import TYPE_CHECKING

from caseward.channels.email import charsets, flowed, html_text, uuencoding
from caseward.channels.email.address_lists import parse_addresses
from caseward.channels.email.headers import Headers, read, readable
from caseward.channels.email.mail import (
    Address,
    Attachment,
    Limits,
    ParsedMail,
    TooMuch,
    Unparsable,
)
from caseward.channels.email.tree import Part, fast_tree, patient_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
BARE_ID = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")
META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To")
BODY_KINDS = frozenset({"text/plain", "text/html"})
EMBEDDED = frozenset({"message/rfc822", "message/global"})
STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED = frozenset({"text/rfc822-headers", "text/rfc822", "message/global-headers"})
IGNORED = frozenset({"text/x-amp-html"})


def parse(raw: bytes, *, limits: Limits | None = None) -> ParsedMail:
    """Read a raw message.

    Never raises anything but the two errors below, whatever the bytes are; whatever was guessed
    or left out is named in the result's `defects`.

    Raises:
        Unparsable: there is no message in these bytes; keep them for a person.
        TooMuch: reading on would cost more than any honest message does; likewise.
    """
    limits = limits or Limits()
    if len(raw) > limits.raw_bytes:
        raise TooMuch(f"The message has {len(raw)} bytes; at most {limits.raw_bytes} are read.")
    raw = raw.lstrip(b" \t\r\n")
    headers = read(raw, limits=limits)
    if not any(True for _ in headers):
        raise Unparsable("These bytes do not begin with a single header field.")
    return _parse(raw, headers, limits, depth=0)


def _parse(raw: bytes, headers: Headers, limits: Limits, depth: int) -> ParsedMail:
    content = _Content(limits, depth)
    try:
        content.collect(fast_tree(raw, limits))
    except TooMuch:
        raise
    except Unparsable:
        content = _Content(limits, depth, defects=["repaired: structure"])
        content.collect(patient_tree(raw, limits))
    return _mail(headers, content, limits)


def _mail(headers: Headers, content: _Content, limits: Limits) -> ParsedMail:
    defects = content.defects
    if headers.damaged:
        defects.append("repaired: headers")
    senders = parse_addresses(headers.raw("From") or headers.raw("Sender"), most=1)
    if not senders:
        defects.append("missing: sender")
    return ParsedMail(
        sender=senders[0] if senders else Address("", ""),
        reply_to=parse_addresses(headers.raw("Reply-To"), most=5),
        to=_recipients(headers, "To", limits, defects),
        cc=_recipients(headers, "Cc", limits, defects),
        delivered_to=_delivered_to(headers, limits),
        subject=headers.text("Subject")[:998],
        sent_at=_sent_at(headers.raw("Date"), defects),
        message_id=next(iter(message_ids([headers.raw("Message-ID")], most=1)), ""),
        in_reply_to=message_ids(headers.all("In-Reply-To"), most=limits.references),
        references=message_ids(headers.all("References"), most=limits.references),
        headers=headers,
        content_type=content.kind,
        text=content.text(),
        html=content.html(),
        attachments=tuple(content.attachments),
        forwarded=tuple(content.forwarded),
        delivery_status=tuple(content.delivery_status),
        returned_headers=content.returned_headers,
        defects=tuple(dict.fromkeys(defects)),
    )


def _recipients(
    headers: Headers, name: str, limits: Limits, defects: list[str]
) -> tuple[Address, ...]:
    value = ", ".join(headers.all(name))
    found = parse_addresses(value, most=limits.recipients + 1)
    if len(found) > limits.recipients:
        defects.append(f"left out: recipients beyond the first {limits.recipients}")
    elif value and not found and "@" in value:
        defects.append(f"unreadable: {name}")
    return found[: limits.recipients]


def _delivered_to(headers: Headers, limits: Limits) -> tuple[str, ...]:
    values = ", ".join(value for name in DELIVERED_TO for value in headers.all(name))
    return tuple(address.email for address in parse_addresses(values, most=limits.recipients))


def _sent_at(value: str, defects: list[str]) -> datetime | None:
    try:
        found = parsedate_to_datetime(value[:128])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        if value:
            defects.append("unreadable: Date")
        return None


def message_ids(values: Iterable[str], *, most: int) -> tuple[str, ...]:
    """Return the message ids in these header values without their angle brackets.

    When there are too many, the oldest one and the newest ones are kept: threads are found by both.
    """
    found: list[str] = []
    for value in values:
        found += MESSAGE_ID.findall(value) or BARE_ID.findall(value)
    unique = list(dict.fromkeys(found))
    return tuple(unique if len(unique) <= most else [unique[0], *unique[-(most - 1) :]][:most])


@dataclass(slots=True)
class _Body:
    """One stretch of text as it is read: plain, and as HTML when it was sent so."""

    text: str
    html: str = ""


@dataclass(slots=True)
class _Content:
    """Collects what the parts of one message hold."""

    limits: Limits
    depth: int
    kind: str = "text/plain"
    bodies: list[_Body] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    forwarded: list[ParsedMail] = field(default_factory=list)
    delivery_status: list[str] = field(default_factory=list)
    returned_headers: Headers | None = None
    defects: list[str] = field(default_factory=list)
    decoded_bytes: int = 0

    def collect(self, root: Part) -> None:
        self.kind = root.kind
        self.bodies = self._bodies(root)

    def text(self) -> str:
        return "\n\n".join(body.text for body in self.bodies if body.text.strip()).strip("\n")

    def html(self) -> str:
        if not any(body.html for body in self.bodies):
            return ""
        return "\n".join(body.html or _as_html(body.text) for body in self.bodies)

    def _bodies(self, part: Part) -> list[_Body]:
        if part.kind == "multipart/alternative":
            return self._alternative(part)
        if part.kind.startswith("multipart/") and part.children:
            return [body for child in part.children for body in self._bodies(child)]
        if part.kind in BODY_KINDS and not self._is_file(part):
            return [self._read_body(part)]
        return self._keep_other(part)

    def _alternative(self, part: Part) -> list[_Body]:
        """Pick the plain rendering for reading and the HTML one for showing."""
        read = [self._bodies(child) for child in part.children]
        plain = [bodies for bodies in read if bodies and not any(b.html for b in bodies)]
        rich = [bodies for bodies in read if any(b.html for b in bodies)]
        plain_text = "\n\n".join(b.text for b in plain[0]) if plain else ""
        if not rich:
            return plain[0] if plain else []
        rich_text = "\n\n".join(b.text for b in rich[-1])
        html = "\n".join(b.html or _as_html(b.text) for b in rich[-1])
        return [_Body(plain_text if plain_text.strip() else rich_text, html)]

    def _is_file(self, part: Part) -> bool:
        return part.disposition == "attachment" or (
            bool(part.name) and (part.disposition != "inline" or part.kind == "text/html")
        )

    def _read_body(self, part: Part) -> _Body:
        text = self._text_of(part)
        if part.kind == "text/html":
            return _Body(html_text.text_of(text), text)
        text, files = uuencoding.take_out(flowed.joined(text, part.parameters))
        for name, content in files:
            self._attach(Attachment(readable(name), "application/octet-stream", content))
        return _Body(text)

    def _text_of(self, part: Part) -> str:
        data = self._bytes_of(part)
        if len(data) > self.limits.text_bytes:
            self.defects.append(f"left out: text beyond {self.limits.text_bytes} bytes")
            data = data[: self.limits.text_bytes]
        label = part.charset or (_meta_charset(data) if part.kind == "text/html" else "")
        text, repaired = charsets.decode(data, label)
        if repaired:
            self.defects.append(f"guessed: charset {part.charset or 'not given'}"[:80])
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _bytes_of(self, part: Part) -> bytes:
        if self.decoded_bytes + part.size > self.limits.decoded_bytes * 2:
            raise TooMuch(f"The message decodes to more than {self.limits.decoded_bytes} bytes.")
        data = part.read()
        self.decoded_bytes += len(data)
        if self.decoded_bytes > self.limits.decoded_bytes:
            raise TooMuch(f"The message decodes to more than {self.limits.decoded_bytes} bytes.")
        return data

    def _keep_other(self, part: Part) -> list[_Body]:
        if part.kind in STATUS:
            self.delivery_status.append(self._text_of(part))
        elif part.kind in RETURNED and self.returned_headers is None:
            self.returned_headers = read(self._bytes_of(part), limits=self.limits)
        elif part.kind in EMBEDDED:
            self._keep_message(part)
        elif part.kind not in IGNORED and not part.kind.startswith("multipart/"):
            self._attach(self._file(part, self._bytes_of(part)))
        elif part.kind.startswith("multipart/"):
            return self._broken_multipart(part)
        return []

    def _broken_multipart(self, part: Part) -> list[_Body]:
        """A multipart without parts still has words in it: show them as text."""
        data = self._bytes_of(part)
        self.defects.append("repaired: multipart without parts")
        return [_Body(charsets.decode(data)[0])]

    def _keep_message(self, part: Part) -> None:
        data = self._bytes_of(part).lstrip(b" \t\r\n")
        headers = read(data, limits=self.limits)
        if self.returned_headers is None:
            self.returned_headers = headers
        subject = headers.text("Subject")[:100]
        self._attach(self._file(part, data, name=part.name or f"{subject or 'message'}.eml"))
        if self.depth < 3 and len(self.forwarded) < self.limits.forwarded:
            self._open_message(data, headers)
        else:
            self.defects.append("left out: messages nested deeper")

    def _open_message(self, data: bytes, headers: Headers) -> None:
        try:
            self.forwarded.append(_parse(data, headers, self.limits, self.depth + 1))
        except Unparsable:
            self.defects.append("unreadable: an attached message")

    def _file(self, part: Part, data: bytes, name: str = "") -> Attachment:
        inline = bool(part.content_id) and part.disposition != "attachment"
        return Attachment(name or part.name, part.kind, data, part.content_id, inline)

    def _attach(self, attachment: Attachment) -> None:
        if len(self.attachments) < self.limits.attachments:
            self.attachments.append(attachment)
        else:
            self.defects.append(f"left out: files beyond the first {self.limits.attachments}")


def _meta_charset(data: bytes) -> str:
    found = META_CHARSET.search(data[:2_048])
    return found[1].decode("ascii") if found else ""


def _as_html(text: str) -> str:
    return f"<pre>{escape(text)}</pre>" if text.strip() else ""
