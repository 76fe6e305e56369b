"""Requesters with a mail program: they write by SMTP and read what we really sent."""

import re
import smtplib
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from uuid import uuid4

from playwright.sync_api import Page

TINY_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c63"
    "f8cfc0f01f00050001ff56c72f0d0000000049454e44ae426082".replace(" ", "")
)
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Requester:
    """Somebody who writes to us."""

    name: str
    email: str = field(default_factory=lambda: f"{uuid4().hex[:12]}@example.com")

    def letter(self, *, to: str, subject: str, text: str, html: str = "") -> EmailMessage:
        letter = EmailMessage(policy=policy.SMTP)
        user, _, domain = self.email.partition("@")
        letter["From"] = Address(self.name, user, domain)
        letter["To"] = to
        letter["Subject"] = subject
        letter["Message-ID"] = make_msgid(domain=domain)
        letter.set_content(text)
        if html:
            letter.add_alternative(html, subtype="html")
        return letter

    def answer(self, mail: EmailMessage, text: str) -> EmailMessage:
        """Answer a mail of ours as a mail program does: to its Reply-To, quoting it."""
        body = mail.get_body(("plain",))
        assert body
        quoted = "".join(f"> {line}\n" for line in body.get_content().splitlines())
        letter = self.letter(
            to=mail["Reply-To"], subject=f"Re: {mail['Subject']}", text=f"{text}\n\n{quoted}"
        )
        letter["In-Reply-To"] = letter["References"] = mail["Message-ID"]
        return letter


class Mailbox:
    """The post: brings letters to our SMTP door and shows what we sent."""

    def __init__(self, smtp_port: int, reader: Page) -> None:
        self._smtp_port, self._reader = smtp_port, reader

    def post(self, letter: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self._smtp_port, timeout=30) as server:
            server.send_message(letter)

    def wait_for(self, *, to: str, kind: str) -> EmailMessage:
        """Return the newest mail of a kind to somebody: Reply, Acknowledgement or Survey."""
        row = self._reader.locator("tbody tr", has_text=to).filter(has_text=kind).first
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            self._reader.goto("/sent-mail/")
            if row.count():
                break
            assert time.monotonic() < give_up_at, f"no {kind} to {to}"
            self._reader.wait_for_timeout(500)
        address = row.get_by_role("rowheader").get_by_role("link").get_attribute("href")
        raw = self._reader.request.get(f"{address}/raw")
        return message_from_bytes(raw.body(), policy=policy.default)  # type: ignore[return-value]


def reference_in(text: str) -> str:
    """Return the case reference a text names."""
    found = re.search(r"CW-[0-9A-Z]{4}-[0-9A-Z]{3}", text)
    assert found, text
    return found[0]
