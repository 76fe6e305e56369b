"""Read a message: whatever arrives becomes something a person can look at, or says it cannot."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from caseward.channels.email.address_lists import parse_addresses
from caseward.channels.email.content import Content
from caseward.channels.email.headers import Headers, read
from caseward.channels.email.mail import Address, Limits, ParsedMail, TooMuch, Unparsable
from caseward.channels.email.tree import fast_tree, patient_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
BARE_ID = re.compile(r"(?<![^\s<>,;])[^\s<>,;@]{1,400}@[^\s<>,;]{1,400}")
DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To")


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
    content = _content(limits, depth)
    try:
        content.collect(fast_tree(raw, limits))
    except TooMuch:
        raise
    except Unparsable:
        content = _content(limits, depth)
        content.defects.append("repaired: structure")
        content.collect(patient_tree(raw, limits))
    return _mail(headers, content, limits)


def _content(limits: Limits, depth: int) -> Content:
    return Content(limits, depth, lambda raw, headers, level: _parse(raw, headers, limits, level))


def _mail(headers: Headers, content: Content, limits: Limits) -> ParsedMail:
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
