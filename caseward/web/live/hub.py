"""Who listens, and how news reaches each of them without anybody waiting for the slowest."""

import asyncio
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from caseward.web.live.news import CAUGHT_UP, FLOOR, News
from caseward.web.live.tokens import Reader

QUEUE_LENGTH = 100
MOST_OF_ONE_PERSON = 30  # open pages; a forgotten one makes room for a new one
MOST_HEARD = 2_000  # pieces of news kept for pages that were drawn and do not listen yet
MOST_MISSED = 20  # hints; a page that missed more asks for everything again


class Heard(NamedTuple):
    """A piece of news as it came; `reference` is empty where it is about no case."""

    at: datetime
    piece: News
    reference: str


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
        self.hears_since: datetime | None = None
        self._heard: deque[Heard] = deque(maxlen=MOST_HEARD)
        self._of_person: dict[int, list[Client]] = {}

    def let_in(self, client: Client) -> None:
        """Add a client, and tell it what happened since its page was drawn.

        A person's oldest page is given up for one too many.
        """
        client.offer(self._missed_by(client.reader))
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

    def begin(self, *, now: datetime) -> None:
        """Hear news from now on; what happened before nobody has heard."""
        self.hears_since = now
        self._heard.clear()
        self.tell_all(CAUGHT_UP)

    def tell(self, piece: News, reference: str, *, now: datetime) -> None:
        """Tell those whom a piece of news concerns, and keep it for pages that are being drawn."""
        self._heard.append(Heard(now, piece, reference))
        for client in self.clients:
            client.offer(piece.for_reader(client.reader, reference))

    def _missed_by(self, reader: Reader) -> list[str]:
        if reader.drawn_at is None or self.hears_since is None:
            return []
        if not self._remembers(self.hears_since, reader.drawn_at):
            return [CAUGHT_UP]
        missed = [heard for heard in self._heard if heard.at > reader.drawn_at]
        told = (hint for at, piece, case in missed for hint in piece.for_reader(reader, case))
        hints = list(dict.fromkeys(told)) + ([FLOOR] if missed and reader.watches_floor else [])
        return hints if len(hints) <= MOST_MISSED else [CAUGHT_UP]

    def _remembers(self, since: datetime, at: datetime) -> bool:
        """Say whether everything that happened after a moment is still known."""
        if len(self._heard) == MOST_HEARD:
            since = max(since, self._heard[0].at)
        return since <= at

    def tell_all(self, hint: str) -> None:
        for client in self.clients:
            client.offer([hint])

    def end_all(self) -> None:
        for client in self.clients:
            client.end()
