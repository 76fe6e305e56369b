"""Collect what the parts of a message hold: its text, its files, the messages within it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from caseward.channels.email import charsets, flowed, html_text, uuencoding
from caseward.channels.email.headers import Headers, read, readable
from caseward.channels.email.mail import Attachment, Limits, ParsedMail, TooMuch, Unparsable

if TYPE_CHECKING:
    from collections.abc import Callable

    from caseward.channels.email.tree import Part

META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
BODY_KINDS = frozenset({"text/plain", "text/html"})
EMBEDDED = frozenset({"message/rfc822", "message/global"})
STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED = frozenset({"text/rfc822-headers", "text/rfc822", "message/global-headers"})
IGNORED = frozenset({"text/x-amp-html"})
MOST_LEVELS = 3


@dataclass(slots=True)
class _Body:
    """One stretch of text as it is read: plain, and as HTML when it was sent so."""

    text: str
    html: str = ""

    def words(self) -> str:
        """Return the text; that of HTML is worked out only when somebody asks for it."""
        return html_text.text_of(self.html) if self.html and not self.text else self.text


@dataclass(slots=True)
class Content:
    """Collects what the parts of one message hold.

    `open_message` parses a message found inside, and is given how deep it lies.
    """

    limits: Limits
    depth: int
    open_message: Callable[[bytes, Headers, int], ParsedMail]
    kind: str = "text/plain"
    bodies: list[_Body] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    forwarded: list[ParsedMail] = field(default_factory=list)
    delivery_status: list[str] = field(default_factory=list)
    returned_headers: Headers | None = None
    defects: list[str] = field(default_factory=list)
    decoded_bytes: int = 0

    def collect(self, root: Part) -> None:
        """Take in everything below this part."""
        self.kind = root.kind
        self.bodies = self._bodies(root)

    def text(self) -> str:
        """Return the readable text; a report's own words when there is no other."""
        bodies = [words for body in self.bodies if (words := body.words()).strip()]
        return "\n\n".join(bodies or self.delivery_status[:1]).strip("\n")

    def html(self) -> str:
        """Return the HTML to show on demand, "" when all of it was plain text."""
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
        if not rich:
            return plain[0] if plain else []
        text = "\n\n".join(b.text for b in plain[0]) if plain else ""
        html = "\n".join(b.html or _as_html(b.text) for b in rich[-1])
        rich_text = "" if text.strip() else "\n\n".join(b.words() for b in rich[-1])
        return [_Body(rich_text or text, html)]

    def _is_file(self, part: Part) -> bool:
        return part.disposition == "attachment" or (
            bool(part.name) and (part.disposition != "inline" or part.kind == "text/html")
        )

    def _read_body(self, part: Part) -> _Body:
        text = self._text_of(part)
        if part.kind == "text/html":
            return _Body("", text)
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
        if self.depth < MOST_LEVELS and len(self.forwarded) < self.limits.forwarded:
            self._open_message(data, headers)
        else:
            self.defects.append("left out: messages nested deeper")

    def _open_message(self, data: bytes, headers: Headers) -> None:
        try:
            self.forwarded.append(self.open_message(data, headers, self.depth + 1))
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
