"""Pages that show the floor: each listens to live events and asks for the picture when told to."""

import asyncio
import random
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

SPREAD_SECONDS = 0.3  # as floor.js
HEADERS = "Host: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the pages are served, where live events, and with which token a page asks."""

    web_port: int
    live_port: int
    shared_path: str


@dataclass(slots=True)
class Viewer:
    """One open page. `seen` holds when a picture arrived, and of when it was, in UTC seconds."""

    token: str
    where: Address
    content: str = ""
    hints: int = 0
    heard_at: float = 0.0
    asked: int = 0
    received_bytes: int = 0
    seen: list[tuple[float, float]] = field(default_factory=list)
    listens: asyncio.Event = field(default_factory=asyncio.Event)
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def watch(self) -> None:
        """Listen until cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.where.live_port)
        writer.write(f"GET /live?token={self.token} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        asking: asyncio.Task[None] | None = None
        with suppress(asyncio.IncompleteReadError):
            while line := await reader.readline():
                self.listens.set()
                if line.strip() != b"data: floor":
                    continue
                self.hints += 1
                self.heard_at = time.monotonic()
                if asking is None or asking.done():
                    asking = asyncio.create_task(self._catch_up())
        writer.close()

    async def _catch_up(self) -> None:
        """Ask, and once more when there can be a newer picture, until it is newer than the news."""
        read_at = newer_in = 0.0
        while read_at < self.heard_at:
            await asyncio.sleep(newer_in + random.random() * SPREAD_SECONDS)
            asked_at = time.monotonic()
            headers = await self._ask()
            read_at = asked_at - int(headers["x-data-age-ms"]) / 1000
            newer_in = int(headers["x-newer-in-ms"]) / 1000

    async def _ask(self) -> dict[str, str]:
        if self.line is None:
            self.line = await asyncio.open_connection("127.0.0.1", self.where.web_port)
        reader, writer = self.line
        path = f"{self.where.shared_path}?have={self.content}"
        writer.write(f"GET {path} HTTP/1.1\r\n{HEADERS}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(length[1])) if length else b""
        return self._read(head, len(body))

    def _read(self, head: bytes, length: int) -> dict[str, str]:
        lines = head.decode("latin-1").split("\r\n")
        if lines[0].split()[1] not in {"200", "204"}:
            raise RuntimeError(f"the floor answered {lines[0]}")
        headers = {
            name.lower(): value for name, _, value in (each.partition(": ") for each in lines)
        }
        self.asked += 1
        self.received_bytes += length
        self.content = headers["x-content"]
        at = datetime.fromisoformat(headers["x-data-at"]).timestamp()
        self.seen.append((time.time(), at))
        return headers


async def watch_for(viewers: Sequence[Viewer], seconds: float) -> None:
    """Have all of them watch for so long, once every one is listening."""
    watching = [asyncio.create_task(viewer.watch()) for viewer in viewers]
    await asyncio.wait_for(asyncio.gather(*(viewer.listens.wait() for viewer in viewers)), 60)
    await asyncio.sleep(seconds)
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)


def delays(viewers: Sequence[Viewer], changes: Sequence[float]) -> list[float]:
    """Return, for each change and viewer, the seconds until a picture from after it arrived."""
    found = []
    for viewer in viewers:
        waiting = iter(viewer.seen)
        arrived, of = next(waiting, (0.0, 0.0))
        for change in changes:
            while of and of < change:
                arrived, of = next(waiting, (0.0, 0.0))
            if of:
                found.append(arrived - change)
    return found
