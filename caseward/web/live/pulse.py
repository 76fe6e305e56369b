"""Telling those who watch the floor that it changed: soon, and not more than once a second."""

import asyncio

from caseward.web.live.hub import Hub
from caseward.web.live.news import FLOOR

SECONDS = 1.0


class Pulse:
    """However much happens, one beat a second reaches the pages; a first change is told at once."""

    def __init__(self, hub: Hub, seconds: float = SECONDS) -> None:
        self.hub = hub
        self.seconds = seconds
        self._next_at = 0.0
        self._waiting: asyncio.TimerHandle | None = None

    def beat(self) -> None:
        """Say that something changed."""
        if self._waiting is None:
            loop = asyncio.get_running_loop()
            self._waiting = loop.call_at(max(self._next_at, loop.time()), self._tell)

    def _tell(self) -> None:
        self._waiting = None
        self._next_at = asyncio.get_running_loop().time() + self.seconds
        for client in self.hub.clients:
            if client.reader.watches_floor:
                client.offer([FLOOR])
