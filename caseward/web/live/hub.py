"""Who listens, and how news reaches each of them without anybody waiting for the slowest."""

import asyncio
from collections.abc import Iterable

from caseward.web.live.tokens import Reader

QUEUE_LENGTH = 100
MOST_OF_ONE_PERSON = 30  # open pages; a forgotten one makes room for a new one


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
        self._of_person: dict[int, list[Client]] = {}

    def let_in(self, client: Client) -> None:
        """Add a client; a person's oldest page is given up for one too many."""
        mine = self._of_person.setdefault(client.reader.staff_id, [])
        mine.append(client)
        self.clients.add(client)
        if len(mine) > MOST_OF_ONE_PERSON:
            oldest = mine[0]
            oldest.is_stale = True
            oldest.end()
            self.see_out(oldest)

    def see_out(self, client: Client) -> None:
        """Forget a client; doing so twice changes nothing."""
        self.clients.discard(client)
        mine = self._of_person.get(client.reader.staff_id, [])
        if client in mine:
            mine.remove(client)
        if not mine:
            self._of_person.pop(client.reader.staff_id, None)

    def tell_all(self, hint: str) -> None:
        for client in self.clients:
            client.offer([hint])

    def end_all(self) -> None:
        for client in self.clients:
            client.end()
