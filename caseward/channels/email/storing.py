"""Storing raw mail durably, all that came in during one commit with the next one.

Uses a connection of its own on the event loop. When the database goes away, senders are asked to
try again; the first mail after it is back finds a new connection.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from caseward.channels.email.dialogue import NotNow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 200
MOST_BYTES_AT_ONCE = 32_000_000
CONNECT_SECONDS = 5
KNOWN_FOR_SECONDS = 3.0
DURABLE = "-c synchronous_commit=on -c statement_timeout=30s -c lock_timeout=10s"
BEGIN = "BEGIN; SELECT set_config('role', 'cw_staff', true)"
ADDRESSES = "SELECT lower(address) FROM channels_mailbox"
INSERT = """
    INSERT INTO channels_rawmail
        (received_at, sender, recipients, content, digest, state, attempts, outcome)
    VALUES {rows} ON CONFLICT (digest) DO NOTHING
"""
ROW = "(%s, %s, %s, %b, %b, 'WAITING', 0, '')"
SAME = re.compile(
    rb"^(?:message-id|from|date|subject)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.M
)
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
MESSAGE_ID = re.compile(rb"^message-id[ \t]*:\s*\S", re.IGNORECASE | re.M)


@dataclass(frozen=True, slots=True)
class Raw:
    """A mail as it came in."""

    received_at: datetime
    sender: str
    recipients: list[str]
    content: bytes

    def digest(self) -> bytes:
        """Return what makes a re-delivery the same mail: to whom, and what its writer wrote.

        Servers on the way add lines of their own and change line ends. A mail without a Message-ID
        is the same only byte for byte on the same day, for two people may write the same words.
        """
        whole = hashlib.sha256(" ".join(sorted(self.recipients)).encode("utf-8", "replace"))
        blank = BLANK_LINE.search(self.content)
        end = blank.start() if blank else len(self.content)
        head = self.content[:end]
        if not MESSAGE_ID.search(head):
            whole.update(str(self.received_at.date()).encode())
            whole.update(self.content)
            return whole.digest()
        for line in SAME.findall(head):
            whole.update(b"\n" + b" ".join(line.split()))
        whole.update(self.content[end:].replace(b"\r\n", b"\n").strip())
        return whole.digest()


type Waiting = tuple[Raw, asyncio.Future[None]]


class Store:
    """Stores what `put` is given; `stored` is called after each commit."""

    def __init__(self, url: str, *, stored: Callable[[], None] = lambda: None) -> None:
        self._url, self._stored = url, stored
        self._waiting: asyncio.Queue[Waiting] = asyncio.Queue()
        self._connection: psycopg.AsyncConnection | None = None
        self._in_use = asyncio.Lock()
        self._is_away = False

    async def put(self, raw: Raw) -> None:
        """Return once the mail is on the disk for good.

        Raises:
            NotNow: it is not.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((raw, done))
        await done

    async def run(self) -> None:
        """Store until cancelled."""
        try:
            while True:
                await self._store(await self._next_batch())
        finally:
            await self._drop_connection()

    async def addresses(self) -> set[str]:
        """Return the addresses people may write to.

        Raises:
            NotNow: the database does not say.
        """
        async with self._in_use:
            try:
                connection = await self._connected()
                await connection.execute(BEGIN)
                found = await (await connection.execute(ADDRESSES)).fetchall()
                await connection.execute("COMMIT")
            except (psycopg.Error, OSError) as problem:
                await self._lost(problem)
                raise NotNow from problem
        return {address for (address,) in found}

    async def _next_batch(self) -> list[Waiting]:
        batch = [await self._waiting.get()]
        size = len(batch[0][0].content)
        while not self._waiting.empty() and len(batch) < MOST_AT_ONCE and size < MOST_BYTES_AT_ONCE:
            batch.append(self._waiting.get_nowait())
            size += len(batch[-1][0].content)
        return batch

    async def _store(self, batch: list[Waiting]) -> None:
        async with self._in_use:
            try:
                await self._insert([raw for raw, _done in batch])
                answers: list[NotNow | None] = [None] * len(batch)
            except (psycopg.Error, OSError) as problem:
                answers = [answer async for answer in self._one_by_one(batch, problem)]
        self._stored()
        for (_raw, done), answer in zip(batch, answers, strict=True):
            if not done.done():
                done.set_exception(answer) if answer else done.set_result(None)

    async def _one_by_one(
        self, batch: list[Waiting], problem: Exception
    ) -> AsyncIterator[NotNow | None]:
        """Store the others when one of them cannot be; give up at once when it was not the mail."""
        await self._lost(problem)
        is_the_mail = isinstance(problem, psycopg.DataError | psycopg.IntegrityError)
        for raw, _done in batch:
            if not is_the_mail:
                yield NotNow()
                continue
            try:
                await self._insert([raw])
                yield None
            except (psycopg.Error, OSError) as reason:
                await self._lost(reason)
                yield NotNow()

    async def _insert(self, mails: Sequence[Raw]) -> None:
        rows = [
            (raw.received_at, raw.sender, raw.recipients, raw.content, raw.digest())
            for raw in mails
        ]
        rows.sort(key=lambda row: row[-1])  # so that two processes cannot wait for each other
        statement = INSERT.format(rows=", ".join([ROW] * len(rows))).encode()
        connection = await self._connected()
        await connection.execute(BEGIN)
        await connection.execute(statement, [value for row in rows for value in row])
        done = await connection.execute("COMMIT")
        if done.statusmessage != "COMMIT":  # PostgreSQL rolls back without calling it an error
            raise psycopg.OperationalError(f"The commit ended as {done.statusmessage}.")
        if self._is_away:
            logger.warning("mail.database_is_back")
            self._is_away = False

    async def _connected(self) -> psycopg.AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                self._url, autocommit=True, connect_timeout=CONNECT_SECONDS, options=DURABLE
            )
        return self._connection

    async def _lost(self, problem: Exception) -> None:
        if not self._is_away:
            logger.warning("mail.not_stored, senders are asked to try again: %s", type(problem))
        self._is_away = True
        await self._drop_connection()

    async def _drop_connection(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error, OSError):
                await self._connection.close()
            self._connection = None
