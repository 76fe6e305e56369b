"""The mail listener: doors for SMTP and LMTP, and the house behind them that stores what comes."""

from __future__ import annotations

import asyncio
import logging
import ssl
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from caseward.channels.email.addressing import mailbox_of
from caseward.channels.email.dialogue import Dialogue, NotNow, Room, Rules
from caseward.channels.email.storing import KNOWN_FOR_SECONDS, Raw, Store
from caseward.channels.email.wire import Wire

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 120.0
SECONDS_TO_FINISH = 1.5
BUFFER_BYTES = 131_072
WAITING_CONNECTIONS = 512


@dataclass(frozen=True, slots=True)
class Doors:
    """Where to listen and what to allow; an empty LMTP path means no LMTP."""

    host: str
    port: int
    name: str
    most_bytes: int
    most_recipients: int
    most_connections: int = 200
    most_bytes_in_hand: int = 256_000_000
    lmtp: str = ""
    certificate: str = ""
    key: str = ""
    patience: float = PATIENCE_SECONDS

    def rules(self) -> Rules:
        return Rules(
            name=self.name,
            most_bytes=self.most_bytes,
            most_recipients=self.most_recipients,
            tls=_tls(self.certificate, self.key),
            room=Room(max(self.most_bytes_in_hand, self.most_bytes)),
        )


class MailHouse:
    """Knows our addresses and stores what is sent to them."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._addresses: set[str] = set()
        self._known_at = float("-inf")

    async def knows(self, address: str) -> bool:
        """Say whether one of our mailboxes, or a reply address made from it, is meant.

        While the database is away, addresses seen before are still known; others wait.
        """
        is_stale = asyncio.get_running_loop().time() - self._known_at > KNOWN_FOR_SECONDS
        if is_stale:
            await self._look_up(needed=not self._is_ours(address))
        return self._is_ours(address)

    async def take(self, sender: str, recipients: list[str], content: bytes) -> None:
        """Store a mail durably."""
        await self._store.put(Raw(self._clock(), sender, recipients, content))

    def _is_ours(self, address: str) -> bool:
        if {address.lower(), mailbox_of(address)} & self._addresses:
            return True
        local, _at, domain = address.lower().partition("@")
        domains = {known.partition("@")[2] for known in self._addresses}
        return local == "postmaster" and bool(domains) and domain in {"", *domains}

    async def _look_up(self, *, needed: bool) -> None:
        try:
            self._addresses = await self._store.addresses()
        except NotNow:
            if needed:
                raise
        else:
            self._known_at = asyncio.get_running_loop().time()


@asynccontextmanager
async def listening(
    doors: Doors,
    url: str,
    *,
    clock: Callable[[], datetime],
    stored: Callable[[], None] = lambda: None,
) -> AsyncIterator[int]:
    """Take in mail for as long as the block runs; yield the port.

    Args:
        url: The database.
        clock: What tells the time a mail came in.
        stored: Called whenever new mail is on the disk.
    """
    store = Store(url, stored=stored)
    house, rules = MailHouse(store, clock=clock), doors.rules()
    receptionist = _Receptionist(house, doors)
    async with AsyncExitStack() as stack:
        storing = asyncio.create_task(store.run())
        stack.push_async_callback(_end, storing)
        stack.push_async_callback(receptionist.finish)
        if doors.lmtp:
            await stack.enter_async_context(
                await _lmtp_door(doors.lmtp, receptionist.serve(replace(rules, is_lmtp=True)))
            )
        server = await asyncio.start_server(
            receptionist.serve(rules),
            doors.host,
            doors.port,
            limit=BUFFER_BYTES,
            backlog=WAITING_CONNECTIONS,
        )
        stack.callback(server.close)
        yield server.sockets[0].getsockname()[1]


class _Receptionist:
    """Lets a limited number of clients in at once and sees them out at the end."""

    def __init__(self, house: MailHouse, doors: Doors) -> None:
        self._house, self._doors = house, doors
        self._inside: set[asyncio.Task[None]] = set()

    def serve(self, rules: Rules) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]:
        def let_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._talk(reader, writer, rules))
            self._inside.add(task)
            task.add_done_callback(self._inside.discard)

        return let_in

    async def finish(self) -> None:
        """Let those in hand finish for a moment."""
        if self._inside:
            await asyncio.wait(self._inside, timeout=SECONDS_TO_FINISH)
        for task in list(self._inside):
            await _end(task)

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rules: Rules
    ) -> None:
        try:
            wire = Wire(reader, writer, patience=self._doors.patience)
            if len(self._inside) > self._doors.most_connections:
                wire.say(f"421 4.7.0 {rules.name} has no room now; please try again.")
                await wire.finish_saying()
            else:
                await Dialogue(wire, self._house, rules).hold()
        except Exception:
            logger.exception("mail.dialogue_failed")  # the type and where, never what was said
        finally:
            writer.close()
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 1)


async def _lmtp_door(
    where: str, serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]
) -> asyncio.Server:
    """Open an LMTP door: a port on this machine, or the path of a socket."""
    if where.isdecimal():
        return await asyncio.start_server(serve, "127.0.0.1", int(where), limit=BUFFER_BYTES)
    Path(where).unlink(missing_ok=True)
    return await asyncio.start_unix_server(serve, where, limit=BUFFER_BYTES)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _tls(certificate: str, key: str) -> ssl.SSLContext | None:
    if not certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key or None)
    return context
