"""Who listens, and how news reaches each of them without anybody waiting for the slowest."""

import asyncio
from collections.abc import Iterable

from caseward.web.live.tokens import Reader

QUEUE_LENGTH = 100


class Client:
    """One open page. Hints wait here until its connection takes them; None ends it."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.is_stale = False
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue(QUEUE_LENGTH)

    def offer(self, hints: Iterable[str]) -> None:
        """Add hints; a client that has too many waiting already is given up."""
        for hint in hints:
            if self._waiting.full():
                self.is_stale = True
                self.end()
                return
            self._waiting.put_nowait(hint)

    def end(self) -> None:
        """End the client; whatever still waited is dropped."""
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(None)

    async def next_hint(self) -> str | None:
        return await self._waiting.get()


class Hub:
    """Every client of this process."""

    def __init__(self) -> None:
        self.clients: set[Client] = set()

    def tell_all(self, hint: str) -> None:
        for client in self.clients:
            client.offer([hint])

    def end_all(self) -> None:
        for client in self.clients:
            client.end()
