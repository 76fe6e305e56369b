"""Read a returned mail: who did not get it, for good or for now, and which of ours it was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from caseward.channels.email import machine_words as words
from caseward.channels.email.address_lists import parse_addresses
from caseward.channels.email.headers import Headers, read
from caseward.channels.email.parsing import MESSAGE_ID, message_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from caseward.channels.email.mail import ParsedMail

STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.])([45])[0-5]\d(?=[ \-:]\s?\S)")
ADDRESS_LINE = re.compile(
    r"^[\s\-*>]*(?:to:?|recipient:?|(?:final|original)-recipient:[^;]*;)?[ \t]*"
    r"[<\"'(\[]?([^\s<>\"'()\[\]:;,]{1,64}@[^\s<>\"'()\[\]:;,]{1,255})[>\"')\]]?[\s:.,;]*(.{0,300})$",
    re.IGNORECASE | re.MULTILINE,
)
ANY_ADDRESS = re.compile(
    r"<?(?<![^\s<>\"'()\[\]:;,=])([^\s<>\"'()\[\]:;,=@]{1,64}@[\w.-]{1,250}\.[A-Za-z]{2,24})>?"
)
COPY_BELOW = re.compile(
    r"^.{0,10}-{2,}.{0,20}(?:below|copy|original|returned|unsent|header).{0,60}$|"
    r"^(?:received|return-path):\s.*$",
    re.IGNORECASE | re.MULTILINE,
)
COPIED_ID = re.compile(r"^[>\s]*message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
OUTCOMES = {"failed": True, "delayed": False}


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient who was not reached; `is_permanent` when trying again is pointless."""

    recipient: str
    is_permanent: bool
    status: str
    detail: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A returned mail: the recipients that failed and the mail of ours that came back."""

    failures: tuple[Failure, ...]
    original_message_ids: tuple[str, ...]

    @property
    def is_permanent(self) -> bool:
        """Whether at least one recipient will never get the mail."""
        return any(failure.is_permanent for failure in self.failures)


def read_bounce(mail: ParsedMail) -> Bounce:
    """Read a bounce, by its delivery report if it has one, else from what it says."""
    failures = list(_reported(mail.delivery_status)) or _described(mail)
    return Bounce(tuple(failures), _originals(mail))


def actions(mail: ParsedMail) -> set[str]:
    """Return what the delivery report says was done: failed, delayed, delivered, relayed."""
    found = (group.raw("Action").strip().lower() for group in _groups(mail.delivery_status))
    return {action.partition(" ")[0] for action in found if action}


def _groups(reports: Iterable[str]) -> Iterator[Headers]:
    for report in reports:
        for block in re.split(r"\n[ \t]*\n", report[:100_000])[:200]:
            yield read(block.strip().encode("utf-8", "replace") + b"\n\n")


def _reported(reports: Iterable[str]) -> Iterator[Failure]:
    for group in _groups(reports):
        recipient = _recipient(group)
        action = group.raw("Action").strip().lower().partition(" ")[0]
        if not recipient or (action and action not in OUTCOMES):
            continue
        detail = group.text("Diagnostic-Code").partition(";")[2].strip()[:500]
        status = _status(f"{group.raw('Status')} {detail}")
        permanent = OUTCOMES.get(action, not status.startswith("4"))
        yield Failure(recipient, permanent and not status.startswith("4"), status, detail)


def _recipient(group: Headers) -> str:
    for name in ("Original-Recipient", "Final-Recipient", "X-Actual-Recipient"):
        value = group.raw(name)
        found = parse_addresses(value.partition(";")[2] or value, most=1)
        if found:
            return found[0].email
    return ""


def _status(text: str) -> str:
    found = STATUS.search(text)
    if found:
        return found[0]
    code = REPLY_CODE.search(text)
    return f"{code[1]}.0.0" if code else ""


def _described(mail: ParsedMail) -> list[Failure]:
    said = _said(mail)
    status = _status(said)
    delayed = status.startswith("4") or (
        not status and words.DELAY_TEXT.search(f"{mail.subject}\n{said}") is not None
    )
    return [
        Failure(recipient, not delayed, status, detail[:500])
        for recipient, detail in _named_recipients(mail, said)
    ]


def _said(mail: ParsedMail) -> str:
    """The bounce's own words, without the copy of our mail beneath them."""
    text = (mail.text or "\n".join(mail.delivery_status))[:20_000]
    copy = COPY_BELOW.search(text, 80)
    return text[: copy.start()] if copy else text


def _named_recipients(mail: ParsedMail, said: str) -> list[tuple[str, str]]:
    named = ", ".join(mail.headers.all("X-Failed-Recipients"))
    if named:
        return [(address.email, "") for address in parse_addresses(named, most=50)]
    found = {m[1].strip("."): m[2].strip() for m in ADDRESS_LINE.finditer(said)}
    found = found or {m[1]: "" for m in ANY_ADDRESS.finditer(said)}
    own = {mail.sender.email.lower(), *(address.email.lower() for address in mail.to)}
    return [(address, detail) for address, detail in found.items() if _may_fail(address, own)][:50]


def _may_fail(address: str, own: set[str]) -> bool:
    local = address.partition("@")[0]
    return address.lower() not in own and not words.DAEMONS.match(local)


def _originals(mail: ParsedMail) -> tuple[str, ...]:
    """The ids of the mail that came back, surest first."""
    found: list[str] = []
    if mail.returned_headers is not None:
        found += message_ids(mail.returned_headers.all("Message-ID"), most=5)
    found += [MESSAGE_ID.sub(r"\1", match) for match in COPIED_ID.findall(mail.text)]
    found += [*mail.in_reply_to, *mail.references]
    return tuple(dict.fromkeys(found))[:20]
