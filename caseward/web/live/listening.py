"""One connection that hears what PostgreSQL tells, and survives PostgreSQL going away."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql

from caseward.web.live.hub import Hub
from caseward.web.live.news import CHANNEL, News
from caseward.web.live.pulse import Pulse

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 10.0
QUIET_SECONDS = 30.0
"""After this long without news the connection is tried, for a dead one is quiet too."""
MOST_KNOWN = 50_000

type Connection = psycopg.AsyncConnection[Any]

REFERENCES = "SELECT id, reference FROM casework_case WHERE id = ANY(%s)"


class Listener:
    """Listens for as long as it runs and passes news on to the clients they concern."""

    def __init__(self, hub: Hub, database_url: str) -> None:
        self.hub = hub
        self.database_url = database_url
        self.pulse = Pulse(hub)
        self.is_listening = asyncio.Event()
        self._references: dict[int, str] = {}

    async def run(self) -> None:
        """Listen; when the database goes away try again, more and more patiently."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._listen()
            except psycopg.OperationalError as problem:
                logger.warning("live.database_lost %s", type(problem).__name__)
                if self.is_listening.is_set():
                    pause = FIRST_PAUSE_SECONDS
            self.is_listening.clear()
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self.database_url, autocommit=True, connect_timeout=5
        )
        async with connection:
            # References are all that is ever read, and they are told to those concerned only.
            await connection.execute("SELECT set_config('role', 'cw_staff', false)")
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            self.is_listening.set()
            self.hub.begin(now=datetime.now(UTC))
            while True:
                await self._pass_on(connection)

    async def _pass_on(self, connection: Connection) -> None:
        heard = connection.notifies(timeout=QUIET_SECONDS, stop_after=1)
        payloads = [notification.payload async for notification in heard]
        if not payloads:
            await connection.execute("SELECT 1")
        news = [piece for piece in map(News.read, payloads) if piece]
        if news:
            cases = {piece.case_id for piece in news if piece.case_id > 0}
            await self._learn_references(connection, cases)
            self._tell(news)

    def _tell(self, news: Sequence[News]) -> None:
        now = datetime.now(UTC)
        for piece in news:
            self.hub.tell(piece, self._references.get(piece.case_id, ""), now=now)
        if self.hub.clients:
            self.pulse.beat()

    async def _learn_references(self, connection: Connection, cases: set[int]) -> None:
        unknown = [case for case in cases if case not in self._references]
        if unknown:
            if len(self._references) > MOST_KNOWN:
                self._references.clear()
            found = await connection.execute(REFERENCES, [unknown])
            self._references.update(await found.fetchall())
