"""Posting mail in tests: at the door by SMTP, or straight into the store."""

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from caseward.casework.models import Case
from caseward.channels.email.listening import Doors, listening
from caseward.channels.email.receiving import take_in
from caseward.channels.email.storing import Raw
from caseward.channels.models import RawMail
from tests.builders import MONDAY_9AM
from tests.channels.mail_samples import a_mail

SUPPORT = "support@caseward.example"


def stored(
    content: bytes,
    *,
    sender: str = "asha@example.com",
    to: Sequence[str] = (SUPPORT,),
    at: datetime = MONDAY_9AM,
) -> RawMail:
    """Store a mail as the listener does, in the test's own transaction."""
    raw = Raw(at, sender, list(to), content)
    return RawMail.objects.create(
        received_at=at,
        sender=sender,
        recipients=list(to),
        content=content,
        digest=raw.digest(),
    )


def received(content: bytes | None = None, **more: Any) -> RawMail:
    """Store a mail and take it in; return what became of it."""
    raw = stored(a_mail() if content is None else content, **more)
    take_in()
    raw.refresh_from_db()
    raw.content = bytes(raw.content)
    return raw


def case_of(raw: RawMail) -> Case:
    assert raw.case is not None, f"{raw.state}: {raw.outcome}"
    return raw.case


@contextmanager
def a_listener(**doors: Any) -> Iterator[int]:
    """Run a listener on a free port, on an event loop in a thread of its own; yield the port."""
    url = doors.pop("url", settings.DATABASE_URL)
    chosen = Doors(
        **{
            "host": "127.0.0.1",
            "port": 0,
            "name": "caseward.example",
            "most_bytes": 100_000,
            "most_recipients": 5,
            **doors,
        }
    )
    port: list[int] = []
    is_open, over = threading.Event(), threading.Event()

    async def listen() -> None:
        async with listening(chosen, url, clock=lambda: datetime.now(UTC)) as number:
            port.append(number)
            is_open.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(listen()))
    thread.start()
    try:
        assert is_open.wait(10)
        yield port[0]
    finally:
        over.set()
        thread.join()


@contextmanager
def a_client(port: int) -> Iterator[smtplib.SMTP]:
    client = smtplib.SMTP("127.0.0.1", port, "client.example", timeout=20)
    try:
        yield client
    finally:
        client.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
