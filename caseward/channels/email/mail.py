"""What a parsed e-mail is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from caseward.channels.email.headers import Headers


class Unparsable(Exception):
    """Nothing could be read from this message; keep the raw bytes for a person."""


class TooMuch(Unparsable):
    """The message exceeds a limit that no honest message reaches."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one message is read, so that no message can cost unbounded time or memory."""

    raw_bytes: int = 50 * 1024 * 1024
    header_bytes: int = 2 * 1024 * 1024
    header_lines: int = 2_000
    line_visits: int = 5_000_000
    parts: int = 1_000
    depth: int = 25
    copied_bytes: int = 300 * 1024 * 1024
    encoded_words: int = 20_000
    forwarded: int = 20
    decoded_bytes: int = 100 * 1024 * 1024
    text_bytes: int = 2 * 1024 * 1024
    attachments: int = 100
    recipients: int = 200
    references: int = 100


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox: a name people read and an address machines use."""

    name: str
    email: str

    @property
    def domain(self) -> str:
        """The part after the last at-sign, in lower case."""
        return self.email.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; its declared type is a claim, not a fact."""

    name: str
    declared_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A message, readable; `defects` lists what had to be guessed, repaired or left out."""

    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    headers: Headers
    content_type: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    forwarded: tuple[ParsedMail, ...] = ()
    delivery_status: tuple[str, ...] = ()
    returned_headers: Headers | None = None
    defects: tuple[str, ...] = field(default=())
